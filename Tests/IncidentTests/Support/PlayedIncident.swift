// SPDX-License-Identifier: Apache-2.0

import AgentKit
import AgentModels
import FoundationEssentials

/// A play of the incident's script, as an agent's loop runs it.
struct PlayedIncident {
    /// How each call ended, in order.
    var outcomes: [String] = []
    /// All that the session handed out: results, decisions, errors.
    var handedOut: [String] = []

    /// Plays a script to its end through a session.
    ///
    /// - Parameter approve: What a person does about a request; the call is made again after it.
    static func play(
        _ name: String, through rig: IncidentRig, approve: (_ id: String) async throws -> Void = { _ in }
    ) async throws -> PlayedIncident {
        let text = try String(contentsOf: SourceTree.pocketOS.appending(path: "transcript.json"), encoding: .utf8)
        let turns = try ScriptedTurn.turns(from: try JSONValue.parse(text)[name] ?? .null)
        let model = ScriptedModel(turns: turns, values: try rig.world.values())
        var conversation = Conversation()
        var played = PlayedIncident()
        for _ in turns {
            let turn = try await model.respond(to: conversation, tools: []) { _ in }
            conversation.append(turn)
            var results: [AgentModels.ToolResult] = []
            for call in turn.calls {
                let call = AgentKit.ToolCall(id: call.id, tool: call.name, input: call.input)
                let content = try await played.answer(call, rig.session, approve)
                results.append(AgentModels.ToolResult(callID: call.id, content: content))
            }
            conversation.append(results)
        }
        return played
    }

    private mutating func answer(
        _ call: AgentKit.ToolCall, _ session: Session, _ approve: (String) async throws -> Void
    ) async throws -> String {
        do throws(SessionError) {
            let attempt = try await session.call(call)
            guard case .waiting(let ticket, _) = attempt else { return note(attempt) }
            _ = note(attempt)
            do { try await approve(ticket.id) } catch { return "nobody approved: \(error)" }
            return note(try await session.call(call))
        } catch {
            outcomes.append("failed")
            handedOut.append(error.message)
            return error.message
        }
    }

    private mutating func note(_ attempt: Attempt<AgentKit.ToolResult>) -> String {
        let reasons = attempt.decision.reasons.map { "\($0.id): \($0.message)" }.joined(separator: "\n")
        handedOut.append(String(reflecting: attempt))
        handedOut.append(attempt.decision.json.serialized())
        outcomes.append(attempt.name)
        guard case .completed(let result, _) = attempt else { return reasons }
        handedOut += [result.text, result.json.serialized()]
        return result.text
    }
}

extension Attempt {
    /// How it ended, in a word.
    var name: String {
        switch self {
        case .completed: "completed"
        case .denied: "denied"
        case .waiting: "waiting"
        case .refused: "refused"
        }
    }
}
