// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// Requests: what an HTTP request does at an endpoint that the catalogue knows, and what its method says elsewhere.
extension Catalogue {
    /// Whether the catalogue knows what is asked for at this place, so that only rules about operations may permit it.
    package func knowsEndpoint(host: String, path: String) -> Bool {
        if RailwayJudge.hosts.contains(host) || GitHubJudge.isEndpoint(host, path) { return true }
        return !entries(host: host, path: path.split(separator: "/").map(String.init)).isEmpty
    }

    /// The operations that a request asks for. A request that could not be read gives one of class `unknown`.
    package func operations(request: RequestAnalysis) -> [EffectAnalysis.Operation] {
        guard let url = request.url else {
            return [EffectAnalysis.Operation(id: "http.unknown", effectClass: .unknown, summary: "goes to a place that can't be read")]
        }
        let host = url.host.text
        var all: [EffectAnalysis.Operation] = []
        if RailwayJudge.hosts.contains(host) { all = graphQL(request, provider: "railway") } else if GitHubJudge.isGraphQL(host, url.path) { all = graphQL(request, provider: "github") } else if !request.operations.isEmpty {
            all = graphQL(request, provider: "")
        } else {
            all = endpoints(request, url, host)
        }
        // A credential where none may stand is a ground of its own to deny; it doesn't make the request harder to read.
        if request.problems.contains(where: { $0.code != .credentialLiteral }), all.allSatisfy({ $0.effectClass == .read || $0.effectClass == .reversible }) {
            all.append(EffectAnalysis.Operation(id: "http.unreadable", effectClass: .unknown, summary: "holds something that can't be read"))
        }
        return all
    }

    private func graphQL(_ request: RequestAnalysis, provider: String) -> [EffectAnalysis.Operation] {
        var all: [EffectAnalysis.Operation] = []
        for operation in request.operations {
            for field in operation.rootFields {
                switch operation.kind {
                case .query, .subscription:
                    all.append(provider == "railway" ? RailwayJudge.query(field)
                        : EffectAnalysis.Operation(id: provider.isEmpty ? "graphql.query" : provider + ".read", effectClass: .read, summary: "reads by GraphQL"))
                case .mutation: all.append(mutation(field, provider))
                }
            }
        }
        if all.isEmpty {
            all.append(EffectAnalysis.Operation(id: provider.isEmpty ? "graphql.unknown" : provider + ".unknown", effectClass: .unknown, summary: "asks an endpoint for something that can't be read"))
        }
        return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func mutation(_ field: GraphQLField, _ provider: String) -> EffectAnalysis.Operation {
        if provider == "railway" { return RailwayJudge.mutation(field) }
        if let entry = byField[provider + "." + field.name] { return entry.operation() }
        let effectClass = RailwayJudge.heuristic(field.name)
        return EffectAnalysis.Operation(
            id: (provider.isEmpty ? "graphql" : provider) + ".unknown." + field.name.prefix(80), effectClass: effectClass,
            summary: "calls a mutation that is not known")
    }

    private func endpoints(_ request: RequestAnalysis, _ url: CanonicalURL, _ host: String) -> [EffectAnalysis.Operation] {
        let path = url.pathSegments.filter { !$0.isEmpty }
        let isRead = ["GET", "HEAD", "OPTIONS"].contains(request.method)
        let known = entries(host: host, path: path)
        let matched = known.filter { $0.method == request.method || ($0.method == "*" && !isRead) }
        if !matched.isEmpty { return matched.map { $0.entry.operation() } }
        // At an endpoint that is known, also reading has a name of its own, so that a rule about operations can permit it.
        if isRead, let provider = known.first?.entry.id.prefix(while: { $0 != "." }) {
            return [EffectAnalysis.Operation(id: provider + ".read", effectClass: .read, summary: "reads over HTTP")]
        }
        switch request.method {
        case "GET", "HEAD", "OPTIONS": return [EffectAnalysis.Operation(id: "http.read", effectClass: .read, summary: "reads over HTTP")]
        case "DELETE": return [EffectAnalysis.Operation(id: "http.delete", effectClass: .irreversible, summary: "deletes something over HTTP")]
        case "TRACE": return [EffectAnalysis.Operation(id: "http.read", effectClass: .read, summary: "reads over HTTP")]
        default: return [EffectAnalysis.Operation(id: "http.write", effectClass: .unknown, summary: "sends something to an endpoint that is not known")]
        }
    }

    /// Judges a request that stands in a command.
    func judge(_ request: CommandRequest) -> CommandVerdict {
        let outgoing = request.request
        let analysis = RequestAnalysis.analyse(
            method: outgoing.method, url: outgoing.url, headers: outgoing.headers.map { HTTPHeaderField($0.name, $0.value.replacing(CommandWord.hole, with: "x")) }, body: outgoing.body)
        let operations = operations(request: analysis)
        var verdict = CommandVerdict(effectClass: operations.reduce(.read) { $0.combined(with: $1.effectClass) }, operations: operations)
        if !request.unknownParts.isEmpty, verdict.effectClass != .irreversible {
            // A read stays a read whatever its headers say, as long as method and host are known.
            let isPlainRead = verdict.effectClass == .read
                && (request.unknownParts.isSubset(of: [.headers]) || request.unknownParts.isSubset(of: [.headers, .path]) && ["GET", "HEAD"].contains(outgoing.method))
            if !isPlainRead { verdict.add(.unknown("http.computed", "sends a request of which part is only known when it runs")) }
        }
        return verdict
    }
}

/// GitHub's endpoints.
enum GitHubJudge {
    static func isGraphQL(_ host: String, _ path: String) -> Bool { host == "api.github.com" && path.lowercased() == "/graphql" }
    static func isEndpoint(_ host: String, _ path: String) -> Bool { isGraphQL(host, path) }
}
