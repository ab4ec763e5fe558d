// SPDX-License-Identifier: Apache-2.0

/// How a program that runs another one takes its own options.
struct WrapperShape: Sendable {
    /// What the operands are.
    enum OperandWord: Sendable { case program, shell }
    /// One-letter options that take a value.
    var short: [UInt8]
    /// Long options that take a value as a word of their own.
    var long: Set<String>
    /// Operands of its own that stand before the program.
    var operands: Int
    var takesAssignments: Bool
    /// Options with which it runs nothing.
    var inert: Set<String>
    var operandWord: OperandWord

    init(
        short: String = "", long: Set<String> = [], operands: Int = 0, assignments: Bool = false, inert: Set<String> = [],
        operandWord: OperandWord = .program
    ) {
        self.short = Array(short.utf8)
        self.long = long
        self.operands = operands
        takesAssignments = assignments
        self.inert = inert
        self.operandWord = operandWord
    }
}

/// The programs that run other programs, from their manuals.
enum WrapperTable {
    static let simple: [String: WrapperShape] = [
        "command": WrapperShape(inert: ["-v", "-V", "-pv", "-vp", "-pV"]), "builtin": WrapperShape(),
        "exec": WrapperShape(short: "a"),
        "env": WrapperShape(
            short: "uCaP", long: ["--unset", "--chdir", "--argv0"], assignments: true, inert: ["--help", "--version"]),
        "sudo": WrapperShape(
            short: "CDghpRrtTUu",
            long: ["--user", "--group", "--host", "--prompt", "--chdir", "--chroot", "--role", "--type", "--close-from", "--command-timeout", "--other-user"],
            assignments: true, inert: ["-l", "--list", "-v", "--validate", "-k", "-K", "-V", "--version", "--help"]),
        "doas": WrapperShape(short: "uC", inert: ["-L"]), "pkexec": WrapperShape(long: ["--user"]),
        "nohup": WrapperShape(inert: ["--help", "--version"]), "setsid": WrapperShape(),
        "nice": WrapperShape(short: "n", long: ["--adjustment"]),
        "ionice": WrapperShape(short: "cnpPu", long: ["--class", "--classdata", "--pid"]),
        "chrt": WrapperShape(short: "TPD", operands: 1), "taskset": WrapperShape(operands: 1),
        "timeout": WrapperShape(short: "ks", long: ["--kill-after", "--signal"], operands: 1),
        "gtimeout": WrapperShape(short: "ks", long: ["--kill-after", "--signal"], operands: 1),
        "stdbuf": WrapperShape(short: "ioe", long: ["--input", "--output", "--error"]),
        "time": WrapperShape(short: "fo", long: ["--format", "--output"]),
        "gtime": WrapperShape(short: "fo", long: ["--format", "--output"]),
        "unbuffer": WrapperShape(), "chronic": WrapperShape(), "fakeroot": WrapperShape(), "faketime": WrapperShape(operands: 1),
        "caffeinate": WrapperShape(short: "tw"), "linux32": WrapperShape(), "linux64": WrapperShape(), "setarch": WrapperShape(operands: 1),
        "chroot": WrapperShape(operands: 1), "unshare": WrapperShape(short: "SGRw"), "nsenter": WrapperShape(short: "tSG"),
        "strace": WrapperShape(short: "abeIoOpPsSuUX"), "ltrace": WrapperShape(short: "aAeFlnopsuwx"),
        "busybox": WrapperShape(inert: ["--list", "--help"]), "toybox": WrapperShape(),
        "systemd-run": WrapperShape(short: "HMupEt", long: ["--unit", "--property", "--setenv", "--uid", "--gid", "--working-directory", "--slice", "--description"]),
        "systemd-inhibit": WrapperShape(long: ["--what", "--who", "--why", "--mode"]),
        "xvfb-run": WrapperShape(short: "efnspw"), "dbus-run-session": WrapperShape(), "catchsegv": WrapperShape(),
        "rlwrap": WrapperShape(), "entr": WrapperShape(), "direnv": WrapperShape(operands: 2), "dotenv": WrapperShape(short: "fe"),
        "setpriv": WrapperShape(), "capsh": WrapperShape(), "prlimit": WrapperShape(),
        "bwrap": WrapperShape(), "firejail": WrapperShape(), "proot": WrapperShape(), "tsocks": WrapperShape(), "torsocks": WrapperShape(),
        "proxychains": WrapperShape(short: "f"), "proxychains4": WrapperShape(short: "f"), "mutagen-run": WrapperShape(),
        "cpulimit": WrapperShape(short: "l"), "cgexec": WrapperShape(short: "g"), "numactl": WrapperShape(short: "CNmiP"),
        "ts-node-exec": WrapperShape(), "winpty": WrapperShape(), "noglob": WrapperShape(), "nocorrect": WrapperShape(),
    ]

    private static let special: Set<String> = [
        "sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "mksh", "rbash", "eval", ".", "source", "trap", "xargs", "gxargs",
        "parallel", "find", "gfind", "fd", "fdfind", "ssh", "mosh", "su", "runuser", "script", "watch", "flock", "docker",
        "podman", "nerdctl", "kubectl", "oc", "k", "git",
    ]

    static func isSensitive(_ name: String) -> Bool {
        simple[name] != nil || special.contains(name) || InterpreterReader.kind(of: name) != nil
    }

    /// The index of the first word that is no option, or `nil` where an option isn't known.
    static func skipOptions(_ words: [CommandWord], _ shape: WrapperShape) -> Int? {
        var index = 0
        while index < words.count {
            let word = words[index]
            guard word.isKnown else { return word.mayBeOption ? nil : index }
            let bytes = Array(word.text.utf8)
            guard bytes.count > 1, bytes[0] == 0x2D else { return bytes == [0x2D] ? index + 1 : index }
            index += 1
            if bytes[1] == 0x2D {
                if bytes.count == 2 { return index }
                if !bytes.contains(0x3D), shape.long.contains(where: { $0 == word.text || (word.text.utf8.count > 3 && $0.hasPrefix(word.text)) }) {
                    index += 1
                }
                continue
            }
            for (at, byte) in bytes.enumerated().dropFirst() where shape.short.contains(byte) {
                if at == bytes.count - 1 { index += 1 }
                break
            }
        }
        return min(index, words.count)
    }

    /// The text of `env -S`, with the words after it.
    static func splitString(_ words: [CommandWord]) -> CommandWord? {
        for (index, word) in words.enumerated() {
            guard word.text.hasPrefix("-") else { return nil }
            var text: CommandWord?
            var rest = index + 1
            if word.text == "-S" || word.text == "--split-string" || (word.text.hasPrefix("-") && !word.text.hasPrefix("--") && word.text.hasSuffix("S")) {
                guard rest < words.count else { return nil }
                text = words[rest]
                rest += 1
            } else if word.text.hasPrefix("--split-string=") {
                text = CommandWord(String(word.text.dropFirst(15)), isKnown: word.isKnown)
            } else if word.text.hasPrefix("-S") {
                text = CommandWord(String(word.text.dropFirst(2)), isKnown: word.isKnown)
            }
            if let text {
                return words.dropFirst(rest).reduce(text) { ShellReader.joined($0, ShellReader.quoted($1), " ") }
            }
            if word.text == "-u" || word.text == "-C" { return splitString(Array(words.dropFirst(index + 2))) }
        }
        return nil
    }
}
