// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Redaction on every way out")
struct RedactionTests {
    static let secret = TestRedactor.secret
    static let hidden = TestRedactor.placeholder

    @Test("A result's text, JSON values and JSON names are redacted")
    func results() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [
            ClosureTool(proposing: [.read("a")]) { _ async throws(ToolError) in
                ToolResult(
                    text: "x \(Self.secret) y", json: [Self.secret: ["deep": ["x", .string("=\(Self.secret)")]]])
            }
        ])
        let result = try #require(try await session.call(.test).value)
        #expect(
            result
                == ToolResult(
                    text: "x \(Self.hidden) y", json: [Self.hidden: ["deep": ["x", .string("=\(Self.hidden)")]]]))
    }

    @Test(
        "What each tool shows is redacted",
        arguments: [
            ToolCall.read("a"), .shell("cat a"), .get("https://a.example/"),
            ToolCall(tool: "file.search", input: ["text": "x"]),
        ])
    func tools(_ call: ToolCall) async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "x \(Self.secret)"]
        bench.pod.program.value = { _ in (["x \(Self.secret)"], .exited(code: 3)) }
        bench.transport.answer.value = { _ in
            .success(
                TransportResponse(
                    status: 200, headers: [OutgoingRequest.Header("X-Echo", Self.secret)],
                    body: Array("x \(Self.secret)".utf8)))
        }
        let session = try await bench.session()
        let result = try #require(try await session.call(call).value)
        let shown = result.text + result.json.serialized()
        #expect(shown.contains(Self.hidden))
        #expect(!shown.contains(Self.secret))
    }

    @Test("The reasons of a denial, of a waiting and of a refused call are redacted")
    func reasons() async throws {
        let bench = Bench()
        let session = try await bench.session()
        bench.policy.decision.value = { _, _ in .denied("`\(Self.secret)` is not allowed") }
        #expect(
            try await session.call(.write("a")).decision.reasons.map(\.message) == ["`\(Self.hidden)` is not allowed"])
        bench.policy.decision.value = { _, _ in .asking(message: "about `\(Self.secret)`") }
        let waiting = try await session.call(.write("a"))
        #expect(waiting.outcome == "waiting")
        #expect(waiting.decision.reasons.map(\.message) == ["about `\(Self.hidden)`"])
        bench.approvals.approveAll()
        // The target changes between filing and redeeming, so that the fake refuses with a secret in its reason.
        bench.policy.queries.value = { _ in
            [
                ResourceQuery(
                    provider: "railway", type: "volume",
                    id: bench.events.all.contains("approvals.request") ? "v2" : "v1")
            ]
        }
        bench.events.clear()
        _ = try await session.call(.write("b"))
        bench.approvals.approveAll()
        bench.events.clear()
        guard case .refused(let reason, let decision) = try await session.call(.write("b")) else {
            Issue.record("the call must be refused")
            return
        }
        #expect(reason.message.contains(Self.hidden) && !reason.message.contains(Self.secret))
        #expect(decision.reasons.map(\.message) == ["about `\(Self.hidden)`"])
    }

    @Test("Errors are redacted: of tools, of input, of the audit, of the pod, of unknown tools")
    func errors() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [
            ClosureTool(proposing: [.read("a")]) { _ async throws(ToolError) in
                throw ToolError(.failed, "no \(Self.secret)")
            }
        ])
        func message(_ call: ToolCall) async -> String? {
            await failure { () async throws(SessionError) in _ = try await session.call(call) }?.message
        }
        #expect(await message(.test) == "no \(Self.hidden)")
        let input = await message(ToolCall(tool: "file.read", input: [Self.secret: 1]))
        #expect(input?.contains(Self.hidden) == true && input?.contains(Self.secret) == false)
        let unknown = await message(ToolCall(tool: Self.secret, input: [:]))
        #expect(unknown?.contains(Self.hidden) == true && unknown?.contains(Self.secret) == false)
        bench.pod.runError.value = ConfinementError(.io, "broke at \(Self.secret)")
        #expect(await message(.shell("true")) == "broke at \(Self.hidden)")
        for kind in [AuditRecord.Kind.intent, .outcome] {
            bench.audit.failing.value = [kind]
            let failed = await message(.write("a"))
            #expect(failed?.contains(Self.hidden) == true && failed?.contains(Self.secret) == false)
        }
    }

    @Test("The audit holds no secret and no body, whatever the call held")
    func audit() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [
            ClosureTool(proposing: [.read(Self.secret)]) { _ async throws(ToolError) in
                throw ToolError(.failed, "no \(Self.secret)")
            }
        ])
        for outcome in ["permit", "deny"] {
            bench.policy.decision.value = { effect, _ in
                outcome == "permit" ? .permitted(effect) : .denied("not \(Self.secret)")
            }
            _ = try? await session.call(.test)
            _ = try await session.call(.shell("curl -H 'X-Key: \(Self.secret)' https://a.example"))
            _ = try await session.call(.write("notes/\(Self.secret)"))
            let request: JSONValue = [
                "url": .string("https://a.example/?key=\(Self.secret)"), "method": "POST",
                "body": .string("the body \(Self.secret)"),
                "headers": ["X-Key": .string(Self.secret)],
            ]
            _ = try await session.call(ToolCall(tool: "http.request", input: request))
        }
        #expect(bench.audit.kinds.filter { $0 == .intent }.count == 4)
        #expect(bench.audit.kinds.filter { $0 == .denial }.count == 4)
        #expect(bench.audit.text.contains(Self.hidden))
        #expect(!bench.audit.text.contains(Self.secret))
        #expect(!bench.audit.text.contains("the body"))
    }

    @Test("What an approver is shown and what is filed holds no secret")
    func approvals() async throws {
        let bench = Bench()
        bench.policy.decision.value = { _, _ in .asking(message: "about \(Self.secret)") }
        let session = try await bench.session()
        _ = try await session.call(.shell("deploy --token \(Self.secret)"))
        let request: JSONValue = [
            "url": .string("https://a.example/?key=\(Self.secret)"), "method": "POST",
            "body": .string("the body \(Self.secret)"),
            "headers": ["X-Key": .string(Self.secret)],
        ]
        _ = try await session.call(ToolCall(tool: "http.request", input: request))
        _ = try await session.call(.write(Self.secret))
        #expect(bench.describer.seen.value.count == 3)
        #expect(bench.approvals.requests.value.count == 3)
        for seen in bench.describer.seen.value {
            #expect(!seen.contains(Self.secret))
            #expect(seen.contains(Self.hidden))
        }
        #expect(!bench.approvals.requests.value.map { $0.act.serialized() }.joined().contains(Self.secret))
    }

    @Test("Streamed chunks are redacted, also where a secret is split over them", arguments: 1...17)
    func chunks(_ split: Int) async throws {
        let bench = Bench()
        let chunks = [
            "a " + Self.secret.prefix(split), Self.secret.dropFirst(split) + " b", "", Self.secret.prefix(3) + "",
        ]
        bench.pod.program.value = { _ in (chunks, .exited(code: 0)) }
        let seen = Box("")
        let session = try await bench.session()
        let attempt = try await session.execute(ConfinedCommand(argv: ["x"])) { _, bytes in
            seen.update { $0 += String(decoding: bytes, as: UTF8.self) }
        }
        let expected = "a \(Self.hidden) b\(Self.secret.prefix(3))"
        #expect(seen.value == expected)
        #expect(attempt.value?.standardOutput == Array(expected.utf8))
    }

    @Test("Output that is cut at its limit doesn't end in the start of a secret", arguments: 1...16)
    func truncated(_ kept: Int) async throws {
        let bench = Bench()
        bench.pod.program.value = { _ in (["12345" + Self.secret], .exited(code: 0)) }
        let session = try await bench.session()
        let attempt = try await session.execute(ConfinedCommand(argv: ["x"], outputLimitBytes: 5 + kept))
        #expect(attempt.value?.standardOutput == Array("12345".utf8))
        #expect(attempt.value?.standardError == Array("12345".utf8))
    }

    @Test("What the layer changes and what a commit reports is redacted, names too")
    func layer() async throws {
        func change(_ text: String) -> LayerChanges.Change {
            LayerChanges.Change(kind: .added, path: "a/\(text)", refusal: "no \(text)", executesElsewhere: false)
        }
        let bench = Bench()
        bench.pod.layer.value = LayerChanges(changes: [change(Self.secret)], patch: "-\(Self.secret)\n+x")
        let session = try await bench.session()
        let expected = [change(Self.hidden)]
        #expect(try await session.changes() == LayerChanges(changes: expected, patch: "-\(Self.hidden)\n+x"))
        #expect(try await session.commit().value?.committed == expected)
        bench.policy.decision.value = { _, _ in .asking() }
        bench.pod.layer.value = LayerChanges(
            changes: [LayerChanges.Change(kind: .added, path: Self.secret, refusal: nil, executesElsewhere: true)],
            patch: "")
        #expect(try await session.commit().outcome == "waiting")
        #expect(bench.describer.seen.value.count == 1)
        #expect(!bench.describer.seen.value.joined().contains(Self.secret))
    }

    @Test("A pod sees a file that holds a secret masked, and a file that the policy hides empty")
    func mask() async throws {
        let bench = Bench()
        bench.policy.decision.value = { effect, _ in effect == .read(".env") ? .denied() : .permitted(effect) }
        _ = try await bench.session()
        let mask = try #require(bench.pod.specification.value?.mask)
        #expect(mask(".env", Array("A=1".utf8)) == [])
        #expect(mask("config", Array("key=\(Self.secret)".utf8)) == Array("key=\(Self.hidden)".utf8))
        #expect(mask("plain", Array("text".utf8)) == nil)
    }
}
