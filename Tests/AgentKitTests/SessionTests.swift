// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Sessions")
struct SessionTests {
    @Test(
        "A closed session does nothing more, and its pod is closed once",
        arguments: [
            ToolCall.read("a"), .write("a"), .shell("true"), .get("https://a.example/"),
        ])
    func closing(_ call: ToolCall) async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "A"]
        let session = try await bench.session()
        let delegate = try session.delegated(to: "helper", holding: session.capabilities)
        await session.close()
        await session.close()
        for closed in [session, delegate] {
            let error = await failure { () async throws(SessionError) in _ = try await closed.call(call) }
            #expect(error?.code == .closed)
        }
        #expect(bench.isUntouched)
        #expect(bench.events.all.filter { $0 == "pod.close" }.count == 1)
        #expect(bench.audit.kinds == [.sessionOpened, .sessionClosed])
        #expect(session.capabilities.exec?.isLive == false)
        #expect(session.enforcement == nil)
    }

    @Test("The end of a session without a pod is recorded too")
    func closingWithoutPod() async throws {
        let bench = Bench()
        let session = try await bench.session { $0.confinement = nil }
        await session.close()
        await session.close()
        #expect(bench.audit.kinds == [.sessionOpened, .sessionClosed])
    }

    @Test("A session that is closed while it decides does nothing")
    func closedWhileDeciding() async throws {
        let bench = Bench()
        let session = try await bench.session()
        bench.audit.before.value = { record in if record.kind == .intent { session.revoke() } }
        let error = await failure { () async throws(SessionError) in
            _ = try await session.call(.post("https://a.example/"))
        }
        #expect(error?.code == .beforeEffect)
        #expect(bench.isUntouched)
        #expect(bench.audit.kinds == [.sessionOpened, .intent, .outcome])
    }

    @Test("Opening a session records its label, its principals and what is enforced")
    func opening() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let body = try #require(bench.audit.records.value.first?.body)
        #expect(body["environment"] == "staging")
        #expect(body["principals"] == ["ada"])
        #expect(body["enforcement"]?["tier"] == "full")
        #expect(body["policy"] == .string(bench.policy.digest.description))
        #expect(session.context.id.utf8.count == 32)
        #expect(session.enforcement == bench.pod.report)
    }

    @Test("A commit is one effect, judged by what the layer changes")
    func commit() async throws {
        let bench = Bench()
        bench.pod.layer.value = LayerChanges(
            changes: [
                LayerChanges.Change(kind: .added, path: "a", refusal: nil, executesElsewhere: true),
                LayerChanges.Change(kind: .deleted, path: "b", refusal: nil, executesElsewhere: false),
                LayerChanges.Change(kind: .added, path: ".git/hooks/x", refusal: "protected", executesElsewhere: false),
            ], patch: "")
        let expected = CommitSummary(written: ["a"], deleted: ["b"], executesElsewhere: ["a"], originalsKept: true)
        let session = try await bench.session()
        bench.policy.decision.value = { effect, _ in effect.action == .commit(expected) ? .denied() : .permitted(effect)
        }
        #expect(try await session.commit().outcome == "denied")
        #expect(bench.pod.commits.value == 0)
        bench.policy.decision.value = { effect, _ in effect.action == .commit(expected) ? .permitted(effect) : .denied()
        }
        #expect(try await session.commit().outcome == "completed")
        #expect(bench.pod.commits.value == 1)
    }

    @Test("A session that is denied as often as its limits bear is ended, for its delegates too")
    func denialsEnd() async throws {
        let bench = Bench()
        bench.policy.decision.value = { _, _ in .denied() }
        let session = try await bench.session { $0.limits.denials = 3 }
        let helper = try session.delegated(to: "helper", holding: session.capabilities)
        #expect(try await session.call(.shell("true")).outcome == "denied")
        #expect(try await helper.call(.shell("true")).outcome == "denied")
        #expect(try await helper.call(.shell("true")).outcome == "denied")
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.shell("true")) }
        #expect(error?.code == .closed)
    }

    @Test("Where originals can't be kept nothing is committed, and the policy knows it before")
    func commitWithoutUndo() async throws {
        let bench = Bench()
        let seen = Box(true)
        bench.policy.decision.value = { effect, _ in
            if case .commit(let summary) = effect.action { seen.value = summary.originalsKept }
            return .permitted(effect)
        }
        let session = try await bench.session { $0.undoStore = nil }
        let error = await failure { () async throws(SessionError) in _ = try await session.commit() }
        #expect(error?.code == .beforeEffect)
        #expect(!seen.value)
        #expect(bench.pod.commits.value == 0)
    }

    @Test("Of two tools with one name the first stays")
    func sameName() async throws {
        let bench = Bench()
        let first = ClosureTool("shell", proposing: [.read("a")]) { _ async throws(ToolError) in
            ToolResult(text: "mine")
        }
        let session = try await bench.session(tools: [first])
        #expect(try await session.call(.shell("true")).value?.text == "mine")
        #expect(session.toolDescriptions.map(\.name) == session.toolDescriptions.map(\.name).sorted())
        #expect(session.toolDescriptions.count == 8)
    }
}
