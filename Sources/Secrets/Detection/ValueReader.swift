// SPDX-License-Identifier: Apache-2.0

/// Reads the value that a name is given, in whatever notation stands there.
enum ValueReader {
    struct Value {
        var range: Range<Int>
        var isQuoted: Bool
        /// Whether only the place next to the name says that this is its value.
        var isLoose = false
        /// The offset after it, quotes included.
        var after: Int
    }

    static let longest = 4096

    /// The value of the name that ends at `nameEnd` and began at `nameStart`.
    static func value(after nameEnd: Int, nameStart: Int, in bytes: borrowing Span<UInt8>) -> Value? {
        var position = nameEnd
        var closed = false
        // What closes the name: `"token"`, `['token']`, `\"token\"`.
        while position < min(bytes.count, nameEnd + 6) {
            let byte = bytes[position]
            guard
                Cursor.isQuote(byte) || byte == 0x5d || byte == 0x5c
                    || (byte == 0x5b && Cursor.at(bytes, position + 1) == 0x5d)
            else { break }
            closed = closed || Cursor.isQuote(byte)
            position += 1
        }
        let afterBlanks = Cursor.skipBlanks(bytes, position)
        switch Cursor.at(bytes, afterBlanks) {
        case 0x3d, 0x3a, 0x3f, 0x2e, 0x21, 0x7c, 0x2b, 0x7e:
            return operatorValue(at: afterBlanks, closed: closed, nameStart: nameStart, in: bytes)
        case 0x3e where !closed: return elementValue(at: afterBlanks, nameStart: nameStart, in: bytes)
        case 0x2c where closed, 0x28 where !closed:
            let next = Cursor.skipWhitespace(bytes, afterBlanks + 1, limit: 40)
            if closed, let pair = pairedValue(from: next, in: bytes) { return pair }
            return argument(at: next, nameStart: nameStart, isNamed: closed, in: bytes)
        default: break
        }
        if let typed = typedDeclaration(from: afterBlanks, in: bytes) { return typed }
        if let pair = pairedValue(from: afterBlanks, in: bytes) { return pair }
        guard afterBlanks > position, !closed else { return nil }
        guard
            var loose = quotedOnly(at: afterBlanks, in: bytes) ?? plainValue(at: afterBlanks, inQuery: false, in: bytes)
        else { return nil }
        loose.isLoose = !isFlag(nameStart, in: bytes)
        return loose
    }

    /// `set("TOKEN", "…")` and `token("…")`: the last argument of a call. Lists of names look alike, so the brackets
    /// count.
    private static func argument(at start: Int, nameStart: Int, isNamed: Bool, in bytes: borrowing Span<UInt8>)
        -> Value?
    {
        guard var value = quotedOnly(at: start, in: bytes) else { return nil }
        if isNamed {
            var open = nameStart - 1
            while open > 0, Cursor.isQuote(bytes[open]) || ASCII.isSpace(bytes[open]) || bytes[open] == 0x5c {
                open -= 1
            }
            guard open >= 0, bytes[open] == 0x28 else { return nil }
        } else {
            value.isLoose = true
        }
        let next = Cursor.skipWhitespace(bytes, value.after, limit: 20)
        return Cursor.at(bytes, next) == 0x29 || (!isNamed && Cursor.at(bytes, next) == 0x2c) ? value : nil
    }

    /// `=`, `:=`, `=>`, `?=`, `:`, `==` and their like.
    private static func operatorValue(at start: Int, closed: Bool, nameStart: Int, in bytes: borrowing Span<UInt8>)
        -> Value?
    {
        var position = start
        var hasSign = false
        var isColon = true
        while position < min(bytes.count, start + 5) {
            switch bytes[position] {
            case 0x3d, 0x3e:
                hasSign = true
                isColon = false
            case 0x3a: hasSign = true
            case 0x3f, 0x21, 0x7c, 0x2b, 0x2e, 0x7e: if hasSign { return read(at: position, isColon, nameStart, bytes) }
            default: return hasSign ? read(at: position, isColon, nameStart, bytes) : nil
            }
            position += 1
            // In `TOKEN==value` the second sign can be the value's own; what follows a first `=` at once is tried as
            // part of it.
            if !isColon, hasSign, Cursor.at(bytes, position) == 0x3d, bytes[position - 1] == 0x3d,
                position == start + 1,
                !ASCII.isSpace(Cursor.at(bytes, position + 1)), Cursor.at(bytes, position + 1) != 0x3d,
                !Cursor.isQuote(Cursor.at(bytes, position + 1))
            {
                return read(at: position, isColon, nameStart, bytes)
            }
        }
        return hasSign ? read(at: position, isColon, nameStart, bytes) : nil
    }

    private static func read(at start: Int, _ isColon: Bool, _ nameStart: Int, _ bytes: borrowing Span<UInt8>) -> Value?
    {
        var position = Cursor.skipBlanks(bytes, start)
        let byte = Cursor.at(bytes, position)
        if isColon, byte == 0x7c || byte == 0x3e { position = blockScalar(at: position, in: bytes) ?? position }
        if isColon, ASCII.isNewline(byte) {
            // A value on the line below, deeper than its name (XML-like YAML, HCL, JSON with odd breaks).
            position = Cursor.skipWhitespace(bytes, position)
            return quotedOnly(at: position, in: bytes)
        }
        if isColon, let typed = typedDeclaration(from: position, in: bytes) { return typed }
        position = skipScheme(at: position, in: bytes)
        if let quoted = quotedOnly(at: position, in: bytes) { return quoted }
        let inQuery = nameStart > 0 && (bytes[nameStart - 1] == 0x3f || bytes[nameStart - 1] == 0x26)
        return plainValue(at: position, inQuery: inQuery, in: bytes)
    }

    /// Over `Bearer `, `Basic `, `!!str ` and what else stands between a field and its credential.
    static func skipScheme(at start: Int, in bytes: borrowing Span<UInt8>) -> Int {
        var position = start
        for _ in 0..<2 {
            let length = schemeLength(at: position, in: bytes)
            if length == 0 { break }
            position = Cursor.skipBlanks(bytes, position + length)
        }
        return position
    }

    private static func schemeLength(at position: Int, in bytes: borrowing Span<UInt8>) -> Int {
        if Cursor.stands("bearer ", at: position, in: bytes) { return 7 }
        if Cursor.stands("basic ", at: position, in: bytes) { return 6 }
        if Cursor.stands("token ", at: position, in: bytes) { return 6 }
        if Cursor.stands("token token=", at: position, in: bytes) { return 12 }
        if Cursor.stands("apikey ", at: position, in: bytes) { return 7 }
        if Cursor.stands("!!str ", at: position, in: bytes) { return 6 }
        if Cursor.stands("splunk ", at: position, in: bytes) { return 7 }
        return 0
    }

    private static func blockScalar(at start: Int, in bytes: borrowing Span<UInt8>) -> Int? {
        var position = start + 1
        while ASCII.isDigit(Cursor.at(bytes, position)) || Cursor.at(bytes, position) == 0x2b
            || Cursor.at(bytes, position) == 0x2d
        { position += 1 }
        position = Cursor.skipBlanks(bytes, position)
        guard ASCII.isNewline(Cursor.at(bytes, position)) else { return nil }
        return Cursor.skipWhitespace(bytes, position)
    }

    /// A quoted text, with what languages put before the quote.
    static func quotedOnly(at start: Int, in bytes: borrowing Span<UInt8>) -> Value? {
        var position = start
        for _ in 0..<4 {
            let byte = Cursor.at(bytes, position)
            if Cursor.isQuote(byte) { break }
            let isPrefix =
                byte == 0x40 || byte == 0x24 || byte == 0x5c || byte == 0x28
                || ((byte | 0x20) >= 0x61 && "bruflt".utf8.contains(byte | 0x20))
            guard isPrefix else { return nil }
            position += 1
        }
        let quote = Cursor.at(bytes, position)
        guard Cursor.isQuote(quote) else { return nil }
        let isEscaped = position > start && bytes[position - 1] == 0x5c
        var begin = position + 1
        var manyLines = quote == 0x60
        if Cursor.at(bytes, begin) == quote, Cursor.at(bytes, begin + 1) == quote {
            begin += 2
            manyLines = true
        }
        begin = skipScheme(at: begin, in: bytes)
        var end = begin
        let most = min(bytes.count, begin + longest)
        while end < most, bytes[end] != quote, manyLines || !ASCII.isNewline(bytes[end]) {
            if bytes[end] == 0x5c {
                if isEscaped, Cursor.at(bytes, end + 1) == quote { break }
                end += 1
            }
            end += 1
        }
        end = min(end, bytes.count)
        guard end > begin else { return nil }
        return Value(range: begin..<end, isQuoted: true, after: min(end + 1, bytes.count))
    }

    /// A value without quotes: up to the next blank, and no further than its notation goes.
    static func plainValue(at start: Int, inQuery: Bool, in bytes: borrowing Span<UInt8>) -> Value? {
        var end = start
        let most = min(bytes.count, start + longest / 2)
        scan: while end < most {
            switch bytes[end] {
            case 0x20, 0x09, 0x0a, 0x0d, 0x22, 0x27, 0x60, 0: break scan
            case 0x3c where end > start: break scan
            case 0x2c, 0x3b:
                let next = Cursor.at(bytes, end + 1)
                if next == 0 || ASCII.isSpace(next) || ASCII.isNewline(next) || Cursor.isQuote(next) { break scan }
            case 0x5c:
                switch Cursor.at(bytes, end + 1) {
                case 0x0a, 0x0d, 0x6e, 0x72, 0x74, 0x22: break scan
                default: break
                }
            case 0x26, 0x23: if inQuery { break scan }
            default: break
            }
            end += 1
        }
        while end > start, isTrailing(bytes[end - 1], bytes, start, end) { end -= 1 }
        // An ellipsis: what stands here is shortened and no secret any more.
        guard end > start, !Cursor.stands("...", at: end, in: bytes) else { return nil }
        return Value(range: start..<end, isQuoted: false, after: end)
    }

    /// Punctuation that belongs to the text around a value.
    private static func isTrailing(_ byte: UInt8, _ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        switch byte {
        case 0x3b, 0x2c, 0x2e: return true
        case 0x29: return !holds(0x28, bytes, start, end)
        case 0x5d: return !holds(0x5b, bytes, start, end)
        case 0x7d: return !holds(0x7b, bytes, start, end)
        default: return false
        }
    }

    private static func holds(_ wanted: UInt8, _ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        for index in start..<end where bytes[index] == wanted { return true }
        return false
    }

    /// `token: String = "…"`, `var token string = "…"`, `char token[] = "…"`.
    private static func typedDeclaration(from start: Int, in bytes: borrowing Span<UInt8>) -> Value? {
        var position = start
        let most = min(bytes.count, start + 40)
        guard position < most,
            ASCII.isLetter(bytes[position]) || bytes[position] == 0x26 || bytes[position] == 0x2a
                || bytes[position] == 0x5b
        else { return nil }
        while position < most {
            let byte = bytes[position]
            if byte == 0x3d {
                let next = Cursor.skipBlanks(bytes, position + 1)
                return bytes[position - 1] == 0x20 || Cursor.at(bytes, position + 1) == 0x20
                    ? quotedOnly(at: next, in: bytes) : nil
            }
            let isType =
                ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == 0x20 || "&*[]<>?_.:'".utf8.contains(byte)
            guard isType else { return nil }
            position += 1
        }
        return nil
    }

    /// A name and its value as two fields: `name: TOKEN` over `value: …`, `key="TOKEN" value="…"`, `variable "token" {
    /// default = "…" }`.
    private static func pairedValue(from start: Int, in bytes: borrowing Span<UInt8>) -> Value? {
        var position = Cursor.skipWhitespace(bytes, start)
        if Cursor.at(bytes, position) == 0x7b {
            position = blockDefault(from: position + 1, in: bytes)
        } else if Cursor.at(bytes, position) == 0x2c {
            position = Cursor.skipWhitespace(bytes, position + 1)
        }
        while Cursor.isQuote(Cursor.at(bytes, position)) || Cursor.at(bytes, position) == 0x5c { position += 1 }
        let length: Int
        if Cursor.stands("value", at: position, in: bytes) {
            length = 5
        } else if Cursor.stands("default", at: position, in: bytes) {
            length = 7
        } else if Cursor.stands("content", at: position, in: bytes) {
            length = 7
        } else {
            return nil
        }
        position += length
        while Cursor.isQuote(Cursor.at(bytes, position)) || Cursor.at(bytes, position) == 0x5c { position += 1 }
        position = Cursor.skipBlanks(bytes, position)
        guard Cursor.at(bytes, position) == 0x3d || Cursor.at(bytes, position) == 0x3a else { return nil }
        position = Cursor.skipBlanks(bytes, position + 1)
        return quotedOnly(at: position, in: bytes) ?? plainValue(at: position, inQuery: false, in: bytes)
    }

    /// Where `default` stands among the first lines of a block.
    private static func blockDefault(from start: Int, in bytes: borrowing Span<UInt8>) -> Int {
        var line = Cursor.skipWhitespace(bytes, start)
        let first = line
        for _ in 0..<6 where line < bytes.count && bytes[line] != 0x7d {
            if Cursor.stands("default", at: line, in: bytes) { return line }
            line = Cursor.skipWhitespace(bytes, Cursor.lineEnd(bytes, line, limit: 200))
        }
        return first
    }

    /// `<token>…</token>`, also with the text on a line of its own.
    private static func elementValue(at start: Int, nameStart: Int, in bytes: borrowing Span<UInt8>) -> Value? {
        var open = nameStart
        while open > max(0, nameStart - 64), ASCII.isWord(bytes[open - 1]) || bytes[open - 1] == 0x3a { open -= 1 }
        guard open > 0, bytes[open - 1] == 0x3c else { return nil }
        let begin = Cursor.skipWhitespace(bytes, start + 1)
        var end = begin
        let most = min(bytes.count, begin + longest)
        while end < most, bytes[end] != 0x3c { end += 1 }
        while end > begin, ASCII.isSpace(bytes[end - 1]) || ASCII.isNewline(bytes[end - 1]) { end -= 1 }
        guard end > begin else { return nil }
        return Value(range: begin..<end, isQuoted: true, after: end)
    }

    /// Whether the name is an option such as `--token`, whose value is the next word.
    private static func isFlag(_ nameStart: Int, in bytes: borrowing Span<UInt8>) -> Bool {
        nameStart >= 2 && bytes[nameStart - 1] == 0x2d
            && (bytes[nameStart - 2] == 0x2d || ASCII.isSpace(bytes[nameStart - 2]))
    }
}
