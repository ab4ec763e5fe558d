// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not acceptable JSON, or why a value has no canonical form.
public struct JSONError: Error, Sendable, Hashable {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case syntax, duplicateKey, loneSurrogate, invalidUTF8, tooDeep, tooLarge, tooManyValues, notCanonical
        }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The bytes break the grammar.
        public static let syntax = Code(.syntax)
        /// An object has two members of one name.
        public static let duplicateKey = Code(.duplicateKey)
        /// A `\u` escape names half of a surrogate pair.
        public static let loneSurrogate = Code(.loneSurrogate)
        /// A string is not well-formed UTF-8.
        public static let invalidUTF8 = Code(.invalidUTF8)
        /// Arrays and objects are nested beyond the limit.
        public static let tooDeep = Code(.tooDeep)
        /// The input has more bytes than the limit.
        public static let tooLarge = Code(.tooLarge)
        /// The input has more values than the limit.
        public static let tooManyValues = Code(.tooManyValues)
        /// The value lies outside the canonical profile (fractions, or integers beyond 2^53 - 1).
        public static let notCanonical = Code(.notCanonical)

        /// The stable name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What was wrong, without any of the input.
    public let reason: String
    /// Where, in bytes from the start; 0 for errors about a value rather than about text.
    public let offset: Int
    /// The line, counted from 1; 0 for errors about a value.
    public let line: Int
    /// The column in bytes, counted from 1; 0 for errors about a value.
    public let column: Int

    init(_ code: Code, _ reason: String, offset: Int = 0, line: Int = 0, column: Int = 0) {
        self.code = code
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = column
    }
}

extension JSONError: CustomStringConvertible {
    /// One line that names the reason and the place.
    public var description: String {
        line == 0 ? "json: \(reason)" : "json: \(reason) at line \(line), column \(column) (byte \(offset))"
    }
}
