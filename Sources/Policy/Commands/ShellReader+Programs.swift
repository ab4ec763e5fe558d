// SPDX-License-Identifier: Apache-2.0

/// Programs that run other programs, and shells that run text.
extension ShellReader {
    /// Reads one program with its arguments: takes wrappers off, reads inner texts, records what is left.
    mutating func runProgram(_ command: ReadCommand) -> String? {
        guard spendStep() else { return nil }
        guard depth < limits.depth else {
            note("command.deep", "the text is nested deeper than is read")
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        guard let first = command.argv.first else { return "" }
        guard let path = first.exact else {
            note("command.computed", "which program runs is only known when it runs")
            record(command)
            return nil
        }
        // Programs are found by their exact name, but a case-blind file system finds them by any.
        var name = CommandNames.base(of: path)
        if name.utf8.contains(where: { (0x41...0x5A).contains($0) }), WrapperTable.isSensitive(name.lowercased()) {
            name = name.lowercased()
        }
        reading.programs.append(name)
        if name == "cd" || name == "pushd", wrappers.allSatisfy({ ["command", "builtin", "time"].contains($0) }), !wrappers.isEmpty,
            let target = command.argv.dropFirst().first(where: { !$0.text.hasPrefix("-") })
        {
            directory = PathFacts.change(directory, to: target)
        }
        if !WrapperTable.isSensitive(name) {
            record(command)
            return wantsOutput ? Self.constantOutput(of: name, command) : nil
        }
        return unwrap(name, command)
    }

    private mutating func unwrap(_ name: String, _ command: ReadCommand) -> String? {
        if let shape = WrapperTable.simple[name] { return runWrapped(name, shape, command) }
        switch name {
        case "sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "mksh", "rbash": return runShell(name, command)
        case "eval": return runEval(command)
        case ".", "source":
            record(command)
            note("command.script", "a file's text is run that is not read here")
            return nil
        case "trap":
            if let text = command.argv.dropFirst().first, text.text != "-" { _ = readText(text, what: "a trap") }
            return ""
        case "xargs", "gxargs": runXargs(command)
        case "parallel": runParallel(command)
        case "find", "gfind", "fd", "fdfind": runFind(name, command)
        case "ssh", "mosh": return runRemoteShell(command)
        case "su", "runuser", "script", "watch", "flock": return runTextWrapper(name, command)
        case "docker", "podman", "nerdctl", "kubectl", "oc", "k": runContainer(name, command)
        case "git": runGit(command)
        default: InterpreterReader.read(name, command, &self)
        }
        return nil
    }

    /// Runs `body` with `name` noted as a wrapper around what it records.
    mutating func within(_ name: String, remote: Bool = false, _ body: (inout ShellReader) -> String?) -> String? {
        let saved = (wrappers, isRemote)
        wrappers.append(name)
        isRemote = isRemote || remote
        let output = body(&self)
        (wrappers, isRemote) = saved
        return output
    }

    private mutating func runWrapped(_ name: String, _ shape: WrapperShape, _ command: ReadCommand) -> String? {
        let arguments = Array(command.argv.dropFirst())
        if name == "env", let text = WrapperTable.splitString(arguments) {
            return within(name) { $0.readText(text, what: "`env -S`") }
        }
        guard var index = WrapperTable.skipOptions(arguments, shape) else {
            note("command.computed", "an option of `\(name)` is only known when it runs")
            var rest = command
            rest.argv = Array(command.argv.drop { $0.isKnown })
            record(rest)
            return nil
        }
        if arguments.prefix(index).contains(where: { shape.inert.contains($0.text) }) {
            record(command)
            return nil
        }
        for _ in 0..<shape.operands where index < arguments.count { index += 1 }
        var inner = command
        while index < arguments.count, shape.takesAssignments, let sign = Self.assignmentSign(arguments[index]) {
            let text = arguments[index].text
            inner.environment[String(text[..<sign])] = CommandWord(
                String(text[text.index(after: sign)...]), isKnown: arguments[index].isKnown)
            index += 1
        }
        guard index < arguments.count else { record(command); return nil }
        inner.argv = Array(arguments[index...])
        if shape.operandWord == .shell {
            let text = inner.argv.dropFirst().reduce(inner.argv[0]) { Self.joined($0, $1, " ") }
            return within(name) { $0.readText(text, what: "`\(name)`") }
        }
        return within(name) { $0.runProgram(inner) }
    }

    private static func assignmentSign(_ word: CommandWord) -> String.Index? {
        guard let sign = word.text.firstIndex(of: "="), sign > word.text.startIndex else { return nil }
        return word.text[..<sign].utf8.allSatisfy(ShellParser.isNameByte) ? sign : nil
    }

    // MARK: Shells

    private mutating func runShell(_ name: String, _ command: ReadCommand) -> String? {
        var index = 1
        var takesText = false
        var readsInput = false
        let argv = command.argv
        while index < argv.count {
            let word = argv[index]
            guard word.isKnown else { break }
            if word.text == "--" || word.text == "-" { index += 1; break }
            guard word.text.utf8.count > 1, word.text.hasPrefix("-") || word.text.hasPrefix("+") else { break }
            index += 1
            if word.text.hasPrefix("--") {
                if ["--rcfile", "--init-file"].contains(word.text) { index += 1 }
                if word.text == "--command" { takesText = true }
                if ["--help", "--version"].contains(word.text) { record(command); return nil }
                continue
            }
            if word.text == "-n" { record(command); return nil }
            if word.text.contains("c"), word.text.hasPrefix("-") { takesText = true }
            if word.text.contains("s"), word.text.hasPrefix("-") { readsInput = true }
            if word.text.hasSuffix("o") || word.text.hasSuffix("O") { index += 1 }
        }
        if takesText {
            guard index < argv.count else { record(command); return nil }
            let rest = Array(argv.dropFirst(index + 2))
            if command.redirections.contains(where: \.writes) { record(ReadCommand(argv: [], redirections: command.redirections)) }
            return runInner(name, argv[index], rest, command.input)
        }
        if index < argv.count, !readsInput {
            record(command)
            if case .output = command.input, argv[index].text.hasPrefix("/dev/") {} else if argv[index].isKnown, !argv[index].text.hasPrefix("/dev/") {
                note("command.script", "a script's text is run that is not read here")
                return nil
            }
            if !argv[index].isKnown {
                note("command.script", "what a shell runs is only known when it runs")
                return nil
            }
        }
        return runShellInput(name, command, Array(argv.dropFirst(index)))
    }

    private mutating func runInner(
        _ name: String, _ text: CommandWord, _ arguments: [CommandWord], _ source: ReadCommand.Input
    ) -> String? {
        within(name) { reader in
            reader.isolated { reader in
                reader.functions = [:]
                reader.aliases = [:]
                reader.positional = arguments
                reader.input = source
                return reader.readText(text, what: "a shell")
            }
        }
    }

    private mutating func runShellInput(_ name: String, _ command: ReadCommand, _ arguments: [CommandWord]) -> String? {
        switch command.input {
        case .text(let text): return runInner(name, CommandWord(text), arguments, .inherited)
        case .inherited: record(command)
        case .output(let names):
            record(command)
            let downloads = names.contains { ["curl", "wget", "http", "xh", "fetch", "aria2c"].contains($0) }
            note(
                downloads ? "command.download" : "command.computed",
                downloads ? "a shell runs what was downloaded" : "a shell runs what another program prints")
        case .file:
            record(command)
            note("command.script", "a script's text is run that is not read here")
        case .unknown:
            if let text = hereText { return runInner(name, text, arguments, .inherited) }
            record(command)
            note("command.computed", "what a shell runs is only known when it runs")
        }
        return nil
    }

    private mutating func runEval(_ command: ReadCommand) -> String? {
        let words = command.argv.dropFirst()
        guard let first = words.first else { return "" }
        let text = words.dropFirst().reduce(first) { Self.joined($0, $1, " ") }
        var plain = text
        plain.isPattern = false
        return within("eval") { $0.readText(plain, what: "`eval`") }
    }

    private mutating func runTextWrapper(_ name: String, _ command: ReadCommand) -> String? {
        record(command)
        let arguments = Array(command.argv.dropFirst())
        if let index = arguments.firstIndex(where: { ["-c", "--command"].contains($0.text) || ($0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.hasSuffix("c")) }),
            index + 1 < arguments.count
        {
            return within(name) { $0.readText(arguments[index + 1], what: "`\(name)`") }
        }
        if let long = arguments.first(where: { $0.text.hasPrefix("--command=") }) {
            let text = CommandWord(String(long.text.dropFirst(10)), isKnown: long.isKnown)
            return within(name) { $0.readText(text, what: "`\(name)`") }
        }
        switch name {
        case "watch":
            guard let index = WrapperTable.skipOptions(arguments, WrapperShape(short: "nq", long: ["--interval", "--equexit"])),
                index < arguments.count
            else { return nil }
            let text = arguments[(index + 1)...].reduce(arguments[index]) { Self.joined($0, $1, " ") }
            return within(name) { $0.readText(text, what: "`watch`") }
        case "flock":
            guard let index = WrapperTable.skipOptions(arguments, WrapperShape(short: "wE", long: ["--timeout", "--wait"])),
                index + 1 < arguments.count
            else { return nil }
            var inner = command
            inner.argv = Array(arguments[(index + 1)...])
            return within(name) { $0.runProgram(inner) }
        case "su", "runuser":
            if case .text(let text) = command.input { return within(name) { $0.readText(text) } }
            return nil
        default: return nil
        }
    }

    private mutating func runRemoteShell(_ command: ReadCommand) -> String? {
        record(command)
        let arguments = Array(command.argv.dropFirst())
        let shape = WrapperShape(short: "BbcDEeFIiJLlmOoPpQRSWw")
        guard var index = WrapperTable.skipOptions(arguments, shape) else {
            note("command.computed", "an option of `ssh` is only known when it runs")
            return nil
        }
        for (at, word) in arguments.enumerated() where word.text.hasPrefix("ProxyCommand") || word.text.hasPrefix("-oProxyCommand") {
            _ = at
            if let sign = word.text.firstIndex(of: "=") {
                let text = CommandWord(String(word.text[word.text.index(after: sign)...]), isKnown: word.isKnown)
                _ = within("ssh") { $0.readText(text, what: "`ssh`") }
            }
        }
        index += 1
        // Options may also stand after the host.
        if index < arguments.count, arguments[index].text.hasPrefix("-"),
            let more = WrapperTable.skipOptions(Array(arguments[index...]), shape) { index += more }
        guard index < arguments.count else {
            if case .inherited = command.input { return nil }
            note("command.remote", "a remote shell reads commands from its input")
            if case .text(let text) = command.input { return within("ssh", remote: true) { $0.readText(text) } }
            return nil
        }
        let text = arguments[(index + 1)...].reduce(arguments[index]) { Self.joined($0, $1, " ") }
        return within("ssh", remote: true) { reader in
            reader.isolated { reader in
                reader.directory = "~"
                return reader.readText(text, what: "`ssh`")
            }
        }
    }
}
