// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension Judge {
    /// Judges the credentials of a request, and attaches one where the policy says so.
    mutating func judgeCredentials(_ act: EffectReading.Act) {
        guard case .request(let request) = act else { return }
        judgePassThrough(request)
        for credential in request.credentials { judge(credential, in: request) }
        if request.credentials.isEmpty && !isInPod { attach(to: request) }
    }

    private mutating func judgePassThrough(_ request: EffectReading.RequestAct) {
        guard policy.document.egress.passThroughPatterns.contains(where: { $0.matches(request.target.host) }) else {
            return
        }
        if !request.credentials.isEmpty {
            deny(
                "egress.pass-through",
                "\(request.target.host) is passed through unopened, so that no credential can be put in; take it out of `pass_through`"
            )
        }
        let isLabelled = HostPattern(request.target.host).flatMap { policy.inventory.labels(host: $0) } != nil
        if reading.lastingClass == .irreversible || request.knowsEndpoint || isLabelled {
            deny(
                "egress.pass-through",
                "\(request.target.host) is passed through unopened, which allows nothing irreversible, no endpoint of the catalogue and no host with a label"
            )
        }
    }

    private mutating func judge(_ credential: EffectReading.CredentialUse, in request: EffectReading.RequestAct) {
        guard let name = credential.secret else {
            deny(
                "secret.scope", "a placeholder stands where no secret may stand; put it where the policy's `place` says"
            )
            return
        }
        guard let secret = policy.document.secret(named: name), !secret.isResolver else {
            deny(
                "secret.scope", "no secret `\(ShapeChecker.shown(name))` is granted to tools; name one of the policy's")
            return
        }
        var inScope: [SecretDeclaration.Use] = []
        var problem = "it has no use"
        for use in secret.uses {
            if let found = SecretScope.problem(use, request) { problem = found } else { inScope.append(use) }
        }
        guard !inScope.isEmpty else {
            deny("secret.scope", "the secret `\(name)` can't be used here: \(problem)", secret.position)
            return
        }
        guard secret.environment == environment else {
            let bound = secret.environment?.name ?? "no environment"
            deny(
                "secret.scope", "the secret `\(name)` is bound to \(bound), and the effect is in \(environment.name)",
                secret.position)
            return
        }
        guard let use = inScope.first(where: { Self.fits(credential.field, $0.place) }) else {
            let place = inScope[0].place.text
            deny(
                "secret.place", "the placeholder of `\(name)` stands elsewhere than `\(place)`; put it there",
                inScope[0].position)
            return
        }
        if credential.field == nil, SecretScope.isFilled(use.place, request) {
            deny(
                "secret.place",
                "the request names the credential `\(name)` and fills its place already; leave the place empty",
                use.position)
            return
        }
        inject(name, use)
    }

    /// Puts a secret into a request that carries none, where exactly one of the policy's is meant for that.
    private mutating func attach(to request: EffectReading.RequestAct) {
        var fitting: [(name: String, use: SecretDeclaration.Use)] = []
        for secret in policy.document.secrets where !secret.isResolver && secret.environment == environment {
            for use in secret.uses
            where use.isAttached && SecretScope.problem(use, request) == nil
                && !SecretScope.isFilled(use.place, request)
            {
                fitting.append((secret.name, use))
            }
        }
        if Set(fitting.map(\.name)).count > 1 {
            let names = Set(fitting.map(\.name)).sorted().map { "`\($0)`" }.joined(separator: ", ")
            ground("secret.ambiguous", "several secrets could be attached (\(names)), so that none is; name one")
        } else if let first = fitting.first {
            inject(first.name, first.use)
        }
    }

    private mutating func inject(_ name: String, _ use: SecretDeclaration.Use) {
        ground("secret.use", "the secret `\(name)` goes into `\(use.place.text)`", use.position)
        if isInPod { return }
        let obligation = Obligation.injectSecret(name: name, place: use.place.text)
        if !obligations.contains(obligation) { obligations.append(obligation) }
    }

    private static func fits(_ field: EffectReading.Field?, _ place: SecretPlace) -> Bool {
        switch (field, place.part) {
        case (nil, _): true
        case (.header(let name, let value, let placeholder)?, .header(let expected)):
            name.lowercased() == expected.lowercased() && value == place.filled(with: placeholder)
        case (.query(let name, let value, let placeholder)?, .query(let expected)):
            name == expected && value == place.filled(with: placeholder)
        default: false
        }
    }
}
