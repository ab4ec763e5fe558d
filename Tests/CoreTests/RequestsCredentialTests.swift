// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

private let token = "0b1c2d3e-1111-4222-8333-444455556666"
private let placeholder = "ak_placeholder_1"

/// A request with `%` where a credential goes.
struct CredentialCase: Sendable, CustomTestStringConvertible {
    var name: String
    var url = "https://api.example/v1/things"
    var headers: [HTTPHeaderField] = []
    var body = ""
    var testDescription: String { name }

    static func header(_ name: String, _ value: String = "%") -> CredentialCase {
        CredentialCase(name: "\(name): \(value)", headers: [HTTPHeaderField(name, value)])
    }

    static func json(_ body: String) -> CredentialCase {
        CredentialCase(name: body, headers: [HTTPHeaderField("Content-Type", "application/json")], body: body)
    }

    func analyse(_ value: String) -> RequestAnalysis {
        func fill(_ text: String) -> String {
            text.unicodeScalars.split(separator: "%", omittingEmptySubsequences: false).map { String($0) }.joined(
                separator: value)
        }
        return RequestAnalysis.analyse(
            method: "POST", url: fill(url), headers: headers.map { HTTPHeaderField($0.name, fill($0.value)) },
            body: Array(fill(body).utf8),
            isPlaceholder: { $0 == placeholder })
    }

    static let fields: [CredentialCase] = [
        header("Authorization", "Bearer %"), header("authorization", "bearer   %"), header("AUTHORIZATION"),
        header("Authorization", "token %"),
        header("Authorization", "AWS4-HMAC-SHA256 %"), header("Proxy-Authorization", "Bearer %"), header("X-Api-Key"),
        header("api-key"),
        header("PRIVATE-TOKEN"), header("Project-Access-Token"), header("X-Auth-Token"), header("X-Vault-Token"),
        header("X-Amz-Security-Token"),
        header("DD-API-KEY"), header("CF-Access-Client-Secret"), header("Ocp-Apim-Subscription-Key"),
        header("X-Goog-Api-Key"),
        header("X-Shopify-Access-Token"), header("Circle-Token"), header("Some-Vendor-Secret"), header("X_Api_Key"),
        header("Any-Password"),
        header("Cookie", "session=%"), header("Cookie", "a=; sid=%; b="),
        CredentialCase(name: "access_token", url: "https://api.example/?access_token=%"),
        CredentialCase(name: "key", url: "https://api.example/?key=%"),
        CredentialCase(name: "signature", url: "https://api.example/?a=1&X-Amz-Signature=%"),
        CredentialCase(name: "sig", url: "https://api.example/?sig=%"),
        CredentialCase(
            name: "form", headers: [HTTPHeaderField("Content-Type", "application/x-www-form-urlencoded")],
            body: "grant_type=x&client_secret=%"),
        CredentialCase(
            name: "JSON in a form", headers: [HTTPHeaderField("Content-Type", "application/x-www-form-urlencoded")],
            body: "d={\"password\":\"%\"}"),
        CredentialCase(
            name: "form inside JSON", headers: [HTTPHeaderField("Content-Type", "application/x-www-form-urlencoded")],
            body: #"{"a":"&client_secret=%&"}"#),
        json(#"{"password":"%"}"#), json(#"{"a":[{"b":{"apiKey":"%"}}]}"#), json(#"{"API_TOKEN":["%"]}"#),
        json(#"{"name":"DB_PASSWORD","value":"%"}"#),
        json(#"{"headers":{"Authorization":"Bearer %"}}"#), json(#"{"payload":"{\"client_secret\":\"%\"}"}"#),
        json(#"{"query":"mutation { login(token: \"%\") { id } }"}"#),
        json(#"{"query":"mutation($t: S) { a { login(input: {password: $t}) } }","variables":{"t":"%"}}"#),
    ]
}

@Suite("Credential fields are closed to literals")
struct RequestsCredentialTests {
    @Test(
        "A literal in a credential field is a problem, and a granted placeholder is none",
        arguments: CredentialCase.fields)
    func fields(_ scenario: CredentialCase) {
        let literal = scenario.analyse(token)
        #expect(literal.problems.map(\.code) == [.credentialLiteral])
        #expect(literal.literalCredentials.isEmpty == false)
        #expect(!literal.problems.description.contains(token))
        #expect(!String(reflecting: literal.credentials).contains(token))
        #expect(!literal.description.contains(token))
        let granted = scenario.analyse(placeholder)
        #expect(granted.problems == [])
        #expect(granted.credentials.isEmpty == false)
        #expect(granted.literalCredentials == [])
    }

    @Test("An empty credential field holds none", arguments: CredentialCase.fields)
    func empty(_ scenario: CredentialCase) {
        #expect(scenario.analyse("").literalCredentials == [])
        #expect(scenario.analyse("").problems == [])
    }

    @Test(
        "Basic is read on both sides of its colon",
        arguments: [
            ("user:\(placeholder)", true), ("\(placeholder):", true), ("\(placeholder):x-oauth-basic", true),
            (":\(placeholder)", true),
            ("someone@example.com:\(placeholder)", true), ("user:\(token)", false), ("\(token):", false),
            ("\(token):\(placeholder)", false),
            ("\(token):x-oauth-basic", false), ("\(placeholder):\(token)", false), (token, false),
        ])
    func basic(_ pair: String, _ permitted: Bool) {
        let analysis = CredentialCase.header("Authorization", "Basic " + Base64.encode(pair.utf8)).analyse("")
        #expect(analysis.literalCredentials.isEmpty == permitted)
        #expect(analysis.credentials.isEmpty == false)
    }

    @Test(
        "A literal can't hide as the scheme in front of a placeholder",
        arguments: [
            ("Authorization", "\(token) \(placeholder)"), ("Authorization", "Bearer \(token) \(placeholder)"),
            ("X-Api-Key", "secretword \(placeholder)"),
            ("Authorization", "Bearer \(placeholder) \(token)"), ("Authorization", "Basic \(token) \(placeholder)"),
        ])
    func smuggled(_ name: String, _ value: String) {
        #expect(CredentialCase.header(name, value).analyse("").literalCredentials.count == 1)
    }

    @Test("A placeholder in the place of a whole Basic credential is one")
    func basicPlaceholder() {
        let headers = [HTTPHeaderField("Authorization", "Basic abcdabcd")]
        let request = OutgoingRequest(
            method: "GET", url: "https://api.example/", headers: [.init("Authorization", "Basic abcdabcd")])
        #expect(HTTPRequestFacts(request).headers == headers)
        let analysis = RequestAnalysis.analyse(HTTPRequestFacts(request), isPlaceholder: { $0 == "abcdabcd" })
        #expect(analysis.problems == [])
        #expect(analysis.credentials.map(\.isPlaceholder) == [true])
    }

    @Test("A user name or a password in the url is a problem of its own")
    func userinfo() {
        let analysis = CredentialCase(name: "", url: "https://git:%@api.example/").analyse(token)
        #expect(Set(analysis.problems.map(\.code)) == [.urlUserinfo, .credentialLiteral])
    }

    @Test(
        "A finding points at its value",
        arguments: [
            ("Authorization", "Bearer \(token)", token), ("X-Api-Key", "  \(token) ", token),
            ("Cookie", "a=1; sid= \(token);x=", token),
        ])
    func range(_ name: String, _ value: String, _ expected: String) throws {
        let analysis = RequestAnalysis.analyse(
            method: "GET", url: "https://api.example", headers: [HTTPHeaderField(name, value)])
        let finding = try #require(analysis.credentials.last)
        #expect(String(decoding: Array(value.utf8)[finding.range], as: UTF8.self) == expected)
    }

    @Test(
        "Fields that only sound alike are left alone",
        arguments: [
            CredentialCase.header("Idempotency-Key", token), .header("Accept", "application/json"),
            .json(#"{"maxTokens":5,"max_tokens":1,"nextPageToken":"x"}"#),
            .json(#"{"key":"a","value":"b","name":"x"}"#), .json(#"{"token":null,"password":""}"#),
            CredentialCase(name: "page", url: "https://api.example/?page_token=x&q=token"),
        ])
    func harmless(_ scenario: CredentialCase) {
        #expect(scenario.analyse("").problems == [])
    }

    struct HeaderCase: Sendable, CustomTestStringConvertible {
        let headers: [HTTPHeaderField]
        let code: RequestProblem.Code?
        var testDescription: String { headers.map { "\($0.name): \($0.value)" }.joined(separator: ", ") }
        init(_ headers: [(String, String)], _ code: RequestProblem.Code?) {
            self.headers = headers.map { HTTPHeaderField($0, $1) }
            self.code = code
        }

        static let table = [
            HeaderCase([("Host", "api.example")], nil), HeaderCase([("Host", "API.example.:443")], nil),
            HeaderCase([("Content-Length", "0")], nil),
            HeaderCase([("Transfer-Encoding", "Chunked")], nil), HeaderCase([("Host", "other.example")], .headerHost),
            HeaderCase([("Host", "api.example:80")], .headerHost), HeaderCase([("Host", "api.example/x")], .headerHost),
            HeaderCase([("Host", "u@api.example")], .headerHost),
            HeaderCase([("Host", "api.example"), ("host", "api.example")], .headerDuplicate),
            HeaderCase([("Content-Length", "5")], .headerFraming),
            HeaderCase([("Content-Length", "0, 0")], .headerFraming),
            HeaderCase([("Content-Length", "+0")], .headerFraming),
            HeaderCase([("Content-Length", "0"), ("content-length", "0")], .headerDuplicate),
            HeaderCase([("Transfer-Encoding", "gzip, chunked")], .headerFraming),
            HeaderCase([("Transfer_Encoding", "chunked")], .headerInvalid),
            HeaderCase([("Bad Name", "x")], .headerInvalid), HeaderCase([("", "x")], .headerInvalid),
            HeaderCase([(":authority", "x")], .headerInvalid), HeaderCase([("A", "b\r\nC: d")], .headerInvalid),
            HeaderCase([("A", "b\u{0}")], .headerInvalid),
            HeaderCase([("Content-Type", "application/json, text/plain")], .headerInvalid),
            HeaderCase([("X-Original-URL", "/admin")], .headerRoute),
            HeaderCase([("X-Forwarded-Host", "x")], .headerRoute),
            HeaderCase([("Forwarded", "for=1;host=x")], .headerRoute),
            HeaderCase([("X-HTTP-Method-Override", "DELETE")], .methodOverride),
            HeaderCase([("X-HTTP-Method-Override", "post")], nil),
            HeaderCase([("Upgrade", "h2c")], .requestUpgrade),
        ]
    }

    @Test("Headers on which servers disagree are a problem", arguments: HeaderCase.table)
    func headers(_ scenario: HeaderCase) {
        let analysis = RequestAnalysis.analyse(method: "POST", url: "https://api.example/", headers: scenario.headers)
        #expect(analysis.problems.map(\.code) == (scenario.code.map { [$0] } ?? []))
    }

    @Test(
        "A method that is no token, opens a tunnel, or asks for another is a problem",
        arguments: [
            ("GET", "https://h/", nil), ("get", "https://h/", nil), ("CONNECT", "https://h/", .methodRefused),
            ("trace", "https://h/", .methodRefused),
            ("G T", "https://h/", .methodInvalid), ("", "https://h/", .methodInvalid),
            ("POST", "https://h/?_method=DELETE", .methodOverride),
        ] as [(String, String, RequestProblem.Code?)])
    func methods(_ method: String, _ url: String, _ code: RequestProblem.Code?) {
        let analysis = RequestAnalysis.analyse(method: method, url: url)
        #expect(analysis.problems.map(\.code) == (code.map { [$0] } ?? []))
    }
}
