// SPDX-License-Identifier: Apache-2.0

/// A token of GraphQL's grammar.
package enum Token: Hashable {
    case name(String)
    case punctuator(String)
    case integer(String)
    case float(String)
    case string(String)
    case end
}

/// Splits a document into tokens. Commas, comments and byte order marks are white space.
package struct GraphQLLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0

    package init(_ text: String) { bytes = Array(text.utf8) }

    /// The next token and where it begins.
    package mutating func next() throws(GraphQLError) -> (token: Token, location: Location) {
        skipIgnored()
        let location = Location(line: line, column: position - lineStart + 1)
        guard let byte = current else { return (.end, location) }
        switch byte {
        case UInt8(ascii: "."):
            guard peek(1) == byte, peek(2) == byte else { throw unexpected(byte, at: location) }
            position += 3
            return (.punctuator("..."), location)
        case _ where "!$&():=@[]{|}".utf8.contains(byte):
            position += 1
            return (.punctuator(String(Character(Unicode.Scalar(byte)))), location)
        case UInt8(ascii: "\""): return (.string(try string(at: location)), location)
        case _ where Self.startsName(byte): return (.name(take { Self.startsName($0) || Self.isDigit($0) }), location)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return (number(), location)
        default: throw unexpected(byte, at: location)
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private func unexpected(_ byte: UInt8, at location: Location) -> GraphQLError {
        GraphQLError(
            "Syntax Error: Unexpected character: \"\(Character(Unicode.Scalar(byte)))\".", at: location,
            code: "GRAPHQL_PARSE_FAILED")
    }

    private static func startsName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func take(while matches: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = current, matches(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipIgnored() {
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","): position += 1
            case UInt8(ascii: "\n"): newline(1)
            case UInt8(ascii: "\r"): newline(peek(1) == UInt8(ascii: "\n") ? 2 : 1)
            case UInt8(ascii: "#"):
                _ = take { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            case 0xEF where peek(1) == 0xBB && peek(2) == 0xBF: position += 3
            default: return
            }
        }
    }

    private mutating func newline(_ length: Int) {
        position += length
        line += 1
        lineStart = position
    }

    private mutating func number() -> Token {
        let text = take { Self.isDigit($0) || "+-.eE".utf8.contains($0) }
        return text.contains(where: { ".eE".contains($0) }) ? .float(text) : .integer(text)
    }

    private mutating func string(at location: Location) throws(GraphQLError) -> String {
        let unterminated = GraphQLError(
            "Syntax Error: Unterminated string.", at: location, code: "GRAPHQL_PARSE_FAILED")
        let quote = UInt8(ascii: "\"")
        if peek(1) == quote, peek(2) == quote { return try blockString(unterminated) }
        position += 1
        var out: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            position += 1
            if byte == quote { return String(decoding: out, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                continue
            }
            guard let escape = current else { throw unterminated }
            position += 1
            switch escape {
            case quote, UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"): out.append(contentsOf: String(Character(try unicode(unterminated))).utf8)
            default: throw unterminated
            }
        }
        throw unterminated
    }

    private mutating func unicode(_ failure: GraphQLError) throws(GraphQLError) -> Unicode.Scalar {
        if current == UInt8(ascii: "{") {
            position += 1
            let digits = take { $0 != UInt8(ascii: "}") }
            position += 1
            guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else { throw failure }
            return scalar
        }
        let high = try hex4(failure)
        guard (0xD800..<0xDC00).contains(high) else {
            guard let scalar = Unicode.Scalar(high) else { throw failure }
            return scalar
        }
        guard current == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") else { throw failure }
        position += 2
        let low = try hex4(failure)
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw failure }
        return scalar
    }

    private mutating func hex4(_ failure: GraphQLError) throws(GraphQLError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure }
        position += 4
        return value
    }

    private mutating func blockString(_ failure: GraphQLError) throws(GraphQLError) -> String {
        let quote = UInt8(ascii: "\"")
        position += 3
        var out: [UInt8] = []
        while let byte = current {
            if byte == quote, peek(1) == quote, peek(2) == quote {
                position += 3
                return Self.dedent(String(decoding: out, as: UTF8.self))
            }
            if byte == UInt8(ascii: "\\"), peek(1) == quote, peek(2) == quote, peek(3) == quote {
                position += 4
                out.append(contentsOf: [quote, quote, quote])
                continue
            }
            if byte == UInt8(ascii: "\n") { newline(1) } else { position += 1 }
            out.append(byte)
        }
        throw failure
    }

    /// Removes the common indentation and the blank first and last lines, as the specification's BlockStringValue.
    private static func dedent(_ raw: String) -> String {
        var lines = raw.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasSuffix("\r") ? line.dropLast() : line
        }
        let isBlank: (Substring) -> Bool = { $0.allSatisfy { $0 == " " || $0 == "\t" } }
        let indents = lines.dropFirst().filter { !isBlank($0) }.map { line in
            line.prefix { $0 == " " || $0 == "\t" }.count
        }
        if let common = indents.min() {
            for index in lines.indices.dropFirst() { lines[index] = lines[index].dropFirst(common) }
        }
        while let first = lines.first, isBlank(first) { lines.removeFirst() }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}
