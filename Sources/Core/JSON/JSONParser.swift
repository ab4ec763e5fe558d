// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Reads one JSON text, strictly.
    ///
    /// Refused: anything outside RFC 8259 (comments, trailing commas, a byte order mark), duplicate keys (unless the
    /// limits say otherwise), lone surrogates, malformed UTF-8, and whatever exceeds a limit. Takes time linear in
    /// the input.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - limits: How much is accepted.
    /// - Throws: `JSONError` with the place in bytes, line and column.
    public static func parse(
        _ bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.maximumBytes else {
            throw JSONError(.tooLarge, "text is over the limit of \(limits.maximumBytes) bytes")
        }
        var parser = JSONParser(bytes: Array(bytes), limits: limits)
        return try parser.parseDocument()
    }

    /// Reads one JSON text, strictly.
    ///
    /// - Throws: `JSONError` as for bytes.
    public static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
        try parse(text.utf8, limits: limits)
    }
}

/// A recursive descent over bytes; the depth limit bounds the stack.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    private let depthLimit: Int
    private var index = 0
    private var values = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        depthLimit = min(limits.maximumDepth, JSONLimits.deepestNesting)
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        skipWhitespace()
        let value = try parseValue(depth: 0)
        skipWhitespace()
        if index < bytes.count { throw failure(.syntax, "unexpected text after the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard index < bytes.count else { throw failure(.syntax, "unexpected end of text") }
        values += 1
        if values > limits.maximumValues { throw failure(.tooManyValues, "more than \(limits.maximumValues) values") }
        switch bytes[index] {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try parseNumber()
        default: throw failure(.syntax, "unexpected character")
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in word.description.utf8 {
            guard index < bytes.count, bytes[index] == byte else { throw failure(.syntax, "unknown word") }
            index += 1
        }
        return value
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth)
        var elements: [JSONValue] = []
        if closes(with: UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try parseValue(depth: depth))
            if try ends(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth)
        var object = JSONObject()
        if closes(with: UInt8(ascii: "}")) { return .object(object) }
        while true {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw failure(.syntax, "expected a member name in quotes")
            }
            let start = index
            let name = try parseString()
            skipWhitespace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { throw failure(.syntax, "expected `:`") }
            index += 1
            skipWhitespace()
            let value = try parseValue(depth: depth)
            switch limits.duplicateKeys {
            case .keepLast: object[name] = value
            case .keepAll: object.appendAnyway(name, value)
            case .refuse:
                if !object.appendUnique(name, value) {
                    throw failure(.duplicateKey, "duplicate member name", at: start)
                }
            }
            if try ends(with: UInt8(ascii: "}")) { return .object(object) }
        }
    }

    private mutating func enter(_ depth: Int) throws(JSONError) {
        if depth > depthLimit { throw failure(.tooDeep, "nested deeper than \(depthLimit) levels") }
        index += 1
    }

    private mutating func closes(with closing: UInt8) -> Bool {
        skipWhitespace()
        guard index < bytes.count, bytes[index] == closing else { return false }
        index += 1
        return true
    }

    private mutating func ends(with closing: UInt8) throws(JSONError) -> Bool {
        if closes(with: closing) { return true }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else {
            throw failure(.syntax, "expected `,` or a closing bracket")
        }
        index += 1
        skipWhitespace()
        return false
    }

    private mutating func skipWhitespace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = index
        let negative = bytes[index] == UInt8(ascii: "-")
        if negative { index += 1 }
        let digits = index
        var magnitude: Int64 = 0
        var fits = true
        while index < bytes.count, case let digit = bytes[index] &- 0x30, digit < 10 {
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            // Negative accumulation reaches the smallest integer, which has no positive twin.
            let (sum, carry) = scaled.subtractingReportingOverflow(Int64(digit))
            if overflow || carry { fits = false } else { magnitude = sum }
            index += 1
        }
        guard index > digits else { throw failure(.syntax, "expected a digit") }
        if bytes[digits] == 0x30 && index - digits > 1 { throw failure(.syntax, "leading zero", at: digits) }
        let isInteger = try !skipFractionAndExponent()
        if isInteger && fits && !(negative && magnitude == 0) && (negative || magnitude != .min) {
            return .integer(negative ? magnitude : 0 - magnitude)
        }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    /// Steps over a fraction and an exponent; says whether there was either.
    private mutating func skipFractionAndExponent() throws(JSONError) -> Bool {
        var found = false
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try skipDigits()
            found = true
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try skipDigits()
            found = true
        }
        return found
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        if index == start { throw failure(.syntax, "expected a digit") }
    }

    private mutating func parseString() throws(JSONError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                guard let text = String(validating: bytes[start..<index], as: UTF8.self) else {
                    throw failure(.invalidUTF8, "string is not valid UTF-8", at: start)
                }
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            if byte < 0x20 { throw failure(.syntax, "control character in a string") }
            index += 1
        }
        throw failure(.syntax, "unterminated string", at: start - 1)
    }

    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var buffer = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: buffer, as: UTF8.self) else {
                    throw failure(.invalidUTF8, "string is not valid UTF-8", at: start)
                }
                index += 1
                return text
            case UInt8(ascii: "\\"):
                index += 1
                try parseEscape(into: &buffer)
            case 0..<0x20:
                throw failure(.syntax, "control character in a string")
            default:
                buffer.append(byte)
                index += 1
            }
        }
        throw failure(.syntax, "unterminated string", at: start - 1)
    }

    private mutating func parseEscape(into buffer: inout [UInt8]) throws(JSONError) {
        guard index < bytes.count else { throw failure(.syntax, "unterminated string") }
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            index += 1
            return try parseUnicodeEscape(into: &buffer)
        default: throw failure(.syntax, "unknown escape")
        }
        index += 1
    }

    private mutating func parseUnicodeEscape(into buffer: inout [UInt8]) throws(JSONError) {
        let start = index - 2
        let first = try parseFourHexDigits()
        var code = first
        if (0xD800...0xDBFF).contains(first) {
            guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
            else {
                throw failure(.loneSurrogate, "lone surrogate in a string", at: start)
            }
            index += 2
            let second = try parseFourHexDigits()
            guard (0xDC00...0xDFFF).contains(second) else {
                throw failure(.loneSurrogate, "lone surrogate in a string", at: start)
            }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw failure(.loneSurrogate, "lone surrogate in a string", at: start)
        }
        buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func parseFourHexDigits() throws(JSONError) -> UInt32 {
        guard bytes.count - index >= 4 else { throw failure(.syntax, "unterminated escape") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = HexEncoding.value(ofDigit: bytes[index]) else {
                throw failure(.syntax, "expected a hex digit")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    private func failure(_ code: JSONError.Code, _ reason: String, at place: Int? = nil) -> JSONError {
        let offset = min(place ?? index, bytes.count)
        var line = 1
        var lineStart = 0
        for position in 0..<offset where bytes[position] == 0x0A {
            line += 1
            lineStart = position + 1
        }
        return JSONError(code, reason, offset: offset, line: line, column: offset - lineStart + 1)
    }
}
