// SPDX-License-Identifier: Apache-2.0

#if Examples
internal import AgentKit
internal import AgentModels

/// What a finished run amounts to.
struct RunSummary: Sendable {
    var turns = 0
    var calls = 0
    var permitted = 0
    var denied = 0
    var waiting = 0
    var failed = 0
    var wasInterrupted = false
    var failure: String?
}

/// Asks the model, runs what it calls, tells it what came back, until it calls nothing more.
struct AgentLoop: Sendable {
    let model: any Model
    let harness: any Harness
    let console: Console
    let turnLimit: Int
    /// What the person says each time the model has nothing more to do; then it ends.
    let followUps: [String]

    func run(_ task: String) async -> RunSummary {
        var summary = RunSummary()
        var conversation = Conversation(system: Self.system)
        conversation.append(user: task)
        let names = ToolNames(harness.tools)
        console.task(task)
        var followUps = followUps[...]
        while summary.turns < turnLimit {
            if Task.isCancelled {
                summary.wasInterrupted = true
                return summary
            }
            summary.turns += 1
            let turn: Turn
            do {
                turn = try await model.respond(to: conversation, tools: names.schemas) { console.event($0) }
            } catch {
                if error.code == .scriptExhausted { return summary }
                summary.failure = error.description
                return summary
            }
            console.endOfText()
            conversation.append(turn)
            guard !turn.calls.isEmpty else {
                guard let next = followUps.popFirst() else { return summary }
                console.task(next)
                conversation.append(user: next)
                continue
            }
            var results: [AgentModels.ToolResult] = []
            for call in turn.calls { results.append(await answer(call, names, &summary)) }
            conversation.append(results)
        }
        summary.failure = "the model took more than \(turnLimit) turns; raise --turns"
        return summary
    }

    private func answer(
        _ call: AgentModels.ToolCall, _ names: ToolNames, _ summary: inout RunSummary
    ) async -> AgentModels.ToolResult {
        summary.calls += 1
        let tool = names.tool(of: call.name)
        console.call(tool, call.input)
        guard !call.isInputMalformed else {
            summary.failed += 1
            return AgentModels.ToolResult(callID: call.id, content: "the input is not JSON; write it again", isError: true)
        }
        let answer = await harness.call(AgentKit.ToolCall(id: call.id, tool: tool, input: call.input), console)
        switch answer.kind {
        case .done: summary.permitted += 1
        case .denied: summary.denied += 1
        case .waiting: summary.waiting += 1
        case .failed: summary.failed += 1
        }
        console.result(answer)
        return AgentModels.ToolResult(callID: call.id, content: answer.text, isError: answer.isError)
    }

    private static let system = """
        You are a coding agent in a sandboxed workspace. Work with the tools you are given. A denial is final for what it names: say what you \
        were denied and why, and go on with what is permitted or stop. Secrets appear as placeholders; never try to learn their values.
        """
}

/// Tools under names that every provider takes: letters, digits, `_` and `-`.
struct ToolNames: Sendable {
    let schemas: [ToolSchema]
    private let byWireName: [String: String]

    init(_ tools: [any Tool]) {
        schemas = tools.map { ToolSchema(name: Self.wireName($0.name), description: $0.description, inputSchema: $0.inputSchema) }
        byWireName = Dictionary(tools.map { (Self.wireName($0.name), $0.name) }) { first, _ in first }
    }

    func tool(of name: String) -> String { byWireName[name] ?? name }

    private static func wireName(_ name: String) -> String { name.replacing(".", with: "_") }
}
#endif
