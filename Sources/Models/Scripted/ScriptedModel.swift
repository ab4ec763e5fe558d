// SPDX-License-Identifier: Apache-2.0

public import AgentCore
internal import Synchronization

/// A model that plays a script, turn by turn, whatever it is told.
///
/// It copies from what it really saw: `${last.match:REGEX}` is the first capture (or the whole match) in the newest tool result
/// that matches, so a token that was redacted is copied redacted. `${name}` is a value given by the caller.
public final class ScriptedModel: Model {
    private let turns: [ScriptedTurn]
    private let values: [String: String]
    private let position = Mutex(0)

    /// Makes a model that plays the turns in order.
    public init(turns: [ScriptedTurn], values: [String: String] = [:]) {
        self.turns = turns
        self.values = values
    }

    /// Gives the next turn of the script.
    ///
    /// - Throws: `.scriptExhausted` after the last turn, `.malformedScript` for a reference without a value.
    public func respond(
        to conversation: Conversation, tools: [ToolSchema], onEvent: (ModelEvent) -> Void
    ) async throws(ModelError) -> Turn {
        guard !Task.isCancelled else {
            throw ModelError(.cancelled, stage: .prepare, reason: "the request was cancelled")
        }
        let number = position.withLock { position in
            defer { position += 1 }
            return position
        }
        guard turns.indices.contains(number) else {
            throw ModelError(
                .scriptExhausted, stage: .prepare, reason: "the script has only \(turns.count) turns; add one or stop")
        }
        let turn = try fill(turns[number], number: number, conversation: conversation)
        if !turn.text.isEmpty { onEvent(.text(turn.text)) }
        for call in turn.calls {
            onEvent(.callStarted(id: call.id, name: call.name))
            onEvent(.call(call))
        }
        return turn
    }

    private func fill(
        _ scripted: ScriptedTurn, number: Int, conversation: Conversation
    ) throws(ModelError) -> Turn {
        let results = conversation.messages.reversed().flatMap { message in
            message.content.compactMap { if case .toolResult(let result) = $0 { result.content } else { nil } }
        }
        let references = ScriptReferences(values: values, results: results)
        var content: [Content] = []
        let text = try references.fill(scripted.text)
        if !text.isEmpty { content.append(.text(text)) }
        for (index, call) in scripted.calls.enumerated() {
            content.append(
                .toolCall(
                    ToolCall(
                        id: "script-\(number + 1)-\(index + 1)", name: call.tool, input: try references.fill(call.input)
                    )))
        }
        return Turn(content: content, stopReason: scripted.calls.isEmpty ? .endTurn : .toolUse, modelName: "script")
    }
}

extension ScriptedModel {
    /// The strings inside nested objects by their path: `{"volume": {"data": "v1"}}` gives `volume.data`.
    ///
    /// - Parameter prefix: What stands before every path, with its dot.
    public static func values(from json: JSONValue, prefix: String = "") -> [String: String] {
        var values: [String: String] = [:]
        for member in json.objectValue ?? JSONObject() {
            if let text = member.value.stringValue { values[prefix + member.name] = text }
            values.merge(Self.values(from: member.value, prefix: "\(prefix)\(member.name).")) { first, _ in first }
        }
        return values
    }
}
