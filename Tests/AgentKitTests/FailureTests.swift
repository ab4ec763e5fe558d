// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Failures")
struct FailureTests {
    @Test(
        "No record, no effect: where the intent can't be written nothing happens and the call fails",
        arguments: [
            ToolCall.read("a"), .write("a"), .shell("true"), .get("https://a.example/"),
        ])
    func noIntent(_ call: ToolCall) async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "text"]
        let session = try await bench.session()
        bench.audit.failing.value = [.intent]
        let error = await failure { () async throws(SessionError) in _ = try await session.call(call) }
        #expect(error?.code == .beforeEffect)
        #expect(bench.isUntouched)
        #expect(bench.audit.kinds == [.sessionOpened])
        bench.audit.failing.value = []
        #expect(try await session.call(call).outcome == "completed")
    }

    @Test("A denial that can't be written is an error, not a silent denial")
    func noDenial() async throws {
        let bench = Bench()
        bench.policy.decision.value = { _, _ in .denied() }
        let session = try await bench.session()
        bench.audit.failing.value = [.denial]
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.write("a")) }
        #expect(error?.code == .beforeEffect)
        #expect(bench.isUntouched)
    }

    @Test("An approval whose intent can't be written authorises nothing")
    func noIntentOfApproval() async throws {
        let bench = ApprovalFlowTests.bench()
        let session = try await bench.session()
        _ = try await session.call(ApprovalFlowTests.delete)
        bench.approvals.approveAll()
        bench.audit.failing.value = [.intent]
        let error = await failure { () async throws(SessionError) in
            _ = try await session.call(ApprovalFlowTests.delete)
        }
        #expect(error?.code == .beforeEffect)
        #expect(bench.isUntouched)
    }

    @Test("An outcome that can't be written says that the effect happened")
    func noOutcome() async throws {
        let bench = Bench()
        let session = try await bench.session()
        bench.audit.failing.value = [.outcome]
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.write("a")) }
        #expect(error?.code == .afterEffect)
        #expect(bench.pod.content.value["a"] == "text")
    }

    struct RunCase: Sendable, CustomTestStringConvertible {
        let name: String
        let error: ConfinementError.Code
        let expected: SessionError.Code
        var testDescription: String { name }

        static let all = [
            RunCase(name: "a missing layer", error: .enforcementUnavailable, expected: .beforeEffect),
            RunCase(name: "set-up", error: .setup, expected: .beforeEffect),
            RunCase(name: "a closed pod", error: .closed, expected: .beforeEffect),
            RunCase(name: "a broken stream", error: .io, expected: .afterEffect),
            RunCase(name: "a limit", error: .limit, expected: .afterEffect),
        ]
    }

    @Test(
        "A program that failed to start did nothing; one that broke off may have done anything", arguments: RunCase.all)
    func program(_ scenario: RunCase) async throws {
        let bench = Bench()
        bench.pod.runError.value = ConfinementError(scenario.error, "it failed")
        let session = try await bench.session()
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.shell("make deploy")) }
        #expect(error?.code == scenario.expected)
        #expect(bench.audit.records.value.last?.body["status"] == "failed")
    }

    @Test("A request that may have left is never reported as one that didn't", arguments: [true, false])
    func request(_ mayHaveActed: Bool) async throws {
        let bench = Bench()
        bench.transport.answer.value = { _ in
            .failure(TransportError(.connection, "it broke", mayHaveActed: mayHaveActed))
        }
        let session = try await bench.session()
        let error = await failure { () async throws(SessionError) in
            _ = try await session.call(.post("https://a.example/"))
        }
        #expect(error?.code == (mayHaveActed ? .afterEffect : .beforeEffect))
    }

    @Test("A call that fails after its first effect says that something happened")
    func secondStep() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [
            ClosureTool(proposing: [.write("a"), .write("b")]) { invocation async throws(ToolError) in
                try await invocation.writeFile("a", [])
                throw ToolError(.failed, "gave up")
            },
            ClosureTool("early", proposing: [.write("a")]) { _ async throws(ToolError) in
                throw ToolError(.failed, "gave up")
            },
        ])
        let late = await failure { () async throws(SessionError) in _ = try await session.call(.test) }
        #expect(late?.code == .afterEffect)
        let early = await failure { () async throws(SessionError) in
            _ = try await session.call(ToolCall(tool: "early", input: [:]))
        }
        #expect(early?.code == .beforeEffect)
    }

    @Test(
        "A runtime without a part answers that it has none",
        arguments: [ToolCall.shell("true"), .read("a"), .get("https://a.example/")])
    func missingPorts(_ call: ToolCall) async throws {
        let bench = Bench()
        let session = try await bench.session {
            $0.confinement = nil
            $0.transport = nil
        }
        #expect(session.enforcement == nil)
        let error = await failure { () async throws(SessionError) in _ = try await session.call(call) }
        #expect(error?.code == .beforeEffect)
        #expect(bench.isUntouched)
    }

    @Test("A session doesn't open where its pod or its audit fails")
    func opening() async throws {
        let bench = Bench()
        bench.audit.failing.value = [.sessionOpened]
        let unrecorded = await failure { () async throws(SessionError) in _ = try await bench.session() }
        #expect(unrecorded?.code == .beforeEffect)
        #expect(bench.pod.isClosed.value)
        bench.audit.failing.value = []
        bench.pod.openError.value = ConfinementError(.enforcementUnavailable, "no Landlock here; use another kernel")
        let unconfined = await failure { () async throws(SessionError) in _ = try await bench.session() }
        #expect(unconfined?.code == .beforeEffect)
        #expect(unconfined?.message.contains("Landlock") == true)
    }

    @Test(
        "A workspace is an absolute folder below the root",
        arguments: ["", "relative", "/", "/..", "/a/../..", "/a\u{0}"])
    func workspaces(_ path: String) async throws {
        let bench = Bench()
        let runtime = Runtime(bench.configuration, tools: [])
        let error = await failure { () async throws(SessionError) in
            _ = try await runtime.openSession(workspace: path, environment: .staging, principals: ["ada"])
        }
        #expect(error?.code == .invalidInput)
        #expect(bench.pod.specification.value == nil)
    }
}
