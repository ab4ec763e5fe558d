// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("What must never end in a permission")
struct NeverPermitTests {
    private static let body = "version: 1\nrules:\n  - { id: read, permit: file.read, paths: [\"**\"] }\n"

    @Test("The sample that the table spoils does permit")
    func control() throws {
        let policy = try CompiledPolicy(try PolicyDocument.read(Self.body, file: "p"), catalogue: EmptyCatalogue())
        let effect = Effect(.readFile(path: "a"))
        let session = PolicySample.session("none")
        #expect(policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome == .permit)
    }

    @Test(
        "A file with any fault gives no policy at all",
        arguments: [
            body + "surprise: true", body + "version: 1", body + "session: { environment: nowhere }",
            body + "environments: []",
            body + "  - { id: x, deny: file.read, paths: [\"a**\"] }",
            body + "  - { id: x, deny: file.read, paths: [] }",
            body + "  - { id: x, deny: file.read }", body + "  - { id: read, deny: file.read, paths: [a] }",
            body + "  - { id: x, dney: file.read, paths: [a] }",
            body + "  - { id: x, deny: file.read, paths: [a], paths: [b] }",
            body + "  - { id: x, deny: file.read, paths: [a], examples: { denies: [b] } }",
            body + "---\nversion: 1", body.replacing("version: 1", with: "version: 3"), body + "\u{0}",
            "%YAML 3.9\n---\n" + body,
            String(repeating: "[", count: 5000), body + "egress: { trust: [*a] }", "a: &a [x]\nb: [*a]\n" + body,
        ])
    func faults(_ text: String) {
        #expect(throws: PolicyError.self) { try PolicyDocument.read(text, file: "p") }
    }

    @Test(
        "A rule that can't be evaluated denies everything, also what others permit",
        arguments: Rule.Kind.allCases.filter { $0 != .sql }, [Rule.Verdict.permit, .deny])
    func unusableRule(_ kind: Rule.Kind, _ verdict: Rule.Verdict) throws {
        let document = try PolicyDocument.read(Self.body, file: "p")
        let position = SourcePosition(file: "p", line: 9, column: 1)
        let rule = Rule(
            id: "broken", verdict: verdict, kind: kind, environments: [], examples: [], position: position,
            conditions: RuleConditions())
        let policy = try CompiledPolicy(document.replacing(rules: document.rules + [rule]), catalogue: EmptyCatalogue())
        let effect = Effect(.readFile(path: "a"))
        let session = PolicySample.session("none")
        let decision = policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session)
        #expect(decision.outcome == .deny)
        #expect(decision.reasons.map(\.id).contains("rule.error"))
    }

    @Test("A session whose workspace is no absolute path gets nothing", arguments: ["", "relative", "/a\0b"])
    func workspace(_ workspace: String) throws {
        let policy = try CompiledPolicy(try PolicyDocument.strictDefault(), catalogue: EmptyCatalogue())
        let session = SessionContext(id: "s", environment: .none, workspace: workspace, principals: [])
        for action: Effect.Action in [
            .readFile(path: "a"), .readFile(path: "/a"), .execute(Execution(argv: ["/usr/bin/true"])),
            .execute(Execution(shell: "true")),
        ] {
            let effect = Effect(action)
            #expect(
                policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome == .deny)
        }
    }

    @Test(
        "An empty argument vector, and one with a NUL, run nothing", arguments: [[], [""], ["/usr/bin/git", "a\0b"]])
    func argv(_ argv: [String]) throws {
        let policy = try PolicySample.compiled()
        let effect = Effect(.execute(Execution(argv: argv)))
        let session = PolicySample.session()
        #expect(policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome == .deny)
    }

    @Test("A command of thousands of programs keeps its denial among few grounds")
    func manyPrograms() throws {
        let policy = try CompiledPolicy(try PolicyDocument.read(PolicySample.full, file: "p"))
        let text = (0..<300).map { "/usr/bin/tool\($0)" }.joined(separator: "; ") + "; /opt/evil"
        let effect = Effect(.execute(Execution(shell: text)))
        let session = PolicySample.session()
        let decision = policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session)
        #expect(decision.outcome == .deny)
        #expect(decision.reasons.count <= 65)
        #expect(decision.reasons.first?.message.contains("/opt/evil") == true)
    }

    @Test("A commit that changes nothing still needs a rule about commits")
    func emptyCommit() throws {
        let effect = Effect(
            .commit(CommitSummary(written: [], deleted: [], executesElsewhere: [], originalsKept: true)))
        let session = PolicySample.session("none")
        func outcome(_ text: String) throws -> Decision.Outcome {
            let policy = try CompiledPolicy(try PolicyDocument.read(text, file: "p"), catalogue: EmptyCatalogue())
            return policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session).outcome
        }
        #expect(try outcome(Self.body) == .deny)
        #expect(try outcome(Self.body + "  - { id: c, permit: commit, paths: [\"**\"] }") == .permit)
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        guard let range = range(of: text) else { return self }
        return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
