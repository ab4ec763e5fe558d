// SPDX-License-Identifier: Apache-2.0

/// One way a known value can be spelt, stripped of what a view skips.
struct ValuePattern: Hashable, Sendable {
    let bytes: [UInt8]
    /// Whether the character before, or after, a match holds some of the value's bits (base64 off its grid).
    let leaksBefore: Bool
    let leaksAfter: Bool

    init(_ bytes: [UInt8], leaksBefore: Bool = false, leaksAfter: Bool = false) {
        self.bytes = bytes.filter { !ValuePatterns.isSkipped($0) }
        self.leaksBefore = leaksBefore
        self.leaksAfter = leaksAfter
    }
}

/// The spellings of a value that a view of a stream doesn't undo by itself.
///
/// Percent escapes, backslash escapes and entities are undone by views (see `StreamView`), so that no list of which
/// bytes an encoder escapes is needed. What stands here is what no view undoes: base64, hexadecimal, UTF-16, quotes
/// closed and opened again, and one escaping inside another.
enum ValuePatterns {
    /// Fewer bytes than this turn up in text by chance.
    static let shortest = 6
    static let longestValue = 16_384

    /// Bytes that no view looks at: wrapped lines, spaced-out dumps and UTF-16 don't hide a value.
    @inline(__always)
    static func isSkipped(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 || byte == 0
    }

    static func all(of value: [UInt8]) -> [ValuePattern] {
        var found: Set<ValuePattern> = []
        for spelling in plainSpellings(of: value) {
            found.insert(ValuePattern(spelling))
        }
        for text in [value] + utf16(value) {
            for offset in 0..<3 { found.formUnion(base64(text, offset: offset)) }
            found.insert(ValuePattern(hex(text, digits: "0123456789abcdef")))
            found.insert(ValuePattern(hex(text, digits: "0123456789ABCDEF")))
        }
        for line in longLines(of: value) {
            found.insert(ValuePattern(line))
            for offset in 0..<3 { found.formUnion(base64(line, offset: offset)) }
        }
        return found.filter { $0.bytes.count >= min(shortest, max(4, value.count)) }
    }

    private static func plainSpellings(of value: [UInt8]) -> [[UInt8]] {
        var spellings = [value, jsonEscaped(value), percentEncoded(value)]
        let quote: UInt8 = 0x27
        if value.contains(quote) {
            spellings.append(replacing(quote, in: value, by: Array("'\\''".utf8)))
            spellings.append(replacing(quote, in: value, by: Array("'\"'\"'".utf8)))
            spellings.append(replacing(quote, in: value, by: [quote, quote]))
        }
        if value.contains(0x22) { spellings.append(replacing(0x22, in: value, by: [0x22, 0x22])) }
        if let utf8 = String(validating: value, as: UTF8.self), value.contains(where: { $0 >= 0x80 }) {
            let units = Array(utf8.utf16)
            spellings.append(jsonEscapedASCII(utf8, digits: "0123456789abcdef"))
            spellings.append(jsonEscapedASCII(utf8, digits: "0123456789ABCDEF"))
            spellings.append(units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
            spellings.append(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
            spellings.append(utf8.unicodeScalars.map { $0.value < 256 ? UInt8($0.value) : 0x3f })
        }
        return spellings
    }

    /// The value as UTF-16 in both byte orders, for what is encoded once more.
    private static func utf16(_ value: [UInt8]) -> [[UInt8]] {
        guard value.count <= 512, let text = String(validating: value, as: UTF8.self) else { return [] }
        let units = Array(text.utf16)
        return [
            units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
        ]
    }

    /// The lines of a value of many lines, such as a key: one alone must not pass either.
    private static func longLines(of value: [UInt8]) -> [[UInt8]] {
        guard value.contains(0x0a) else { return [] }
        return value.split(separator: 0x0a).map { Array($0) }.filter { line in
            line.count >= 24 && !line.starts(with: Array("-----".utf8))
        }
    }

    private static func base64(_ value: [UInt8], offset: Int) -> Set<ValuePattern> {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bits = value.count * 8
        // Characters that hold nothing but the value's bits: from the first whole one to the last.
        let lead = offset * 8
        let first = (lead + 5) / 6
        let last = (lead + bits) / 6
        guard last - first >= 5 else { return [] }
        var text: [UInt8] = []
        for index in first..<last {
            var group = 0
            for bit in (index * 6 - lead)..<(index * 6 - lead + 6) {
                group = group << 1 | Int(value[bit / 8] >> UInt8(7 - bit % 8) & 1)
            }
            text.append(alphabet[group])
        }
        let before = lead % 6 != 0
        let after = (lead + bits) % 6 != 0
        let safe = text.map { $0 == 0x2b ? 0x2d : $0 == 0x2f ? 0x5f : $0 }
        return [
            ValuePattern(text, leaksBefore: before, leaksAfter: after),
            ValuePattern(safe, leaksBefore: before, leaksAfter: after),
        ]
    }

    private static func hex(_ value: [UInt8], digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    private static func replacing(_ byte: UInt8, in value: [UInt8], by text: [UInt8]) -> [UInt8] {
        value.flatMap { $0 == byte ? text : [$0] }
    }

    /// Escaped once; seen through the backslash view it stands for what was escaped twice.
    static func jsonEscaped(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x22, 0x5c: [0x5c, byte]
            case 0x0a: [0x5c, 0x6e]
            case 0x0d: [0x5c, 0x72]
            case 0x09: [0x5c, 0x74]
            default: [byte]
            }
        }
    }

    /// As `jsonEscaped`, with `\uXXXX` for all that is no ASCII.
    private static func jsonEscapedASCII(_ text: String, digits: String) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            unit < 0x80
                ? jsonEscaped([UInt8(unit)])
                : [0x5c, 0x75] + hex([UInt8(unit >> 8), UInt8(unit & 255)], digits: digits)
        }
    }

    private static func percentEncoded(_ value: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return value.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: [byte]
            default: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
