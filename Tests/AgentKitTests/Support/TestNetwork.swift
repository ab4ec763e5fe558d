// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// Answers requests from a function and remembers what was sent.
final class TestTransport: HTTPTransport {
    typealias Answer = @Sendable (TransportRequest) -> Result<TransportResponse, TransportError>

    let events: Events
    let sent = Box<[TransportRequest]>([])
    let answer = Box<Answer>({ _ in .answer(200, "ok") })

    init(events: Events) { self.events = events }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        events.note("send \(request.method) \(request.url)")
        sent.update { $0.append(request) }
        return try answer.value(request).get()
    }

    var urls: [String] { sent.value.map(\.url) }
}

extension Result where Success == TransportResponse, Failure == TransportError {
    static func answer(_ status: Int, _ body: String = "", location: String? = nil) -> Self {
        let headers = location.map { [OutgoingRequest.Header("Location", $0)] } ?? []
        return .success(TransportResponse(status: status, headers: headers, body: Array(body.utf8)))
    }
}

/// A provider's resolver that answers from a function.
final class TestResolver: ResourceResolver {
    let events: Events
    let provider: String
    let answer = Box<@Sendable (ResourceQuery) -> [ResolvedTarget]>({ query in
        [
            ResolvedTarget(
                provider: query.provider, type: query.type, id: query.id, environment: .staging,
                proof: .provider(name: query.provider))
        ]
    })

    init(provider: String, events: Events) {
        self.provider = provider
        self.events = events
    }

    func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget] {
        events.note("resolve")
        return queries.flatMap { answer.value($0) }
    }
}
