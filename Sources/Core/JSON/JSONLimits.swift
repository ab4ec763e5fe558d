// SPDX-License-Identifier: Apache-2.0

/// How much JSON a reader accepts.
public struct JSONLimits: Sendable, Hashable {
    /// What a reader does with two members of one name.
    public enum DuplicateKeys: Sendable, Hashable {
        /// Refuses the document: two readers could disagree on which one counts.
        case refuse
        /// Keeps the last one, as most programs do. Never for anything that is judged.
        case keepLast
        /// Keeps each of them, for a search that must miss nothing; look-up by name finds the first.
        case keepAll
    }

    /// The deepest nesting any reader accepts, whatever was asked for: the parser recurses.
    public static let deepestNesting = 128

    /// Most bytes of input.
    public var maximumBytes: Int
    /// Most levels of arrays and objects, at most `deepestNesting`.
    public var maximumDepth: Int
    /// Most values, containers included.
    public var maximumValues: Int
    /// What happens to duplicate keys.
    public var duplicateKeys: DuplicateKeys

    /// Makes limits; the defaults fit requests and configuration: 16 MiB, 128 levels, one million values.
    public init(
        maximumBytes: Int = 16 << 20, maximumDepth: Int = 128, maximumValues: Int = 1_000_000,
        duplicateKeys: DuplicateKeys = .refuse
    ) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = min(max(maximumDepth, 0), Self.deepestNesting)
        self.maximumValues = maximumValues
        self.duplicateKeys = duplicateKeys
    }
}
