// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

/// A policy with one thing wrong, and what must be said about it.
struct BrokenPolicy: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let place: String
    let id: String
    let message: String

    init(_ description: String, _ text: String, at place: String, _ id: String, _ message: String = "") {
        testDescription = description
        self.text = text
        self.place = place
        self.id = id
        self.message = message
    }
}

@Suite("Reading policy files")
struct DocumentErrorTests {
    static let keys: [BrokenPolicy] = [
        BrokenPolicy("an empty file", "", at: "1:1", "file.empty"),
        BrokenPolicy("no map", "- version", at: "1:1", "value.kind"),
        BrokenPolicy("no version", "rules: []", at: "1:1", "key.missing", "version"),
        BrokenPolicy("another version", "version: 2", at: "1:10", "value.invalid"),
        BrokenPolicy("a version in words", "version: \"1\"", at: "1:10", "value.invalid"),
        BrokenPolicy("an unknown key", "version: 1\nrulse: []", at: "2:1", "key.unknown", "did you mean `rules`"),
        BrokenPolicy(
            "an unknown nested key", "version: 1\nsession: { enviroment: x }", at: "2:12", "key.unknown",
            "did you mean `environment`"),
        BrokenPolicy("a duplicate key", "version: 1\nrules: []\nrules: []", at: "3:1", "key.duplicate"),
        BrokenPolicy(
            "a duplicate nested key", "version: 1\negress: { inspect: all, inspect: all }", at: "2:25", "key.duplicate"),
        BrokenPolicy("a duplicate key in quotes", "version: 1\nrules: []\n\"rules\": []", at: "3:1", "key.duplicate"),
        BrokenPolicy(
            "a merge key", "version: 1\negress: &e { inspect: all }\nsession: { <<: *e }", at: "3:12", "key.merge"),
        BrokenPolicy("broken YAML", "version: 1\nrules: [", at: "3:1", "yaml.syntax"),
        BrokenPolicy("an unknown alias", "version: *x", at: "1:10", "yaml.syntax"),
        BrokenPolicy("no environments", "version: 1\nenvironments: []", at: "2:15", "list.empty"),
        BrokenPolicy("a reserved environment", "version: 1\nenvironments: [none]", at: "2:16", "environment.reserved"),
        BrokenPolicy(
            "an environment twice", "version: 1\nenvironments: [a, b, a]", at: "2:22", "environment.duplicate"),
        BrokenPolicy(
            "an order that falls", "version: 1\nenvironments: [{ name: p, protected: true }, s]", at: "2:46",
            "environment.order"),
        BrokenPolicy(
            "a truth value in words", "version: 1\nenvironments: [{ name: p, protected: yes }]", at: "2:38",
            "value.invalid"),
        BrokenPolicy(
            "an unknown tier", "version: 1\nsession: { tier: ful }", at: "2:18", "value.invalid", "did you mean `full`"),
        BrokenPolicy("no time at all", "version: 1\nsession: { limits: { wall: 0s } }", at: "2:28", "value.invalid"),
        BrokenPolicy(
            "a duration without a unit", "version: 1\nsession: { limits: { wall: 60 } }", at: "2:28", "value.invalid"),
        BrokenPolicy(
            "a size in another unit", "version: 1\nsession: { limits: { memory: 2GB } }", at: "2:30", "value.invalid"),
        BrokenPolicy("root as the unprivileged id", "version: 1\nsession: { run_as: 0 }", at: "2:20", "value.invalid"),
        BrokenPolicy("a relative view", "version: 1\nsession: { view: [usr] }", at: "2:19", "value.invalid"),
        BrokenPolicy("nothing where a map belongs", "version: 1\negress:", at: "2:8", "value.kind"),
    ]

    static let references: [BrokenPolicy] = [
        BrokenPolicy(
            "the session's environment", "version: 1\nenvironments: [staging]\nsession: { environment: stagign }",
            at: "3:25", "reference.environment", "did you mean `staging`"),
        BrokenPolicy(
            "an inventory's environment", "version: 1\ninventory: [{ resource: \"https://a.b/**\", environment: x }]",
            at: "2:56", "reference.environment"),
        BrokenPolicy(
            "a rule's environment", "version: 1\nrules: [{ id: a, permit: file.read, paths: [a], environments: [x] }]",
            at: "2:64", "reference.environment"),
        BrokenPolicy(
            "a provider's credential",
            "version: 1\nenvironments: [s]\ninventory: [{ provider: p, credential: c, environments: { e: s } }]",
            at: "3:40", "reference.secret"),
        BrokenPolicy(
            "a credential that isn't a resolver's",
            "version: 1\nenvironments: [s]\ninventory: [{ provider: p, credential: c, environments: { e: s } }]\nsecrets: { c: { from: { env: C }, environment: s, use: [{ hosts: [a.b], place: \"X: {}\" }] } }",
            at: "3:40", "reference.secret"),
        BrokenPolicy(
            "a role",
            "version: 1\napprovals: { signers: f, require: [{ class: unknown, threshold: 1, roles: [on-cal] }], roles: { on-call: [a] } }",
            at: "2:76", "reference.role", "did you mean `on-call`"),
        BrokenPolicy(
            "signers", "version: 1\napprovals: { require: [{ class: unknown, threshold: 1 }] }", at: "2:24",
            "reference.signers"),
        BrokenPolicy(
            "an approval without time",
            "version: 1\napprovals: { signers: f, require: [{ class: unknown, threshold: 1, expires: 0s }] }",
            at: "2:77",
            "approval.unreachable"),
        BrokenPolicy(
            "more signatures than people",
            "version: 1\napprovals: { signers: f, roles: { r: [a] }, require: [{ class: unknown, threshold: 2, roles: [r] }] }",
            at: "2:84", "approval.unreachable"),
    ]

    static let rules: [BrokenPolicy] = [
        BrokenPolicy("no verdict", "version: 1\nrules: [{ id: a, paths: [a] }]", at: "2:9", "rule.verdict"),
        BrokenPolicy(
            "both verdicts", "version: 1\nrules: [{ id: a, permit: file.read, deny: file.read, paths: [a] }]",
            at: "2:9", "rule.verdict"),
        BrokenPolicy(
            "an unknown kind", "version: 1\nrules: [{ id: a, permit: file.raed, paths: [a] }]", at: "2:26",
            "value.invalid", "did you mean `file.read`"),
        BrokenPolicy(
            "an id twice",
            "version: 1\nrules:\n  - { id: a, permit: file.read, paths: [a] }\n  - { id: a, permit: file.read, paths: [b] }",
            at: "4:11", "rule.duplicate"),
        BrokenPolicy(
            "no main condition", "version: 1\nrules: [{ id: a, permit: http, methods: [GET] }]", at: "2:9",
            "key.missing"),
        BrokenPolicy(
            "a condition of another kind", "version: 1\nrules: [{ id: a, permit: file.read, hosts: [a.b] }]",
            at: "2:37", "key.misplaced"),
        BrokenPolicy(
            "an empty list", "version: 1\nrules: [{ id: a, permit: file.read, paths: [] }]", at: "2:44", "list.empty"),
        BrokenPolicy(
            "stars inside a segment", "version: 1\nrules: [{ id: a, permit: file.read, paths: [\"a**b\"] }]",
            at: "2:45", "value.invalid"),
        BrokenPolicy(
            "climbing", "version: 1\nrules: [{ id: a, permit: file.read, paths: [\"../a\"] }]", at: "2:45",
            "value.invalid"),
        BrokenPolicy(
            "another variable", "version: 1\nrules: [{ id: a, permit: file.read, paths: [\"${home}/a\"] }]", at: "2:45",
            "value.invalid"),
        BrokenPolicy(
            "a program's bare name", "version: 1\nrules: [{ id: a, permit: exec, programs: [git] }]", at: "2:43",
            "rule.programs"),
        BrokenPolicy(
            "a host with a path", "version: 1\nrules: [{ id: a, permit: http, hosts: [\"a.b/c\"] }]", at: "2:40",
            "value.invalid"),
        BrokenPolicy(
            "a star in the middle of a host", "version: 1\nrules: [{ id: a, permit: http, hosts: [\"a.*.b\"] }]",
            at: "2:40", "value.invalid"),
        BrokenPolicy(
            "every host", "version: 1\nrules: [{ id: a, permit: http, hosts: [\"*\"] }]", at: "2:40", "rule.hosts"),
        BrokenPolicy(
            "a method in small letters", "version: 1\nrules: [{ id: a, permit: http, hosts: [a.b], methods: [get] }]",
            at: "2:56", "value.invalid"),
        BrokenPolicy(
            "a port beyond", "version: 1\nrules: [{ id: a, permit: http, hosts: [a.b], ports: [65536] }]", at: "2:54",
            "value.invalid"),
        BrokenPolicy(
            "an argv that starts with a flag", "version: 1\nrules: [{ id: a, deny: exec, argv: [{ flag: -f }] }]",
            at: "2:36", "rule.argv"),
        BrokenPolicy(
            "a flag with a value", "version: 1\nrules: [{ id: a, deny: exec, argv: [git, { flag: --force=x }] }]",
            at: "2:50", "rule.argv"),
        BrokenPolicy(
            "an operation that is none", "version: 1\nrules: [{ id: a, permit: operation, operations: [\"a b\"] }]",
            at: "2:50", "value.invalid"),
        BrokenPolicy(
            "an example that fails",
            "version: 1\nrules:\n  - id: a\n    permit: exec\n    programs: [/usr/bin/*]\n    examples: { denies: [\"/usr/bin/git\"] }",
            at: "6:26", "example.failed"),
        BrokenPolicy(
            "an example of another file",
            "version: 1\nrules:\n  - id: a\n    permit: file.read\n    paths: [src/**]\n    examples: { permits: [\"etc/x\"] }",
            at: "6:27", "example.failed"),
    ]

    static let others: [BrokenPolicy] = [
        BrokenPolicy(
            "an entry about nothing", "version: 1\ninventory: [{ environment: none }]", at: "2:13", "inventory.kind"),
        BrokenPolicy(
            "an entry about two things",
            "version: 1\ninventory: [{ resource: \"https://a.b\", remote: \"git@a.b:c/d\", environment: none }]",
            at: "2:13", "inventory.kind"),
        BrokenPolicy(
            "the same entry twice",
            "version: 1\ninventory:\n  - { resource: \"https://a.b/**\", environment: none }\n  - { resource: \"https://a.b/**\", environment: none }",
            at: "4:5", "inventory.duplicate"),
        BrokenPolicy(
            "a resource without a scheme", "version: 1\ninventory: [{ resource: \"a.b/**\", environment: none }]",
            at: "2:25", "value.invalid"),
        BrokenPolicy(
            "a remote that is a path", "version: 1\ninventory: [{ remote: /srv/repo, environment: none }]", at: "2:23",
            "value.invalid"),
        BrokenPolicy(
            "a secret without an environment",
            "version: 1\nsecrets:\n  s: { from: { env: S }, use: [{ hosts: [a.b], place: \"X: {}\" }] }", at: "3:3",
            "key.missing"),
        BrokenPolicy(
            "a secret from two sources",
            "version: 1\nsecrets:\n  s: { from: { env: S, file: f }, environment: none, use: [{ hosts: [a.b], place: \"X: {}\" }] }",
            at: "3:14", "secret.source"),
        BrokenPolicy(
            "a place without a hole",
            "version: 1\nsecrets:\n  s: { from: { env: S }, environment: none, use: [{ hosts: [a.b], place: \"X: a\" }] }",
            at: "3:74", "value.invalid"),
        BrokenPolicy(
            "a secret for every host",
            "version: 1\nsecrets:\n  s: { from: { env: S }, environment: none, use: [{ hosts: [\"*\"], place: \"X: {}\" }] }",
            at: "3:61", "secret.hosts"),
        BrokenPolicy(
            "a resolver's secret that is exposed",
            "version: 1\nsecrets:\n  s: { from: { env: S }, resolver: true, expose: { env: S } }", at: "3:50",
            "secret.resolver"),
        BrokenPolicy(
            "a pin without a port", "version: 1\negress: { resolve: { a.b: \"127.0.0.1:1\" } }", at: "2:22",
            "value.invalid"),
        BrokenPolicy(
            "a pin to a name", "version: 1\negress: { resolve: { \"a.b:443\": \"c.d:1\" } }", at: "2:33",
            "value.invalid"),
        BrokenPolicy(
            "passing everything through", "version: 1\negress: { pass_through: [\"*\"] }", at: "2:26",
            "egress.pass-through"),
    ]

    @Test("What is wrong is said with its line and column", arguments: keys + references + rules + others)
    func isRefused(_ broken: BrokenPolicy) {
        let error = #expect(throws: PolicyError.self) { try PolicyDocument.read(broken.text, file: "p.yaml") }
        let problems = error?.problems ?? []
        let fitting = problems.filter { $0.id == broken.id && $0.description.hasPrefix("p.yaml:\(broken.place): ") }
        #expect(!fitting.isEmpty, "\(problems)")
        #expect(fitting.contains { $0.message.contains(broken.message) } || broken.message.isEmpty, "\(problems)")
    }

    @Test("Every problem of a file is said, not only the first")
    func collectsAll() {
        let text = """
            version: 1
            rulse: []
            session: { tier: ful, tier: full }
            environments: [a, a]
            egress: { inspect: al }
            """
        let error = #expect(throws: PolicyError.self) { try PolicyDocument.read(text, file: "p.yaml") }
        #expect(
            error?.problems.map(\.id) == [
                "key.unknown", "value.invalid", "key.duplicate", "environment.duplicate", "value.invalid",
            ])
    }

    @Test("The sample of the manual is read as it stands")
    func readsSample() throws {
        let document = try PolicyDocument.read(PolicySample.full, file: "agentkit.yaml")
        #expect(document.environments.entries.map(\.label.name) == ["development", "staging", "production"])
        #expect(document.session.environment.name == "staging")
        #expect(document.rules.count == 6)
        #expect(document.secret(named: "railway-staging")?.uses.first?.isAttached == true)
        #expect(document.approvals.demands[1].recoveryPoint?.maximumAge == .seconds(86_400))
        #expect(document.egress.pins.first?.addressPort == 8443)
    }

    @Test("JSON is read as well, being YAML")
    func readsJSON() throws {
        let text = "{\"version\": 1, \"rules\": [{\"id\": \"a\", \"permit\": \"file.read\", \"paths\": [\"**\"]}]}"
        #expect(try PolicyDocument.read(text, file: "p.json").rules.map(\.id) == ["a"])
    }

    @Test("The built-in policy reads and writes the workspace and lets nothing out")
    func strictDefault() throws {
        let policy = try CompiledPolicy(try PolicyDocument.strictDefault(), catalogue: EmptyCatalogue())
        let session = PolicySample.session("none")
        func outcome(_ action: Effect.Action) -> Decision.Outcome {
            let effect = Effect(action)
            return policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome
        }
        #expect(outcome(.readFile(path: "a")) == .permit)
        #expect(outcome(.writeFile(path: "a")) == .permit)
        #expect(outcome(.execute(Execution(shell: "make test"))) == .permit)
        #expect(outcome(.readFile(path: "/etc/passwd")) == .deny)
        #expect(outcome(.request(OutgoingRequest(method: "GET", url: "https://example.com/"))) == .deny)
        #expect(outcome(.sql(statement: "SELECT 1")) == .deny)
    }

    @Test("A policy without rules permits nothing")
    func emptyPermitsNothing() throws {
        let policy = try CompiledPolicy(
            try PolicyDocument.read("version: 1\nrules: []", file: "p"), catalogue: EmptyCatalogue())
        let session = PolicySample.session("none")
        for action: Effect.Action in [
            .readFile(path: "a"), .writeFile(path: "a"), .execute(Execution(argv: ["/bin/true"])),
            .sql(statement: "SELECT 1"),
        ] {
            let effect = Effect(action)
            #expect(
                policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome == .deny)
        }
    }
}
