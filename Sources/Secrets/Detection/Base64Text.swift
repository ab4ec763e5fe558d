// SPDX-License-Identifier: Apache-2.0

/// Base64 read leniently: both alphabets, with or without padding.
enum Base64Text {
    static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte) - 0x41
        case 0x61...0x7a: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case 0x2b, 0x2d: 62
        case 0x2f, 0x5f: 63
        default: nil
        }
    }

    /// The bytes that `range` spells, as far as whole bytes go; `nil` where a character is none of base64.
    static func decode(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(range.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for index in range {
            if bytes[index] == 0x3d { break }
            guard let digit = value(bytes[index]) else { return nil }
            buffer = (buffer << 6 | digit) & 0xffffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        return out
    }
}
