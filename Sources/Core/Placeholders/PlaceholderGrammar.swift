// SPDX-License-Identifier: Apache-2.0

/// Finds placeholders in bytes.
///
/// Finding takes one pass and no allocation but for the results. What is found passed the check; whether it stands for
/// anything is the vault's answer.
public enum PlaceholderGrammar {
    /// A placeholder and where it stands.
    public struct Match: Hashable, Sendable {
        /// What was found.
        public let placeholder: Placeholder
        /// Byte offsets.
        public let range: Range<Int>
    }

    /// Every placeholder in `bytes`, in order. They don't overlap.
    public static func all(in bytes: [UInt8]) -> [Match] {
        var matches: [Match] = []
        var position = 0
        while let match = first(in: bytes, from: position) {
            matches.append(match)
            position = match.range.upperBound
        }
        return matches
    }

    /// Whether there is any.
    public static func contains(_ bytes: [UInt8]) -> Bool { first(in: bytes, from: 0) != nil }

    /// The first placeholder that begins at or after `start`.
    public static func first(in bytes: [UInt8], from start: Int) -> Match? {
        var position = start
        // Both markers hold one of these bytes at a fixed place, six bytes in; a byte that is none of a marker's lets
        // the search leap.
        while position + 9 <= bytes.count {
            let last = bytes[position + 8]
            if last == 0x5f || last == 0x30, matches(markerStem, bytes, position),
                let match = word(bytes, at: position, from: start)
            {
                return match
            }
            if last == 0x2d, matches(uuidMarker, bytes, position), let match = uuid(bytes, at: position) {
                return match
            }
            position += markerBytes[Int(last)] ? 1 : 9
        }
        return nil
    }

    static let plainMarker = Array("agentkit_".utf8)
    static let compactMarker = Array("agentkit0".utf8)
    static let uuidMarker = Array("a9e47c17-".utf8)
    static let longestPrefix = 24
    static let base32 = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    static let hexDigits = Array("0123456789abcdef".utf8)
    private static let markerStem = Array("agentkit".utf8)
    private static let markerBytes: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in plainMarker + compactMarker + uuidMarker { table[Int(byte)] = true }
        return table
    }()
    /// The longest placeholder, in bytes.
    public static let longest = longestPrefix + 9 + 2 + 22 + 4

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }

    static func base32Digits(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var digits: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xffff
            bits += 8
            while bits >= 5 {
                bits -= 5
                digits.append(base32[Int((buffer >> bits) & 31)])
            }
        }
        return digits
    }

    /// FNV-1a over everything before the check.
    static func check(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash ^ (hash >> 15)
    }

    static func checkDigits(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let check = check(bytes)
        return [0, 5, 10, 15].map { base32[Int((check >> $0) & 31)] }
    }

    private static func matches(_ marker: [UInt8], _ bytes: [UInt8], _ position: Int) -> Bool {
        for index in 0..<marker.count where bytes[position + index] != marker[index] { return false }
        return true
    }

    private static func base32Value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x61...0x7a: byte - 0x61
        case 0x32...0x37: byte - 0x32 + 26
        default: nil
        }
    }

    private static func word(_ bytes: [UInt8], at marker: Int, from start: Int) -> Match? {
        var cursor = marker + 9
        var prefix = 0
        if bytes[marker + 8] == 0x30 {
            guard cursor < bytes.count, let length = base32Value(bytes[cursor]),
                (1...longestPrefix).contains(Int(length))
            else { return nil }
            prefix = Int(length)
            cursor += 1
        }
        let begin = marker - prefix
        let end = cursor + 27
        guard begin >= start, end <= bytes.count, let head = base32Value(bytes[cursor]),
            let lengthClass = Placeholder.LengthClass(rawValue: head)
        else { return nil }
        for index in begin..<marker where !isWord(bytes[index]) { return nil }
        for index in cursor..<end where base32Value(bytes[index]) == nil { return nil }
        guard bytes[(end - 4)..<end].elementsEqual(checkDigits(bytes[begin..<(end - 4)])) else { return nil }
        let shape: Placeholder.Shape =
            prefix == 0 ? .plain : .prefixed(String(decoding: bytes[begin..<marker], as: UTF8.self))
        let text = String(decoding: bytes[begin..<end], as: UTF8.self)
        return Match(
            placeholder: Placeholder(unchecked: text, shape: shape, lengthClass: lengthClass), range: begin..<end)
    }

    private static func uuid(_ bytes: [UInt8], at begin: Int) -> Match? {
        let end = begin + 36
        guard end <= bytes.count, bytes[begin + 9] >= 0x30,
            let lengthClass = Placeholder.LengthClass(rawValue: bytes[begin + 9] - 0x30),
            bytes[begin + 13] == 0x2d, bytes[begin + 14] == 0x38, bytes[begin + 18] == 0x2d, bytes[begin + 19] == 0x62,
            bytes[begin + 23] == 0x2d
        else { return nil }
        let expected = check(bytes[begin..<(end - 6)])
        for index in 0..<6 where bytes[end - 6 + index] != hexDigits[Int((expected >> UInt32(20 - 4 * index)) & 15)] {
            return nil
        }
        let text = String(decoding: bytes[begin..<end], as: UTF8.self)
        return Match(
            placeholder: Placeholder(unchecked: text, shape: .uuid, lengthClass: lengthClass), range: begin..<end)
    }
}
