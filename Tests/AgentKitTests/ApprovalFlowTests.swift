// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Approvals in a call")
struct ApprovalFlowTests {
    static let delete = ToolCall.post("https://api.example/delete")

    /// A bench on which every request needs an approval and touches one volume.
    static func bench() -> Bench {
        let bench = Bench()
        bench.policy.queries.value = { _ in [ResourceQuery(provider: "railway", type: "volume", id: "v1")] }
        bench.policy.decision.value = { _, targets in .asking(in: targets.first?.environment ?? .production) }
        return bench
    }

    @Test("An act that needs an approval waits, happens once when it is approved, and asks anew after that")
    func flow() async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        #expect(try await session.call(Self.delete).outcome == "waiting")
        #expect(try await session.call(Self.delete).outcome == "waiting")
        #expect(bench.approvals.requests.value.count == 1)
        #expect(bench.isUntouched)
        #expect(!bench.audit.kinds.contains(.intent))
        bench.approvals.approveAll()
        bench.events.clear()
        #expect(try await session.call(Self.delete).outcome == "completed")
        #expect(
            bench.events.all == [
                "analyse", "resolve", "decide", "describe", "approvals.request",
                // Once more, before the approval is spent.
                "analyse", "resolve", "decide", "describe", "approvals.redeem", "audit.intent",
                "send POST https://api.example/delete", "audit.outcome",
            ])
        #expect(try await session.call(Self.delete).outcome == "waiting")
        #expect(bench.approvals.requests.value.count == 2)
        #expect(bench.transport.sent.value.count == 1)
    }

    @Test("A call may wait for its approver")
    func waiting() async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        let attempt = try await session.call(Self.delete, approvals: .wait(atMost: .seconds(600)))
        #expect(attempt.outcome == "completed")
        #expect(bench.events.contains("approvals.wait"))
        #expect(bench.transport.sent.value.count == 1)
    }

    @Test(
        "An answer that isn't an approval lets nothing happen",
        arguments: [
            (ApprovalTicket.State.refused, "approval.refused"), (.spent, "approval.replayed"),
            (.expired, "approval.expired"),
            (.cancelled, "approval.cancelled"),
        ])
    func refused(_ state: ApprovalTicket.State, _ reason: String) async throws {
        let bench = Self.bench()
        bench.approvals.answer.value = state
        let session = try await bench.session()
        guard case .refused(let why, _) = try await session.call(Self.delete) else {
            Issue.record("the call must be refused")
            return
        }
        #expect(why.id == reason)
        #expect(bench.isUntouched)
    }

    @Test("Targets that moved since the approval are not what was approved")
    func movedTargets() async throws {
        let bench = Self.bench()
        bench.policy.decision.value = { _, _ in .asking(in: .staging) }
        let session = try await bench.session()
        #expect(try await session.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        // The provider tells another story from the second look on: between filing and dispatch.
        let asked = Box(0)
        bench.resolver.answer.value = { query in
            let environment: EnvironmentLabel = asked.update { count in
                count += 1
                return count > 1 ? .production : .staging
            }
            return [
                ResolvedTarget(
                    provider: query.provider, type: query.type, id: query.id, environment: environment,
                    proof: .provider(name: query.provider))
            ]
        }
        let attempt = try await session.call(Self.delete)
        #expect(attempt.outcome == "refused")
        #expect(asked.value == 2)
        #expect(bench.isUntouched)
        #expect(!bench.audit.kinds.contains(.intent))
    }

    @Test(
        "A policy that answers otherwise at dispatch denies: it permits now, it denies now, it asks for more",
        arguments: 0..<3)
    func changedPolicy(_ change: Int) async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        #expect(try await session.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        let decided = Box(0)
        bench.policy.decision.value = { effect, _ in
            let isSecond = decided.update { count in
                count += 1
                return count > 1
            }
            guard isSecond else { return .asking(in: .staging) }
            switch change {
            case 0: return .permitted(effect)
            case 1: return .denied()
            default:
                return Decision(
                    .requireApproval, effectClass: .irreversible, environment: .staging,
                    reasons: [Reason("rule.ask", "two")],
                    requirement: ApprovalRequirement(threshold: 2))
            }
        }
        let attempt = try await session.call(Self.delete)
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs.first == "approval.changed")
        #expect(bench.approvals.requests.value.map(\.state) == [.approved])
        #expect(bench.isUntouched)
        #expect(bench.audit.kinds.last == .denial)
    }

    @Test("Two acts that each need an approval are denied in one call, and nobody is asked")
    func several() async throws {
        let bench = Bench()
        bench.policy.decision.value = { _, _ in .asking() }
        let session = try await bench.session(tools: [ClosureTool(proposing: [.write("a"), .write("b")])])
        let attempt = try await session.call(.test)
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs.first == "approval.several")
        #expect(bench.approvals.requests.value.isEmpty)
    }

    @Test("One act that needs an approval may come with others that are permitted, and all happen or none")
    func oneOfSeveral() async throws {
        let bench = Bench()
        bench.policy.decision.value = { effect, _ in effect == .write("a") ? .asking() : .permitted(effect) }
        let session = try await bench.session(tools: [
            ClosureTool(proposing: [.write("b"), .write("a")]) { invocation async throws(ToolError) in
                try await invocation.writeFile("a", [])
                try await invocation.writeFile("b", [])
                return ToolResult(text: "wrote both")
            }
        ])
        #expect(try await session.call(.test).outcome == "waiting")
        #expect(bench.isUntouched)
        bench.approvals.approveAll()
        #expect(try await session.call(.test).outcome == "completed")
    }

    @Test("Without somebody to ask, what needs an approval is denied", arguments: [true, false])
    func nobodyToAsk(_ hasStore: Bool) async throws {
        let bench = Self.bench()
        let session = try await bench.session { configuration in
            if hasStore { configuration.describer = nil } else { configuration.approvals = nil }
        }
        let attempt = try await session.call(Self.delete)
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs.first == "approval.unavailable")
        #expect(bench.isUntouched)
    }

    @Test("An approval belongs to its session")
    func otherSession() async throws {
        let bench = Self.bench()
        let first = try await bench.session()
        let second = try await bench.session()
        #expect(try await first.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        #expect(try await second.call(Self.delete).outcome == "waiting")
        #expect(bench.isUntouched)
    }

    @Test("An approval is not for another body to the same address")
    func otherAct() async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        #expect(try await session.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        let other = ToolCall(
            tool: "http.request",
            input: ["url": "https://api.example/delete", "method": "POST", "body": "{\"all\":true}"])
        #expect(try await session.call(other).outcome == "waiting")
        #expect(bench.isUntouched)
    }

    @Test("An approval that still cools off costs the capability no use")
    func coolingOff() async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        let once = try #require(session.capabilities.http).attenuated(uses: 1)
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(http: once))
        #expect(try await agent.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        bench.approvals.coolsOff.value = true
        #expect(try await agent.call(Self.delete).outcome == "waiting")
        #expect(try await agent.call(Self.delete).outcome == "waiting")
        bench.approvals.coolsOff.value = false
        #expect(try await agent.call(Self.delete).outcome == "completed")
        #expect(!once.isLive)
        #expect(bench.transport.sent.value.count == 1)
    }

    @Test("Who loses the capability while the approver thinks doesn't spend the approval")
    func revokedMeanwhile() async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        #expect(try await session.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        session.revoke()
        #expect(try await session.call(Self.delete).outcome == "denied")
        #expect(bench.approvals.requests.value.map(\.state) == [.approved])
        #expect(bench.isUntouched)
    }

    @Test("Of many calls at once one spends the approval")
    func contention() async throws {
        let bench = Self.bench()
        let session = try await bench.session()
        #expect(try await session.call(Self.delete).outcome == "waiting")
        bench.approvals.approveAll()
        let completed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { try await session.call(Self.delete).outcome == "completed" } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(completed == 1)
        #expect(bench.transport.sent.value.count == 1)
    }
}
