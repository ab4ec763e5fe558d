// SPDX-License-Identifier: Apache-2.0

/// Programs inside containers, and what git's own configuration runs.
extension ShellReader {
    mutating func runContainer(_ name: String, _ command: ReadCommand) {
        record(command)
        let arguments = Array(command.argv.dropFirst())
        if ["kubectl", "oc", "k"].contains(name) {
            guard arguments.contains(where: { ["exec", "run", "debug", "rsh"].contains($0.text) }) else { return }
            guard let mark = arguments.firstIndex(where: { $0.text == "--" }), mark + 1 < arguments.count else {
                note("command.remote", "a program is run in a container that is not read here")
                return
            }
            runInside(name, command, Array(arguments[(mark + 1)...]))
            return
        }
        let globals = WrapperShape(short: "cHl", long: ["--context", "--host", "--log-level", "--config", "--connection", "--url"])
        guard var index = WrapperTable.skipOptions(arguments, globals), index < arguments.count else { return }
        if arguments[index].text == "container" || arguments[index].text == "compose" { index += 1 }
        guard index < arguments.count else { return }
        let verb = arguments[index].text
        let shape: WrapperShape
        switch verb {
        case "exec": shape = WrapperShape(short: "uwe", long: ["--user", "--workdir", "--env", "--env-file", "--detach-keys", "--index"])
        case "run", "create":
            shape = WrapperShape(
                short: "uwevpahlcm",
                long: [
                    "--user", "--workdir", "--env", "--env-file", "--volume", "--publish", "--name", "--network", "--net", "--mount",
                    "--entrypoint", "--hostname", "--label", "--memory", "--cpus", "--add-host", "--device", "--platform", "--restart",
                    "--cap-add", "--cap-drop", "--security-opt", "--tmpfs", "--ulimit", "--gpus", "--pull", "--ipc", "--pid", "--userns",
                    "--shm-size", "--log-driver", "--log-opt", "--link", "--dns", "--cidfile", "--cgroupns", "--runtime", "--stop-signal",
                ])
        default: return
        }
        let rest = Array(arguments[(index + 1)...])
        guard let operand = WrapperTable.skipOptions(rest, shape) else {
            note("command.remote", "a program is run in a container that is not read here")
            return
        }
        let inner = Array(rest.dropFirst(operand + 1))
        // An image's own program is not known, but what it may do is bounded by the container.
        if !inner.isEmpty, inner[0].text.utf8.first != 0x2D { runInside(name, command, inner) }
        if let entry = rest.prefix(operand).firstIndex(where: { $0.text == "--entrypoint" }), entry + 1 < rest.count {
            runInside(name, command, [rest[entry + 1]] + inner)
        }
    }

    private mutating func runInside(_ name: String, _ command: ReadCommand, _ argv: [CommandWord]) {
        _ = within(name, remote: true) { reader in
            reader.isolated { reader in
                reader.directory = "/container"
                return reader.runProgram(ReadCommand(argv: argv, input: command.input))
            }
        }
    }

    // MARK: git

    /// Reads what git's configuration makes it run, then records the command with aliases from its own options put in.
    mutating func runGit(_ command: ReadCommand) {
        var settings: [(String, CommandWord)] = []
        var subcommand: Int?
        var inner = command
        let argv = command.argv
        var index = 1
        while index < argv.count {
            let word = argv[index]
            guard word.isKnown, word.text.hasPrefix("-") else { subcommand = index; break }
            if word.text == "-c", index + 1 < argv.count {
                addSetting(argv[index + 1], &settings)
                index += 2
            } else if word.text.hasPrefix("-c"), word.text.utf8.count > 2 {
                addSetting(CommandWord(String(word.text.dropFirst(2)), isKnown: word.isKnown), &settings)
                index += 1
            } else if word.text.hasPrefix("--config-env") {
                note("command.computed", "a setting of git comes from the environment")
                index += word.text.contains("=") ? 1 : 2
            } else if word.text.hasPrefix("--exec-path=") {
                note("command.computed", "git is told where its programs are")
                index += 1
            } else if ["-C", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--super-prefix", "--attr-source"].contains(word.text) {
                if word.text == "-C", index + 1 < argv.count, inner.directory != nil { directoryShift = argv[index + 1] }
                index += 2
            } else {
                index += 1
            }
        }
        addEnvironment(command, &settings)
        if let subcommand {
            inner.argv = [argv[0]] + argv[subcommand...]
            if expandAlias(settings, &inner) { return }
        }
        runSettings(settings, inner)
        let saved = directory
        if let shift = directoryShift { directory = PathFacts.change(directory, to: shift); directoryShift = nil }
        runGitScripts(inner)
        record(inner)
        directory = saved
    }

    private mutating func addSetting(_ word: CommandWord, _ settings: inout [(String, CommandWord)]) {
        guard let sign = word.text.firstIndex(of: "=") else { return }
        settings.append(
            (word.text[..<sign].lowercased(), CommandWord(String(word.text[word.text.index(after: sign)...]), isKnown: word.isKnown)))
    }

    private func addEnvironment(_ command: ReadCommand, _ settings: inout [(String, CommandWord)]) {
        let names = [
            "GIT_SSH_COMMAND": "core.sshcommand", "GIT_SSH": "core.sshcommand", "GIT_PAGER": "core.pager", "GIT_EDITOR": "core.editor",
            "GIT_EXTERNAL_DIFF": "diff.external", "GIT_ASKPASS": "core.askpass", "GIT_SEQUENCE_EDITOR": "sequence.editor",
            "GIT_PROXY_COMMAND": "core.gitproxy",
        ]
        func value(_ name: String) -> CommandWord? { command.environment[name] ?? variables[name]?.first }
        for (name, key) in names { if let word = value(name) { settings.append((key, word)) } }
        for name in ["GIT_CONFIG_PARAMETERS", "GIT_SSH_VARIANT", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR"] where value(name) != nil {
            settings.append(("core.sshcommand", CommandWord(":")))
        }
        for number in 0..<8 {
            guard let key = value("GIT_CONFIG_KEY_\(number)"), let setting = value("GIT_CONFIG_VALUE_\(number)") else { break }
            settings.append((key.text.lowercased(), setting))
        }
    }

    /// Puts an alias that the command itself defines in its place. Returns whether a shell text was read instead.
    private mutating func expandAlias(_ settings: [(String, CommandWord)], _ command: inout ReadCommand) -> Bool {
        guard command.argv.count > 1, calls.count < limits.depth else { return false }
        let name = command.argv[1].text.lowercased()
        guard !calls.contains("git alias " + name),
            let (_, value) = settings.last(where: { $0.0 == "alias." + name || $0.0 == "alias.\(name).command" })
        else { return false }
        calls.append("git alias " + name)
        defer { calls.removeLast() }
        let rest = command.argv.dropFirst(2)
        if value.text.hasPrefix("!") {
            let text = CommandWord(String(value.text.dropFirst()), isKnown: value.isKnown)
            let whole = rest.reduce(text) { Self.joined($0, Self.quoted($1), " ") }
            _ = within("git") { $0.readText(whole, what: "a git alias") }
            return true
        }
        let words = value.text.split(separator: " ").map { CommandWord(String($0), isKnown: value.isKnown) }
        let overridden = settings.filter { $0.0.hasPrefix("alias.") && $0.0 != "alias." + name }
        command.argv = [command.argv[0]] + words + rest
        return overridden.isEmpty ? false : expandAlias(overridden, &command)
    }

    /// Reads the programs that settings name, where the subcommand would run them.
    private mutating func runSettings(_ settings: [(String, CommandWord)], _ command: ReadCommand) {
        let verb = command.argv.dropFirst().first?.text ?? ""
        let isRemote = ["fetch", "pull", "push", "clone", "ls-remote", "submodule", "fetch-pack", "send-pack"].contains(verb)
            || verb == "archive" && command.argv.contains { $0.text.hasPrefix("--remote") }
            || verb == "remote" && command.argv.contains { ["update", "prune", "show"].contains($0.text) }
        for (key, value) in settings {
            switch key {
            case "core.sshcommand", "core.gitproxy", "core.askpass":
                guard isRemote else { continue }
                note("command.computed", "git is told which program to run")
            case "core.pager", "core.editor", "sequence.editor", "diff.external", "core.fsmonitor", "core.hookspath", "gpg.program":
                // Only where the subcommand would start it.
                if key == "core.pager", !["log", "diff", "show", "blame", "grep", "branch", "tag", "reflog", "shortlog", "stash", "config", "help"].contains(verb) { continue }
                if key.hasSuffix(".editor"), ["status", "log", "diff", "show", "fetch", "push", "clone", "checkout", "switch", "restore", "add", "ls-files"].contains(verb) { continue }
                if key == "diff.external", !["diff", "log", "show", "format-patch", "stash", "reflog"].contains(verb) { continue }
                if ["cat", "true", "", "less", "false", ":"].contains(value.text) { continue }
                note("command.computed", "git is told which program to run")
            case let key where key.hasSuffix(".textconv") || key.hasSuffix(".helper") || key.hasSuffix(".clean") || key.hasSuffix(".smudge")
                || key.hasSuffix(".process") || key.hasPrefix("pager.") || key.hasSuffix(".cmd") || key.hasSuffix(".driver"):
                note("command.computed", "git is told which program to run")
            default: continue
            }
            _ = within("git") { $0.readText(CommandWord(value.text, isKnown: value.isKnown), what: "git") }
        }
    }

    /// Reads the commands that some of git's subcommands take.
    private mutating func runGitScripts(_ command: ReadCommand) {
        let arguments = command.argv.dropFirst(2)
        let verb = command.argv.dropFirst().first?.text ?? ""
        switch verb {
        case "rebase":
            for (at, word) in arguments.enumerated() {
                if ["-x", "--exec"].contains(word.text), let text = arguments.dropFirst(at + 1).first {
                    _ = within("git") { $0.readText(text, what: "`git rebase`") }
                } else if word.text.hasPrefix("--exec=") {
                    _ = within("git") { $0.readText(CommandWord(String(word.text.dropFirst(7)), isKnown: word.isKnown), what: "`git rebase`") }
                }
            }
        case "bisect" where arguments.first?.text == "run":
            let inner = Array(arguments.dropFirst())
            if !inner.isEmpty { _ = within("git") { $0.runProgram(ReadCommand(argv: inner)) } }
        case "submodule":
            guard let at = arguments.firstIndex(where: { $0.text == "foreach" }) else { return }
            let words = arguments[(at + 1)...].drop { $0.text.hasPrefix("-") }
            guard let first = words.first else { return }
            let text = words.dropFirst().reduce(first) { Self.joined($0, $1, " ") }
            _ = within("git") { $0.readText(text, what: "`git submodule foreach`") }
        case "filter-branch", "difftool", "mergetool":
            for (at, word) in arguments.enumerated() where word.text.hasSuffix("-filter") || word.text == "-x" || word.text == "--extcmd" {
                if let text = arguments.dropFirst(at + 1).first { _ = within("git") { $0.readText(text, what: "git") } }
            }
        default: break
        }
    }
}
