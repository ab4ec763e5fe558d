// SPDX-License-Identifier: Apache-2.0

/// Expansion of words to what is known of them.
extension ShellReader {
    /// Expands a word to its fields.
    mutating func expand(_ word: ShellWord, splitting: Bool = true) -> [CommandWord] {
        if word.parts.count == 1 {
            switch word.parts[0] {
            case .text(let text), .quoted(let text): return [Self.literal(text)]
            default: break
            }
        }
        guard spend(words: 1) else { return [.unknown] }
        if word.hasBraces, splitting {
            var budget = 256
            guard let variants = BraceExpansion.expand(word.parts, budget: &budget) else {
                note("command.long", "a brace expansion makes more words than are read")
                return [.unknown]
            }
            var all: [CommandWord] = []
            for parts in variants { all += expandParts(parts, splitting: splitting) }
            return all
        }
        return expandParts(word.parts, splitting: splitting)
    }

    /// Expands a word that stays one argument, such as a redirection's target or an assigned value.
    mutating func expandSingle(_ word: ShellWord) -> CommandWord {
        let fields = expand(word, splitting: false)
        if fields.count == 1 { return fields[0] }
        if fields.isEmpty { return CommandWord("") }
        return fields.dropFirst().reduce(fields[0]) { Self.joined($0, $1, " ") }
    }

    static func joined(_ one: CommandWord, _ other: CommandWord, _ separator: String) -> CommandWord {
        CommandWord(
            one.text + separator + other.text, isKnown: one.isKnown && other.isKnown,
            isPattern: one.isPattern || other.isPattern, maySplit: one.maySplit || other.maySplit)
    }

    /// A literal; the mark for unknown text counts as unknown wherever it comes from.
    static func literal(_ text: String) -> CommandWord {
        if text.utf8.contains(0xEF), text.contains(CommandWord.hole) {
            return CommandWord(text, isKnown: false, maySplit: true)
        }
        return CommandWord(text)
    }

    private mutating func spend(words: Int) -> Bool {
        wordsLeft -= words
        if wordsLeft > 0, expandedLeft > 0 { return true }
        note("command.long", "expansion makes more text than is read")
        return false
    }

    /// The fields being built.
    private struct Fields {
        var done: [CommandWord] = []
        var current = CommandWord("")
        var started = false

        mutating func append(_ word: CommandWord) {
            current.text += word.text
            current.isKnown = current.isKnown && word.isKnown
            current.isPattern = current.isPattern || word.isPattern
            current.maySplit = current.maySplit || word.maySplit
            started = true
        }

        mutating func end() {
            if started { done.append(current) }
            current = CommandWord("")
            started = false
        }
    }

    private mutating func expandParts(_ parts: [ShellWordPart], splitting: Bool) -> [CommandWord] {
        var fields = Fields()
        for part in parts {
            switch part {
            case .text(let text), .quoted(let text): fields.append(Self.literal(text))
            case .pattern(let text): fields.append(CommandWord(text, isPattern: true))
            case .brace(let byte): fields.append(CommandWord(String(decoding: [byte], as: UTF8.self)))
            case .tilde(let text): fields.append(CommandWord(text))
            case .unknown: fields.append(.unknown)
            case .process(let node):
                _ = isolated { reader in
                    reader.wantsOutput = false
                    return reader.run(node)
                }
                fields.append(CommandWord("/dev/fd/\(CommandWord.hole)", isKnown: false))
            case .arithmetic(let word):
                for part in word.parts { _ = expandParts([part], splitting: false) }
                fields.append(.unknownArgument)
            case .command(let node, let quoted):
                add(substitute(node), quoted: quoted || !splitting, to: &fields)
            case .parameter(let parameter, let quoted):
                addParameter(parameter, quoted: quoted || !splitting, to: &fields)
            }
        }
        fields.end()
        expandedLeft -= fields.done.reduce(0) { $0 + $1.text.utf8.count }
        // A lone bracket is the `test` program, not a pattern.
        if fields.done.count == 1, fields.done[0].text == "[" { fields.done[0].isPattern = false }
        return fields.done
    }

    private mutating func substitute(_ node: ShellNode) -> CommandWord {
        let output = isolated { reader -> String? in
            reader.wantsOutput = true
            reader.feedsPipe = true
            return reader.run(node)
        }
        guard var text = output else { return .unknown }
        while text.utf8.last == 0x0A { text.removeLast() }
        return Self.literal(text)
    }

    /// Adds a value, split into fields where it stood outside quotes.
    private mutating func add(_ value: CommandWord, quoted: Bool, to fields: inout Fields) {
        if quoted {
            fields.append(CommandWord(value.text, isKnown: value.isKnown, isPattern: value.isPattern))
            return
        }
        var separators: [UInt8] = [0x20, 0x09, 0x0A]
        if let assigned = variables["IFS"] {
            guard assigned.count == 1, assigned[0].isKnown else { fields.append(.unknown); return }
            separators = Array(assigned[0].text.utf8)
        }
        var start = value.text.utf8.startIndex
        let bytes = value.text.utf8
        var index = start
        func piece(_ end: String.Index) -> CommandWord {
            var word = Self.literal(String(value.text[start..<end]))
            if !value.isKnown { word.maySplit = true; word.isKnown = word.isKnown && !word.text.contains(CommandWord.hole) }
            word.isPattern = word.text.utf8.contains { $0 == 0x2A || $0 == 0x3F }
            return word
        }
        while index < bytes.endIndex {
            if separators.contains(bytes[index]) {
                if index > start { fields.append(piece(index)) }
                fields.end()
                wordsLeft -= 1
                start = bytes.index(after: index)
            }
            index = bytes.index(after: index)
        }
        if index > start { fields.append(piece(index)) }
    }

    private mutating func addParameter(_ parameter: ShellParameter, quoted: Bool, to fields: inout Fields) {
        guard spend(words: 1) else { fields.append(.unknown); return }
        let values = value(of: parameter)
        guard values.count != 1 || parameter.name == "@" else {
            add(values[0], quoted: quoted, to: &fields)
            return
        }
        for (index, value) in values.enumerated() {
            if index > 0 { fields.end() }
            add(value, quoted: quoted, to: &fields)
        }
        // `"$@"` without arguments is no word at all; an empty quoted variable is an empty word.
        if values.isEmpty, quoted, !["@", "*"].contains(parameter.name) { fields.append(CommandWord("")) }
    }

    private mutating func value(of parameter: ShellParameter) -> [CommandWord] {
        var name = parameter.name
        if name.hasSuffix("[@]") { name.removeLast(3) }
        let known = lookUp(name)
        switch parameter.operation {
        case .plain: return known ?? [.unknown]
        case .fallback, .assign:
            let fallback = expand(parameter.word)
            if let known, known.contains(where: { !$0.isKnown || !$0.text.isEmpty }) { return known }
            // It may be set outside: then neither value is sure. The fallback is the one that the text shows.
            if known == nil, environmentMayHold(name) { return fallback.isEmpty ? [.unknown] : marked(fallback) }
            if parameter.operation == .assign { variables[name] = fallback }
            return fallback
        case .alternative:
            let alternative = expand(parameter.word)
            return known == nil ? marked(alternative) : alternative
        case .computed:
            _ = expand(parameter.word)
            return [.unknown]
        }
    }

    /// Variables that text can't know; a name that the text never sets may come from the environment.
    private func environmentMayHold(_ name: String) -> Bool { true }

    private mutating func marked(_ words: [CommandWord]) -> [CommandWord] {
        if !words.isEmpty { note("command.computed", "a value may come from the environment instead of the text") }
        return words
    }

    private func lookUp(_ name: String) -> [CommandWord]? {
        if let value = variables[name] { return value }
        switch name {
        case "HOME": return [CommandWord("~")]
        case "TMPDIR": return [CommandWord("/tmp/tmpdir")]
        case "SHELL", "BASH": return [CommandWord("/bin/sh")]
        case "PWD": return directory.map { [CommandWord($0)] }
        case "@", "*": return positional
        case "#", "?", "$", "!", "RANDOM", "UID", "EUID", "PPID", "LINENO", "SECONDS": return [.unknownArgument]
        default:
            if let number = Int(name), number > 0, let positional {
                return number <= positional.count ? [positional[number - 1]] : []
            }
            return nil
        }
    }

    /// Expands redirections, and says what they feed in.
    mutating func expandRedirections(_ nodes: [RedirectionNode]) -> ([CommandRedirection], ReadCommand.Input?) {
        var list: [CommandRedirection] = []
        var fed: ReadCommand.Input?
        for node in nodes {
            var target: CommandWord
            if node.kind == .hereDocument {
                let index = Int(node.target.plain ?? "") ?? -1
                target = documents.indices.contains(index) ? expandSingle(documents[index]) : .unknown
            } else {
                target = expandSingle(node.target)
            }
            switch node.kind {
            case .hereDocument, .hereString:
                if node.kind == .hereString { target.text += "\n" }
                fed = target.isKnown ? .text(target.text) : .unknown
                if !target.isKnown { hereText = target }
            case .input, .readWrite: fed = target.text == "/dev/null" ? .text("") : .file
            case .duplicateInput: fed = .unknown
            default: break
            }
            list.append(CommandRedirection(kind: node.kind, descriptor: node.descriptor, target: target))
        }
        return (list, fed)
    }
}

/// Brace expansion, `{a,b}` and `{1..3}`.
enum BraceExpansion {
    /// All variants of a word's parts, or `nil` where there are more than the budget.
    static func expand(_ parts: [ShellWordPart], budget: inout Int) -> [[ShellWordPart]]? {
        guard budget > 0, parts.count <= 1_000 else { return nil }
        for (open, part) in parts.enumerated() {
            guard case .brace(0x7B) = part, let (close, commas) = span(parts, open) else { continue }
            let head = Array(parts[..<open])
            let tail = Array(parts[(close + 1)...])
            var alternatives: [[ShellWordPart]] = []
            if commas.isEmpty {
                guard let range = sequence(Array(parts[(open + 1)..<close])) else { continue }
                alternatives = range
            } else {
                var start = open + 1
                for end in commas + [close] {
                    alternatives.append(Array(parts[start..<end]))
                    start = end + 1
                }
            }
            var all: [[ShellWordPart]] = []
            for alternative in alternatives {
                budget -= 1
                guard let more = expand(head.map(settled) + alternative + tail, budget: &budget) else { return nil }
                all += more
            }
            return all
        }
        return [parts]
    }

    /// A brace before the first pair that expands stays what it is.
    private static func settled(_ part: ShellWordPart) -> ShellWordPart {
        if case .brace(let byte) = part { return .text(String(decoding: [byte], as: UTF8.self)) }
        return part
    }

    private static func span(_ parts: [ShellWordPart], _ open: Int) -> (Int, [Int])? {
        var level = 0
        var commas: [Int] = []
        for index in open..<parts.count {
            guard case .brace(let byte) = parts[index] else { continue }
            switch byte {
            case 0x7B: level += 1
            case 0x7D:
                level -= 1
                if level == 0 { return (index, commas) }
            default: if level == 1 { commas.append(index) }
            }
        }
        return nil
    }

    private static func sequence(_ parts: [ShellWordPart]) -> [[ShellWordPart]]? {
        guard parts.count == 1, case .text(let text) = parts[0] else { return nil }
        let ends = text.split(separator: ".", omittingEmptySubsequences: true)
        guard ends.count >= 2, text.contains("..") else { return nil }
        if let low = Int(ends[0]), let high = Int(ends[1]), abs(low) < 1 << 40, abs(high) < 1 << 40, abs(high - low) < 256 {
            return stride(from: low, through: high, by: low <= high ? 1 : -1).map { [.text(String($0))] }
        }
        let (one, other) = (Array(ends[0].utf8), Array(ends[1].utf8))
        guard one.count == 1, other.count == 1, one[0] < 0x80, other[0] < 0x80 else { return nil }
        return stride(from: Int(one[0]), through: Int(other[0]), by: one[0] <= other[0] ? 1 : -1)
            .map { [.text(String(decoding: [UInt8($0)], as: UTF8.self))] }
    }
}
