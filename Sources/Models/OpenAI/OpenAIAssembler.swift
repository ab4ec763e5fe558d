// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Puts a turn together from the chunks of a chat completions stream.
struct OpenAIAssembler: TurnAssembler {
    private struct Call {
        var index: Int64?
        var id: String
        var name: String
        var arguments: String
    }

    private var text = ""
    private var thinking = ""
    private var calls: [Call] = []
    private var finishReason: String?
    private var refused = false
    private var usage = TokenUsage()
    private var modelName = ""
    private(set) var isComplete = false

    mutating func receive(_ event: ServerSentEvent, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        if event.data == "[DONE]" {
            isComplete = true
            return
        }
        guard let json = try? JSONValue.parse(event.data), json.objectValue != nil else {
            throw Self.malformed("a chunk isn't a json object")
        }
        if let error = json["error"], !error.isNull {
            let detail = error["type"]?.stringValue ?? error["code"]?.stringValue
            let shown = ResponseFailure.line(detail, without: nil) ?? "unknown"
            throw ModelError(.serverFailure, stage: .stream, reason: "the provider broke off its answer: `\(shown)`")
        }
        if let name = json["model"]?.stringValue { modelName = name }
        count(json["usage"])
        // Only one choice is asked for; another index would mix two answers.
        let choice = json["choices"]?.arrayValue?.first { ($0["index"]?.integerValue ?? 0) == 0 }
        guard let choice else { return }
        try take(choice["delta"] ?? [:], onEvent: onEvent)
        if let reason = choice["finish_reason"]?.stringValue { finishReason = reason }
    }

    mutating func finish(onEvent: (ModelEvent) -> Void) throws(ModelError) -> Turn {
        guard let finishReason else { throw StreamedTurn.interrupted }
        var content: [Content] = []
        if !thinking.isEmpty { content.append(.thinking(thinking, signature: nil)) }
        if !text.isEmpty { content.append(.text(text)) }
        for call in calls {
            guard !call.name.isEmpty else { throw Self.malformed("a tool call has no name") }
            let complete = ToolCall(id: call.id, name: call.name, inputText: call.arguments)
            onEvent(.call(complete))
            content.append(.toolCall(complete))
        }
        return Turn(content: content, stopReason: reason(finishReason), usage: usage, modelName: modelName)
    }

    private mutating func take(_ delta: JSONValue, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        if let more = (delta["reasoning_content"] ?? delta["reasoning"])?.stringValue, !more.isEmpty {
            thinking += more
            onEvent(.thinking(more))
        }
        if let more = delta["content"]?.stringValue, !more.isEmpty {
            text += more
            onEvent(.text(more))
        }
        if let more = delta["refusal"]?.stringValue, !more.isEmpty {
            refused = true
            text += more
            onEvent(.text(more))
        }
        for part in delta["tool_calls"]?.arrayValue ?? [] { try take(call: part, onEvent: onEvent) }
    }

    /// Parts belong together by index. Some servers send no index, or the same one for every call, but then a new id.
    private mutating func take(call part: JSONValue, onEvent: (ModelEvent) -> Void) throws(ModelError) {
        let index = part["index"]?.integerValue
        let id = part["id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let function = part["function"] ?? [:]
        let name = function["name"]?.stringValue ?? ""
        var arguments = function["arguments"]?.stringValue ?? ""
        if let object = function["arguments"]?.objectValue { arguments = JSONValue.object(object).serialized() }
        let known = calls.lastIndex { call in
            (index == nil || call.index == nil || call.index == index) && (id == nil || call.id == id)
        }
        if let known, id != nil || name.isEmpty {
            calls[known].arguments += arguments
            calls[known].name += name
            return
        }
        guard calls.count < 256 else { throw Self.malformed("more than 256 tool calls in one turn") }
        let call = Call(index: index, id: id ?? "call_\(calls.count)", name: name, arguments: arguments)
        calls.append(call)
        onEvent(.callStarted(id: call.id, name: call.name))
    }

    private mutating func count(_ json: JSONValue?) {
        guard let json, !json.isNull else { return }
        func number(_ value: JSONValue?) -> Int { value?.integerValue.flatMap { Int(exactly: $0) } ?? 0 }
        let cached = number(json["prompt_tokens_details"]?["cached_tokens"])
        usage = TokenUsage(
            input: max(0, number(json["prompt_tokens"]) - cached), output: number(json["completion_tokens"]),
            cacheRead: cached)
    }

    private func reason(_ name: String) -> StopReason {
        if refused { return .refusal }
        switch name {
        // Some servers say `stop` although they ask for tools.
        case "stop": return calls.isEmpty ? .endTurn : .toolUse
        case "tool_calls", "function_call": return .toolUse
        case "length": return .maxTokens
        case "content_filter": return .refusal
        default: return .other(name)
        }
    }

    private static func malformed(_ what: String) -> ModelError {
        ModelError(
            .malformedResponse, stage: .stream, reason: "the provider's answer doesn't follow its protocol: \(what)")
    }
}
