// SPDX-License-Identifier: Apache-2.0

/// Base64 text for bytes, decoded strictly: one text for one sequence of bytes.
///
/// - SeeAlso: RFC 4648, sections 3.5, 4 and 5.
public enum Base64 {
    /// Which two characters stand for 62 and 63.
    public enum Alphabet: Sendable, Hashable {
        /// `+` and `/`.
        case standard
        /// `-` and `_`.
        case urlSafe
    }

    /// What a decoder expects at the end.
    public enum Padding: Sendable, Hashable {
        /// `=` up to a multiple of four characters.
        case required
        /// No `=`.
        case forbidden
        /// Either of the two, but not half of it.
        case optional
    }

    private static let standardDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafeDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The bytes as Base64 text.
    ///
    /// - Parameters:
    ///   - bytes: What to encode.
    ///   - alphabet: The alphabet.
    ///   - padded: Whether to pad with `=`.
    public static func encode(_ bytes: some Sequence<UInt8>, alphabet: Alphabet = .standard, padded: Bool = true)
        -> String
    {
        let digits = alphabet == .standard ? standardDigits : urlSafeDigits
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount / 3 * 4 + 4)
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = (pending << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[Int(pending >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(digits[Int(pending << UInt32(6 - bits) & 63)]) }
        while padded && text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that a text spells.
    ///
    /// - Returns: `nil` for a character outside the alphabet (white space included), wrong padding, a length no
    ///   encoder makes, or bits set beyond the last byte.
    public static func decode(
        _ text: some StringProtocol, alphabet: Alphabet = .standard, padding: Padding = .required
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        var length = 0
        var pads = 0
        for character in text.utf8 {
            if character == UInt8(ascii: "=") {
                pads += 1
                continue
            }
            guard pads == 0, let digit = value(of: character, alphabet) else { return nil }
            length += 1
            pending = (pending << 6 | UInt32(digit)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
        }
        let missing = (4 - length % 4) % 4
        guard missing != 3, pending & (1 << UInt32(bits) - 1) == 0 else { return nil }
        switch padding {
        case .required: return pads == missing ? bytes : nil
        case .forbidden: return pads == 0 ? bytes : nil
        case .optional: return pads == 0 || pads == missing ? bytes : nil
        }
    }

    private static func value(of character: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case UInt8(ascii: "+"): alphabet == .standard ? 62 : nil
        case UInt8(ascii: "/"): alphabet == .standard ? 63 : nil
        case UInt8(ascii: "-"): alphabet == .urlSafe ? 62 : nil
        case UInt8(ascii: "_"): alphabet == .urlSafe ? 63 : nil
        default: nil
        }
    }
}
