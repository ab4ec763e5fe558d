// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Sends an HTTP request through the session's transport.
public struct HTTPRequestTool: Tool {
    public let name = "http.request"
    public let description = """
        Sends an HTTP request. Credentials are put in by the runtime: name a granted one in `credential`; a literal credential \
        is refused. Redirects are followed only where each target is permitted by itself.
        """
    public let inputSchema = Schema.object(
        [
            "method": Schema.string("The method; GET unless told."),
            "url": Schema.string("The absolute URL."),
            "headers": ["type": "object", "additionalProperties": ["type": "string"], "description": "Header fields."],
            "body": Schema.string("The body."),
            "credential": Schema.string("The name of a granted secret to attach."),
        ], required: ["url"])

    private static let maximumRedirects = 5
    private static let inputs: Set<String> = ["method", "url", "headers", "body", "credential"]

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.request(try request(from: input)))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        try await HTTPExchange.run(try request(from: input), with: invocation, redirectsLeft: Self.maximumRedirects)
    }

    private func request(from input: JSONValue) throws(ToolError) -> OutgoingRequest {
        let input = try Input(input, allowing: Self.inputs)
        return OutgoingRequest(
            method: try input.optionalString("method") ?? "GET", url: try input.string("url"),
            headers: try input.headers("headers"), body: Array((try input.optionalString("body") ?? "").utf8),
            credential: try input.optionalString("credential"))
    }
}

/// Sends a GraphQL operation.
public struct GraphQLTool: Tool {
    public let name = "graphql"
    public let description = "Sends a GraphQL operation. The runtime reads it field by field; name a granted credential in `credential`."
    public let inputSchema = Schema.object(
        [
            "url": Schema.string("The endpoint."),
            "query": Schema.string("The document."),
            "variables": ["type": "object", "description": "The variables."],
            "operationName": Schema.string("Which operation of the document runs."),
            "credential": Schema.string("The name of a granted secret to attach."),
        ], required: ["url", "query"])

    private static let inputs: Set<String> = ["url", "query", "variables", "operationName", "credential"]

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.request(try Self.request(from: input)))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        try await HTTPExchange.run(try Self.request(from: input), with: invocation, redirectsLeft: 0)
    }

    /// The HTTP request that a GraphQL call is.
    static func request(from input: JSONValue) throws(ToolError) -> OutgoingRequest {
        let input = try Input(input, allowing: inputs)
        var body: JSONObject = ["query": .string(try input.string("query"))]
        if let variables = input["variables"], !variables.isNull {
            guard variables.objectValue != nil else { throw ToolError(.invalidInput, "the input `variables` must be an object") }
            body["variables"] = variables
        }
        if let name = try input.optionalString("operationName") { body["operationName"] = .string(name) }
        return OutgoingRequest(
            method: "POST", url: try input.string("url"),
            headers: [OutgoingRequest.Header("Content-Type", "application/json")],
            body: JSONValue.object(body).serializedBytes(), credential: try input.optionalString("credential"))
    }
}

/// Sends an authorised request, follows permitted redirects, and shows the answer.
enum HTTPExchange {
    static func run(
        _ request: OutgoingRequest, with invocation: consuming AuthorizedInvocation, redirectsLeft: Int
    ) async throws(ToolError) -> ToolResult {
        let response = try await invocation.send(request)
        guard let next = redirect(of: response, from: request) else { return result(of: response) }
        guard redirectsLeft > 0 else { return result(of: response) }
        switch try await invocation.authorize(further: [Effect(.request(next))]) {
        case .authorized(let further): return try await run(next, with: further, redirectsLeft: redirectsLeft - 1)
        case .denied(let decision):
            let why = decision.reasons.first?.message ?? "it is not permitted"
            return ToolResult(
                text: "[\(response.status): the redirect to \(next.url) was not followed: \(why)]",
                json: ["status": .integer(Int64(response.status)), "redirectDenied": .string(next.url)], isError: true)
        }
    }

    /// The request that a redirect asks for: judged anew, without credentials of any kind, and without a body unless it is repeated safely.
    private static func redirect(of response: TransportResponse, from request: OutgoingRequest) -> OutgoingRequest? {
        guard [301, 302, 303, 307, 308].contains(response.status), let location = response.header("location"),
            let base = try? CanonicalURL.parse(request.url), let target = target(of: location, from: base)
        else { return nil }
        let method = request.method.uppercased()
        guard method == "GET" || method == "HEAD" || response.status == 303 else { return nil }
        let kept: Set<String> = ["accept", "accept-language", "user-agent"]
        return OutgoingRequest(
            method: method == "HEAD" ? "HEAD" : "GET", url: target.description,
            headers: request.headers.filter { kept.contains($0.name.lowercased()) })
    }

    /// Resolves a `Location` value.
    ///
    /// - SeeAlso: RFC 3986, section 5.2.
    private static func target(of location: String, from base: CanonicalURL) -> CanonicalURL? {
        let absolute: String
        if location.contains("://") {
            absolute = location
        } else if location.hasPrefix("//") {
            absolute = "\(base.scheme.rawValue):\(location)"
        } else if location.hasPrefix("/") {
            absolute = base.origin + location
        } else {
            let folder = base.path.lastIndex(of: "/").map { base.path[...$0] } ?? "/"
            absolute = base.origin + (location.hasPrefix("?") ? base.path : String(folder)) + location
        }
        return try? CanonicalURL.parse(absolute)
    }

    private static func result(of response: TransportResponse) -> ToolResult {
        let text = String(decoding: response.body, as: UTF8.self)
        var headers = JSONObject()
        for header in response.headers { headers[header.name] = .string(header.value) }
        return ToolResult(
            text: "HTTP \(response.status)\n\(text)",
            json: ["status": .integer(Int64(response.status)), "headers": .object(headers), "body": .string(text)],
            isError: response.status >= 400)
    }
}
