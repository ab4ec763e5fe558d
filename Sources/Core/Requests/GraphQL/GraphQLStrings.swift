// SPDX-License-Identifier: Apache-2.0

/// The meaning of string tokens.
extension GraphQLLexer {
    /// The value of a string token with its escapes resolved.
    func value(ofString token: Token) throws(GraphQLError) -> String {
        let inside = bytes[token.start + 1..<token.end - 1]
        guard inside.contains(UInt8(ascii: "\\")) else { return String(decoding: inside, as: UTF8.self) }
        var buffer: [UInt8] = []
        var place = inside.startIndex
        while place < inside.endIndex {
            let byte = bytes[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                buffer.append(byte)
                continue
            }
            guard place < inside.endIndex else { throw failure("unterminated escape", at: place) }
            let escape = bytes[place]
            place += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(escape)
            case UInt8(ascii: "b"): buffer.append(0x08)
            case UInt8(ascii: "f"): buffer.append(0x0C)
            case UInt8(ascii: "n"): buffer.append(0x0A)
            case UInt8(ascii: "r"): buffer.append(0x0D)
            case UInt8(ascii: "t"): buffer.append(0x09)
            case UInt8(ascii: "u"): buffer.append(contentsOf: try unicodeEscape(at: &place, before: inside.endIndex))
            default: throw failure("unknown escape", at: place - 1)
            }
        }
        return String(decoding: buffer, as: UTF8.self)
    }

    private func unicodeEscape(at place: inout Int, before end: Int) throws(GraphQLError) -> [UInt8] {
        let start = place
        var code = try codeUnit(at: &place, before: end)
        if (0xD800...0xDBFF).contains(code), end - place >= 6, bytes[place] == UInt8(ascii: "\\"),
            bytes[place + 1] == UInt8(ascii: "u")
        {
            place += 2
            let low = try codeUnit(at: &place, before: end)
            guard (0xDC00...0xDFFF).contains(low) else { throw failure("lone surrogate in a string", at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("lone surrogate in a string", at: start) }
        return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// Reads `XXXX` or `{X…}`.
    private func codeUnit(at place: inout Int, before end: Int) throws(GraphQLError) -> UInt32 {
        let braced = place < end && bytes[place] == UInt8(ascii: "{")
        if braced { place += 1 }
        var code: UInt32 = 0
        var digits = 0
        while place < end, digits < (braced ? 8 : 4), let digit = HexEncoding.value(ofDigit: bytes[place]) {
            code = code << 4 | UInt32(digit)
            digits += 1
            place += 1
        }
        if braced {
            guard digits > 0, place < end, bytes[place] == UInt8(ascii: "}") else {
                throw failure("malformed escape", at: place)
            }
            place += 1
        } else if digits != 4 {
            throw failure("malformed escape", at: place)
        }
        return code
    }

    /// The value of a block string token: common indentation and blank first and last lines removed.
    ///
    /// - SeeAlso: GraphQL specification, October 2021, section 2.9.4, BlockStringValue.
    func value(ofBlockString token: Token) -> String {
        var lines = blockLines(token)
        let indents = lines.dropFirst().compactMap { line in line.firstIndex { $0 != 0x20 && $0 != 0x09 } }
        if let common = indents.min() {
            for position in lines.indices.dropFirst() {
                lines[position].removeFirst(min(common, lines[position].count))
            }
        }
        func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        let first = lines.firstIndex { !isBlank($0) } ?? lines.endIndex
        let last = lines.lastIndex { !isBlank($0) } ?? first
        guard first < lines.endIndex else { return "" }
        return String(decoding: Array(lines[first...last].joined(separator: [0x0A])), as: UTF8.self)
    }

    /// The raw lines between the quotes with `\"""` resolved; LF, CR and CRLF end a line.
    private func blockLines(_ token: Token) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        var place = token.start + 3
        let end = token.end - 3
        while place < end {
            let byte = bytes[place]
            switch byte {
            case 0x0D, 0x0A:
                if byte == 0x0D, place + 1 < end, bytes[place + 1] == 0x0A { place += 1 }
                lines.append(line)
                line = []
            case UInt8(ascii: "\\")
            where end - place >= 4 && bytes[place + 1] == 0x22 && bytes[place + 2] == 0x22 && bytes[place + 3] == 0x22:
                line.append(contentsOf: [0x22, 0x22, 0x22])
                place += 3
            default: line.append(byte)
            }
            place += 1
        }
        lines.append(line)
        return lines
    }
}
