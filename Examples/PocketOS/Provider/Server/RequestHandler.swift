// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Turns HTTP requests into GraphQL requests and answers back: errors are status 200 with `errors`.
struct RequestHandler: Sendable {
    let engine: ProviderEngine
    let log: RequestLog
    let now: @Sendable () -> Int
    let limiter: RateLimiter?
    let lenient: Bool

    private static let bodyLimitBytes = 1 << 20

    func respond(to request: Request) async throws -> Response {
        var entry = LogEntry(
            time: now(), method: request.method.rawValue, host: request.head.authority, path: request.uri.path)
        let credentials = Credentials(
            authorization: request.headers[.authorization], projectToken: request.headers[.projectAccessToken])
        entry.credential = credentials.logName
        let response: Response
        if let wait = await limiter?.admit(at: entry.time) {
            response = Self.refusal(.tooManyRequests, "Rate limit exceeded", headers: [.retryAfter: String(wait)])
        } else if !isEndpoint(request.uri.path) {
            response = Self.refusal(.notFound, "Not Found")
        } else {
            response = try await answer(request, credentials: credentials, entry: &entry)
        }
        entry.status = response.status.code
        await log.append(entry)
        return response
    }

    private func isEndpoint(_ path: String) -> Bool {
        guard lenient else { return path == "/graphql/v2" }
        return path.lowercased().split(separator: "/") == ["graphql", "v2"]
    }

    private func answer(
        _ request: Request, credentials: Credentials, entry: inout LogEntry
    ) async throws -> Response {
        guard request.method == .post else {
            guard lenient, request.method == .get, let asked = Self.request(inQueryOf: request) else {
                return Self.refusal(.methodNotAllowed, "Method Not Allowed", headers: [.allow: "POST"])
            }
            return Self.response(await run(asked, credentials, &entry))
        }
        guard request.headers[.contentEncoding] == nil else {
            return Self.refusal(.unsupportedMediaType, "Unsupported Content-Encoding")
        }
        guard let buffer = try? await request.body.collect(upTo: Self.bodyLimitBytes) else {
            return Self.refusal(.contentTooLarge, "request entity too large")
        }
        let mediaType = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        if lenient, mediaType == "application/graphql" {
            let asked = GraphQLRequest(query: String(decoding: buffer.readableBytesView, as: UTF8.self))
            return Self.response(await run(asked, credentials, &entry))
        }
        guard lenient || mediaType == "application/json" else {
            return Self.refusal(.badRequest, "POST body missing, invalid Content-Type, or JSON object has no keys.")
        }
        guard let body = try? JSONReader.read(buffer.readableBytesView) else {
            return Self.refusal(.badRequest, "Unexpected token in JSON")
        }
        if lenient, let batch = body.elements {
            var answers: [JSON] = []
            for asked in batch.compactMap(GraphQLRequest.init) {
                answers.append(await run(asked, credentials, &entry))
            }
            return Self.response(.array(answers))
        }
        guard let asked = GraphQLRequest(body) else {
            return Self.refusal(.badRequest, "Operation batching disabled.")
        }
        return Self.response(await run(asked, credentials, &entry))
    }

    private func run(_ asked: GraphQLRequest, _ credentials: Credentials, _ entry: inout LogEntry) async -> JSON {
        let answer = await engine.answer(asked, credentials: credentials)
        entry.query = asked.query
        entry.variables = asked.variables
        entry.operationName = asked.operationName
        entry.fields += answer.fields
        entry.effects += answer.effects
        entry.errors += (answer.body["errors"]?.elements ?? []).compactMap { $0["message"]?.text }
        return answer.body
    }

    private static func request(inQueryOf request: Request) -> GraphQLRequest? {
        let parameters = request.uri.queryParameters
        guard let query = parameters["query"] else { return nil }
        let variables = parameters["variables"].flatMap { try? JSONReader.read(String($0)) }
        return GraphQLRequest(
            query: String(query), variables: variables, operationName: parameters["operationName"].map(String.init))
    }

    private static func response(_ body: JSON) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: body.serialized)))
    }

    private static func refusal(
        _ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:]
    ) -> Response {
        let error = JSON.object([.init("message", .string(message))])
        var response = response(.object([.init("errors", .array([error]))]))
        response.status = status
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension HTTPField.Name {
    /// The header of project tokens; nil can't happen for this constant name.
    fileprivate static let projectAccessToken = HTTPField.Name("Project-Access-Token") ?? .authorization
}
