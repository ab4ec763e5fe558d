// SPDX-License-Identifier: Apache-2.0

#if HTTP
    public import AsyncHTTPClient
    internal import NIOCore
    internal import NIOHTTP1

    /// Sends a model's requests over HTTP with AsyncHTTPClient. Redirects are never followed.
    public struct AsyncHTTPTransport: ModelTransport {
        private let client: HTTPClient
        private let timeout: Duration

        private static let shared: HTTPClient = {
            var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
            configuration.timeout = .init(connect: .seconds(10), read: .seconds(300))
            // Second attempts are the retry policy's, so that a refused connection is known at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }()

        /// Sends through a client that the process shares and that lives as long as the process.
        ///
        /// - Parameter timeout: The longest time for one answer, from the first byte sent to the last received.
        public init(timeout: Duration = .seconds(900)) {
            client = Self.shared
            self.timeout = timeout
        }

        /// Sends through a client of the embedder's, who shuts it down. It must not follow redirects.
        public init(client: HTTPClient, timeout: Duration = .seconds(900)) {
            self.client = client
            self.timeout = timeout
        }

        /// Sends a request and returns as soon as the headers of the answer are there.
        public func send(_ request: ModelRequest) async throws(ModelError) -> ModelResponse {
            var wire = HTTPClientRequest(url: request.url)
            wire.method = .POST
            for header in request.headers { wire.headers.add(name: header.name, value: header.value) }
            if let credential = request.credential {
                wire.headers.replaceOrAdd(name: credential.header, value: try credential.revealedValue())
            }
            wire.body = .bytes(ByteBuffer(bytes: request.body))
            do {
                let response = try await client.execute(wire, timeout: .nanoseconds(timeout.nanoseconds))
                var headers: [String: String] = [:]
                for (name, value) in response.headers { headers[name.lowercased()] = value }
                return ModelResponse(
                    status: Int(response.status.code), headers: headers,
                    body: response.body.map { Array($0.readableBytesView) })
            } catch {
                guard !Task.isCancelled else {
                    throw ModelError(.cancelled, stage: .send, reason: "the request was cancelled")
                }
                throw ModelError(
                    .unreachable, stage: .send,
                    reason: "the model's provider can't be reached or trusted; check the address and the network")
            }
        }
    }

    extension Duration {
        fileprivate var nanoseconds: Int64 {
            let (seconds, attoseconds) = components
            let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            return overflow ? .max : product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
        }
    }
#endif
