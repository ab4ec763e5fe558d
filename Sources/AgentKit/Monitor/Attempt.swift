// SPDX-License-Identifier: Apache-2.0

/// How something that needed a decision ended, short of failing.
public enum Attempt<Value: Sendable>: Sendable {
    /// It was permitted and done.
    case completed(Value, Decision)
    /// The policy or a missing capability denied it; nothing happened.
    case denied(Decision)
    /// It needs an approval that isn't there yet; nothing happened. The same call again joins this request.
    case waiting(ApprovalTicket, Decision)
    /// An approver, or the approval's own terms, refused it; nothing happened.
    case refused(Reason, Decision)

    /// The decision that led here.
    public var decision: Decision {
        switch self {
        case .completed(_, let decision), .denied(let decision), .waiting(_, let decision), .refused(_, let decision): decision
        }
    }
}

/// What to do when an effect needs an approval.
public enum ApprovalMode: Sendable, Hashable {
    /// Answer `waiting` at once; the caller asks again later.
    case deferred
    /// Wait for the approver, at most this long, then answer `waiting`.
    case wait(atMost: Duration)
}

/// A call failed for another reason than a decision.
public struct SessionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case unknownTool, invalidInput, beforeEffect, afterEffect, closed, notAvailable }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// No tool has this name.
        public static let unknownTool = Code(.unknownTool)
        /// The tool can't read its input.
        public static let invalidInput = Code(.invalidInput)
        /// Something failed before the effect; nothing happened.
        public static let beforeEffect = Code(.beforeEffect)
        /// The effect happened, or may have, and something failed then.
        public static let afterEffect = Code(.afterEffect)
        /// The session is closed.
        public static let closed = Code(.closed)
        /// The session has nothing that could do this.
        public static let notAvailable = Code(.notAvailable)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what happened, why, what to do next.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
