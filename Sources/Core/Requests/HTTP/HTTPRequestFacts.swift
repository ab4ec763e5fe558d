// SPDX-License-Identifier: Apache-2.0

/// One header of a request as it would be sent.
public typealias HTTPHeaderField = OutgoingRequest.Header

/// An HTTP request as it would leave, before anyone has judged it.
public struct HTTPRequestFacts: Sendable, Hashable {
    /// The method as written.
    public var method: String
    /// The absolute URL as written.
    public var url: String
    /// The headers in their order.
    public var headers: [HTTPHeaderField]
    /// The whole body with chunked framing already undone and content codings not.
    public var body: [UInt8]

    /// Makes a request.
    public init(method: String, url: String, headers: [HTTPHeaderField] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Takes over a request that an effect proposes.
    public init(_ request: OutgoingRequest) {
        self.init(method: request.method, url: request.url, headers: request.headers, body: request.body)
    }

    /// The values of all headers with this name in any letter case, in order.
    public func values(of name: String) -> [String] {
        let name = name.lowercased()
        return headers.filter { $0.name.lowercased() == name }.map(\.value)
    }
}

/// How much of a request is read.
public struct RequestLimits: Sendable, Hashable {
    /// Most bytes of body, before and after content codings are undone.
    public var maximumBodyBytes: Int
    /// Most headers.
    public var maximumHeaders: Int
    /// Most parts of a multipart form and most operations of a batch.
    public var maximumParts: Int
    /// Most fields of a form.
    public var maximumFields: Int
    /// Limits for JSON. Duplicate keys are reported whatever it says about them.
    public var json: JSONLimits
    /// Limits for GraphQL.
    public var graphQL: GraphQLLimits

    /// Makes limits; the defaults are 4 MiB of body, 200 headers, 100 parts and 10 000 fields.
    public init(
        maximumBodyBytes: Int = 4 << 20, maximumHeaders: Int = 200, maximumParts: Int = 100,
        maximumFields: Int = 10_000, json: JSONLimits = JSONLimits(),
        graphQL: GraphQLLimits = GraphQLLimits()
    ) {
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumHeaders = maximumHeaders
        self.maximumParts = maximumParts
        self.maximumFields = maximumFields
        self.json = json
        self.graphQL = graphQL
    }
}
