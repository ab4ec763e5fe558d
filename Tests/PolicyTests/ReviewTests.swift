// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Reviewing policies")
struct ReviewTests {
    private static let head = """
        version: 1
        environments: [staging, { name: production, protected: true }]
        session: { environment: staging }
        inventory: [{ resource: "https://api.acme.dev/**", environment: staging }]

        """

    @Test(
        "A warning names the rule and its place",
        arguments: [
            ("rules: [{ id: a, deny: exec, argv: [git, push] }]", "rule.argv-only"),
            ("rules: [{ id: a, permit: http, hosts: [unlisted.dev] }]", "rule.never"),
            ("rules: [{ id: a, permit: http, hosts: [api.acme.dev], environments: [production] }]", "rule.never"),
            ("rules: [{ id: a, permit: exec, programs: [/**] }]", "rule.broad"),
            ("rules: [{ id: a, permit: operation, operations: [\"*\"] }]", "rule.broad"),
            ("rules: [{ id: a, permit: sql }]", "rule.broad"),
            ("rules: [{ id: a, permit: sql, operations: [sql.select] }]", "rule.never"),
            (
                "rules: [{ id: a, permit: file.read, paths: [src/x] }, { id: b, deny: file.read, paths: [src/**] }]",
                "rule.shadowed"
            ),
            (
                "rules: [{ id: a, permit: file.read, paths: [src/**] }, { id: b, permit: file.read, paths: [src/x] }]",
                "rule.superfluous"
            ),
            ("rules: []", "rules.empty"),
            ("egress: { private_addresses: permit }\nrules: []", "egress.weak"),
            ("egress: { pass_through: [api.acme.dev] }\nrules: []", "egress.weak"),
            (
                "approvals: { signers: f, require: [{ class: irreversible, environments: [production], threshold: 1 }] }\nrules: []",
                "approval.weak"
            ),
            (
                "approvals: { signers: f, require: [{ class: irreversible, environments: [production], threshold: 2 }] }\nrules: []",
                "approval.gap"
            ),
            (
                "secrets: { s: { from: { env: S }, environment: production, use: [{ hosts: [api.acme.dev], place: \"X: {}\" }] } }\nrules: []",
                "secret.never"
            ),
            (
                "secrets: { s: { from: { env: S }, environment: staging, use: [{ hosts: [\"*.acme.dev\"], place: \"X: {}\" }] } }\nrules: []",
                "secret.broad"
            ),
        ])
    func warns(_ text: String, _ id: String) throws {
        let document = try PolicyDocument.read(Self.head + text, file: "p.yaml")
        let warnings = PolicyLint.warnings(in: document, catalogue: EmptyCatalogue())
        #expect(warnings.contains { $0.id == id && $0.severity == .warning }, "\(warnings)")
    }

    @Test("A policy without such faults has no such warnings")
    func clean() throws {
        let text =
            Self.head + """
                rules:
                  - { id: a, permit: http, hosts: [api.acme.dev] }
                  - { id: b, deny: exec, argv: [git, push] }
                  - { id: c, deny: http, hosts: [github.com] }
                  - { id: d, permit: file.read, paths: [src/**] }
                  - { id: e, deny: file.read, paths: [src/keys/**] }
                """
        let document = try PolicyDocument.read(text, file: "p.yaml")
        #expect(PolicyLint.warnings(in: document, catalogue: EmptyCatalogue()) == [])
    }

    @Test("An explanation goes through the rules clause by clause")
    func explains() throws {
        let policy = try PolicySample.compiled()
        let effect = Effect(DecisionCase.get("https://packages.acme.dev/x", method: "PUT"))
        let explanation = policy.explain(effect, in: PolicySample.session())
        let line = try #require(explanation.rules.first { $0.rule == "packages" })
        #expect(line.clauses.map(\.key) == ["hosts and ports", "methods"])
        #expect(line.clauses.map(\.holds) == [true, false])
        #expect(explanation.text.contains("deny"))
        #expect(explanation.text.contains("hosts and ports holds, methods doesn't hold"))
        #expect(explanation.text.contains("`https://packages.acme.dev/**` is none"))
    }

    @Test(
        "A change says whether it lets more happen",
        arguments: [
            ("rules: []", "rules: [{ id: a, permit: file.read, paths: [a] }]", PolicyDiff.Change.Effect.widens),
            ("rules: [{ id: a, permit: file.read, paths: [a] }]", "rules: []", .narrows),
            ("rules: []", "rules: [{ id: a, deny: file.read, paths: [a] }]", .narrows),
            ("rules: [{ id: a, deny: file.read, paths: [a] }]", "rules: []", .widens),
            (
                "rules: [{ id: a, permit: file.read, paths: [src/x] }]",
                "rules: [{ id: a, permit: file.read, paths: [src/**] }]", .widens
            ),
            (
                "rules: [{ id: a, permit: file.read, paths: [src/**] }]",
                "rules: [{ id: a, permit: file.read, paths: [src/x] }]", .narrows
            ),
            (
                "rules: [{ id: a, deny: file.read, paths: [src/x] }]",
                "rules: [{ id: a, deny: file.read, paths: [src/**] }]", .narrows
            ),
            (
                "rules: [{ id: a, permit: http, hosts: [a.dev], methods: [GET] }]",
                "rules: [{ id: a, permit: http, hosts: [a.dev] }]", .widens
            ),
            (
                "rules: [{ id: a, permit: http, hosts: [a.dev] }]", "rules: [{ id: a, permit: http, hosts: [b.dev] }]",
                .unclear
            ),
            ("egress: { private_addresses: deny }", "egress: { private_addresses: permit }", .widens),
            ("egress: { inspect: all }", "egress: { pass_through: [a.dev] }", .widens),
        ])
    func compares(_ old: String, _ new: String, _ effect: PolicyDiff.Change.Effect) throws {
        let diff = PolicyDiff(
            from: try PolicyDocument.read(Self.head + old, file: "a"),
            to: try PolicyDocument.read(Self.head + new, file: "b"))
        #expect(diff.changes.map(\.effect) == [effect], "\(diff.changes)")
    }

    @Test("Rules in another order are no change")
    func noChange() throws {
        let rules = ["{ id: a, permit: file.read, paths: [a] }", "{ id: b, deny: file.read, paths: [b] }"]
        let old = try PolicyDocument.read(Self.head + "rules: [\(rules[0]), \(rules[1])]", file: "a")
        let new = try PolicyDocument.read(Self.head + "rules: [\(rules[1]), \(rules[0])]", file: "b")
        #expect(PolicyDiff(from: old, to: new).changes.isEmpty)
    }

    @Test("The schema has every key that the reader knows")
    func schema() throws {
        let schema = PolicySchema.json
        let rule = schema[pointer: "/properties/rules/items"]
        #expect(rule?["properties"]?.objectValue?.names == PolicyTables.rule.keys.map(\.name))
        #expect(rule?["additionalProperties"] == false)
        #expect(schema["required"] == ["version"])
        _ = try JSONValue.parse(schema.serialized())
    }
}
