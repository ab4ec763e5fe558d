// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Decisions about the way out")
struct EgressDecisionTests {
    private func decide(_ url: String, method: String = "GET", egress: String, target: String? = nil) throws -> Decision
    {
        let text = """
            version: 1
            environments: [staging, { name: production, protected: true }]
            session: { environment: staging }
            inventory:
              - { resource: "https://open.dev/**", environment: none }
              - { resource: "https://api.dev/**", environment: staging }
              - { resource: "https://127.0.0.1/**", environment: staging }
            rules:
              - { id: all, permit: http, hosts: [open.dev, api.dev, 127.0.0.1, backboard.railway.app] }
              - { id: railway, permit: operation, operations: [railway.*] }
            egress: \(egress)
            """
        let policy = try PolicySample.compiled(text)
        let effect = Effect(DecisionCase.get(url, method: method))
        let session = PolicySample.session()
        let targets = [DecisionCase.volume("v", "staging")]
        return policy.decide(effect, policy.analyse(effect, in: session), targets: targets, in: session)
    }

    @Test("What is passed through unopened is unknown, and reaches no host with a label")
    func passThrough() throws {
        let open = try decide("https://open.dev/", egress: "{ pass_through: [open.dev] }")
        #expect(open.outcome == .permit)
        #expect(open.effectClass == .unknown)
        #expect(try decide("https://open.dev/", egress: "{ inspect: all }").effectClass == .read)
        #expect(try decide("https://api.dev/", egress: "{ inspect: all }").outcome == .permit)
        let labelled = try decide("https://api.dev/", egress: "{ pass_through: [api.dev] }")
        #expect(labelled.outcome == .deny)
        #expect(labelled.reasons.map(\.id).contains("egress.pass-through"))
    }

    @Test("An address that isn't public needs a pin or the policy's word")
    func addresses() throws {
        #expect(
            try decide("https://127.0.0.1/", egress: "{ inspect: all }").reasons.map(\.id).contains("address.private"))
        #expect(try decide("https://127.0.0.1/", egress: "{ private_addresses: permit }").outcome == .permit)
        let pinned = try decide("https://127.0.0.1/", egress: "{ resolve: { \"127.0.0.1:443\": \"127.0.0.1:8443\" } }")
        #expect(pinned.outcome == .permit)
        #expect(pinned.obligations.contains(.publicAddressOnly))
        #expect(try decide("https://[::ffff:127.0.0.1]/", egress: "{ inspect: all }").outcome == .deny)
    }

    @Test("An operation's permission is for its endpoint's own port, encrypted")
    func ports() throws {
        let path = "/op/domains/reversible/v"
        #expect(
            try decide("https://backboard.railway.app" + path, method: "POST", egress: "{ inspect: all }").outcome
                == .permit)
        for origin in ["https://backboard.railway.app:8443", "http://backboard.railway.app"] {
            let decision = try decide(origin + path, method: "POST", egress: "{ inspect: all }")
            #expect(decision.outcome == .deny)
            #expect(decision.reasons.map(\.id).contains("catalogue.port"))
        }
        let pin = "{ resolve: { \"backboard.railway.app:8443\": \"127.0.0.1:8443\" } }"
        #expect(try decide("https://backboard.railway.app:8443" + path, method: "POST", egress: pin).outcome == .permit)
    }

    @Test("SQL runs against the database that the inventory states, or an unproven one")
    func sql() throws {
        func decide(_ statement: String, _ inventory: String, operations: String = "") throws -> Decision {
            let text = """
                version: 1
                environments: [staging, { name: production, protected: true }]
                session: { environment: staging }
                inventory: [\(inventory)]
                rules: [{ id: sql, permit: sql\(operations) }]
                approvals: { signers: f, require: [{ class: irreversible, environments: [staging], threshold: 1 }] }
                """
            let policy = try PolicySample.compiled(text)
            let session = PolicySample.session()
            let effect = Effect(.sql(statement: statement))
            return policy.decide(effect, policy.analyse(effect, in: session), targets: [], in: session)
        }
        let stated = "{ resource: \"sql://database\", environment: staging }"
        #expect(try decide("SELECT 1", stated).outcome == .permit)
        #expect(try decide("DROP TABLE a", stated).outcome == .requireApproval)
        #expect(try decide("SELECT 1", "").outcome == .deny)
        #expect(try decide("DROP TABLE a", stated, operations: ", operations: [sql.select]").outcome == .deny)
    }
}
