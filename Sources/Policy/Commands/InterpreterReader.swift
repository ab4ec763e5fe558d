// SPDX-License-Identifier: Apache-2.0

/// Reads one-liners of other languages: the few calls that run or delete something, with literal arguments.
///
/// What isn't such a call, or a call known to be harmless, is unknown.
enum InterpreterReader {
    enum Kind { case python, perl, ruby, node, php, lua, awk, powershell, osascript }

    static func kind(of name: String) -> Kind? {
        kinds[name] ?? (name.utf8.first == 0x70 && name.hasPrefix("python3.") ? .python : nil)
    }

    private static let kinds: [String: Kind] = [
        "python": .python, "python2": .python, "python3": .python, "pypy": .python, "pypy3": .python, "perl": .perl, "ruby": .ruby, "node": .node,
        "nodejs": .node, "deno": .node, "bun": .node, "ts-node": .node, "tsx": .node, "php": .php, "lua": .lua, "luajit": .lua, "awk": .awk,
        "gawk": .awk, "mawk": .awk, "nawk": .awk, "powershell": .powershell, "pwsh": .powershell, "osascript": .osascript,
    ]

    static func read(_ name: String, _ command: ReadCommand, _ reader: inout ShellReader) {
        guard let kind = kind(of: name) else { reader.record(command); return }
        reader.record(command)
        if kind == .awk { readAwk(command, &reader); return }
        let arguments = Array(command.argv.dropFirst())
        guard !arguments.isEmpty else { readInput(command, kind, name, &reader); return }
        var index = 0
        while index < arguments.count {
            let word = arguments[index]
            guard word.isKnown else {
                reader.note("command.computed", "an argument of `\(name)` is only known when it runs")
                return
            }
            if ["--version", "-V", "--help", "-h"].contains(word.text) { return }
            if let code = code(kind, word.text, arguments, &index) { judge(code, kind, name, &reader); return }
            if word.text == "-m", kind == .python { readModule(arguments, index, &reader); return }
            if word.text == "-" { readInput(command, kind, name, &reader); return }
            if !word.text.hasPrefix("-") { break }
            index += 1
        }
        if ["deno", "bun", "tsx"].contains(name), index < arguments.count, ["test", "install", "lint", "fmt", "check", "add", "run"].contains(arguments[index].text), arguments[index].text != "run" { return }
        if kind == .python, index < arguments.count, arguments[index].text.hasSuffix("manage.py") { return }
        if index < arguments.count { reader.note("command.script", "a script's text is run that is not read here") } else {
            readInput(command, kind, name, &reader)
        }
    }

    /// The text of `-c`, `-e` and their like, alone, in a cluster or attached.
    private static func code(_ kind: Kind, _ text: String, _ arguments: [CommandWord], _ index: inout Int) -> CommandWord? {
        let following = index + 1 < arguments.count ? arguments[index + 1] : nil
        switch kind {
        case .python:
            if text.hasPrefix("-c"), text.utf8.count > 2 { return CommandWord(String(text.dropFirst(2))) }
            return text.hasPrefix("-") && !text.hasPrefix("--") && text.hasSuffix("c") ? following : nil
        case .node:
            if text.hasPrefix("--eval=") { return CommandWord(String(text.dropFirst(7))) }
            if text.hasPrefix("--print=") { return CommandWord(String(text.dropFirst(8))) }
            return ["-e", "--eval", "-p", "--print", "-pe", "eval"].contains(text) ? following : nil
        case .php: return ["-r", "--run"].contains(text) ? following : nil
        case .perl, .ruby, .lua, .osascript:
            if text.hasPrefix("-e"), text.utf8.count > 2 { return CommandWord(String(text.dropFirst(2))) }
            return text.hasPrefix("-") && !text.hasPrefix("--") && (text.hasSuffix("e") || text.hasSuffix("E")) ? following : nil
        case .powershell:
            let lower = text.lowercased()
            return ["-c", "-command", "/c"].contains(lower) ? following : nil
        case .awk: return nil
        }
    }

    private static func readInput(_ command: ReadCommand, _ kind: Kind, _ name: String, _ reader: inout ShellReader) {
        switch command.input {
        case .text(let text): judge(CommandWord(text), kind, name, &reader)
        case .inherited: break
        case .output(let names) where names.contains(where: { ["curl", "wget"].contains($0) }):
            reader.note("command.download", "`\(name)` runs what was downloaded")
        default: reader.note("command.computed", "what `\(name)` runs is only known when it runs")
        }
    }

    private static func readModule(_ arguments: [CommandWord], _ index: Int, _ reader: inout ShellReader) {
        let module = index + 1 < arguments.count ? arguments[index + 1].text : ""
        let known: Set<String> = ["pytest", "unittest", "pip", "venv", "json.tool", "mypy", "black", "ruff", "flake8", "isort", "build", "http.server", "timeit", "pdb", "compileall", "coverage", "pylint", "site", "platform"]
        if !known.contains(module) { reader.note("command.script", "a module's text is run that is not read here") }
    }

    // MARK: awk

    private static func readAwk(_ command: ReadCommand, _ reader: inout ShellReader) {
        let arguments = Array(command.argv.dropFirst())
        let shape = WrapperShape(short: "vFfieEl", long: ["--file", "--assign", "--field-separator", "--include"])
        guard let index = WrapperTable.skipOptions(arguments, shape) else {
            reader.note("command.computed", "an option of `awk` is only known when it runs")
            return
        }
        if arguments.prefix(index).contains(where: { $0.text.hasPrefix("-f") || $0.text == "--file" || $0.text == "-E" }) {
            reader.note("command.script", "a script's text is run that is not read here")
            return
        }
        guard index < arguments.count else { return }
        let program = arguments[index]
        if !program.isKnown { reader.note("command.computed", "part of an `awk` program is only known when it runs") }
        let code = SourceText(program.text)
        var runs = code.calls(of: ["system"])
        for call in runs where call == nil { _ = call; reader.note("command.computed", "`awk` runs a computed command") }
        runs += code.piped()
        for call in runs.compactMap({ $0 }) { runText(call, "`awk`", &reader) }
        if code.hasUnreadPipe { reader.note("command.computed", "`awk` runs a computed command") }
    }

    static func runText(_ text: String, _ what: String, _ reader: inout ShellReader) {
        _ = reader.within(what.filter { $0 != "`" }) { inner in
            inner.isolated { $0.readText(text) }
        }
    }

    // MARK: Judging code

    private static func judge(_ code: CommandWord, _ kind: Kind, _ name: String, _ reader: inout ShellReader) {
        if !code.isKnown { reader.note("command.computed", "part of a `\(name)` program is only known when it runs") }
        let source = SourceText(code.text)
        var isRead = true
        for call in source.calls(of: runners) {
            if let call { runText(call, "`\(name)`", &reader) } else { isRead = false }
        }
        for call in source.calls(of: deleters) {
            if let call {
                _ = reader.within(name) { inner in
                    inner.record(ReadCommand(argv: [CommandWord("rm"), CommandWord("-rf"), CommandWord("--"), CommandWord(call)]))
                    return nil
                }
            } else {
                isRead = false
            }
        }
        if kind == .perl || kind == .ruby || kind == .php {
            for text in source.backquoted() { runText(text, "`\(name)`", &reader) }
        }
        if !isRead { reader.note("command.computed", "`\(name)` runs or deletes something computed") }
        if code.text.utf8.count < 400, !code.text.contains("("), kind != .python, code.text.contains(" -") {
            // Shell text in the wrong place: no language would take it, but nobody means well by it.
            runText(code.text, "`\(name)`", &reader)
        }
        if !source.isHarmless(beyond: runners.union(deleters)) {
            reader.note("command.script", "a `\(name)` program does something that is not read here")
        }
    }

    private static let runners: Set<String> = [
        "os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call", "run", "call", "Popen",
        "check_call", "check_output", "popen",
        "subprocess.check_output", "subprocess.getoutput", "system", "exec", "execSync", "child_process.exec", "child_process.execSync",
        "spawnSync", "spawn", "execFileSync", "execFile", "cp.execSync", "shell_exec", "passthru", "os.execute", "io.popen", "qx",
        "Kernel.system", "Deno.Command", "$",
    ]
    private static let deleters: Set<String> = [
        "shutil.rmtree", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "rmtree", "unlink", "fs.unlinkSync", "fs.rmSync", "fs.rm",
        "fs.rmdirSync", "fs.unlink", "unlinkSync", "rmSync", "rmdirSync", "File.delete", "File.unlink", "FileUtils.rm_rf", "FileUtils.rm_r", "FileUtils.rm", "Dir.rmdir", "remove",
        "fs.promises.rm", "fs.promises.unlink", "rmdir", "rimraf.sync", "remove_tree",
    ]
}
