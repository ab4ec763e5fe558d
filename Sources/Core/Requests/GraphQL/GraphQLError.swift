// SPDX-License-Identifier: Apache-2.0

/// Why a text is not an acceptable GraphQL document.
public struct GraphQLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable { case syntax, tooLarge, tooDeep }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The text breaks the grammar of executable documents.
        public static let syntax = Code(.syntax)
        /// The text has more bytes or tokens than the limit.
        public static let tooLarge = Code(.tooLarge)
        /// Selections or values are nested beyond the limit.
        public static let tooDeep = Code(.tooDeep)

        /// The stable name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What was wrong, without any of the text.
    public let reason: String
    /// Where, in bytes from the start.
    public let offset: Int

    /// One line that names the reason and the place.
    public var description: String { "graphql: \(reason) at byte \(offset)" }
}

/// How much GraphQL a reader accepts.
public struct GraphQLLimits: Sendable, Hashable {
    /// The deepest nesting any reader accepts, whatever was asked for: the parser recurses.
    public static let deepestNesting = 64

    /// Most bytes of one document.
    public var maximumBytes: Int
    /// Most tokens of one document.
    public var maximumTokens: Int
    /// Most levels of selections and values, at most `deepestNesting`; also the deepest chain of fragments.
    public var maximumDepth: Int
    /// Most fields of one operation after fragments are expanded.
    public var maximumFields: Int

    /// Makes limits; the defaults are 1 MiB, 50 000 tokens, 64 levels and 10 000 fields.
    public init(
        maximumBytes: Int = 1 << 20, maximumTokens: Int = 50_000, maximumDepth: Int = 64, maximumFields: Int = 10_000
    ) {
        self.maximumBytes = maximumBytes
        self.maximumTokens = maximumTokens
        self.maximumDepth = min(max(maximumDepth, 0), Self.deepestNesting)
        self.maximumFields = maximumFields
    }
}
