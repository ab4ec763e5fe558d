// SPDX-License-Identifier: Apache-2.0

/// Sends one judged request, and nothing else: no redirect followed, no proxy of the environment used.
public protocol HTTPTransport: Sendable {
    /// Resolves the host, pins the address for the connection, puts secrets in, sends, and reads the answer.
    ///
    /// - Throws: `TransportError`; `.addressRefused` where the host leads to an address that isn't allowed.
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
}

/// A request that was permitted.
public struct TransportRequest: Sendable, Hashable {
    /// A secret to put in at dispatch.
    public struct Injection: Sendable, Hashable {
        /// Which secret.
        public let secret: SecretReference
        /// Where it stands, in the policy's words: a header template such as `Authorization: Bearer {}`.
        public let place: String

        /// Makes an injection.
        public init(secret: SecretReference, place: String) {
            self.secret = secret
            self.place = place
        }
    }

    /// The method that was judged.
    public let method: String
    /// The canonical URL that was judged.
    public let url: String
    /// The header fields that were judged, in their order.
    public let headers: [OutgoingRequest.Header]
    /// The whole body; empty for none.
    public let body: [UInt8]
    /// The secrets to put in, after everything else.
    public let injections: [Injection]
    /// Wall-clock time for the whole exchange.
    public let timeout: Duration
    /// Most bytes of the answer's body; more is an error.
    public let responseLimitBytes: Int

    /// Makes a request.
    public init(
        method: String, url: String, headers: [OutgoingRequest.Header], body: [UInt8], injections: [Injection] = [],
        timeout: Duration = .seconds(30), responseLimitBytes: Int = 4 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.injections = injections
        self.timeout = timeout
        self.responseLimitBytes = responseLimitBytes
    }
}

/// An answer, not yet redacted.
public struct TransportResponse: Sendable, Hashable {
    /// The status code, from 100 to 599.
    public let status: Int
    /// The header fields in the order in which they came.
    public let headers: [OutgoingRequest.Header]
    /// The whole body, as it came.
    public let body: [UInt8]

    /// Makes a response.
    public init(status: Int, headers: [OutgoingRequest.Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header field of this name, without regard to case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Sending failed.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case addressRefused, resolution, connection, tls, timeout, tooLarge, secret, notAvailable }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The host leads to an address that isn't allowed.
        public static let addressRefused = Code(.addressRefused)
        /// The name doesn't resolve.
        public static let resolution = Code(.resolution)
        /// No connection, or it broke.
        public static let connection = Code(.connection)
        /// The server's certificate doesn't verify.
        public static let tls = Code(.tls)
        /// The time was up.
        public static let timeout = Code(.timeout)
        /// The answer is larger than the limit.
        public static let tooLarge = Code(.tooLarge)
        /// A secret couldn't be read or placed.
        public static let secret = Code(.secret)
        /// What was asked for isn't built.
        public static let notAvailable = Code(.notAvailable)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what happened, why, what to do next.
    public let message: String
    /// Whether bytes may have left before it failed.
    public let mayHaveActed: Bool

    /// Makes an error.
    public init(_ code: Code, _ message: String, mayHaveActed: Bool = false) {
        self.code = code
        self.message = message
        self.mayHaveActed = mayHaveActed
    }

    public var description: String { message }
}
