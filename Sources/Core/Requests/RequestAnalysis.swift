// SPDX-License-Identifier: Apache-2.0

/// What a request says, read without any I/O: where it goes, what it asks for, which credentials it carries, and why
/// it may be impossible to tell.
///
/// One reader serves the tool that proposes a request and the gate that sees it leave. A caller permits nothing while
/// `problems` is not empty. What could be read is there all the same, for the record and for a person.
public struct RequestAnalysis: Sendable, Hashable {
    /// What kind of body it is.
    public enum BodyKind: String, Sendable, Hashable {
        /// There is none.
        case none
        /// JSON without GraphQL in it.
        case json
        /// A GraphQL document in any of its wrappings.
        case graphQL
        /// A URL-encoded form.
        case form
        /// A multipart form.
        case multipart
        /// Bytes of another type.
        case other
        /// It could not be read.
        case unknown
    }

    /// The method in upper case.
    public internal(set) var method: String
    /// The URL, or `nil` when it is not taken.
    public internal(set) var url: CanonicalURL?
    /// The body's type, or `nil` when none is stated.
    public internal(set) var mediaType: MediaType?
    /// What kind of body it is.
    public internal(set) var bodyKind: BodyKind = .none
    /// The body as JSON, or `nil` when it is none. Of lines of JSON, an array. Duplicate keys stand in it side by side.
    public internal(set) var json: JSONValue?
    /// The fields of a form.
    public internal(set) var form: [FormField] = []
    /// The GraphQL operations, in order, also those that a problem stands against.
    public internal(set) var operations: [GraphQLOperation] = []
    /// Whether the operations stand in a batch.
    public internal(set) var isBatch = false
    /// The credential fields, placeholders included.
    public internal(set) var credentials: [CredentialFinding] = []
    /// Why the request can't be judged; each once, at most 64.
    public internal(set) var problems: [RequestProblem] = []

    /// The credential fields that hold something else than a granted placeholder.
    public var literalCredentials: [CredentialFinding] { credentials.filter { !$0.isPlaceholder } }

    private static let mostProblems = 64

    init(method: String) { self.method = method }

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - facts: The request as it would leave.
    ///   - limits: How much is read.
    ///   - isPlaceholder: Whether a value is a placeholder that was granted for this request. By default nothing is.
    ///   - decode: Undoes one content coding (its lower-case name, the bytes); `nil` when it can't. It must bound its
    ///     output. By default it can't, and an encoded body is a problem.
    public static func analyse(
        _ facts: HTTPRequestFacts, limits: RequestLimits = RequestLimits(),
        isPlaceholder: @escaping (String) -> Bool = { _ in false },
        decode: (_ coding: String, _ bytes: [UInt8]) -> [UInt8]? = { _, _ in nil }
    ) -> RequestAnalysis {
        var analyzer = RequestAnalyzer(facts: facts, limits: limits)
        analyzer.readTarget()
        analyzer.readHeaders()
        analyzer.readBody(decode)
        analyzer.readGraphQL()
        analyzer.readCredentials(isPlaceholder)
        return analyzer.analysis
    }

    /// Reads a request given in parts.
    public static func analyse(
        method: String, url: String, headers: [HTTPHeaderField] = [], body: [UInt8] = [],
        limits: RequestLimits = RequestLimits(),
        isPlaceholder: @escaping (String) -> Bool = { _ in false }
    ) -> RequestAnalysis {
        analyse(
            HTTPRequestFacts(method: method, url: url, headers: headers, body: body), limits: limits,
            isPlaceholder: isPlaceholder)
    }

    mutating func report(_ code: RequestProblem.Code, _ detail: String) {
        report(RequestProblem(code, detail))
    }

    mutating func report(_ problem: RequestProblem) {
        // One is enough to deny; a flood of them only costs time.
        if problems.count < Self.mostProblems && !problems.contains(problem) { problems.append(problem) }
    }
}

extension RequestAnalysis: CustomStringConvertible {
    /// Method, place and problems in one line, without any value of the request.
    public var description: String {
        let reasons = problems.map(\.code.rawValue).joined(separator: ", ")
        return "\(method) \(url?.redacted ?? "(no url)") [\(reasons)]"
    }
}
