// SPDX-License-Identifier: Apache-2.0

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
