// SPDX-License-Identifier: Apache-2.0

/// One thing worth remembering, before it is chained.
public struct AuditRecord: Hashable, Sendable {
    /// What kind of entry it is.
    public enum Kind: String, Hashable, Sendable {
        case sessionOpened, sessionClosed, intent, outcome, denial, approvalRequested, approvalAnswered, grant, revocation
        case commit, undo, failure
    }

    /// What kind of entry it is.
    public let kind: Kind
    /// The id of the session that it belongs to.
    public let session: String
    /// The facts, redacted before they come here: no secret, no body of a request.
    public let body: JSONValue

    /// Makes a record.
    public init(_ kind: Kind, session: String, body: JSONValue) {
        self.kind = kind
        self.session = session
        self.body = body
    }
}

/// Proof that a record is durable.
public struct AuditReceipt: Hashable, Sendable {
    /// The entry's place in the log, from 1.
    public let sequence: Int64
    /// The chain's head after this entry.
    public let head: Digest

    /// Makes a receipt.
    public init(sequence: Int64, head: Digest) {
        self.sequence = sequence
        self.head = head
    }
}

/// A durable, tamper-evident log. No record, no effect.
public protocol AuditLog: Sendable {
    /// Appends a record; when it returns, the record is on stable storage.
    ///
    /// - Throws: `StateError` where it is not durable; the effect must then not happen.
    @discardableResult
    func append(_ record: AuditRecord) async throws(StateError) -> AuditReceipt
}

/// Durable state failed.
public struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case unavailable, corrupt, full, conflict, notFound, invalid, flood }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The store can't be opened or written.
        public static let unavailable = Code(.unavailable)
        /// What it holds doesn't verify.
        public static let corrupt = Code(.corrupt)
        /// No room is left.
        public static let full = Code(.full)
        /// The state isn't what the caller took it to be.
        public static let conflict = Code(.conflict)
        /// There is no such entry.
        public static let notFound = Code(.notFound)
        /// The input can't be taken.
        public static let invalid = Code(.invalid)
        /// The session writes more than it may; it is to be ended.
        public static let flood = Code(.flood)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what happened, why, what to do next. No secret, no host path.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
