// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Authorised invocations")
struct InvocationTests {
    typealias Body = @Sendable (consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult

    /// What a tool does that proposed to read `a`, write `a`, run `make` in `/ws`, and get one URL.
    struct Deed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isHonest: Bool
        let body: Body

        init(_ name: String, honest: Bool = false, _ body: @escaping Body) {
            testDescription = name
            isHonest = honest
            self.body = body
        }
    }

    static let proposed: [Effect] = [
        .read("a"), .write("a"), Effect(.execute(Execution(argv: ["make", "test"], workingDirectory: "/ws"))),
        .get("https://a.example/x"),
        .read("folder"),
    ]

    static func request(
        _ method: String = "GET", _ url: String = "https://a.example/x", _ headers: [OutgoingRequest.Header] = [],
        body: [UInt8] = [], credential: String? = nil
    ) -> OutgoingRequest {
        OutgoingRequest(method: method, url: url, headers: headers, body: body, credential: credential)
    }

    static let deeds: [Deed] = [
        Deed("reads what it proposed", honest: true) { invocation async throws(ToolError) in
            _ = try await invocation.readFile("a", limitBytes: 10)
            _ = try await invocation.readFile("./a", limitBytes: 10)
            return ToolResult(text: "done")
        },
        Deed("reads another file") { invocation async throws(ToolError) in
            _ = try await invocation.readFile("b", limitBytes: 10)
            return ToolResult(text: "done")
        },
        Deed("reads around the workspace") { invocation async throws(ToolError) in
            _ = try await invocation.readFile("a/../../etc/passwd", limitBytes: 10)
            return ToolResult(text: "done")
        },
        Deed("reads a sibling of the proposed folder") { invocation async throws(ToolError) in
            _ = try await invocation.readFile("folder2/x", limitBytes: 10)
            return ToolResult(text: "done")
        },
        Deed("reads out of the proposed folder") { invocation async throws(ToolError) in
            _ = try await invocation.readFile("folder/../b", limitBytes: 10)
            return ToolResult(text: "done")
        },
        Deed("lists another folder") { invocation async throws(ToolError) in
            _ = try await invocation.listFolder("")
            return ToolResult(text: "done")
        },
        Deed("writes what it proposed", honest: true) { invocation async throws(ToolError) in
            try await invocation.writeFile("a", [1])
            return ToolResult(text: "done")
        },
        Deed("writes another file") { invocation async throws(ToolError) in
            try await invocation.writeFile("b", [1])
            return ToolResult(text: "done")
        },
        Deed("writes where it only proposed to read") { invocation async throws(ToolError) in
            try await invocation.writeFile("folder", [1])
            return ToolResult(text: "done")
        },
        Deed("runs what it proposed", honest: true) { invocation async throws(ToolError) in
            _ = try await invocation.run(ConfinedCommand(argv: ["make", "test"], workingDirectory: "/ws"))
            return ToolResult(text: "done")
        },
        Deed("runs another program") { invocation async throws(ToolError) in
            _ = try await invocation.run(ConfinedCommand(argv: ["rm", "test"], workingDirectory: "/ws"))
            return ToolResult(text: "done")
        },
        Deed("runs other arguments") { invocation async throws(ToolError) in
            _ = try await invocation.run(ConfinedCommand(argv: ["make", "deploy"], workingDirectory: "/ws"))
            return ToolResult(text: "done")
        },
        Deed("runs one argument more") { invocation async throws(ToolError) in
            _ = try await invocation.run(ConfinedCommand(argv: ["make", "test", ""], workingDirectory: "/ws"))
            return ToolResult(text: "done")
        },
        Deed("runs it in another folder") { invocation async throws(ToolError) in
            _ = try await invocation.run(ConfinedCommand(argv: ["make", "test"], workingDirectory: "/ws/other"))
            return ToolResult(text: "done")
        },
        Deed("runs nothing") { invocation async throws(ToolError) in
            _ = try await invocation.run(ConfinedCommand(argv: []))
            return ToolResult(text: "done")
        },
        Deed("sends what it proposed", honest: true) { invocation async throws(ToolError) in
            _ = try await invocation.send(request())
            return ToolResult(text: "done")
        },
        Deed("sends with another method") { invocation async throws(ToolError) in
            _ = try await invocation.send(request("DELETE"))
            return ToolResult(text: "done")
        },
        Deed("sends to another path") { invocation async throws(ToolError) in
            _ = try await invocation.send(request("GET", "https://a.example/y"))
            return ToolResult(text: "done")
        },
        Deed("sends one header more") { invocation async throws(ToolError) in
            _ = try await invocation.send(request("GET", "https://a.example/x", [OutgoingRequest.Header("X-Key", "1")]))
            return ToolResult(text: "done")
        },
        Deed("sends a body") { invocation async throws(ToolError) in
            _ = try await invocation.send(request(body: [1]))
            return ToolResult(text: "done")
        },
        Deed("asks for a credential after all") { invocation async throws(ToolError) in
            _ = try await invocation.send(request(credential: "deploy"))
            return ToolResult(text: "done")
        },
    ]

    @Test("A tool reaches what it proposed, and anything else throws before it happens", arguments: deeds)
    func reach(_ deed: Deed) async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "A", "b": "B", "folder/x": "X", "folder2/x": "X"]
        let session = try await bench.session(tools: [ClosureTool(proposing: Self.proposed, deed.body)])
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.test) }
        if deed.isHonest {
            #expect(error == nil)
            #expect(!bench.isUntouched)
        } else {
            #expect(error?.code == .beforeEffect)
            #expect(error?.message.contains("does not cover") == true)
            #expect(bench.isUntouched)
            #expect(bench.audit.records.value.last?.body["status"] == "failed")
        }
    }

    static let repeated: [Deed] = [
        Deed("a request") { invocation async throws(ToolError) in
            _ = try await invocation.send(request())
            _ = try await invocation.send(request())
            return ToolResult(text: "done")
        },
        Deed("a program") { invocation async throws(ToolError) in
            let command = ConfinedCommand(argv: ["make", "test"], workingDirectory: "/ws")
            _ = try await invocation.run(command)
            _ = try await invocation.run(command)
            return ToolResult(text: "done")
        },
        Deed("a write") { invocation async throws(ToolError) in
            try await invocation.writeFile("a", [1])
            try await invocation.writeFile("./a", [2])
            return ToolResult(text: "done")
        },
    ]

    @Test("What was authorised once happens once", arguments: repeated)
    func once(_ deed: Deed) async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [ClosureTool(proposing: Self.proposed, deed.body)])
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.test) }
        #expect(error?.code == .afterEffect)
        #expect(bench.events.all.filter { $0 == "run" || $0.hasPrefix("send ") || $0.hasPrefix("write ") }.count == 1)
    }

    @Test("What was proposed twice happens twice")
    func twice() async throws {
        let bench = Bench()
        let session = try await bench.session(tools: [
            ClosureTool(proposing: [.get("https://a.example/x"), .get("https://a.example/x")]) {
                invocation async throws(ToolError) in
                _ = try await invocation.send(Self.request())
                _ = try await invocation.send(Self.request())
                return ToolResult(text: "done")
            }
        ])
        #expect(try await session.call(.test).outcome == "completed")
        #expect(bench.transport.sent.value.count == 2)
    }

    @Test(
        "Nothing begins any more once the session is revoked or closed, also in the middle of a call",
        arguments: [true, false], deeds.filter(\.isHonest))
    func revokedMeanwhile(_ closes: Bool, _ deed: Deed) async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "A"]
        let holder = Box<Session?>(nil)
        let body = deed.body
        let session = try await bench.session(tools: [
            ClosureTool(proposing: Self.proposed) { invocation async throws(ToolError) in
                if closes { await holder.value?.close() } else { holder.value?.revoke() }
                return try await body(invocation)
            }
        ])
        holder.value = session
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.test) }
        #expect(error?.code == .beforeEffect)
        #expect(bench.isUntouched)
    }

    @Test("Below a proposed folder each file is judged by itself")
    func folders() async throws {
        let bench = Bench()
        bench.pod.content.value = ["src/open": "needle 1", "src/closed": "needle 2", "src/deep/open": "needle 3"]
        bench.policy.decision.value = { effect, _ in
            if case .readFile(let path) = effect.action, path.hasSuffix("closed") {
                .denied()
            } else {
                .permitted(effect)
            }
        }
        let session = try await bench.session()
        let listed = try await session.call(ToolCall(tool: "file.list", input: ["path": "src"]))
        #expect(listed.value?.text.contains("closed") == false)
        #expect(listed.value?.text.contains("open") == true)
        let found = try await session.call(ToolCall(tool: "file.search", input: ["text": "needle"]))
        #expect(found.value?.text == "src/open:1: needle 1\nsrc/deep/open:1: needle 3")
        #expect(!bench.events.contains("read src/closed"))
        #expect(try await session.call(.read("src/closed")).outcome == "denied")
    }

    @Test("What is opened is the path that was judged, in its normal form")
    func normalForm() async throws {
        let bench = Bench()
        bench.pod.content.value = ["b": "B"]
        let session = try await bench.session()
        #expect(try await session.call(.read("/ws/a/.././b")).value?.text == "B")
        #expect(bench.events.contains("read b"))
    }

    @Test("A program gets the session's environment and limits, and no more time or output than they allow")
    func limits() async throws {
        let bench = Bench()
        let session = try await bench.session {
            $0.limits = SessionLimits(wall: .seconds(5), outputBytes: 100)
            $0.environment = ["PATH": "/bin", "KEY": "placeholder"]
        }
        let command = ConfinedCommand(
            argv: ["env"], environment: ["PATH": "/opt"], timeout: .seconds(600), outputLimitBytes: 1 << 30)
        #expect(try await session.execute(command).outcome == "completed")
        let ran = try #require(bench.pod.ran.value.first)
        #expect(ran.timeout == .seconds(5))
        #expect(ran.outputLimitBytes == 100)
        #expect(ran.environment == ["PATH": "/opt", "KEY": "placeholder"])
    }

    @Test("A URL leaves in the form that was judged, with secrets where the decision says and nowhere else")
    func sending() async throws {
        let bench = Bench()
        let session = try await bench.session()
        _ = try await session.call(.get("HTTPS://A.example:443/x/../y"))
        #expect(bench.transport.urls == ["https://a.example/y"])
        #expect(bench.transport.sent.value.first?.injections == [])
        let error = await failure { () async throws(SessionError) in _ = try await session.call(.get("not a url")) }
        #expect(error?.code == .beforeEffect)
        #expect(bench.transport.sent.value.count == 1)
    }
}
