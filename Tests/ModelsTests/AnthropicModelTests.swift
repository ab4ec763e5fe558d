// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentModels

@Suite("Anthropic's Messages API")
struct AnthropicModelTests {
    private static let key = APIKey { "sk-ant-test-0123456789" }

    private func model(_ transport: StubTransport, caching: Bool = true, retry: RetryPolicy = .never) -> AnthropicModel
    {
        AnthropicModel(
            .init(model: "claude-test", maxTokens: 1_000, caching: caching, baseURL: "https://api.test"), key: Self.key,
            transport: transport, retry: retry)
    }

    @Test("A stream gives the same turn and events in pieces of any size", arguments: [1, 2, 3, 7, 64, 1_021, .max])
    func pieces(_ size: Int) async throws {
        let transport = StubTransport([.init(Streams.anthropic, size: size)])
        var events: [ModelEvent] = []
        let turn = try await model(transport).respond(to: Streams.conversation, tools: []) { events.append($0) }
        #expect(turn == Streams.anthropicTurn)
        #expect(events == Streams.anthropicEvents)
    }

    @Test("A request repeats thinking, calls and results, and marks where caches end")
    func request() async throws {
        let transport = StubTransport([.init(Streams.anthropic)])
        var conversation = Streams.conversation
        conversation.append(Streams.anthropicTurn)
        conversation.append([
            ToolResult(callID: "toolu_1", content: "ok"),
            ToolResult(callID: "toolu_2", content: "denied", isError: true),
        ])
        _ = try await model(transport).respond(to: conversation, tools: Streams.tools) { _ in }
        let mark: JSONValue = ["type": "ephemeral"]
        #expect(
            transport.lastBody == [
                "model": "claude-test", "max_tokens": 1000, "stream": true,
                "system": [["type": "text", "text": "Be careful.", "cache_control": mark]],
                "tools": [
                    [
                        "name": "shell", "description": "Runs a command.", "input_schema": ["type": "object"],
                        "cache_control": mark,
                    ]
                ],
                "messages": [
                    ["role": "user", "content": [["type": "text", "text": "go"]]],
                    [
                        "role": "assistant",
                        "content": [
                            ["type": "thinking", "thinking": "Which volume is it?", "signature": "EqQB"],
                            ["type": "text", "text": "Ich prüfe staging 🚗."],
                            [
                                "type": "tool_use", "id": "toolu_1", "name": "shell",
                                "input": ["command": "scripts/check.sh"],
                            ],
                            ["type": "tool_use", "id": "toolu_2", "name": "status", "input": [:]],
                        ],
                    ],
                    [
                        "role": "user",
                        "content": [
                            ["type": "tool_result", "tool_use_id": "toolu_1", "content": "ok"],
                            [
                                "type": "tool_result", "tool_use_id": "toolu_2", "content": "denied", "is_error": true,
                                "cache_control": mark,
                            ],
                        ],
                    ],
                ],
            ])
        let request = try #require(transport.requests.last)
        #expect(request.url == "https://api.test/v1/messages")
        #expect(!request.headers.contains { $0.value.contains("sk-ant") })
        #expect(try request.credential?.revealedValue() == "sk-ant-test-0123456789")
    }

    @Test(
        "A stream that isn't whole is an error, never a shorter turn",
        arguments: [
            BrokenCase("event: message_stop", .interrupted), BrokenCase("event: message_delta", .interrupted),
            BrokenCase("data: {\"type\":\"message_stop\"}", .interrupted),
        ])
    func cut(_ scenario: BrokenCase) async throws {
        let range = try #require(Streams.anthropic.firstRange(of: scenario.from))
        let transport = StubTransport([.init(String(Streams.anthropic[..<range.lowerBound]), breaks: true)])
        let failing = model(transport)
        let error = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(error?.code == scenario.code)
    }

    @Test(
        "Events that break the protocol are errors",
        arguments: [
            "data: nope\n\n", "data: {}\n\n",
            "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n",
            "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\"}}\n\n",
        ])
    func malformed(_ stream: String) async {
        let failing = model(StubTransport([.init(stream)]))
        let error = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(error?.code == .malformedResponse)
    }

    @Test("A call that was cut short says so instead of running")
    func truncatedCall() async throws {
        let stream = """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"shell","input":{}}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"command\\":\\"rm"}}

            data: {"type":"content_block_stop","index":0}

            data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"}}

            data: {"type":"message_stop"}


            """
        let turn = try await model(StubTransport([.init(stream)])).respond(to: Streams.conversation, tools: []) { _ in }
        #expect(turn.calls == [ToolCall(id: "t", name: "shell", input: .null, isInputMalformed: true)])
        #expect(turn.stopReason == .maxTokens)
    }

    struct BrokenCase: Sendable, CustomTestStringConvertible {
        var from: String
        var code: ModelError.Code
        var testDescription: String { from }

        init(_ from: String, _ code: ModelError.Code) {
            self.from = from
            self.code = code
        }
    }
}
