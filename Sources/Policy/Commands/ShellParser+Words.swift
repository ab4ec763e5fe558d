// SPDX-License-Identifier: Apache-2.0

/// Words: quotes, escapes and expansions.
extension ShellParser {
    /// Reads one word; the position stands on its first byte.
    mutating func parseWord(isAssignment: Bool = false) -> ShellWord {
        var word = ShellWord()
        var start = position
        func flush(_ word: inout ShellWord, _ parser: borrowing ShellParser, _ start: Int) {
            if parser.position > start {
                word.parts.append(.text(String(decoding: parser.bytes[start..<parser.position], as: UTF8.self)))
            }
        }
        if current == 0x7E { readTilde(&word); start = position }
        scan: while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x3B, 0x26, 0x7C, 0x29: break scan
            case 0x3C, 0x3E:
                guard next == 0x28 else { break scan }
                flush(&word, self, start)
                position += 2
                word.parts.append(.process(parseSubstitution()))
                start = position
            case 0x28:
                // Only a pattern such as `@(a|b)` may hold a bracket here.
                if next == 0x29, position > start, commandHasWords {
                    // Elsewhere than after a first word a shell refuses this; the text is kept for those that take it as it is.
                    position += 2
                    continue
                }
                guard position > start, [0x40, 0x21, 0x2B, 0x2A, 0x3F].contains(bytes[position - 1]) else { break scan }
                flush(&word, self, start)
                skipExtendedPattern()
                word.parts.append(.pattern("*"))
                start = position
            case 0x27, 0x22, 0x5C, 0x24, 0x60:
                flush(&word, self, start)
                readSpecial(byte, into: &word)
                start = position
            case 0x2A, 0x3F, 0x5B:
                flush(&word, self, start)
                word.parts.append(.pattern(String(decoding: [byte], as: UTF8.self)))
                position += 1
                start = position
            case 0x7B, 0x7D, 0x2C:
                guard !isAssignment, byte != 0x2C || word.hasBraces else { position += 1; continue }
                flush(&word, self, start)
                word.parts.append(.brace(byte))
                if byte == 0x7B { word.hasBraces = true }
                position += 1
                start = position
            default: position += 1
            }
        }
        flush(&word, self, start)
        return tidied(word)
    }

    /// Braces that can't expand are plain text, so that `{` and `{}` stay the words they are.
    private func tidied(_ word: ShellWord) -> ShellWord {
        guard word.parts.count > 1 || word.hasBraces else {
            if word.parts.count == 1, case .brace(let byte) = word.parts[0] {
                return ShellWord(parts: [.text(String(decoding: [byte], as: UTF8.self))])
            }
            return word
        }
        var hasSeparator = false
        for part in word.parts {
            if case .brace(0x2C) = part { hasSeparator = true }
            if case .text(let text) = part, text.utf8.contains(0x2E) { hasSeparator = true }
        }
        if hasSeparator && word.hasBraces { return word }
        var fresh = ShellWord()
        var pending = ""
        for part in word.parts {
            switch part {
            case .brace(let byte): pending += String(decoding: [byte], as: UTF8.self)
            case .text(let text): pending += text
            default:
                if !pending.isEmpty { fresh.parts.append(.text(pending)); pending = "" }
                fresh.parts.append(part)
            }
        }
        if !pending.isEmpty { fresh.parts.append(.text(pending)) }
        return fresh
    }

    private mutating func readTilde(_ word: inout ShellWord) {
        var ahead = position + 1
        while ahead < bytes.count, Self.isNameByte(bytes[ahead]) || bytes[ahead] == 0x2D || bytes[ahead] == 0x2B || bytes[ahead] == 0x2E {
            ahead += 1
        }
        guard ahead >= bytes.count || isMeta(bytes[ahead]) || bytes[ahead] == 0x2F else { return }
        word.parts.append(.tilde(String(decoding: bytes[position..<ahead], as: UTF8.self)))
        position = ahead
    }

    private mutating func readSpecial(_ byte: UInt8, into word: inout ShellWord) {
        switch byte {
        case 0x27:
            position += 1
            let start = position
            while position < bytes.count, bytes[position] != 0x27 { position += 1 }
            word.parts.append(.quoted(String(decoding: bytes[start..<position], as: UTF8.self)))
            closeQuote()
        case 0x22:
            position += 1
            let inner = parseQuotedText(until: 0x22)
            word.parts += inner.parts.isEmpty ? [.quoted("")] : inner.parts
        case 0x5C:
            position += 1
            guard position < bytes.count else { word.parts.append(.quoted("\\")); return }
            if bytes[position] == 0x0A { position += 1; return }
            let start = position
            position += 1
            while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
            word.parts.append(.quoted(String(decoding: bytes[start..<position], as: UTF8.self)))
        case 0x60:
            word.parts.append(.command(parseBackquoted(), quoted: false))
        default:
            readDollar(quoted: false, into: &word)
        }
    }

    private mutating func closeQuote() {
        // Without an end a shell refuses the command; what was read so far is judged all the same.
        if position < bytes.count { position += 1 }
    }

    /// Reads text in which only `$`, backquotes and backslashes are live, up to `end` (or to the end of the text).
    mutating func parseQuotedText(until end: UInt8?) -> ShellWord {
        guard enter() else { return ShellWord(parts: [.unknown]) }
        defer { depth -= 1 }
        var word = ShellWord()
        var text: [UInt8] = []
        func flush(_ word: inout ShellWord, _ text: inout [UInt8]) {
            if !text.isEmpty { word.parts.append(.quoted(String(decoding: text, as: UTF8.self))); text = [] }
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte == end { position += 1; flush(&word, &text); return word }
            switch byte {
            case 0x5C:
                position += 1
                guard position < bytes.count else { text.append(0x5C); break }
                switch bytes[position] {
                case 0x24, 0x60, 0x5C: text.append(bytes[position])
                case 0x22 where end != nil: text.append(0x22)
                case 0x0A: break
                default: text += [0x5C, bytes[position]]
                }
                position += 1
            case 0x24:
                flush(&word, &text)
                readDollar(quoted: true, into: &word)
            case 0x60:
                flush(&word, &text)
                word.parts.append(.command(parseBackquoted(), quoted: true))
            default:
                text.append(byte)
                position += 1
            }
        }
        flush(&word, &text)
        return word
    }

    /// Reads what a `$` starts.
    mutating func readDollar(quoted: Bool, into word: inout ShellWord) {
        position += 1
        guard position < bytes.count else { word.parts.append(.quoted("$")); return }
        switch bytes[position] {
        case 0x28:
            if next == 0x28, closesAsArithmetic(from: position + 2) {
                position += 2
                word.parts.append(.arithmetic(parseArithmeticBody()))
            } else {
                position += 1
                word.parts.append(.command(parseSubstitution(), quoted: quoted))
            }
        case 0x7B:
            position += 1
            word.parts.append(parseBraced(quoted: quoted))
        case 0x27 where !quoted:
            position += 1
            word.parts.append(.quoted(readCString()))
        case 0x22 where !quoted:
            position += 1
            let inner = parseQuotedText(until: 0x22)
            word.parts += inner.parts.isEmpty ? [.quoted("")] : inner.parts
        case 0x5B:
            position += 1
            var inner = ShellWord()
            while position < bytes.count, bytes[position] != 0x5D {
                if bytes[position] == 0x24 { readDollar(quoted: true, into: &inner) } else { position += 1 }
            }
            if position < bytes.count { position += 1 }
            word.parts.append(.arithmetic(inner))
        case let byte where Self.isNameByte(byte) || Self.isSpecialParameter(byte):
            let start = position
            if (0x30...0x39).contains(byte) || !Self.isNameByte(byte) { position += 1 } else {
                while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
            }
            let name = String(decoding: bytes[start..<position], as: UTF8.self)
            word.parts.append(.parameter(ShellParameter(name: name), quoted: quoted))
        default: word.parts.append(.quoted("$"))
        }
    }

    static func isSpecialParameter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x40, 0x2A, 0x23, 0x3F, 0x2D, 0x24, 0x21: true
        default: false
        }
    }

    /// Reads `${…}` after its opening brace.
    private mutating func parseBraced(quoted: Bool) -> ShellWordPart {
        guard enter() else { return .unknown }
        defer { depth -= 1 }
        var isComputed = false
        if current == 0x21, next != 0x7D { isComputed = true; position += 1 }
        if current == 0x23, next != 0x7D { isComputed = true; position += 1 }
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        if position == start, position < bytes.count, Self.isSpecialParameter(bytes[position]) { position += 1 }
        var parameter = ShellParameter(name: String(decoding: bytes[start..<position], as: UTF8.self))
        if current == 0x5B {
            if next == 0x40 || next == 0x2A, position + 2 < bytes.count, bytes[position + 2] == 0x5D {
                position += 3
                parameter.name += "[@]"
            } else {
                isComputed = true
            }
        }
        var sign = current
        if sign == 0x3A, [0x2D, 0x3D, 0x2B, 0x3F].contains(next) { position += 1; sign = current }
        switch sign {
        case 0x7D: break
        case 0x2D: parameter.operation = .fallback
        case 0x3D: parameter.operation = .assign
        case 0x2B: parameter.operation = .alternative
        case 0x3F: break
        default: isComputed = true
        }
        if sign != 0x7D, position < bytes.count { position += 1 }
        if isComputed { parameter.operation = .computed }
        if sign != 0x7D { parameter.word = parseBracedWord(quoted: quoted) } else { position += 1 }
        return .parameter(parameter, quoted: quoted)
    }

    /// Reads the word inside `${x:-word}` and its closing brace.
    private mutating func parseBracedWord(quoted: Bool) -> ShellWord {
        var word = ShellWord()
        var text: [UInt8] = []
        func flush() {
            if !text.isEmpty {
                let string = String(decoding: text, as: UTF8.self)
                word.parts.append(quoted ? .quoted(string) : .text(string))
                text = []
            }
        }
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 0x7D:
                position += 1
                flush()
                return word
            case 0x24:
                flush()
                readDollar(quoted: quoted, into: &word)
            case 0x27 where quoted:
                text.append(byte)
                position += 1
            case 0x27, 0x22, 0x5C, 0x60:
                flush()
                readSpecial(byte, into: &word)
            default:
                text.append(byte)
                position += 1
            }
        }
        note("command.syntax", "a `${` has no end")
        flush()
        return word
    }

    /// Reads the commands of `$(…)`, after its opening bracket, and the closing one.
    mutating func parseSubstitution() -> ShellNode {
        guard enter() else { return .empty }
        defer { depth -= 1 }
        let node = parseList(until: [])
        if position < bytes.count, bytes[position] == 0x29 { position += 1 } else {
            note("command.syntax", "a substitution has no end")
            position = bytes.count
        }
        return node
    }

    /// Reads a backquoted substitution, the position on its opening mark.
    mutating func parseBackquoted() -> ShellNode {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != 0x60 {
            if bytes[position] == 0x5C, position + 1 < bytes.count, [0x24, 0x60, 0x5C].contains(bytes[position + 1]) {
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        if position < bytes.count { position += 1 } else { note("command.syntax", "a backquote has no end") }
        guard depth < deepest else {
            note("command.deep", "the text is nested deeper than is read")
            return .empty
        }
        var inner = ShellParser(text, depth: depth + 1, deepest: deepest)
        inner.documents = documents
        inner.firstDocument = firstDocument
        let node = inner.parse()
        documents = inner.documents
        problems += inner.problems.prefix(4)
        return node
    }

    /// Whether the text from here closes with `))`, as arithmetic does.
    func closesAsArithmetic(from start: Int) -> Bool {
        var open = 0
        var ahead = start
        while ahead < bytes.count {
            switch bytes[ahead] {
            case 0x28: open += 1
            case 0x29:
                if open == 0 { return ahead + 1 < bytes.count && bytes[ahead + 1] == 0x29 }
                open -= 1
            default: break
            }
            ahead += 1
        }
        return false
    }

    /// Reads arithmetic up to and over its `))`.
    mutating func parseArithmeticBody() -> ShellWord {
        guard enter() else { return ShellWord(parts: [.unknown]) }
        defer { depth -= 1 }
        var word = ShellWord()
        var open = 0
        while position < bytes.count {
            switch bytes[position] {
            case 0x28: open += 1; position += 1
            case 0x29:
                if open == 0 {
                    position = min(position + 2, bytes.count)
                    return word
                }
                open -= 1
                position += 1
            case 0x24: readDollar(quoted: true, into: &word)
            case 0x60: word.parts.append(.command(parseBackquoted(), quoted: true))
            case 0x5C: position += 2
            case 0x5B: position += 1
                // An array index is evaluated, and may hold a command.
                note("command.arithmetic", "an index inside arithmetic may run a command")
            default: position += 1
            }
        }
        position = min(position, bytes.count)
        note("command.syntax", "an arithmetic expansion has no end")
        return word
    }

    private mutating func skipExtendedPattern() {
        var open = 0
        while position < bytes.count {
            switch bytes[position] {
            case 0x28: open += 1
            case 0x29:
                open -= 1
                if open == 0 { position += 1; return }
            case 0x24, 0x60: note("command.pattern", "a pattern holds an expansion that is not read")
            default: break
            }
            position += 1
        }
    }

    /// Reads `$'…'` after its opening quote.
    private mutating func readCString() -> String {
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != 0x27 {
            guard bytes[position] == 0x5C, position + 1 < bytes.count else {
                text.append(bytes[position])
                position += 1
                continue
            }
            position += 1
            let byte = bytes[position]
            position += 1
            ShellEscapes.append(byte, from: bytes, at: &position, to: &text)
        }
        closeQuote()
        // A zero byte ends the string there.
        if let zero = text.firstIndex(of: 0) { text.removeSubrange(zero...) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Backslash escapes of `$'…'`, `printf` and `echo -e`.
enum ShellEscapes {
    /// Appends what the escape `byte` (after its backslash) stands for.
    static func append(_ byte: UInt8, from bytes: [UInt8], at position: inout Int, to text: inout [UInt8]) {
        switch byte {
        case 0x61: text.append(7)
        case 0x62: text.append(8)
        case 0x65, 0x45: text.append(27)
        case 0x66: text.append(12)
        case 0x6E: text.append(10)
        case 0x72: text.append(13)
        case 0x74: text.append(9)
        case 0x76: text.append(11)
        case 0x5C, 0x27, 0x22, 0x3F: text.append(byte)
        case 0x78: appendNumber(bytes, &position, &text, radix: 16, digits: 2, start: 0)
        case 0x75: appendScalar(bytes, &position, &text, digits: 4)
        case 0x55: appendScalar(bytes, &position, &text, digits: 8)
        case 0x63:
            if position < bytes.count { text.append(bytes[position] & 0x1F); position += 1 }
        case 0x30...0x37:
            appendNumber(bytes, &position, &text, radix: 8, digits: 2, start: Int(byte - 0x30))
        default: text += [0x5C, byte]
        }
    }

    private static func digit(_ byte: UInt8, radix: Int) -> Int? {
        let value: Int
        switch byte {
        case 0x30...0x39: value = Int(byte) - 0x30
        case 0x61...0x66: value = Int(byte) - 0x61 + 10
        case 0x41...0x46: value = Int(byte) - 0x41 + 10
        default: return nil
        }
        return value < radix ? value : nil
    }

    private static func number(_ bytes: [UInt8], _ position: inout Int, radix: Int, digits: Int, start: Int) -> Int {
        var value = start
        var count = 0
        while count < digits, position < bytes.count, let digit = digit(bytes[position], radix: radix) {
            value = value * radix + digit
            position += 1
            count += 1
        }
        return value
    }

    private static func appendNumber(
        _ bytes: [UInt8], _ position: inout Int, _ text: inout [UInt8], radix: Int, digits: Int, start: Int
    ) {
        text.append(UInt8(truncatingIfNeeded: number(bytes, &position, radix: radix, digits: digits, start: start)))
    }

    private static func appendScalar(_ bytes: [UInt8], _ position: inout Int, _ text: inout [UInt8], digits: Int) {
        let value = number(bytes, &position, radix: 16, digits: digits, start: 0)
        guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value)) else { return }
        text += Array(String(Character(scalar)).utf8)
    }
}
