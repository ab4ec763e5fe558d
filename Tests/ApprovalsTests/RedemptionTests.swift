// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentAudit
import AgentCore
import AgentStore
import Foundation
import Testing

@Suite("An approval is good for exactly its act, once")
struct RedemptionTests {
    #if SQLite
    @Test("A signed request is redeemed once, with the intent in a log that verifies")
    func redeemsOnce() async throws {
        try await withTemporaryFolder { folder in
            let desk = try await Desk(try SQLiteStore(directory: folder + "/state"))
            let ticket = try await desk.request()
            #expect(try await desk.redeem(ticket.id) == .waiting(ticket))
            #expect(try await desk.approve(ticket.id, desk.alice).code == "accepted, 0 missing")
            #expect(try await desk.redeem(ticket.id).code == "redeemed")
            #expect(try await desk.redeem(ticket.id).code == "approval.replayed")
            let report = try await AuditVerifier(key: desk.journal.publicKey).verify(desk.storage, files: desk.files)
            #expect(report.finding == nil)
            #expect(report.last == 3)
            let intent = try #require(try await desk.storage.lastEntry())
            let body = try JSONValue.parse(intent.payload)["body"]
            #expect(intent.kind == "intent")
            #expect(body?["redemption"]?["signedBy"] == ["alice@acme.dev"])
        }
    }
    #endif

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout Desk.Act) -> Void
        let code: String

        static let all = [
            Change(testDescription: "nothing", change: { _ in }, code: "redeemed"),
            Change(testDescription: "another volume", change: { $0.volume = "vol-2" }, code: "approval.altered"),
            Change(testDescription: "another variable", change: { $0.extra = "x" }, code: "approval.altered"),
            Change(
                testDescription: "more is lost along with it", change: { $0.blastRadius += ["backup-3"] },
                code: "approval.altered"),
            Change(
                testDescription: "the target was renamed", change: { $0.name = "pg-data-2" }, code: "approval.altered"),
            Change(
                testDescription: "another environment", change: { $0.environment = "production" },
                code: "approval.environment"),
            Change(
                testDescription: "another policy", change: { $0.policy = Desk.digest(8) },
                code: "approval.policy-changed"),
            Change(
                testDescription: "a laxer requirement",
                change: { $0.requirement = ApprovalRequirement(threshold: 1, validity: .seconds(9999)) },
                code: "approval.altered"),
            Change(
                testDescription: "another session",
                change: {
                    $0.session = SessionContext(
                        id: "5e551000000000000000000000000002", environment: $0.session.environment,
                        workspace: "/srv/shop",
                        principals: $0.session.principals)
                }, code: "approval.session"),
            Change(
                testDescription: "another chain of principals",
                change: {
                    $0.session = SessionContext(
                        id: $0.session.id, environment: $0.session.environment, workspace: "/srv/shop",
                        principals: ["dana@acme.dev", "agent:coder", "agent:helper"])
                }, code: "approval.altered"),
        ]
    }

    @Test("An act that differs in anything isn't the approved one", arguments: Change.all)
    func refusesOtherActs(_ scenario: Change) async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        var act = Desk.Act()
        scenario.change(&act)
        #expect(try await desk.redeem(id, act).code == scenario.code)
        if scenario.code != "redeemed" {
            #expect(try await desk.redeem(id).code == "redeemed", "a wrong attempt must not use up the approval")
        }
    }

    @Test("Every leaf of the descriptor is bound: changing any one of them is refused")
    func bindsEveryLeaf() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        let act = try Desk.Act().describe(desk.time.clock).act
        let variants = Self.mutations(of: act)
        #expect(variants.count > 40)
        for (path, variant) in variants {
            let intent = AuditRecord(.intent, session: Desk.session.id, body: [:])
            let result = try await desk.service.redeem(
                id, act: variant, policy: Desk.policy, session: Desk.session, intent: intent)
            #expect(result.code.hasPrefix("approval."), "\(path) is not bound")
        }
        #expect(try await desk.redeem(id).code == "redeemed")
    }

    @Test("Every leaf of the signed bytes is bound: a changed row never redeems")
    func bindsEveryStoredLeaf() async throws {
        let desk = try await Desk()
        let original = try await desk.service.current(try await desk.approved())
        let signature = try #require(try await desk.storage.signatures(of: original.id).first)
        let allowed = try desk.signersFile.read()
        let bundle = try await desk.service.bundle(original.id)
        let genuine = bundle.signatures[0]
        #expect(
            try genuine.verify(original.descriptor, for: .approval, signers: allowed, at: desk.time.clock.now().wall)
                == [signature.principal])
        for (path, variant) in Self.mutations(of: try JSONValue.parse(original.descriptor)) {
            let bytes = try variant.canonical()
            #expect(throws: ApprovalError.self, "\(path) is not signed") {
                try genuine.verify(bytes, for: .approval, signers: allowed, at: desk.time.clock.now().wall)
            }
        }
    }

    /// The value with one leaf changed, or one member taken out or put in, for each place there is.
    static func mutations(of value: JSONValue, path: String = "") -> [(String, JSONValue)] {
        switch value {
        case .object(let members):
            var all: [(String, JSONValue)] = []
            for member in members {
                for (deeper, changed) in mutations(of: member.value, path: path + "/" + member.name) {
                    var copy = members
                    copy[member.name] = changed
                    all.append((deeper, .object(copy)))
                }
                var without = members
                without[member.name] = nil
                all.append((path + "/" + member.name + " removed", .object(without)))
            }
            var more = members
            more["inserted"] = 1
            return all + [(path + " extended", .object(more))]
        case .array(let elements):
            var all: [(String, JSONValue)] = []
            for (index, element) in elements.enumerated() {
                for (deeper, changed) in mutations(of: element, path: path + "/\(index)") {
                    var copy = elements
                    copy[index] = changed
                    all.append((deeper, .array(copy)))
                }
            }
            return all + [(path + " extended", .array(elements + [1]))]
        case .string(let text): return [(path, .string(text + "x"))]
        case .integer(let number): return [(path, .integer(number + 1))]
        case .bool(let flag): return [(path, .bool(!flag))]
        case .null: return [(path, "x")]
        case .number: return []
        }
    }
}
