// SPDX-License-Identifier: Apache-2.0

/// What stands in text where a secret would stand.
///
/// There is one grammar for granted and for found secrets. A placeholder has only letters, digits, `_` and `-`, so it
/// looks the same in a URL, in JSON and in an unquoted shell word. It is recognised by a fixed marker, and it ends in a
/// check that text merely resembling one doesn't pass.
///
/// ```
/// plain     agentkit_ C BBBBBBBBBBBBBBBBBBBBBB KKKK          36 bytes
/// prefixed  PREFIX agentkit0 L C BBBB…B KKKK                 the prefix of the secret's format is kept
/// UUID      a9e47c17-CBBB-8BBB-bBBB-BBBBBBKKKKKK             36 bytes
/// ```
///
/// `C` is the length class, `B` the keyed part (110 bits, 60 for a UUID), `K` the check, `L` the prefix's length, in
/// the digits of RFC 4648 base32 in lower case, or in hexadecimal for a UUID. Who makes one takes the keyed part from a
/// keyed hash, so that it tells nothing of the value.
public struct Placeholder: Hashable, Sendable, CustomStringConvertible {
    /// What it looks like.
    public enum Shape: Hashable, Sendable {
        case plain
        /// Passes for a UUID of version 8.
        case uuid
        /// Begins like the secret it stands for, such as `ghp_`; 1 to 24 bytes of letters, digits, `_` and `-`.
        case prefixed(String)
    }

    /// How long the secret is, as roughly as a format check needs it.
    public enum LengthClass: UInt8, Hashable, Sendable, CaseIterable {
        /// Below 24 bytes.
        case short = 0
        /// Below 64 bytes.
        case medium = 1
        /// Below 512 bytes.
        case long = 2
        /// Anything above.
        case document = 3

        /// The class of a length in bytes.
        public init(bytes count: Int) {
            switch count {
            case ..<24: self = .short
            case ..<64: self = .medium
            case ..<512: self = .long
            default: self = .document
            }
        }
    }

    /// The text itself.
    public let text: String
    /// What it looks like.
    public let shape: Shape
    /// How long its secret is, roughly.
    public let lengthClass: LengthClass

    /// Makes a placeholder from a keyed hash.
    ///
    /// - Parameter keyed: At least 16 bytes of a keyed hash; the first 14 are used, or 8 of them for a UUID.
    /// - Returns: `nil` where `keyed` is shorter, or a prefix has other bytes than the grammar allows.
    public init?(keyed: [UInt8], shape: Shape = .plain, lengthClass: LengthClass) {
        guard keyed.count >= 16 else { return nil }
        switch shape {
        case .plain:
            self.text = Self.spell(
                marker: PlaceholderGrammar.plainMarker, head: [lengthClass.rawValue], keyed: keyed, prefix: [])
        case .prefixed(let prefix):
            let bytes = Array(prefix.utf8)
            guard (1...PlaceholderGrammar.longestPrefix).contains(bytes.count),
                bytes.allSatisfy(PlaceholderGrammar.isWord)
            else { return nil }
            self.text = Self.spell(
                marker: PlaceholderGrammar.compactMarker, head: [UInt8(bytes.count), lengthClass.rawValue],
                keyed: keyed, prefix: bytes)
        case .uuid:
            self.text = Self.spellUUID(keyed: keyed, lengthClass: lengthClass)
        }
        self.shape = shape
        self.lengthClass = lengthClass
    }

    /// Makes a plain placeholder from a keyed hash of 32 bytes. It can't fail.
    public init(keyed: InlineArray<32, UInt8>, lengthClass: LengthClass) {
        var bytes: [UInt8] = []
        for index in keyed.indices { bytes.append(keyed[index]) }
        self.text = Self.spell(
            marker: PlaceholderGrammar.plainMarker, head: [lengthClass.rawValue], keyed: bytes, prefix: [])
        self.shape = .plain
        self.lengthClass = lengthClass
    }

    /// Reads a placeholder that is the whole of `text`; `nil` where anything is off by one byte.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let match = PlaceholderGrammar.first(in: bytes, from: 0), match.range == 0..<bytes.count else {
            return nil
        }
        self = match.placeholder
    }

    init(unchecked text: String, shape: Shape, lengthClass: LengthClass) {
        self.text = text
        self.shape = shape
        self.lengthClass = lengthClass
    }

    /// The text.
    public var description: String { text }

    private static func spell(marker: [UInt8], head: [UInt8], keyed: [UInt8], prefix: [UInt8]) -> String {
        var bytes = prefix + marker
        for value in head { bytes.append(PlaceholderGrammar.base32[Int(value & 31)]) }
        bytes += PlaceholderGrammar.base32Digits(keyed.prefix(14))
        bytes += PlaceholderGrammar.checkDigits(bytes[...])
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func spellUUID(keyed: [UInt8], lengthClass: LengthClass) -> String {
        var digits = [PlaceholderGrammar.hexDigits[Int(lengthClass.rawValue)]]
        for byte in keyed.prefix(10) {
            digits.append(PlaceholderGrammar.hexDigits[Int(byte >> 4)])
            digits.append(PlaceholderGrammar.hexDigits[Int(byte & 15)])
        }
        var bytes =
            PlaceholderGrammar.uuidMarker + digits[0..<4] + [0x2d, 0x38] + digits[4..<7] + [0x2d, 0x62] + digits[7..<10]
        bytes += [0x2d] + digits[10..<16]
        let check = PlaceholderGrammar.check(bytes[...])
        for shift in stride(from: 20, through: 0, by: -4) {
            bytes.append(PlaceholderGrammar.hexDigits[Int((check >> UInt32(shift)) & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
