// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Demands for approval")
struct ApprovalDemandTests {
    private func decide(
        _ approvals: String, _ action: Effect.Action, session: String = "staging", extra: String = "",
        environment: String = "staging"
    ) throws -> Decision {
        let text = """
            version: 1
            environments: [staging, { name: production, protected: true }]
            session: { environment: staging\(extra) }
            inventory: [{ resource: "https://api.acme.dev/**", environment: \(environment) }]
            rules:
              - { id: commit, permit: commit, paths: ["**"] }
              - { id: api, permit: http, hosts: [api.acme.dev] }
              - { id: railway, permit: operation, operations: [railway.*] }
            approvals:
              signers: allowed_signers
              roles: { on-call: [a, b], leads: [b, c], guests: [d] }
              require:
            \(approvals)
            """
        let policy = try PolicySample.compiled(text)
        let context = PolicySample.session(session)
        let effect = Effect(action)
        return policy.decide(
            effect, policy.analyse(effect, in: context), targets: [DecisionCase.volume("v", environment)], in: context)
    }

    private static let delete = DecisionCase.railway("volumeDelete/irreversible/v")

    @Test("Several demands hold together, the strictest of each")
    func strictest() throws {
        let demands = """
                - { class: irreversible, threshold: 1, roles: [on-call], expires: 1h }
                - { class: irreversible, environments: [staging], threshold: 1, roles: [leads], expires: 10m, delay: 5m }
            """
        let decision = try decide(demands, Self.delete)
        #expect(decision.outcome == .requireApproval)
        #expect(decision.requirement?.principals == ["b"])
        #expect(decision.requirement?.validity == .seconds(600))
        #expect(decision.requirement?.delay == .seconds(300))
    }

    @Test("Demands that leave nobody deny")
    func nobody() throws {
        let demands = """
                - { class: irreversible, threshold: 1, roles: [on-call] }
                - { class: irreversible, threshold: 1, roles: [guests] }
            """
        #expect(try decide(demands, Self.delete).reasons.map(\.id).contains("approval.unreachable"))
    }

    @Test("An irreversible effect that no demand covers is denied")
    func undefined() throws {
        let decision = try decide(
            "    - { class: irreversible, environments: [production], threshold: 2 }", Self.delete)
        #expect(decision.outcome == .deny)
        #expect(decision.reasons.map(\.id).contains("approval.undefined"))
    }

    @Test("An unknown effect asks in a protected environment and needs only a rule elsewhere")
    func unknown() throws {
        let post = DecisionCase.get("https://api.acme.dev/v1", method: "POST")
        let demand = "    - { class: unknown, protected: true, threshold: 1 }"
        #expect(try decide(demand, post).outcome == .permit)
        let production = try decide(demand, post, session: "production", environment: "production")
        #expect(production.outcome == .requireApproval)
        #expect(production.requirement?.excludesRequester == true)
        let nowhere = try decide(
            "    - { class: irreversible, threshold: 1 }", post, session: "production", environment: "production")
        #expect(nowhere.outcome == .deny)
    }

    @Test("Another environment is out of reach, even with an approval, unless the policy says so")
    func crossing() throws {
        let demand = "    - { class: irreversible, environments: [production], threshold: 2 }"
        #expect(try decide(demand, Self.delete, environment: "production").outcome == .deny)
        let crossed = try decide(demand, Self.delete, extra: ", cross_environment: approve", environment: "production")
        #expect(crossed.outcome == .requireApproval)
        #expect(crossed.requirement?.threshold == 2)
        let read = try decide(
            demand, DecisionCase.get("https://api.acme.dev/v1"), extra: ", cross_environment: approve",
            environment: "production")
        #expect(read.outcome == .requireApproval)
        let undefined = try decide(
            "    - { class: unknown, environments: [staging], threshold: 1 }", Self.delete,
            extra: ", cross_environment: approve", environment: "production")
        #expect(undefined.outcome == .deny)
    }

    @Test("A commit that can't be undone is irreversible, and files that run elsewhere can be asked about")
    func commits() throws {
        let plain = CommitSummary(written: ["a"], deleted: [], executesElsewhere: [], originalsKept: true)
        let lost = CommitSummary(written: ["a"], deleted: ["b"], executesElsewhere: [], originalsKept: false)
        let workflow = CommitSummary(
            written: [".github/workflows/a.yml"], deleted: [], executesElsewhere: [".github/workflows/a.yml"],
            originalsKept: true)
        let climbing = CommitSummary(written: ["../a"], deleted: [], executesElsewhere: [], originalsKept: true)
        let demand = "    - { class: reversible, operations: [workspace.executesElsewhere], threshold: 1 }"
        #expect(try decide(demand, .commit(plain)).outcome == .permit)
        #expect(try decide(demand, .commit(lost)).outcome == .deny)
        #expect(try decide("    - { class: irreversible, threshold: 1 }", .commit(lost)).outcome == .requireApproval)
        #expect(try decide(demand, .commit(workflow)).outcome == .requireApproval)
        #expect(try decide(demand, .commit(climbing)).outcome == .deny)
    }
}
