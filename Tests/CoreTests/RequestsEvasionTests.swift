// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

private let volume = "3d2c42fb-0000-4000-8000-00000000beef"
private let endpoint = "https://backboard.railway.app/graphql/v2"

/// A request that deletes the volume, in one of the ways to say so.
struct Evasion: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "POST"
    var url = endpoint
    var headers: [HTTPHeaderField] = [HTTPHeaderField("Content-Type", "application/json")]
    var body: [UInt8] = []
    /// The problems that must be reported; empty when the request is plain enough to be judged.
    var problems: Set<RequestProblem.Code> = []
    /// Whether the deletion must show as an operation.
    var shows = true
    var testDescription: String { name }

    static func json(_ name: String, _ query: String, _ rest: String = "", problems: Set<RequestProblem.Code> = [])
        -> Evasion
    {
        let text = "{\"query\":\(JSONValue.string(query).serialized())\(rest)}"
        return Evasion(name: name, body: Array(text.utf8), problems: problems)
    }

    static func typed(
        _ name: String, _ type: String?, _ body: String, problems: Set<RequestProblem.Code> = [], shows: Bool = true
    ) -> Evasion {
        Evasion(
            name: name, headers: type.map { [HTTPHeaderField("Content-Type", $0)] } ?? [], body: Array(body.utf8),
            problems: problems, shows: shows)
    }

    static func get(_ name: String, _ query: String, problems: Set<RequestProblem.Code> = [], shows: Bool = true)
        -> Evasion
    {
        Evasion(name: name, method: "GET", url: endpoint + "?" + query, headers: [], problems: problems, shows: shows)
    }

    static let plain = #"mutation { volumeDelete(volumeId: "\#(volume)") }"#
    static let byVariable = "mutation D($id: String!) { volumeDelete(volumeId: $id) }"
    static let variables = #","variables":{"id":"\#(volume)"}"#
    static let quoted = JSONValue.string(plain).serialized()

    static let documents: [Evasion] = [
        json("as in the incident", plain),
        json("variable", byVariable, variables),
        json("variable with default", #"mutation($id: String = "\#(volume)") { volumeDelete(volumeId: $id) }"#),
        json(
            "variables as a string", byVariable,
            ",\"variables\":" + JSONValue.string(#"{"id":"\#(volume)"}"#).serialized()),
        json("alias", #"mutation { harmless: volumeDelete(volumeId: "\#(volume)") }"#),
        json(
            "fragment on the root",
            #"mutation { ...F } fragment F on Mutation { volumeDelete(volumeId: "\#(volume)") }"#),
        json(
            "fragment in a fragment",
            #"fragment G on Mutation { volumeDelete(volumeId: "\#(volume)") } fragment F on Mutation { ...G } mutation { ...F }"#
        ),
        json("inline fragment", #"mutation { ... on Mutation { volumeDelete(volumeId: "\#(volume)") } }"#),
        json(
            "inline fragment without type",
            #"mutation { ... { ... @include(if: true) { volumeDelete(volumeId: "\#(volume)") } } }"#),
        json(
            "operation name", #"query A { me { id } } mutation B { volumeDelete(volumeId: "\#(volume)") }"#,
            #","operationName":"B""#),
        json(
            "include by variable", #"mutation($x: Boolean!) { volumeDelete(volumeId: "\#(volume)") @include(if: $x) }"#,
            #","variables":{"x":true}"#),
        json(
            "skip by default", #"mutation($x: Boolean = false) { volumeDelete(volumeId: "\#(volume)") @skip(if: $x) }"#),
        json("excluded for all we know", #"mutation { volumeDelete(volumeId: "\#(volume)") @include(if: false) }"#),
        json("block string", "mutation { volumeDelete(volumeId: \"\"\"\n   \(volume)\n  \"\"\") }"),
        json(
            "unicode escapes in GraphQL", #"mutation { volumeDelete(volumeId: "\u0033\u{64}\#(volume.dropFirst(2))") }"#
        ),
        json(
            "commas, comments and a byte order mark",
            "\u{FEFF},,#x\rmutation#\n{,volumeDelete#(\r\n(,volumeId,:,\"\(volume)\",),}"),
        json(
            "hidden beside a read", #"query A { me { id } } mutation B { volumeDelete(volumeId: "\#(volume)") }"#,
            problems: [.graphQLMultiple]),
        json("name of another operation", plain, #","operationName":"Other""#, problems: [.graphQLUnknownOperation]),
        json(
            "argument twice", #"mutation { volumeDelete(volumeId: "x", volumeId: "\#(volume)") }"#,
            problems: [.graphQLDuplicateName]),
        json(
            "undeclared variable", "mutation { volumeDelete(volumeId: $id) }", variables, problems: [.graphQLUndeclared]
        ),
        json(
            "variable filled by a directive",
            #"mutation { a: volumeDelete(volumeId: "\#(volume)") @export(as: "id") }"#, problems: [.graphQLDirective]),
        json(
            "hash beside the document", plain, #","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}"#,
            problems: [.graphQLPersisted]),
    ]

    static let wrappings: [Evasion] = [
        typed(
            "JSON escapes", "application/json",
            #"{"\u0071uery":"mutation { volumeD\u0065lete(volumeId: \"\#(volume)\") }"}"#),
        typed("batch", "application/json", #"[{"query":"{ me { id } }"},{"query":\#(quoted)}]"#),
        typed("vendor type", "application/vnd.api+json; charset=utf-8", #"{"query":\#(quoted)}"#),
        typed("no type", nil, #"{"query":\#(quoted)}"#),
        typed("type of a form", "application/x-www-form-urlencoded", #"{"query":\#(quoted)}"#),
        typed("plain text", "text/plain", #"{"query":\#(quoted)}"#),
        typed("bare document", "text/plain", plain),
        typed("application/graphql", "application/graphql", plain),
        typed(
            "form", "application/x-www-form-urlencoded",
            "query=mutation+%7B+volumeDelete%28volumeId%3A%22\(volume)%22%29%7D"),
        typed(
            "multipart operations", "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\(quoted)}\r\n--b--\r\n"),
        typed(
            "multipart query", "multipart/form-data; boundary=\"b\"",
            "--b\r\nContent-Disposition: form-data; name=query\r\n\r\n\(plain)\r\n--b--"),
        typed(
            "duplicate keys, last wins", "application/json", #"{"query":"{ me { id } }","query":\#(quoted)}"#,
            problems: [.bodyDuplicateKey]),
        typed(
            "duplicate keys, first wins", "application/json", #"{"query":\#(quoted),"query":"{ me { id } }"}"#,
            problems: [.bodyDuplicateKey]),
        typed(
            "key in another case", "application/json", #"{"query":"{ me { id } }","Query":\#(quoted)}"#,
            problems: [.graphQLAmbiguous, .bodyAmbiguousKey]),
        typed(
            "multipart with a file for a variable", "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"\(byVariable)\",\"variables\":{\"id\":\"\(volume)\"}}\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{\"0\":[\"variables.id\"]}\r\n--b--\r\n",
            problems: [.graphQLUnresolved]),
        typed("UTF-16", "application/json; charset=utf-16", #"{"query":\#(quoted)}"#, problems: [.bodyCharset]),
        get("query string", "query=mutation%7BvolumeDelete(volumeId:%22\(volume)%22)%7D"),
        get(
            "query string with variables",
            "query=mutation(%24id:String!)%7BvolumeDelete(volumeId:%24id)%7D&variables=%7B%22id%22:%22\(volume)%22%7D"),
        get(
            "query string, document twice", "query=%7Bme%7D&query=mutation%7BvolumeDelete(volumeId:%22\(volume)%22)%7D",
            problems: [.graphQLAmbiguous]),
        Evasion(
            name: "document in the url and in the body", url: endpoint + "?query=%7Bme%7D",
            body: Array(#"{"query":\#(quoted)}"#.utf8),
            problems: [.graphQLAmbiguous]),
        Evasion(
            name: "body on GET", method: "GET", body: Array(#"{"query":\#(quoted)}"#.utf8), problems: [.bodyUnexpected]),
        typed(
            "JSON and a form at once", "application/x-www-form-urlencoded",
            #"{"query":"{ me { id } }","x":"100%&query=mutation{volumeDelete(volumeId:%22\#(volume)%22)}&"}"#,
            problems: [.graphQLAmbiguous]),
        Evasion(
            name: "chunked", headers: [HTTPHeaderField("Transfer-Encoding", "chunked")],
            body: Array(#"{"query":\#(quoted)}"#.utf8)),
        Evasion(
            name: "another path", url: "https://backboard.railway.app/internal",
            body: Array(#"{"query":\#(quoted)}"#.utf8)),
        Evasion(
            name: "another method by header", headers: [HTTPHeaderField("X-HTTP-Method-Override", "DELETE")],
            body: Array(#"{"query":\#(quoted)}"#.utf8), problems: [.methodOverride]),
    ]

    static let unreadable: [Evasion] = [
        typed(
            "hash only", "application/json", #"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
            problems: [.graphQLPersisted], shows: false),
        typed(
            "id only", "application/json", #"{"id":"42","variables":{}}"#, problems: [.graphQLPersisted], shows: false),
        typed(
            "batch of hashes", "application/json", #"[{"extensions":{"persistedQuery":{}}}]"#,
            problems: [.graphQLPersisted], shows: false),
        typed("batch of other things", "application/json", "[1]", problems: [.graphQLMissing], shows: false),
        typed(
            "broken document", "application/json", #"{"query":"mutation { volumeDelete("}"#, problems: [.graphQLSyntax],
            shows: false),
        typed(
            "broken JSON", "application/json", #"{"query":\#(quoted)"#, problems: [.bodyMalformed, .graphQLMissing],
            shows: false),
        typed(
            "lone surrogate", "application/json", #"{"query":"\ud800"}"#, problems: [.bodyMalformed, .graphQLMissing],
            shows: false),
        typed(
            "fragment cycle", "application/json",
            #"{"query":"mutation { ...A } fragment A on M { ...B } fragment B on M { ...A }"}"#,
            problems: [.graphQLFragmentCycle], shows: false),
        typed(
            "fragment that is not there", "application/json", #"{"query":"mutation { ...A }"}"#,
            problems: [.graphQLUnknownFragment], shows: false),
        typed(
            "variable without a value", "application/json", #"{"query":"\#(byVariable)"}"#,
            problems: [.graphQLUnresolved], shows: false),
        typed("octets", "application/octet-stream", "\u{1}\u{2}", problems: [.graphQLMissing], shows: false),
        get(
            "hash in the query string", "extensions=%7B%22persistedQuery%22:%7B%7D%7D", problems: [.graphQLPersisted],
            shows: false),
        Evasion(
            name: "gzip",
            headers: [
                HTTPHeaderField("Content-Type", "application/json"), HTTPHeaderField("Content-Encoding", "gzip"),
            ],
            body: [0x1F, 0x8B, 8], problems: [.bodyEncoded, .graphQLMissing], shows: false),
        Evasion(
            name: "over the limit",
            body: Array(#"{"query":\#(quoted)}"#.utf8) + [UInt8](repeating: 0x20, count: 5 << 20),
            problems: [.bodyTooLarge, .graphQLMissing], shows: false),
        Evasion(
            name: "upgrade to a WebSocket", method: "GET", headers: [HTTPHeaderField("Upgrade", "websocket")],
            problems: [.requestUpgrade], shows: false),
        Evasion(
            name: "WebSocket url", method: "GET", url: "wss://backboard.railway.app/graphql/v2", headers: [],
            problems: [.requestUpgrade], shows: false),
        Evasion(
            name: "two framings",
            headers: [HTTPHeaderField("Content-Length", "4"), HTTPHeaderField("Transfer-Encoding", "chunked")],
            body: Array("{\"a\"".utf8), problems: [.headerFraming, .graphQLMissing], shows: false),
    ]
}

@Suite("No way of writing a GraphQL request hides what it does")
struct RequestsEvasionTests {
    @Test(
        "The deletion shows with its target, and doubts show as problems",
        arguments: Evasion.documents + Evasion.wrappings + Evasion.unreadable)
    func evasion(_ evasion: Evasion) {
        let analysis = RequestAnalysis.analyse(
            method: evasion.method, url: evasion.url, headers: evasion.headers, body: evasion.body)
        #expect(Set(analysis.problems.map(\.code)) == evasion.problems)
        guard evasion.shows else {
            #expect(!analysis.problems.isEmpty)
            return
        }
        let deletions = analysis.operations.flatMap(\.rootFields).filter { $0.name == "volumeDelete" }
        #expect(
            deletions.contains { field in
                field.arguments.contains { $0.name == "volumeId" && $0.value == .string(volume) }
            })
    }

    @Test("A reader that searches the body misses many of these, so that the table proves something")
    func control() {
        let call = Array(#"volumeDelete(volumeId: \"\#(volume)\")"#.utf8)
        let cases = (Evasion.documents + Evasion.wrappings).filter(\.shows)
        let missed = cases.filter { evasion in
            !evasion.body.indices.contains { evasion.body[$0...].starts(with: call) }
        }
        #expect(missed.count >= 15)
    }

    @Test("A plain read is judged without problems, as the deny cases' twin")
    func read() {
        let analysis = RequestAnalysis.analyse(
            method: "post", url: endpoint, headers: [HTTPHeaderField("content-type", "application/json")],
            body: Array(#"{"query":"query Me { me { id name } }","operationName":"Me"}"#.utf8))
        #expect(analysis.problems == [])
        #expect(analysis.method == "POST")
        #expect(analysis.bodyKind == .graphQL)
        #expect(analysis.operations.map(\.kind) == [.query])
        #expect(analysis.operations.first?.rootFields.first?.selectionPaths == ["id", "name"])
    }

    @Test("A coding that the caller undoes is read")
    func decodes() {
        let headers = [
            HTTPHeaderField("Content-Type", "application/json"), HTTPHeaderField("Content-Encoding", "x-reversed"),
        ]
        let facts = HTTPRequestFacts(
            method: "POST", url: endpoint, headers: headers,
            body: Array(#"{"query":\#(Evasion.quoted)}"#.utf8.reversed()))
        let analysis = RequestAnalysis.analyse(
            facts, decode: { coding, bytes in coding == "x-reversed" ? bytes.reversed() : nil })
        #expect(analysis.problems == [])
        #expect(analysis.operations.first?.rootFields.first?.name == "volumeDelete")
    }

    @Test(
        "A search that is not GraphQL stays plain JSON",
        arguments: [
            #"{"query":{"match":{"title":"x"}}}"#, #"{"query":"select * from t"}"#,
            #"{"query":"{app=\"x\"} |= \"y\""}"#, #"{"query":"query tuning"}"#,
        ])
    func plainJSON(_ body: String) {
        let analysis = RequestAnalysis.analyse(
            method: "POST", url: "https://search.example/index/_search",
            headers: [HTTPHeaderField("Content-Type", "application/json")],
            body: Array(body.utf8))
        #expect(analysis.problems == [])
        #expect(analysis.bodyKind == .json)
        #expect(analysis.operations.isEmpty)
    }

    @Test("JSON in a string that is too deep to be read is a problem", arguments: [(20, false), (200, true)])
    func deepString(_ depth: Int, _ isProblem: Bool) throws {
        let pad = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let patch = JSONValue.string("{\"pad\":\(pad),\"volumes\":{\"v\":{\"isDeleted\":true}}}").serialized()
        let body: JSONValue = ["query": .string("mutation { environmentPatchCommit(patch: \(patch)) }")]
        let analysis = RequestAnalysis.analyse(
            method: "POST", url: endpoint, headers: [HTTPHeaderField("Content-Type", "application/json")],
            body: body.serializedBytes())
        #expect(analysis.problems.map(\.code) == (isProblem ? [.bodyTooLarge] : []))
        let field = try #require(analysis.operations.first?.rootFields.first)
        #expect(field[argument: "patch"]?.walk { _, _ in } == !isProblem)
    }

    @Test(
        "Names that differ only in letter case are a problem at any depth",
        arguments: [
            (#"{"volumeId":"a","volumeID":"b"}"#, true), (#"[{"x":[{"Id":1,"ID":2}]}]"#, true),
            (#"{"volumeId":"a","v":{"volumeID":"b"}}"#, false),
        ])
    func caseOnly(_ body: String, _ isProblem: Bool) {
        let headers = [HTTPHeaderField("Content-Type", "application/json")]
        let analysis = RequestAnalysis.analyse(
            method: "POST", url: "https://api.example/", headers: headers, body: Array(body.utf8))
        #expect(analysis.problems.map(\.code) == (isProblem ? [.bodyAmbiguousKey] : []))
    }

    @Test("A flood of credentials is read in time and told in few lines")
    func flood() {
        let members = (0..<20_000).map { "{\"k\($0)_token\":\"x\"}" }.joined(separator: ",")
        let analysis = RequestAnalysis.analyse(
            method: "POST", url: "https://api.example/", headers: [HTTPHeaderField("Content-Type", "application/json")],
            body: Array("[\(members)]".utf8))
        #expect(analysis.literalCredentials.count == 20_000)
        #expect((1...64).contains(analysis.problems.count))
    }

    @Test(
        "An opaque scalar is walked to the flag inside it, quoted JSON included",
        arguments: [
            #"mutation { environmentPatchCommit(environmentId: "e", patch: {volumes: {v1: {isDeleted: true}}}) }"#,
            #"mutation { environmentPatchCommit(environmentId: "e", patch: "{\"volumes\":{\"v1\":{\"isDeleted\":true}}}") }"#,
            #"mutation { environmentPatchCommit(environmentId: "e", patch: "{\"volumes\":\"{\\\"v1\\\":{\\\"isDeleted\\\":false,\\\"isDeleted\\\":true}}\"}") }"#,
        ])
    func opaque(_ document: String) {
        let (operations, problems) = GraphQLOperation.analyse(document: document)
        #expect(problems == [])
        var found: [[String]] = []
        operations.first?.rootFields.first?[argument: "patch"]?.walk { path, value in
            if value == true { found.append(path) }
        }
        #expect(found == [["volumes", "v1", "isDeleted"]])
    }
}
