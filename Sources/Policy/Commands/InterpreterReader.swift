// SPDX-License-Identifier: Apache-2.0

/// Reads one-liners of other languages: the few calls that run or delete something, with literal arguments.
///
/// What isn't such a call, or a call known to be harmless, is unknown.
enum InterpreterReader {
    enum Kind { case python, perl, ruby, node, php, lua, awk, powershell, osascript }

    static func kind(of name: String) -> Kind? {
        switch name {
        case "python", "python2", "python3", "pypy", "pypy3": return .python
        case "perl": return .perl
        case "ruby": return .ruby
        case "node", "nodejs", "deno", "bun", "ts-node", "tsx": return .node
        case "php": return .php
        case "lua", "luajit": return .lua
        case "awk", "gawk", "mawk", "nawk": return .awk
        case "powershell", "pwsh": return .powershell
        case "osascript": return .osascript
        default: return name.hasPrefix("python3.") ? .python : nil
        }
    }

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

/// Source text of a language with quoted strings and calls.
struct SourceText {
    private let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }

    private static func isName(_ byte: UInt8) -> Bool { ShellParser.isNameByte(byte) || byte == 0x2E || byte == 0x24 || byte == 0x3A }

    /// Reads the quoted string at `index`; `nil` where none starts there or where it computes.
    private func string(at index: inout Int) -> String? {
        guard index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 || bytes[index] == 0x60 else { return nil }
        let quote = bytes[index]
        index += 1
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == 0x5C, index + 1 < bytes.count {
                index += 1
                let escape = bytes[index]
                index += 1
                ShellEscapes.append(escape, from: bytes, at: &index, to: &text)
                continue
            }
            text.append(bytes[index])
            index += 1
        }
        guard index < bytes.count else { return nil }
        index += 1
        return String(decoding: text, as: UTF8.self)
    }

    private func skipBlank(_ index: inout Int) {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x09 { index += 1 }
    }

    /// The names in call position, outside strings, with the place after each.
    private func names() -> [(name: String, end: Int)] {
        var all: [(String, Int)] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x22 || bytes[index] == 0x27 {
                let start = index
                if string(at: &index) == nil { index = start + 1 }
                continue
            }
            guard Self.isName(bytes[index]) else { index += 1; continue }
            let start = index
            while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
            all.append((String(decoding: bytes[start..<index], as: UTF8.self), index))
        }
        return all
    }

    /// The literal arguments of each call of one of `names`; `nil` for a call with a computed argument.
    func calls(of wanted: Set<String>) -> [String?] {
        var results: [String?] = []
        for (name, end) in names() {
            let last = name.split(separator: ".").last.map(String.init) ?? name
            guard wanted.contains(name) || (name.hasPrefix(".") && wanted.contains(last)) || (name.contains(").") && wanted.contains(last)) else { continue }
            var index = end
            skipBlank(&index)
            let opened = index < bytes.count && bytes[index] == 0x28
            if opened { index += 1; skipBlank(&index) }
            if !opened, !(index < bytes.count && (bytes[index] == 0x22 || bytes[index] == 0x27)) { continue }
            results.append(argument(&index))
        }
        return results
    }

    private func argument(_ index: inout Int) -> String? {
        var parts: [String] = []
        let isList = index < bytes.count && bytes[index] == 0x5B
        if isList { index += 1 }
        while index < bytes.count {
            skipBlank(&index)
            guard let text = string(at: &index) else { return nil }
            parts.append(isList || !parts.isEmpty ? ShellReader.quoted(CommandWord(text)).text : text)
            skipBlank(&index)
            guard index < bytes.count else { return parts.joined(separator: " ") }
            switch bytes[index] {
            case 0x2C:
                index += 1
                skipBlank(&index)
                // A list of further words, or options of the call, which change nothing.
                if isList { continue }
                if index < bytes.count, bytes[index] == 0x5B { index += 1; continue }
                if index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 { continue }
                return parts.joined(separator: " ")
            case 0x5D, 0x29, 0x3B, 0x7D: return parts.joined(separator: " ")
            default: return nil
            }
        }
        return nil
    }

    /// Texts between backquotes.
    func backquoted() -> [String] {
        var all: [String] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x60 {
                let start = index
                if let text = string(at: &index) { all.append(text); continue }
                index = start
            }
            index += 1
        }
        return all
    }

    /// `print | "command"` and `"command" | getline` of awk.
    func piped() -> [String] {
        var all: [String] = []
        var index = 0
        var last: String?
        while index < bytes.count {
            if bytes[index] == 0x22 {
                let start = index
                last = string(at: &index)
                if last == nil { index = start + 1 }
                continue
            }
            if bytes[index] == 0x7C, index + 1 < bytes.count, bytes[index + 1] != 0x7C, index == 0 || bytes[index - 1] != 0x7C {
                var ahead = index + 1
                if ahead < bytes.count, bytes[ahead] == 0x26 { ahead += 1 }
                skipBlank(&ahead)
                if let text = string(at: &ahead) { all.append(text) } else if let last { all.append(last) }
            }
            index += 1
        }
        return all
    }

    /// Whether a pipe of awk leads to something that is no literal.
    var hasUnreadPipe: Bool {
        var index = 0
        var level = 0
        var statement = 0
        while index < bytes.count {
            if bytes[index] == 0x22 {
                let start = index
                if string(at: &index) == nil { index = start + 1 }
                continue
            }
            if bytes[index] == 0x7B { level += 1; statement = index } else if bytes[index] == 0x7D { level -= 1 } else if bytes[index] == 0x3B || bytes[index] == 0x0A { statement = index }
            if bytes[index] == 0x7C, level > 0, index + 1 < bytes.count, bytes[index + 1] != 0x7C, index == 0 || bytes[index - 1] != 0x7C,
                String(decoding: bytes[max(0, statement)..<index], as: UTF8.self)[...].firstOccurrence(of: "print") != nil
            {
                var ahead = index + 1
                skipBlank(&ahead)
                if ahead < bytes.count, bytes[ahead] != 0x22, !bytes[ahead...].starts(with: Array("getline".utf8)) { return true }
            }
            index += 1
        }
        return false
    }

    private static let harmless: Set<String> = [
        "print", "println", "printf", "say", "puts", "p", "pp", "len", "str", "int", "float", "bool", "list", "dict", "set", "tuple", "sum", "min", "max", "abs",
        "round", "sorted", "reversed", "range", "enumerate", "zip", "map", "filter", "any", "all", "repr", "type", "isinstance", "ord",
        "chr", "hex", "bin", "format", "join", "split", "strip", "upper", "lower", "replace", "keys", "values", "items", "get", "append",
        "console.log", "console.error", "JSON.parse", "JSON.stringify", "Math.max", "Math.min", "Math.round", "Math.floor", "Date.now", "Number",
        "String", "Object.keys", "json.dumps", "json.loads", "json.load", "sys.stdin.read", "time.time", "datetime.now", "platform.platform",
        "sys.exit", "exit", "echo", "var_dump", "phpinfo", "if", "for", "while", "and", "or", "not", "return", "uuid.uuid4", "uuid4",
        "base64.b64encode", "hashlib.sha256", "os.getcwd", "os.listdir", "os.path.join", "os.path.exists", "os.environ.get", "math.sqrt", "hexdigest", "encode", "decode",
    ]

    /// Whether every call is known to do no harm, or is one of those that were read.
    func isHarmless(beyond read: Set<String>) -> Bool {
        for (name, end) in names() {
            if ["exec", "eval", "open", "import_module", "__import__", "require", "socket", "Function", "getattr", "globals", "compile", "requests", "urllib", "File", "IO", "Net", "fetch", "process.binding", "globalThis", "vars", "builtins"].contains(name) {
                if name == "require", isHarmlessRequire(end) { continue }
                return false
            }
            var index = end
            skipBlank(&index)
            guard index < bytes.count, bytes[index] == 0x28 else { continue }
            let last = name.split(separator: ".").last.map(String.init) ?? name
            if Self.harmless.contains(name) || read.contains(name) || (name.hasPrefix(".") && (read.contains(last) || Self.harmless.contains(last))) { continue }
            if Self.harmless.contains(last), !name.hasPrefix("os."), !name.hasPrefix("fs.") { continue }
            return false
        }
        return true
    }

    private func isHarmlessRequire(_ end: Int) -> Bool {
        var index = end
        skipBlank(&index)
        if index < bytes.count, bytes[index] == 0x28 { index += 1 }
        skipBlank(&index)
        guard let name = string(at: &index) else { return false }
        return ["fs", "child_process", "os", "path", "util", "./package.json", "url", "crypto", "node:fs", "node:child_process"].contains(name)
    }
}
