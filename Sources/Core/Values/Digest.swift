// SPDX-License-Identifier: Apache-2.0

/// A SHA-256 digest. Computing one is a back end's business; comparing takes the same time wherever two digests differ.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Wraps 32 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    package init(zeroed: Void) { bytes = Array(repeating: 0, count: 32) }

    public static func == (left: Digest, right: Digest) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<32 { difference |= left.bytes[index] ^ right.bytes[index] }
        return difference == 0
    }

    /// `sha256:` and 64 hexadecimal digits.
    public var description: String {
        var text = "sha256:"
        let digits = Array("0123456789abcdef")
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }
}
