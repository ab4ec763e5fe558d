// SPDX-License-Identifier: Apache-2.0

/// Why a model gave no turn.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case missingKey, unreachable, unauthorized, rateLimited, overloaded, requestRefused, serverFailure,
                malformedResponse, interrupted, tooLarge, cancelled, scriptExhausted, malformedScript
        }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The API key couldn't be read.
        public static let missingKey = Code(.missingKey)
        /// No connection, or none that could be trusted.
        public static let unreachable = Code(.unreachable)
        /// The provider doesn't accept the API key for this.
        public static let unauthorized = Code(.unauthorized)
        /// Too many requests; `retryAfter` may say when to come back.
        public static let rateLimited = Code(.rateLimited)
        /// The provider has no capacity at the moment.
        public static let overloaded = Code(.overloaded)
        /// The provider calls the request wrong; the same request won't do better.
        public static let requestRefused = Code(.requestRefused)
        /// The provider failed.
        public static let serverFailure = Code(.serverFailure)
        /// The answer doesn't follow the protocol.
        public static let malformedResponse = Code(.malformedResponse)
        /// The answer broke off before its end.
        public static let interrupted = Code(.interrupted)
        /// The answer is over a limit.
        public static let tooLarge = Code(.tooLarge)
        /// The task was cancelled.
        public static let cancelled = Code(.cancelled)
        /// A script has no turn left.
        public static let scriptExhausted = Code(.scriptExhausted)
        /// A script can't be read.
        public static let malformedScript = Code(.malformedScript)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// How far a request came.
    public enum Stage: String, Sendable, Hashable {
        /// Before anything was sent.
        case prepare
        /// While connecting or sending.
        case send
        /// In the status and headers of the answer.
        case response
        /// In the stream of the answer.
        case stream
    }

    /// What kind of failure it is.
    public let code: Code
    /// How far the request came.
    public let stage: Stage
    /// The HTTP status, where there is one.
    public let status: Int?
    /// How long the provider wants one to wait.
    public let retryAfter: Duration?
    /// What happened and what to do; one line, no secret.
    public let reason: String

    /// Makes an error.
    public init(
        _ code: Code, stage: Stage, status: Int? = nil, retryAfter: Duration? = nil, reason: String
    ) {
        self.code = code
        self.stage = stage
        self.status = status
        self.retryAfter = retryAfter
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }

    /// Whether the same request may succeed a little later.
    public var isTransient: Bool {
        [.unreachable, .rateLimited, .overloaded, .serverFailure, .interrupted].contains(code)
    }
}
