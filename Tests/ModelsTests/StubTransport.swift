// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Synchronization

@testable import AgentModels

/// Answers from a list and keeps what was asked.
final class StubTransport: ModelTransport {
    /// One answer.
    struct Reply: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var chunks: [[UInt8]] = []
        /// Whether the connection breaks after the chunks.
        var breaks = false

        /// A text cut into pieces of a size.
        init(_ text: String, status: Int = 200, headers: [String: String] = [:], size: Int = .max, breaks: Bool = false)
        {
            self.status = status
            self.headers = headers
            self.breaks = breaks
            let bytes = Array(text.utf8)
            var start = 0
            while start < bytes.count {
                let end = size < bytes.count - start ? start + size : bytes.count
                chunks.append(Array(bytes[start..<end]))
                start = end
            }
        }
    }

    struct Broken: Error {}

    private let replies: Mutex<[Reply]>
    private let asked = Mutex<[ModelRequest]>([])

    init(_ replies: [Reply]) { self.replies = Mutex(replies) }

    /// The requests so far.
    var requests: [ModelRequest] { asked.withLock { $0 } }

    /// The body of the last request.
    var lastBody: JSONValue? { requests.last.flatMap { try? JSONValue.parse($0.body) } }

    func send(_ request: ModelRequest) async throws(ModelError) -> ModelResponse {
        asked.withLock { $0.append(request) }
        let reply = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let reply else { throw ModelError(.unreachable, stage: .send, reason: "no reply is left") }
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for chunk in reply.chunks { continuation.yield(chunk) }
            continuation.finish(throwing: reply.breaks ? Broken() : nil)
        }
        return ModelResponse(status: reply.status, headers: reply.headers, body: stream)
    }
}

/// Keeps the waits instead of waiting.
final class Waits: Sendable {
    private let kept = Mutex<[Duration]>([])
    var all: [Duration] { kept.withLock { $0 } }

    var policy: RetryPolicy {
        RetryPolicy(sleep: { wait in self.kept.withLock { $0.append(wait) } }, random: { 0 })
    }
}
