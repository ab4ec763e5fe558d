// SPDX-License-Identifier: Apache-2.0

import AgentCore

@testable import AgentModels

/// Streams in the form of the providers' documents.
enum Streams {
    static let anthropic = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-test","content":[],"stop_reason":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":100,"cache_read_input_tokens":2000,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Which volume is it?"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: ping
        data: {"type":"ping"}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Ich prüfe "}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"staging 🚗."}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"shell","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"command\\": \\"scri"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"pts/check.sh\\"}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":2}

        event: content_block_start
        data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"status","input":{}}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":3}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}

        event: message_stop
        data: {"type":"message_stop"}


        """

    static let anthropicTurn = Turn(
        content: [
            .thinking("Which volume is it?", signature: "EqQB"),
            .text("Ich prüfe staging 🚗."),
            .toolCall(ToolCall(id: "toolu_1", name: "shell", input: ["command": "scripts/check.sh"])),
            .toolCall(ToolCall(id: "toolu_2", name: "status", input: [:])),
        ], stopReason: .toolUse, usage: TokenUsage(input: 25, output: 89, cacheRead: 2_000, cacheWrite: 100),
        modelName: "claude-test")

    static let anthropicEvents: [ModelEvent] = [
        .thinking("Which volume is it?"), .text("Ich prüfe "), .text("staging 🚗."),
        .callStarted(id: "toolu_1", name: "shell"),
        .call(ToolCall(id: "toolu_1", name: "shell", input: ["command": "scripts/check.sh"])),
        .callStarted(id: "toolu_2", name: "status"), .call(ToolCall(id: "toolu_2", name: "status", input: [:])),
    ]

    static let openAI = """
        data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-test","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{"content":"Checking "},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{"content":"staging."},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"shell","arguments":""}}]},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"command\\""}}]},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"file.read","arguments":""}}]},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\\"path\\":\\"a\\"}"}},{"index":0,"function":{"arguments":":\\"ls\\"}"}}]},"finish_reason":null}]}

        data: {"id":"c1","model":"gpt-test","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

        data: {"id":"c1","model":"gpt-test","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":100}}}

        data: [DONE]


        """

    static let openAITurn = Turn(
        content: [
            .text("Checking staging."), .toolCall(ToolCall(id: "call_a", name: "shell", input: ["command": "ls"])),
            .toolCall(ToolCall(id: "call_b", name: "file.read", input: ["path": "a"])),
        ], stopReason: .toolUse, usage: TokenUsage(input: 20, output: 30, cacheRead: 100), modelName: "gpt-test")

    static let conversation = Conversation(
        system: "Be careful.", messages: [Message(role: .user, content: [.text("go")])])
    static let tools = [
        ToolSchema(name: "shell", description: "Runs a command.", inputSchema: ["type": "object"])
    ]
}
