// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentModels

@Suite("OpenAI-compatible chat completions")
struct OpenAIModelTests {
    private func model(_ transport: StubTransport, key: APIKey? = nil) -> OpenAIModel {
        OpenAIModel(
            .init(model: "gpt-test", baseURL: "http://127.0.0.1:11434/v1"), key: key, transport: transport,
            retry: .never)
    }

    @Test("A stream gives the same turn in pieces of any size", arguments: [1, 2, 5, 64, .max])
    func pieces(_ size: Int) async throws {
        let transport = StubTransport([.init(Streams.openAI, size: size)])
        let turn = try await model(transport).respond(to: Streams.conversation, tools: []) { _ in }
        #expect(turn == Streams.openAITurn)
    }

    @Test(
        "Servers that number calls in their own way are understood",
        arguments: [
            // One chunk for all calls, every index zero, `stop` as the reason.
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"g","arguments":"{\"x\":1}"}}]},"finish_reason":"stop"}]}"#,
            // No index at all, arguments as an object.
            #"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{}}},{"id":"b","function":{"name":"g","arguments":{"x":1}}}]},"finish_reason":"tool_calls"}]}"#,
            // The whole id with every part.
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}},{"index":0,"id":"a","function":{"arguments":"}"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{\"x\":1}"}}]},"finish_reason":"tool_calls"}]}"#,
        ])
    func dialects(_ chunk: String) async throws {
        let transport = StubTransport([.init("data: \(chunk)\n\ndata: [DONE]\n\n")])
        let turn = try await model(transport).respond(to: Streams.conversation, tools: []) { _ in }
        #expect(
            turn.calls == [
                ToolCall(id: "a", name: "f", input: [:]), ToolCall(id: "b", name: "g", input: ["x": 1]),
            ])
        #expect(turn.stopReason == .toolUse)
    }

    @Test("A request puts each result right after the calls")
    func request() async throws {
        let transport = StubTransport([.init(Streams.openAI)])
        var conversation = Streams.conversation
        conversation.append(Streams.openAITurn)
        conversation.append([
            ToolResult(callID: "call_a", content: "ok"), ToolResult(callID: "call_b", content: "no", isError: true),
        ])
        _ = try await model(transport).respond(to: conversation, tools: Streams.tools) { _ in }
        #expect(
            transport.lastBody?["messages"] == [
                ["role": "system", "content": "Be careful."], ["role": "user", "content": "go"],
                [
                    "role": "assistant", "content": "Checking staging.",
                    "tool_calls": [
                        [
                            "id": "call_a", "type": "function",
                            "function": ["name": "shell", "arguments": "{\"command\":\"ls\"}"],
                        ],
                        [
                            "id": "call_b", "type": "function",
                            "function": ["name": "file.read", "arguments": "{\"path\":\"a\"}"],
                        ],
                    ],
                ],
                ["role": "tool", "tool_call_id": "call_a", "content": "ok"],
                ["role": "tool", "tool_call_id": "call_b", "content": "error: no"],
            ])
        #expect(transport.requests.last?.credential == nil)
    }

    @Test(
        "A stream without a reason to stop is an error, also when it says that it is done",
        arguments: [
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", "data: [DONE]\n\n", "",
        ])
    func cut(_ stream: String) async {
        let failing = model(StubTransport([.init(stream)]))
        let error = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(error?.code == .interrupted)
    }
}
