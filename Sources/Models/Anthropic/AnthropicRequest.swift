// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// The body of a request to the Messages API.
struct AnthropicRequest {
    let configuration: AnthropicModel.Configuration
    let conversation: Conversation
    let tools: [ToolSchema]

    /// The body.
    var json: JSONValue {
        var body: JSONObject = [
            "model": .string(configuration.model),
            "max_tokens": .integer(Int64(configuration.maxTokens)),
            "stream": true,
            "messages": .array(messages),
        ]
        if let budget = configuration.thinkingBudget {
            body["thinking"] = ["type": "enabled", "budget_tokens": .integer(Int64(budget))]
        }
        if !conversation.system.isEmpty {
            body["system"] = .array([cached(["type": "text", "text": .string(conversation.system)])])
        }
        if !tools.isEmpty { body["tools"] = .array(toolList) }
        return .object(body)
    }

    private var toolList: [JSONValue] {
        tools.enumerated().map { index, tool in
            let object: JSONObject = [
                "name": .string(tool.name), "description": .string(tool.description), "input_schema": tool.inputSchema,
            ]
            return index == tools.count - 1 ? cached(object) : .object(object)
        }
    }

    /// A breakpoint after the last message caches all before it; the next request finds it there.
    private var messages: [JSONValue] {
        conversation.messages.enumerated().map { index, message in
            var blocks = message.content.compactMap(block)
            if index == conversation.messages.count - 1, message.role == .user, let last = blocks.popLast() {
                blocks.append(last.objectValue.map(cached) ?? last)
            }
            return ["role": .string(message.role.rawValue), "content": .array(blocks)]
        }
    }

    private func cached(_ object: JSONObject) -> JSONValue {
        guard configuration.caching else { return .object(object) }
        var object = object
        object["cache_control"] = ["type": "ephemeral"]
        return .object(object)
    }

    private func block(_ content: Content) -> JSONValue? {
        switch content {
        case .text(let text):
            // The API refuses blocks of empty text.
            return text.isEmpty ? nil : ["type": "text", "text": .string(text)]
        case .thinking(let text, let signature):
            guard let signature else { return nil }
            return ["type": "thinking", "thinking": .string(text), "signature": .string(signature)]
        case .redactedThinking(let data): return ["type": "redacted_thinking", "data": .string(data)]
        case .toolCall(let call):
            let input = call.input.objectValue.map(JSONValue.object) ?? [:]
            return ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input]
        case .toolResult(let result):
            var object: JSONObject = [
                "type": "tool_result", "tool_use_id": .string(result.callID), "content": .string(result.content),
            ]
            if result.isError { object["is_error"] = true }
            return .object(object)
        case .opaque(let value): return value
        }
    }
}
