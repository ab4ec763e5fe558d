// SPDX-License-Identifier: Apache-2.0

/// Splits an executable document into tokens, one at a time.
struct GraphQLLexer {
    enum Kind: Sendable, Hashable {
        case end, punctuator(UInt8), spread, name, integer, float, string, blockString
    }

    struct Token: Sendable {
        let kind: Kind
        let start: Int
        let end: Int
    }

    let bytes: [UInt8]
    private(set) var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() throws(GraphQLError) -> Token {
        skipIgnored()
        let start = index
        guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "_"), 0x41...0x5A, 0x61...0x7A:
            while index < bytes.count, Self.continuesName(bytes[index]) { index += 1 }
            return Token(kind: .name, start: start, end: index)
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        case UInt8(ascii: "."):
            guard bytes.count - start >= 3, bytes[start + 1] == byte, bytes[start + 2] == byte else {
                throw failure("unexpected `.`", at: start)
            }
            index += 3
            return Token(kind: .spread, start: start, end: index)
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ":"),
            UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "|"),
            UInt8(ascii: "}"):
            index += 1
            return Token(kind: .punctuator(byte), start: start, end: index)
        default: throw failure("unexpected character", at: start)
        }
    }

    /// Steps over white space, commas, byte order marks and comments.
    private mutating func skipIgnored() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: ","): index += 1
            case 0xEF where bytes.count - index >= 3 && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF: index += 3
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
            default: return
            }
        }
    }

    private mutating func number() throws(GraphQLError) -> Token {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let digits = index
        try skipDigits()
        if bytes[digits] == 0x30 && index - digits > 1 { throw failure("leading zero", at: digits) }
        var kind = Kind.integer
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            kind = .float
            index += 1
            try skipDigits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            kind = .float
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try skipDigits()
        }
        // The specification forbids a name or a dot right behind a number, lest readers split it differently.
        if index < bytes.count, Self.continuesName(bytes[index]) || bytes[index] == UInt8(ascii: ".") {
            throw failure("malformed number", at: start)
        }
        return Token(kind: kind, start: start, end: index)
    }

    private mutating func skipDigits() throws(GraphQLError) {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        if index == start { throw failure("expected a digit", at: start) }
    }

    private mutating func string() throws(GraphQLError) -> Token {
        let start = index
        if startsBlockQuote(at: start) { return try blockString() }
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return Token(kind: .string, start: start, end: index)
            case UInt8(ascii: "\\"): index += 2
            case 0x09: index += 1
            case 0..<0x20: throw failure("control character in a string", at: index)
            default: index += 1
            }
        }
        throw failure("unterminated string", at: start)
    }

    private mutating func blockString() throws(GraphQLError) -> Token {
        let start = index
        index += 3
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\"") where startsBlockQuote(at: index):
                index += 3
                return Token(kind: .blockString, start: start, end: index)
            case UInt8(ascii: "\\") where startsBlockQuote(at: index + 1): index += 4
            case 0x09, 0x0A, 0x0D: index += 1
            case 0..<0x20: throw failure("control character in a block string", at: index)
            default: index += 1
            }
        }
        throw failure("unterminated block string", at: start)
    }

    private func startsBlockQuote(at place: Int) -> Bool {
        bytes.count - place >= 3 && bytes[place] == 0x22 && bytes[place + 1] == 0x22 && bytes[place + 2] == 0x22
    }

    static func continuesName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    func text(_ token: Token) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

    func failure(_ reason: String, at place: Int) -> GraphQLError {
        GraphQLError(code: .syntax, reason: reason, offset: min(place, bytes.count))
    }
}
