// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension EffectReader {
    func request(_ request: OutgoingRequest, _ session: SessionContext) -> EffectReading {
        let facts = HTTPRequestFacts(
            method: request.method, url: request.url,
            headers: request.headers.map { HTTPHeaderField($0.name, $0.value) },
            body: request.body)
        let analysis = RequestAnalysis.analyse(facts, isPlaceholder: { secretOfPlaceholder($0) != nil })
        var reading = EffectReading(effectClass: .unknown)
        reading.problems = analysis.problems.map { Reason($0.code.rawValue, $0.detail) }
        reading.canonical = Self.canonical(analysis, request)
        guard let url = analysis.url else {
            if reading.problems.isEmpty {
                reading.problems = [Reason("url.syntax", "the URL can't be read; give an absolute one")]
            }
            reading.stated = [
                ResolvedTarget(
                    provider: "https", type: "host", id: "unreadable", environment: order.mostProtected,
                    proof: .unproven(why: "the URL can't be read"))
            ]
            return reading
        }
        let target = Self.target(url)
        let sight = catalogue.read(request: analysis)
        reading.operations = sight.operations
        reading.contained = sight.general
        reading.effectClass = Self.effectClass(analysis.method, sight)
        if egress.passThroughPatterns.contains(where: { $0.matches(target.host) }) {
            // What isn't opened can't be read, whatever was proposed.
            reading.effectClass = reading.effectClass.combined(with: .unknown)
        }
        reading.lastingClass = reading.effectClass
        for operation in sight.operations + sight.general { reading.notes.append(Self.note(operation)) }
        let act = EffectReading.RequestAct(
            target: target, method: analysis.method, knowsEndpoint: sight.knowsEndpoint, operations: sight.operations,
            credentials: credentials(in: request, analysis), filled: Self.filledFields(request, url))
        stateHost(act, session, in: &reading)
        checkAddress(url, target, in: &reading)
        if sight.knowsEndpoint { checkPort(target, in: &reading) }
        reading.acts = [.request(act)]
        return reading
    }

    static func target(_ url: CanonicalURL) -> TargetURL {
        TargetURL(
            scheme: url.scheme.rawValue, host: url.host.text, port: Int(url.port),
            path: url.pathSegments.filter { !$0.isEmpty }.map { Array($0.utf8) })
    }

    private static func effectClass(_ method: String, _ sight: RequestSight) -> EffectClass {
        let all = sight.operations + sight.general
        if let first = all.first {
            return all.dropFirst().reduce(first.effectClass) { $0.combined(with: $1.effectClass) }
        }
        // RFC 9110, section 9.2.1: these methods are safe. A known endpoint without an operation stays unknown.
        return !sight.knowsEndpoint && ["GET", "HEAD", "OPTIONS"].contains(method) ? .read : .unknown
    }

    /// Where every operation names ids that a provider proves, the ids tell the environment and not the host.
    private func stateHost(
        _ act: EffectReading.RequestAct, _ session: SessionContext, in reading: inout EffectReading
    ) {
        let areProvenByID = !act.operations.isEmpty && act.operations.allSatisfy { !$0.queries.isEmpty }
        let entry = inventory.entry(for: act.target)
        if entry == nil && areProvenByID { return }
        if stateByCredential(act, entry, session, in: &reading) { return }
        state(act.target, type: "host", in: &reading)
        // An endpoint that serves all environments says nothing about where a change without an id lands.
        for operation in act.operations where operation.queries.isEmpty && operation.effectClass != .read {
            let provider = Self.provider(of: operation)
            guard entry?.environment == EnvironmentLabel.none, inventory.providers[provider] != nil else { continue }
            let why = "`\(operation.id)` names no id that `\(provider)` could prove"
            reading.stated.append(
                ResolvedTarget(
                    provider: provider, type: "operation", id: operation.id, environment: order.mostProtected,
                    proof: .unproven(why: why)))
        }
    }

    /// Where an endpoint serves all environments, what only reads lands where its credential is bound, as the policy states.
    ///
    /// Never for a change: that a credential is meant for staging doesn't prove where an act with it ends.
    private func stateByCredential(
        _ act: EffectReading.RequestAct, _ entry: InventoryEntry?, _ session: SessionContext,
        in reading: inout EffectReading
    ) -> Bool {
        let onlyReads = act.operations.allSatisfy { $0.effectClass == .read && $0.queries.isEmpty }
        guard act.knowsEndpoint, !act.operations.isEmpty, onlyReads,
            entry == nil || entry?.environment == EnvironmentLabel.none,
            let secret = SecretScope.carried(by: act, among: secrets, in: session.environment),
            let label = secret.environment
        else { return false }
        let summary = "the secret `\(secret.name)` reaches \(label.name)"
        reading.stated.append(
            ResolvedTarget(
                provider: act.target.scheme, type: "credential", id: secret.name, environment: label,
                proof: .inventory(entry: summary)))
        reading.notes.append(Reason("secret.environment", summary, location: secret.position.description))
        return true
    }

    private func checkAddress(_ url: CanonicalURL, _ target: TargetURL, in reading: inout EffectReading) {
        guard let address = url.host.address, address.addressClass.isPrivate, !egress.allowsPrivateAddresses else {
            return
        }
        let isPinned = egress.pins.contains { $0.host == target.host && $0.port == target.port }
        if isPinned { return }
        reading.problems.append(
            Reason(
                "address.private",
                "\(target.host) is a \(address.addressClass.rawValue) address, which the policy doesn't let out; pin it under `egress.resolve` or permit it"
            ))
    }

    /// An operation's rule names no port: it is for the endpoint itself, not for whoever listens beside it.
    private func checkPort(_ target: TargetURL, in reading: inout EffectReading) {
        let isOwn = ["https", "wss"].contains(target.scheme) && target.port == TargetURL.defaultPort(of: target.scheme)
        if isOwn || egress.pins.contains(where: { $0.host == target.host && $0.port == target.port }) { return }
        reading.problems.append(
            Reason(
                "catalogue.port",
                "the catalogue's endpoints are reached by https at port 443 only; use that, or pin the port under `egress.resolve`"
            ))
    }

    private func credentials(in request: OutgoingRequest, _ analysis: RequestAnalysis) -> [EffectReading.CredentialUse]
    {
        var uses: [EffectReading.CredentialUse] = []
        if let name = request.credential { uses.append(EffectReading.CredentialUse(secret: name, field: nil)) }
        for finding in analysis.credentials where finding.isPlaceholder {
            let field = field(of: finding, request, analysis)
            let secret: String? =
                switch field {
                case .header(_, _, let placeholder), .query(_, _, let placeholder): secretOfPlaceholder(placeholder)
                case .elsewhere: nil
                }
            uses.append(EffectReading.CredentialUse(secret: secret, field: field))
        }
        return uses
    }

    private func field(of finding: CredentialFinding, _ request: OutgoingRequest, _ analysis: RequestAnalysis)
        -> EffectReading.Field
    {
        let value: String
        switch finding.location {
        case .header where finding.encoding == .plain && request.headers.indices.contains(finding.index):
            value = request.headers[finding.index].value
        case .query where finding.encoding == .plain:
            guard let parameters = analysis.url?.parameters, parameters.indices.contains(finding.index) else {
                return .elsewhere
            }
            value = parameters[finding.index].value
        default: return .elsewhere
        }
        let bytes = Array(value.utf8)
        guard finding.range.lowerBound >= 0, finding.range.upperBound <= bytes.count else { return .elsewhere }
        let placeholder = String(decoding: bytes[finding.range], as: UTF8.self)
        return finding.location == .header
            ? .header(name: finding.name, value: value, placeholder: placeholder)
            : .query(name: finding.name, value: value, placeholder: placeholder)
    }

    private static func filledFields(_ request: OutgoingRequest, _ url: CanonicalURL) -> Set<String> {
        Set(request.headers.map { "h:" + $0.name.lowercased() } + url.parameters.map { "q:" + $0.name.lowercased() })
    }

    private static func canonical(_ analysis: RequestAnalysis, _ request: OutgoingRequest) -> JSONValue {
        var object: JSONObject = [
            "kind": "http", "method": .string(analysis.method),
            "url": .string(analysis.url?.description ?? "unreadable"),
            "bodyDigest": .string(PolicyDigest.text(of: request.body)),
        ]
        if let credential = request.credential { object["credential"] = .string(credential) }
        if !analysis.operations.isEmpty {
            object["graphql"] = .array(
                analysis.operations.map { operation in
                    .object([
                        "digest": .string(PolicyDigest.text(of: operation.canonicalBytes)),
                        "fields": .array(
                            operation.rootFields.map {
                                ["name": .string($0.name), "arguments": floatFree($0.argumentsJSON)]
                            }),
                    ])
                })
        }
        return .object(object)
    }

    /// The value without numbers that canonical JSON refuses: each stands as an object of its exact text.
    static func floatFree(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let text): return ["number": .string(text)]
        case .integer(let integer) where integer.magnitude >= 1 << 53: return ["number": .string(String(integer))]
        case .array(let elements): return .array(elements.map { floatFree($0) })
        case .object(let members):
            var object = JSONObject()
            for member in members { object[member.name] = floatFree(member.value) }
            return .object(object)
        default: return value
        }
    }
}
