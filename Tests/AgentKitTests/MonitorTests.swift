// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Reference monitor")
struct MonitorTests {
    @Test("A permitted effect happens, and the record says so before and after")
    func permitted() async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "text"]
        let session = try await bench.session()
        #expect(try await session.call(.read("a")).value?.text == "text")
        #expect(bench.events.all == ["analyse", "decide", "audit.intent", "read a", "audit.outcome"])
        #expect(bench.audit.kinds == [.sessionOpened, .intent, .outcome])
    }

    @Test("A denied effect doesn't happen, and the denial is recorded")
    func denied() async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "text"]
        bench.policy.decision.value = { _, _ in .denied() }
        let session = try await bench.session()
        let attempt = try await session.call(.read("a"))
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs == ["rule.no"])
        #expect(bench.events.all == ["analyse", "decide", "audit.denial"])
    }

    @Test("Of several effects one denial denies all of them, wherever it stands", arguments: 0..<3)
    func denyWins(_ position: Int) async throws {
        let bench = Bench()
        let effects = (0..<3).map { Effect.write("file\($0)") }
        bench.policy.decision.value = { effect, _ in effect == effects[position] ? .denied() : .permitted(effect) }
        let session = try await bench.session(tools: [
            ClosureTool(proposing: effects) { invocation async throws(ToolError) in
                for index in 0..<3 { try await invocation.writeFile("file\(index)", []) }
                return ToolResult(text: "wrote all")
            }
        ])
        #expect(try await session.call(.test).outcome == "denied")
        #expect(bench.isUntouched)
        bench.policy.decision.value = { effect, _ in .permitted(effect) }
        #expect(try await session.call(.test).outcome == "completed")
    }

    @Test("A denial wins over an act that needs an approval, and nobody is asked")
    func denyBeforeApproval() async throws {
        let bench = Bench()
        bench.policy.decision.value = { effect, _ in effect == .write("b") ? .denied() : .asking() }
        let session = try await bench.session(tools: [ClosureTool(proposing: [.write("a"), .write("b")])])
        #expect(try await session.call(.test).outcome == "denied")
        #expect(bench.approvals.requests.value.isEmpty)
    }

    @Test("A tool that proposes nothing gets nothing")
    func nothingProposed() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [
            ClosureTool(proposing: []) { invocation async throws(ToolError) in
                try await invocation.writeFile("a", [])
                return ToolResult(text: "wrote")
            }
        ])
        let attempt = try await session.call(.test)
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs == ["effect.none"])
        #expect(attempt.decision.environment == .production)
        #expect(bench.audit.kinds.last == .denial)
        #expect(bench.isUntouched)
    }

    @Test("A statement to a database has no capability yet, so it is denied whatever the policy says")
    func sql() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [ClosureTool(proposing: [Effect(.sql(statement: "select 1"))])])
        let attempt = try await session.call(.test)
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs.first == "capability.missing")
    }

    @Test("Who lacks the capability learns why, and no provider is asked on his behalf")
    func missingCapability() async throws {
        let bench = Bench()
        bench.policy.queries.value = { _ in [ResourceQuery(provider: "railway", type: "volume", id: "v1")] }
        let session = try await bench.session()
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(fileRead: session.capabilities.fileRead))
        let attempt = try await agent.call(.post("https://api.example/"))
        #expect(attempt.outcome == "denied")
        #expect(attempt.decision.reasonIDs.first == "capability.missing")
        #expect(!bench.events.contains("resolve"))
        #expect(bench.audit.kinds.last == .denial)
    }

    @Test("Targets are resolved before the policy decides, and the policy sees the answers")
    func resolution() async throws {
        let bench = Bench()
        let seen = Box<[ResolvedTarget]>([])
        bench.policy.queries.value = { _ in [ResourceQuery(provider: "railway", type: "volume", id: "v1")] }
        bench.policy.decision.value = { effect, targets in
            seen.value = targets
            return .permitted(effect)
        }
        let session = try await bench.session()
        #expect(try await session.call(.post("https://api.example/")).outcome == "completed")
        #expect(
            bench.events.all == [
                "analyse", "resolve", "decide", "audit.intent", "send POST https://api.example/", "audit.outcome",
            ])
        #expect(seen.value.map(\.environment) == [.staging])
        #expect(seen.value.map(\.proof) == [.provider(name: "railway")])
    }

    @Test(
        "What nobody can resolve is unproven and counts as the most protected environment",
        arguments: ["unknown", "railway"])
    func unproven(_ provider: String) async throws {
        let bench = Bench()
        bench.resolver.answer.value = { _ in [] }
        let seen = Box<[ResolvedTarget]>([])
        bench.policy.queries.value = { _ in [ResourceQuery(provider: provider, type: "volume", id: "v1")] }
        bench.policy.decision.value = { _, targets in
            seen.value = targets
            return .denied()
        }
        let session = try await bench.session()
        _ = try await session.call(.post("https://api.example/"))
        #expect(seen.value.count == 1)
        #expect(seen.value.first?.id == "v1")
        #expect(seen.value.first?.environment == .production)
        guard case .unproven = seen.value.first?.proof else {
            Issue.record("the target must be unproven")
            return
        }
    }

    @Test("Effects in different environments count as the most protected one, those that stay inside as none")
    func environments() async throws {
        let bench = Bench()
        bench.policy.decision.value = { effect, _ in
            let label: EnvironmentLabel =
                switch effect {
                case .write("a"): .staging
                case .write("b"): EnvironmentLabel("development")
                default: .none
                }
            return Decision(
                .permit, effectClass: .reversible, environment: label, reasons: [Reason("rule.test", "test")])
        }
        let session = try await bench.session(tools: [
            ClosureTool("mixed", proposing: [.write("a"), .write("b")]),
            ClosureTool("one", proposing: [.write("a"), .write("c")]), ClosureTool("inside", proposing: [.write("c")]),
        ])
        #expect(try await session.call(ToolCall(tool: "mixed", input: [:])).decision.environment == .production)
        #expect(try await session.call(ToolCall(tool: "one", input: [:])).decision.environment == .staging)
        #expect(
            try await session.call(ToolCall(tool: "inside", input: [:])).decision.environment == EnvironmentLabel.none)
    }

    @Test(
        "A decision without a reason, or asking without a requirement, is a denial",
        arguments: [
            Decision(.permit, effectClass: .read, environment: .staging, reasons: []),
            Decision(.requireApproval, effectClass: .read, environment: .staging, reasons: [Reason("x", "x")]),
        ])
    func incomplete(_ decision: Decision) async throws {
        let bench = Bench()
        bench.policy.decision.value = { _, _ in decision }
        let session = try await bench.session()
        #expect(try await session.call(.write("a")).outcome == "denied")
        #expect(bench.isUntouched)
    }

    @Test(
        "A duty that the effect can't meet denies it",
        arguments: [ToolCall.shell("true"), .write("a"), .read("a"), .get("https://a.example/")])
    func unmetObligation(_ call: ToolCall) async throws {
        let bench = Bench()
        bench.policy.decision.value = { effect, _ in
            .permitted(effect, obligations: [.injectSecret(name: "deploy", place: "X: {}")])
        }
        let session = try await bench.session()
        let attempt = try await session.call(call)
        let canMeet = call == .get("https://a.example/")
        #expect(attempt.outcome == (canMeet ? "completed" : "denied"))
        #expect(bench.isUntouched == !canMeet)
        if !canMeet { #expect(attempt.decision.reasonIDs.first == "obligation.unmet") }
    }

    @Test("A call of a tool that isn't there fails before anything is decided")
    func unknownTool() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let error = await failure { () async throws(SessionError) in
            _ = try await session.call(ToolCall(tool: "rm", input: [:]))
        }
        #expect(error?.code == .unknownTool)
        #expect(bench.events.all.isEmpty)
    }
}
