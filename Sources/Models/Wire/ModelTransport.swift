// SPDX-License-Identifier: Apache-2.0

/// Sends requests to a provider. An embedder replaces it to take another way out.
public protocol ModelTransport: Sendable {
    /// Sends a request and returns as soon as the headers of the answer are there.
    ///
    /// Redirects must not be followed: the key is for one host. Cancelling ends the connection, also while the body is read.
    ///
    /// - Throws: `ModelError`, `.unreachable` when there is no answer.
    func send(_ request: ModelRequest) async throws(ModelError) -> ModelResponse
}

/// A POST request to a provider.
public struct ModelRequest: Sendable {
    /// A header of a request.
    public struct Header: Sendable, Hashable {
        /// The name, in lower case.
        public var name: String
        /// The value; never a secret.
        public var value: String

        /// Makes a header.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Where a key goes.
    public struct Credential: Sendable {
        /// The header's name, in lower case.
        public var header: String
        /// What stands before the key.
        public var prefix: String
        private let key: APIKey

        /// Says where a key goes.
        public init(header: String, prefix: String = "", key: APIKey) {
            self.header = header
            self.prefix = prefix
            self.key = key
        }

        /// The header's value with the key in it: to be sent, and nothing else.
        ///
        /// - Throws: `.missingKey`.
        public func revealedValue() throws(ModelError) -> String { prefix + (try key.reveal()) }
    }

    /// The address.
    public var url: String
    /// The headers without the credential.
    public var headers: [Header]
    /// The credential, if the provider needs one.
    public var credential: Credential?
    /// The JSON body.
    public var body: [UInt8]

    /// Makes a request.
    public init(url: String, headers: [Header], credential: Credential?, body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.credential = credential
        self.body = body
    }
}

/// A provider's answer, its body still to come.
public struct ModelResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The headers, names in lower case; of equal names the last.
    public var headers: [String: String]
    /// The body in pieces of any size.
    public var body: any AsyncSequence<[UInt8], any Error> & Sendable

    /// Makes an answer.
    public init(
        status: Int, headers: [String: String], body: any AsyncSequence<[UInt8], any Error> & Sendable
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
