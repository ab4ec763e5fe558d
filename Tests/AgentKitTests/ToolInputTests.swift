// SPDX-License-Identifier: Apache-2.0

import AgentKit
import AgentTools
import Testing

@Suite("Tool input")
struct ToolInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let tool: String
        let input: JSONValue
        let isValid: Bool
        var testDescription: String { "\(tool) \(isValid ? "takes" : "refuses") \(input)" }

        static func valid(_ tool: String, _ input: JSONValue) -> Case { Case(tool: tool, input: input, isValid: true) }
        static func invalid(_ tool: String, _ input: JSONValue) -> Case {
            Case(tool: tool, input: input, isValid: false)
        }

        static let files: [Case] = [
            .valid("file.read", ["path": "a"]), .valid("file.read", ["path": "a", "offset": 0, "limit": 1]),
            .valid("file.read", ["path": "a", "offset": .null]), .invalid("file.read", [:]),
            .invalid("file.read", ["path": 1]),
            .invalid("file.read", ["path": .null]), .invalid("file.read", ["path": "a\u{0}b"]),
            .invalid("file.read", ["path": "a", "offset": -1]),
            .invalid("file.read", ["path": "a", "offset": 1.5]), .invalid("file.read", ["path": "a", "offset": "1"]),
            .invalid("file.read", ["path": "a", "limit": 0]), .invalid("file.read", ["path": "a", "limit": 1_048_577]),
            .invalid("file.read", ["path": "a", "mode": "r"]), .invalid("file.read", "a"), .invalid("file.read", .null),
            .invalid("file.read", ["a"]), .valid("file.list", [:]), .valid("file.list", ["path": "."]),
            .invalid("file.list", ["path": true]),
            .invalid("file.list", ["folder": "a"]), .valid("file.search", ["text": "x"]),
            .valid("file.search", ["text": "x", "path": ".", "ignore_case": true]), .invalid("file.search", [:]),
            .invalid("file.search", ["text": ""]), .invalid("file.search", ["text": "x", "ignore_case": "yes"]),
            .invalid("file.search", ["text": "x", "path": 1]), .valid("file.write", ["path": "b", "content": ""]),
            .invalid("file.write", ["path": "b"]), .invalid("file.write", ["content": "x"]),
            .invalid("file.write", ["path": "b", "content": 1]),
            .valid("file.edit", ["path": "a", "old": "old", "new": ""]),
            .invalid("file.edit", ["path": "a", "old": "", "new": "x"]),
            .invalid("file.edit", ["path": "a", "old": "old"]),
            .invalid("file.edit", ["path": "a", "old": "old", "new": "x", "all": 1]),
        ]

        static let effects: [Case] = [
            .valid("shell", ["command": "true"]), .valid("shell", ["argv": ["true"]]),
            .valid("shell", ["command": "true", "cwd": "src", "stdin": ""]),
            .valid("shell", ["command": "true", "timeout_seconds": 3600]), .invalid("shell", [:]),
            .invalid("shell", ["argv": []]),
            .invalid("shell", ["command": "true", "argv": ["true"]]), .invalid("shell", ["argv": "true"]),
            .invalid("shell", ["argv": [1]]),
            .invalid("shell", ["argv": ["a\u{0}"]]), .invalid("shell", ["command": "a\u{0}"]),
            .invalid("shell", ["command": ["true"]]),
            .invalid("shell", ["command": "true", "timeout_seconds": 0]),
            .invalid("shell", ["command": "true", "timeout_seconds": 3601]),
            .invalid("shell", ["command": "true", "env": [:]]), .invalid("shell", ["command": "true", "cwd": 1]),
            .valid("http.request", ["url": "https://a.example/"]),
            .valid("http.request", ["url": "https://a.example/", "headers": ["A": "b"]]),
            .invalid("http.request", [:]), .invalid("http.request", ["url": 1]),
            .invalid("http.request", ["url": "https://a.example/", "headers": ["A"]]),
            .invalid("http.request", ["url": "https://a.example/", "headers": ["A": 1]]),
            .invalid("http.request", ["url": "https://a.example/", "body": [:]]),
            .invalid("http.request", ["url": "https://a.example/", "timeout": 1]),
            .valid("graphql", ["url": "https://a.example/", "query": "{ a }", "variables": ["x": 1]]),
            .invalid("graphql", ["url": "https://a.example/"]), .invalid("graphql", ["query": "{ a }"]),
            .invalid("graphql", ["url": "https://a.example/", "query": "{ a }", "variables": "x"]),
            .invalid("graphql", ["url": "https://a.example/", "query": "{ a }", "operationName": 1]),
        ]
    }

    @Test("Input that makes no sense is refused before anything is decided", arguments: Case.files + Case.effects)
    func input(_ scenario: Case) async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "old"]
        let session = try await bench.session()
        let error = await failure { () async throws(SessionError) in
            _ = try await session.call(ToolCall(tool: scenario.tool, input: scenario.input))
        }
        if scenario.isValid {
            #expect(error == nil)
            #expect(bench.audit.kinds == [.sessionOpened, .intent, .outcome])
        } else {
            #expect(error?.code == .invalidInput)
            #expect(bench.events.all.isEmpty)
            #expect(error?.message.contains("\n") == false)
        }
    }

    @Test("A tool's schema names its inputs, and takes no others", arguments: StandardTools.all.map(\.name))
    func schemas(_ name: String) throws {
        let tool = try #require(StandardTools.all.first { $0.name == name })
        let names = try #require(tool.inputSchema["properties"]?.objectValue).names
        #expect(tool.inputSchema["type"] == "object")
        #expect(tool.inputSchema["additionalProperties"] == false)
        for required in tool.inputSchema["required"]?.arrayValue ?? [] {
            #expect(names.contains(required.stringValue ?? ""))
        }
        let context = SessionContext(id: "1", environment: .staging, workspace: "/ws", principals: [])
        #expect(throws: ToolError.self) { try tool.propose(["no-such-input": 1], in: context) }
    }

    @Test("A shell call proposes what it runs: the words, the folder, and the text where a shell reads it")
    func shell() throws {
        let context = SessionContext(id: "1", environment: .staging, workspace: "/ws", principals: [])
        let tool = ShellTool()
        #expect(
            try tool.propose(["command": "ls | wc"], in: context) == [Effect(.execute(Execution(shell: "ls | wc")))])
        #expect(
            try tool.propose(["argv": ["ls", "-l"], "cwd": "src"], in: context)
                == [Effect(.execute(Execution(argv: ["ls", "-l"], workingDirectory: "/ws/src")))])
        #expect(
            try tool.propose(["argv": ["ls"], "cwd": "/tmp"], in: context)
                == [Effect(.execute(Execution(argv: ["ls"], workingDirectory: "/tmp")))])
    }

    @Test(
        "A program's failure is a result",
        arguments: [
            (CommandResult.Ending.exited(code: 0), 0, false), (.exited(code: 3), 3, true),
            (.signalled(number: 9), 137, true),
            (.timedOut, 124, true), (.cancelled, 130, true), (.programNotFound, 127, true),
        ] as [(CommandResult.Ending, Int64, Bool)])
    func endings(_ ending: CommandResult.Ending, _ code: Int64, _ isError: Bool) async throws {
        let bench = Bench()
        bench.pod.program.value = { _ in (["out"], ending) }
        let session = try await bench.session()
        let result = try #require(try await session.call(.shell("x")).value)
        #expect(result.json["exitCode"] == .integer(code))
        #expect(result.isError == isError)
        #expect(result.json["stdout"] == "out")
    }

    @Test("An edit replaces exactly what it names, or nothing")
    func edit() async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "one two one", "b": "aaa"]
        let session = try await bench.session()
        func edit(_ path: String, _ old: String, _ new: String, all: Bool = false) async -> SessionError? {
            let input: JSONValue = ["path": .string(path), "old": .string(old), "new": .string(new), "all": .bool(all)]
            return await failure { () async throws(SessionError) in
                _ = try await session.call(ToolCall(tool: "file.edit", input: input))
            }
        }
        #expect(await edit("a", "one", "1")?.code == .beforeEffect)
        #expect(await edit("a", "three", "3")?.code == .beforeEffect)
        #expect(bench.pod.content.value["a"] == "one two one")
        #expect(await edit("a", "two", "2") == nil)
        #expect(await edit("a", "one", "1", all: true) == nil)
        #expect(bench.pod.content.value["a"] == "1 2 1")
        #expect(await edit("b", "aa", "b", all: true) == nil)
        #expect(bench.pod.content.value["b"] == "ba")
    }

    @Test("A read says how much is left, and a binary file is named, not shown")
    func reading() async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "0123456789", "b": "x\u{0}y"]
        let session = try await bench.session()
        let part = try await session.call(ToolCall(tool: "file.read", input: ["path": "a", "offset": 2, "limit": 3]))
        #expect(part.value?.text == "234\n[5 more bytes; go on at offset 5]")
        let binary = try await session.call(.read("b"))
        #expect(binary.value?.text == "[b is a binary file of 3 bytes]")
        #expect(binary.value?.json["text"] == nil)
    }

    @Test("A search takes its text literally, passes over what it can't read, and says so")
    func searching() async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "x.y\nxzy\nX.Y", "unreadable/b": "x.y", "c": "x.y\u{0}", ".git/config": "x.y"]
        let session = try await bench.session()
        let found = try await session.call(ToolCall(tool: "file.search", input: ["text": "x.y"]))
        #expect(found.value?.text == "a:1: x.y\n[2 binary, large or unreadable files or folders were not searched]")
        let either = try await session.call(ToolCall(tool: "file.search", input: ["text": "x.y", "ignore_case": true]))
        #expect(either.value?.json["matches"]?.arrayValue?.count == 2)
        bench.pod.content.value = ["many": String(repeating: "x\n", count: 500)]
        let many = try await session.call(ToolCall(tool: "file.search", input: ["text": "x"]))
        #expect(many.value?.json["matches"]?.arrayValue?.count == 200)
        #expect(many.value?.text.contains("stopped at its limit") == true)
    }
}
