// SPDX-License-Identifier: Apache-2.0

/// Questions about single bytes.
enum ASCII {
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The number that hexadecimal digits spell; what is no digit counts as nothing.
    static func hex(_ digits: ArraySlice<UInt8>) -> UInt32 {
        var value: UInt32 = 0
        for digit in digits { value = value << 4 | UInt32(hexValue(digit) ?? 0) }
        return value
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool {
        let folded = byte | 0x20
        return folded >= 0x61 && folded <= 0x7a
    }

    @inline(__always)
    static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }

    @inline(__always)
    static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// Letters, digits, `_`.
    @inline(__always)
    static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x5f }

    /// The alphabets of base64, both of them, without padding.
    @inline(__always)
    static func isBase64(_ byte: UInt8) -> Bool {
        isWord(byte) || byte == 0x2b || byte == 0x2f || byte == 0x2d
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    @inline(__always)
    static func isNewline(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d }

    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }
}
