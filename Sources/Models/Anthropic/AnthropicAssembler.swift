// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Puts a turn together from the events of the Messages API.
struct AnthropicAssembler: TurnAssembler {
    private enum Block {
        case text(String)
        case thinking(String, signature: String)
        case redactedThinking(String)
        case toolUse(id: String, name: String, input: String, start: JSONValue)
        case opaque(JSONValue)
    }

    private var blocks: [Int64: Block] = [:]
    private var order: [Int64] = []
    private var closed: Set<Int64> = []
    private var stopReason: String?
    private var usage = TokenUsage()
    private var modelName = ""
    private(set) var isComplete = false

    mutating func receive(_ event: ServerSentEvent, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        guard let json = try? JSONValue.parse(event.data), let type = json["type"]?.stringValue else {
            throw Self.malformed("an event isn't a json object with a type")
        }
        switch type {
        case "message_start":
            modelName = json["message"]?["model"]?.stringValue ?? ""
            count(json["message"]?["usage"])
        case "content_block_start": try start(json, onEvent: onEvent)
        case "content_block_delta": try delta(json, onEvent: onEvent)
        case "content_block_stop": try stop(json, onEvent: onEvent)
        case "message_delta":
            stopReason = json["delta"]?["stop_reason"]?.stringValue ?? stopReason
            count(json["usage"])
        case "message_stop": isComplete = true
        case "error": throw Self.failure(json["error"])
        // New kinds of events may come at any time, `ping` is one; the API's versioning says to pass over them.
        default: break
        }
    }

    mutating func finish(onEvent: (ModelEvent) -> Void) throws(ModelError) -> Turn {
        guard isComplete, let stopReason else { throw StreamedTurn.interrupted }
        let content = order.compactMap { blocks[$0] }.map(content)
        return Turn(content: content, stopReason: Self.reason(stopReason), usage: usage, modelName: modelName)
    }

    // MARK: Blocks

    private mutating func start(_ json: JSONValue, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        guard let index = json["index"]?.integerValue, let block = json["content_block"], blocks[index] == nil else {
            throw Self.malformed("a content block starts twice or has no index")
        }
        order.append(index)
        switch block["type"]?.stringValue {
        case "text":
            let text = block["text"]?.stringValue ?? ""
            blocks[index] = .text(text)
            if !text.isEmpty { onEvent(.text(text)) }
        case "thinking":
            let text = block["thinking"]?.stringValue ?? ""
            blocks[index] = .thinking(text, signature: block["signature"]?.stringValue ?? "")
            if !text.isEmpty { onEvent(.thinking(text)) }
        case "redacted_thinking": blocks[index] = .redactedThinking(block["data"]?.stringValue ?? "")
        case "tool_use":
            guard let id = block["id"]?.stringValue, let name = block["name"]?.stringValue else {
                throw Self.malformed("a tool call has no id or no name")
            }
            blocks[index] = .toolUse(id: id, name: name, input: "", start: block["input"] ?? [:])
            onEvent(.callStarted(id: id, name: name))
        default: blocks[index] = .opaque(block)
        }
    }

    private mutating func delta(_ json: JSONValue, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        guard let index = json["index"]?.integerValue, let block = blocks[index], !closed.contains(index),
            let delta = json["delta"]
        else { throw Self.malformed("a delta belongs to no open content block") }
        switch (delta["type"]?.stringValue, block) {
        case ("text_delta", .text(let text)):
            let more = delta["text"]?.stringValue ?? ""
            blocks[index] = .text(text + more)
            onEvent(.text(more))
        case ("thinking_delta", .thinking(let text, let signature)):
            let more = delta["thinking"]?.stringValue ?? ""
            blocks[index] = .thinking(text + more, signature: signature)
            onEvent(.thinking(more))
        case ("signature_delta", .thinking(let text, let signature)):
            blocks[index] = .thinking(text, signature: signature + (delta["signature"]?.stringValue ?? ""))
        case ("input_json_delta", .toolUse(let id, let name, let input, let start)):
            let more = delta["partial_json"]?.stringValue ?? ""
            blocks[index] = .toolUse(id: id, name: name, input: input + more, start: start)
        case ("text_delta", _), ("thinking_delta", _), ("signature_delta", _), ("input_json_delta", .text),
            ("input_json_delta", .thinking), ("input_json_delta", .redactedThinking):
            throw Self.malformed("a delta doesn't fit its content block")
        default: break
        }
    }

    private mutating func stop(_ json: JSONValue, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        guard let index = json["index"]?.integerValue, let block = blocks[index], closed.insert(index).inserted else {
            throw Self.malformed("a content block ends that isn't open")
        }
        if case .toolCall(let call) = content(block) { onEvent(.call(call)) }
    }

    private func content(_ block: Block) -> Content {
        switch block {
        case .text(let text): .text(text)
        case .thinking(let text, let signature): .thinking(text, signature: signature.isEmpty ? nil : signature)
        case .redactedThinking(let data): .redactedThinking(data)
        case .toolUse(let id, let name, let input, let start):
            input.isEmpty
                ? .toolCall(ToolCall(id: id, name: name, input: start))
                : .toolCall(ToolCall(id: id, name: name, inputText: input))
        case .opaque(let value): .opaque(value)
        }
    }

    // MARK: The rest

    private mutating func count(_ json: JSONValue?) {
        func number(_ name: String, _ old: Int) -> Int { json?[name]?.integerValue.flatMap { Int(exactly: $0) } ?? old }
        usage.input = number("input_tokens", usage.input)
        usage.output = number("output_tokens", usage.output)
        usage.cacheRead = number("cache_read_input_tokens", usage.cacheRead)
        usage.cacheWrite = number("cache_creation_input_tokens", usage.cacheWrite)
    }

    private static func reason(_ name: String) -> StopReason {
        switch name {
        case "end_turn": .endTurn
        case "tool_use": .toolUse
        case "max_tokens": .maxTokens
        case "stop_sequence": .stopSequence
        case "refusal": .refusal
        case "pause_turn": .pause
        default: .other(name)
        }
    }

    private static func malformed(_ what: String) -> ModelError {
        ModelError(
            .malformedResponse, stage: .stream, reason: "the provider's answer doesn't follow its protocol: \(what)")
    }

    private static func failure(_ json: JSONValue?) -> ModelError {
        let type = ResponseFailure.line(json?["type"]?.stringValue, without: nil) ?? "unknown"
        let code: ModelError.Code =
            switch type {
            case "overloaded_error": .overloaded
            case "rate_limit_error": .rateLimited
            case "authentication_error", "permission_error": .unauthorized
            case "invalid_request_error", "not_found_error", "request_too_large": .requestRefused
            default: .serverFailure
            }
        return ModelError(code, stage: .stream, reason: "the provider broke off its answer: `\(type)`")
    }
}
