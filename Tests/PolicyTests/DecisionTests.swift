// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

/// One effect and what is decided about it.
struct DecisionCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var policy = PolicySample.full
    var session = "staging"
    let effect: Effect
    var targets: [ResolvedTarget] = []
    let outcome: Decision.Outcome
    var reasons: Set<String> = []
    var environment: String?
    var effectClass: EffectClass?

    init(
        _ description: String, _ effect: Effect.Action, _ outcome: Decision.Outcome, _ reasons: Set<String> = [],
        session: String = "staging",
        targets: [ResolvedTarget] = [], environment: String? = nil, class effectClass: EffectClass? = nil,
        policy: String = PolicySample.full
    ) {
        testDescription = description
        self.effect = Effect(effect)
        self.outcome = outcome
        self.reasons = reasons
        self.session = session
        self.targets = targets
        self.environment = environment
        self.effectClass = effectClass
        self.policy = policy
    }

    static func volume(_ id: String, _ environment: String) -> ResolvedTarget {
        ResolvedTarget(
            provider: "railway", type: "volumeInstance", id: id, environment: EnvironmentLabel(environment),
            proof: .provider(name: "railway"))
    }

    static func railway(_ path: String, credential: String? = nil) -> Effect.Action {
        .request(
            OutgoingRequest(method: "POST", url: "https://backboard.railway.app/op/" + path, credential: credential))
    }

    static func get(
        _ url: String, method: String = "GET", headers: [OutgoingRequest.Header] = [], credential: String? = nil
    ) -> Effect.Action {
        .request(OutgoingRequest(method: method, url: url, headers: headers, credential: credential))
    }
}

@Suite("Decisions")
struct DecisionTests {
    static let files: [DecisionCase] = [
        DecisionCase(
            "a file of the workspace is read", .readFile(path: "src/main.swift"), .permit, ["rule.read-the-workspace"],
            class: .read),
        DecisionCase("its absolute spelling is the same file", .readFile(path: "/work/space/src/main.swift"), .permit),
        DecisionCase(
            "climbing out of the workspace is not", .readFile(path: "src/../../other/key"), .deny, ["default.deny"]),
        DecisionCase(
            "a sibling with the same prefix is not", .readFile(path: "/work/space2/key"), .deny, ["default.deny"]),
        DecisionCase("a path with a NUL is not", .readFile(path: "a\0b"), .deny, ["path.invalid"]),
        DecisionCase("writing needs a rule of its own", .writeFile(path: "src/main.swift"), .deny, ["default.deny"]),
    ]

    static let programs: [DecisionCase] = [
        DecisionCase(
            "a program of the system runs", .execute(Execution(argv: ["/usr/bin/git", "status"])), .permit,
            ["rule.build-tools"]),
        DecisionCase(
            "a bare name stands for the search path", .execute(Execution(shell: "npm test")), .permit,
            ["rule.build-tools"]),
        DecisionCase(
            "a program elsewhere does not run", .execute(Execution(argv: ["/opt/evil"])), .deny, ["default.deny"]),
        DecisionCase(
            "also not by way of the shell", .execute(Execution(shell: "/opt/evil now")), .deny, ["default.deny"]),
        DecisionCase(
            "a denied flag is denied", .execute(Execution(argv: ["/usr/bin/git", "push", "--force"])), .deny,
            ["rule.never-force-push"]),
        DecisionCase(
            "abbreviated too", .execute(Execution(argv: ["git", "push", "--forc"])), .deny, ["rule.never-force-push"]),
        DecisionCase(
            "behind other options too", .execute(Execution(argv: ["git", "-C", "dir", "push", "origin", "--force"])),
            .deny, ["rule.never-force-push"]),
        DecisionCase(
            "a longer flag is another flag", .execute(Execution(argv: ["git", "push", "--force-with-lease"])), .permit),
        DecisionCase(
            "deleting in the layer needs no signature", .execute(Execution(shell: "rm -rf build")), .permit,
            ["catalogue.files.rm"], environment: "none", class: .irreversible),
        DecisionCase(
            "deleting elsewhere is unproven", .execute(Execution(shell: "aws rds delete-db-instance")), .deny,
            ["environment.mismatch", "catalogue.aws.rds.delete"], environment: "production", class: .irreversible),
        DecisionCase(
            "a request in a command is judged early",
            .execute(Execution(shell: "curl https://backboard.railway.app/op/volumeDelete/irreversible/v1")), .deny,
            ["environment.mismatch"], targets: [DecisionCase.volume("v1", "production")], environment: "production"),
    ]

    static let requests: [DecisionCase] = [
        DecisionCase(
            "a permitted host and method", DecisionCase.get("https://packages.acme.dev/left-pad"), .permit,
            ["rule.packages", "inventory.entry"], environment: "none", class: .read),
        DecisionCase(
            "another method is not", DecisionCase.get("https://packages.acme.dev/left-pad", method: "PUT"), .deny,
            ["default.deny"]),
        DecisionCase(
            "another port is not", DecisionCase.get("https://packages.acme.dev:8443/left-pad"), .deny, ["default.deny"]),
        DecisionCase(
            "a host that no rule names", DecisionCase.get("https://example.com/"), .deny,
            ["default.deny", "environment.unproven"]),
        DecisionCase(
            "a permitted host of the session's environment", DecisionCase.get("https://api.staging.acme.dev/v1"),
            .permit, ["rule.apis"], environment: "staging"),
        DecisionCase(
            "the same in another environment", DecisionCase.get("https://api.acme.dev/v1"), .deny,
            ["environment.mismatch"], environment: "production"),
        DecisionCase(
            "a host without an entry is the most protected", DecisionCase.get("https://unlisted.acme.dev/v1"), .deny,
            ["environment.unproven", "environment.mismatch"], environment: "production"),
        DecisionCase(
            "an address of the link", DecisionCase.get("http://169.254.169.254/latest"), .deny, ["address.private"]),
        DecisionCase("an address in a number", DecisionCase.get("http://2130706433/"), .deny, ["address.private"]),
        DecisionCase(
            "a literal credential",
            DecisionCase.get(
                "https://api.staging.acme.dev/v1",
                headers: [.init("Authorization", "Bearer 3d2c42fb-0000-4000-8000-000000000000")]), .deny,
            ["credential.literal"]),
        DecisionCase("a URL that can't be read", DecisionCase.get("https://exa mple.com"), .deny),
    ]

    static let operations: [DecisionCase] = [
        DecisionCase(
            "an irreversible operation in the session's environment asks",
            DecisionCase.railway("volumeDelete/irreversible/v2"), .requireApproval,
            ["approval.required", "rule.staging-provider"], targets: [DecisionCase.volume("v2", "staging")],
            environment: "staging", class: .irreversible),
        DecisionCase(
            "in production it is out of reach", DecisionCase.railway("volumeDelete/irreversible/v1"), .deny,
            ["environment.mismatch"], targets: [DecisionCase.volume("v1", "production")], environment: "production"),
        DecisionCase(
            "in both it is the most protected", DecisionCase.railway("volumeDelete/irreversible/v3"), .deny,
            ["environment.mismatch"],
            targets: [DecisionCase.volume("v3", "staging"), DecisionCase.volume("v3", "production")],
            environment: "production"),
        DecisionCase(
            "without an answer it is unproven", DecisionCase.railway("volumeDelete/irreversible/v2"), .deny,
            ["environment.unproven"], environment: "production"),
        DecisionCase(
            "an answer about another id is none", DecisionCase.railway("volumeDelete/irreversible/v2"), .deny,
            ["environment.unproven"], targets: [DecisionCase.volume("v9", "staging")], environment: "production"),
        DecisionCase(
            "a label that the policy lacks is unproven", DecisionCase.railway("volumeDelete/irreversible/v2"), .deny,
            targets: [DecisionCase.volume("v2", "sandbox")], environment: "production"),
        DecisionCase(
            "a reversible one needs only a rule", DecisionCase.railway("domainCreate/reversible/v2"), .permit,
            ["rule.staging-provider"], targets: [DecisionCase.volume("v2", "staging")]),
        DecisionCase(
            "a known endpoint without an operation", DecisionCase.get("https://backboard.railway.app/"), .deny,
            ["catalogue.unread"]),
    ]

    static let secrets: [DecisionCase] = [
        DecisionCase(
            "a named credential in scope",
            DecisionCase.railway("customDomainCreate/reversible/v2", credential: "railway-domains"), .permit,
            ["secret.use"], targets: [DecisionCase.volume("v2", "staging")]),
        DecisionCase(
            "for another operation",
            DecisionCase.railway("volumeDelete/irreversible/v2", credential: "railway-domains"), .deny,
            ["secret.scope"], targets: [DecisionCase.volume("v2", "staging")]),
        DecisionCase(
            "for another environment",
            DecisionCase.railway("customDomainCreate/reversible/v1", credential: "railway-domains"), .deny,
            ["secret.scope", "environment.mismatch"], targets: [DecisionCase.volume("v1", "production")]),
        DecisionCase(
            "for another host", DecisionCase.get("https://api.staging.acme.dev/v1", credential: "railway-domains"),
            .deny, ["secret.scope"]),
        DecisionCase(
            "towards a host of no environment",
            DecisionCase.get("https://packages.acme.dev/x", credential: "staging-api"), .deny, ["secret.scope"]),
        DecisionCase(
            "on its host and environment",
            DecisionCase.get("https://api.staging.acme.dev/v1", credential: "staging-api"), .permit, ["secret.use"]),
        DecisionCase(
            "unencrypted", DecisionCase.get("http://api.staging.acme.dev/v1", credential: "staging-api"), .deny,
            ["secret.scope"]),
        DecisionCase(
            "a placeholder in its place",
            DecisionCase.get(
                "https://api.staging.acme.dev/v1", headers: [.init("Authorization", "Bearer PLACEHOLDER-staging-api")]),
            .permit, ["secret.use"]),
        DecisionCase(
            "a placeholder elsewhere",
            DecisionCase.get(
                "https://api.staging.acme.dev/v1", headers: [.init("X-Api-Key", "PLACEHOLDER-staging-api")]), .deny,
            ["secret.place"]),
        DecisionCase(
            "a resolver's secret", DecisionCase.railway("volumes/read/v2", credential: "railway-read"), .deny,
            ["secret.scope"], targets: [DecisionCase.volume("v2", "staging")]),
        DecisionCase(
            "a secret that nobody declared", DecisionCase.get("https://api.staging.acme.dev/v1", credential: "other"),
            .deny, ["secret.scope"]),
    ]

    @Test(
        "Each effect gets the decision that the file states",
        arguments: files + programs + requests + operations + secrets)
    func decides(_ scenario: DecisionCase) throws {
        let policy = try PolicySample.compiled(scenario.policy)
        let session = PolicySample.session(scenario.session)
        let analysis = policy.analyse(scenario.effect, in: session)
        let decision = policy.decide(scenario.effect, analysis, targets: scenario.targets, in: session)
        #expect(decision.outcome == scenario.outcome, "\(decision.reasons)")
        #expect(scenario.reasons.isSubset(of: Set(decision.reasons.map(\.id))), "\(decision.reasons)")
        if let name = scenario.environment { #expect(decision.environment.name == name) }
        if let effectClass = scenario.effectClass { #expect(decision.effectClass == effectClass) }
    }
}

@Suite("Secrets of resolvers")
struct ResolverSecretTests {
    @Test("A resolver's secret may state its place, and no tool may use it for that")
    func place() throws {
        let text = """
            version: 1
            environments: [staging]
            session: { environment: staging }
            inventory:
              - { resource: "https://api.dev/**", environment: staging }
              - { provider: p, credential: reader, environments: { e: staging } }
            secrets:
              reader: { from: { env: R }, resolver: true, use: [{ hosts: [api.dev], place: "X-Token: {}" }] }
              writer: { from: { env: W }, environment: staging, use: [{ hosts: [api.dev], place: "X-Token: {}" }] }
            rules: [{ id: api, permit: http, hosts: [api.dev] }]
            """
        let policy = try PolicySample.compiled(text)
        #expect(policy.document.secret(named: "reader")?.uses.first?.place.text == "X-Token: {}")
        let session = PolicySample.session()
        func outcome(_ secret: String) -> Decision.Outcome {
            let effect = Effect(DecisionCase.get("https://api.dev/", credential: secret))
            return policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome
        }
        #expect(outcome("writer") == .permit)
        #expect(outcome("reader") == .deny)
    }
}
