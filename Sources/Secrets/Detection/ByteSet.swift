// SPDX-License-Identifier: Apache-2.0

/// A set of bytes.
struct ByteSet: Hashable, Sendable {
    private var word0: UInt64 = 0
    private var word1: UInt64 = 0
    private var word2: UInt64 = 0
    private var word3: UInt64 = 0

    init() {}

    /// The bytes of an ASCII string.
    init(_ text: String) {
        for byte in text.utf8 { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: word0 |= bit
        case 1: word1 |= bit
        case 2: word2 |= bit
        default: word3 |= bit
        }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 128 ? (byte < 64 ? word0 : word1) : (byte < 192 ? word2 : word3)
        return word >> UInt64(byte & 63) & 1 != 0
    }
}
