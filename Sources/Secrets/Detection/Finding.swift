// SPDX-License-Identifier: Apache-2.0

/// A secret that was recognised, by where it stands. It never holds the secret itself.
public struct Finding: Hashable, Sendable {
    /// How it was recognised.
    public enum Kind: String, Hashable, Sendable {
        /// The text itself says what it is: a vendor's prefix, a key block, a URL with a password.
        case selfIdentifying
        /// Only the name or header beside it says so.
        case context
        /// It is spelt in an encoding; the range covers the encoded text.
        case encoded
    }

    /// The rule's stable id, such as `github-token` or `assigned-secret`.
    public let rule: String
    /// Byte offset of the first byte that must not survive.
    public let start: Int
    /// Byte offset after the last one.
    public let end: Int
    /// How it was recognised.
    public let kind: Kind

    /// Makes a finding.
    public init(rule: String, start: Int, end: Int, kind: Kind) {
        self.rule = rule
        self.start = start
        self.end = end
        self.kind = kind
    }

    /// The bytes it covers.
    public var range: Range<Int> { start..<end }
}
