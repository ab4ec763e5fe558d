// SPDX-License-Identifier: Apache-2.0

struct RequestAnalyzer {
    let facts: HTTPRequestFacts
    let limits: RequestLimits
    var analysis: RequestAnalysis
    /// The body with content codings undone.
    var body: [UInt8] = []

    init(facts: HTTPRequestFacts, limits: RequestLimits) {
        self.facts = facts
        self.limits = limits
        analysis = RequestAnalysis(method: facts.method.uppercased())
    }

    /// Whether the path says that a GraphQL server listens there.
    var expectsGraphQL: Bool {
        if analysis.mediaType?.essence.contains("graphql") == true { return true }
        let path = analysis.url?.path.lowercased() ?? ""
        return path.contains("graphql") || path.split(separator: "/").contains("gql")
    }

    mutating func readTarget() {
        if !HeaderValueReader.isToken(facts.method) || facts.method.utf8.count > 32 {
            analysis.method = "INVALID"
            analysis.report(.methodInvalid, "method is not a token")
        }
        if ["CONNECT", "TRACE", "TRACK"].contains(analysis.method) {
            analysis.report(.methodRefused, "method opens a tunnel or echoes the request")
        }
        do {
            let url = try CanonicalURL.parse(facts.url)
            analysis.url = url
            if url.userinfo != nil {
                analysis.report(.urlUserinfo, "url carries a user name or a password; use a granted credential")
            }
            if url.scheme.isWebSocket { analysis.report(.requestUpgrade, "messages of a WebSocket are not read") }
            for parameter in url.parameters { checkOverride(parameter.name, parameter.value) }
        } catch {
            analysis.report(error.problem)
        }
    }

    mutating func checkOverride(_ name: String, _ value: String) {
        guard ["_method", "x-http-method-override", "x-method-override"].contains(name.lowercased()) else { return }
        guard value.uppercased() != analysis.method else { return }
        analysis.report(.methodOverride, "a parameter asks for another method; send that method itself")
    }

    mutating func readHeaders() {
        if facts.headers.count > limits.maximumHeaders {
            analysis.report(.headerInvalid, "more than \(limits.maximumHeaders) headers")
        }
        var seen: Set<String> = []
        for header in facts.headers {
            // Gateways turn `_` into `-`, or drop such headers; both spellings must not disagree.
            let name = String(
                decoding: header.name.lowercased().utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 },
                as: UTF8.self)
            let isPlainValue = header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            if !HeaderValueReader.isToken(header.name) || !isPlainValue {
                analysis.report(.headerInvalid, "header has a character that headers must not have")
            }
            if Self.single.contains(name) {
                if header.name.contains("_") {
                    analysis.report(.headerInvalid, "header `\(name)` is written with an underscore")
                }
                if !seen.insert(name).inserted { analysis.report(.headerDuplicate, "header `\(name)` stands twice") }
            }
            readHeader(name, header.value)
        }
        if seen.contains("content-length") && seen.contains("transfer-encoding") {
            analysis.report(.headerFraming, "content-length and transfer-encoding stand together")
        }
    }

    private static let single: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "authorization", "proxy-authorization",
        "upgrade",
        "content-encoding",
    ]

    private mutating func readHeader(_ name: String, _ value: String) {
        let value = value.trimmingSpace()
        switch name {
        case "host": checkHost(value)
        case "content-length":
            let isNumber = !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
            if !isNumber || Int(value) != facts.body.count {
                analysis.report(.headerFraming, "content-length differs from the body")
            }
        case "transfer-encoding":
            if value.lowercased() != "chunked" {
                analysis.report(.headerFraming, "transfer-encoding is not plain `chunked`")
            }
        case "content-type":
            analysis.mediaType = MediaType(value)
            if analysis.mediaType == nil { analysis.report(.headerInvalid, "content-type is malformed") }
        case "x-http-method-override", "x-http-method", "x-method-override":
            if value.uppercased() != analysis.method {
                analysis.report(.methodOverride, "header `\(name)` asks for another method; send that method itself")
            }
        case "x-original-url", "x-rewrite-url", "x-original-uri", "x-forwarded-host", "x-host", "x-http-host-override",
            "x-forwarded-server", "x-original-host", "x-forwarded-uri", "x-forwarded-path":
            analysis.report(.headerRoute, "header `\(name)` asks for another host or path than the url")
        case "forwarded":
            if value.lowercased().contains("host=") {
                analysis.report(.headerRoute, "header `forwarded` names another host")
            }
        case "upgrade", "http2-settings":
            analysis.report(.requestUpgrade, "request asks to leave HTTP")
        default: break
        }
    }

    /// Compares the `Host` header with the URL, both in canonical form.
    private mutating func checkHost(_ value: String) {
        guard let url = analysis.url else { return }
        let stated = try? CanonicalURL.parse("\(url.scheme.rawValue)://\(value)/")
        guard let stated, stated.authority == url.authority, stated.userinfo == nil, stated.target == "/" else {
            return analysis.report(.headerHost, "host header names another host than the url")
        }
    }

    mutating func readCredentials(_ isPlaceholder: @escaping (String) -> Bool) {
        var finder = CredentialFinder(isPlaceholder: isPlaceholder)
        finder.scan(headers: facts.headers)
        if let url = analysis.url { finder.scan(url: url) }
        finder.scan(form: analysis.form)
        if let json = analysis.json { finder.scan(json: json) }
        for operation in analysis.operations { finder.scan(operation: operation) }
        analysis.credentials = finder.findings
        if !finder.isComplete { analysis.report(.bodyTooLarge, "a string holds JSON that is nested too deeply") }
        for finding in finder.findings.lazy.filter({ !$0.isPlaceholder }).prefix(32) {
            analysis.report(
                .credentialLiteral, "\(finding) holds a literal credential; use the placeholder of a granted one")
        }
    }
}
