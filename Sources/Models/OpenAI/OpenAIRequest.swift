// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// The body of a chat completions request.
struct OpenAIRequest {
    let configuration: OpenAIModel.Configuration
    let conversation: Conversation
    let tools: [ToolSchema]

    /// The body.
    var json: JSONValue {
        var body: JSONObject = [
            "model": .string(configuration.model),
            "stream": true,
            "stream_options": ["include_usage": true],
            "messages": .array(messages),
        ]
        if let limit = configuration.maxTokens { body[configuration.maxTokensField] = .integer(Int64(limit)) }
        if !tools.isEmpty { body["tools"] = .array(tools.map(tool)) }
        return .object(body)
    }

    private func tool(_ tool: ToolSchema) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.inputSchema,
            ],
        ]
    }

    private var messages: [JSONValue] {
        var messages: [JSONValue] = []
        if !conversation.system.isEmpty {
            messages.append(["role": "system", "content": .string(conversation.system)])
        }
        for message in conversation.messages {
            messages += message.role == .assistant ? [assistant(message)] : user(message)
        }
        return messages
    }

    private func text(of message: Message) -> String {
        message.content.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }

    private func assistant(_ message: Message) -> JSONValue {
        let calls = message.content.compactMap { content -> JSONValue? in
            guard case .toolCall(let call) = content else { return nil }
            let arguments = call.input.objectValue.map(JSONValue.object) ?? [:]
            return [
                "id": .string(call.id), "type": "function",
                "function": ["name": .string(call.name), "arguments": .string(arguments.serialized())],
            ]
        }
        var object: JSONObject = ["role": "assistant", "content": .string(text(of: message))]
        if !calls.isEmpty { object["tool_calls"] = .array(calls) }
        return .object(object)
    }

    /// Tool results are messages of their own and have to stand right after the calls.
    private func user(_ message: Message) -> [JSONValue] {
        var messages = message.content.compactMap { content -> JSONValue? in
            guard case .toolResult(let result) = content else { return nil }
            let text = result.isError ? "error: \(result.content)" : result.content
            return ["role": "tool", "tool_call_id": .string(result.callID), "content": .string(text)]
        }
        let text = text(of: message)
        if !text.isEmpty || messages.isEmpty { messages.append(["role": "user", "content": .string(text)]) }
        return messages
    }
}
