// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentModels

@Suite("Scripts")
struct ScriptedModelTests {
    @Test(
        "A script copies what the model saw: the token where it was readable, the placeholder where it wasn't",
        arguments: [
            SeenCase(results: ["x\nTOKEN=3d2c-42\n"], copied: "3d2c-42"),
            SeenCase(results: ["TOKEN=[secret:railway]"], copied: "[secret:railway]"),
            SeenCase(results: ["TOKEN=old", "TOKEN=new", "nothing"], copied: "new"),
            SeenCase(results: ["denied by policy"], copied: "nothing-found"),
            SeenCase(results: [], copied: "nothing-found"),
        ])
    func lastMatch(_ scenario: SeenCase) async throws {
        let turn = ScriptedTurn(
            text: "", calls: [.init(tool: "shell", input: ["command": "curl -H 'X: ${last.match:TOKEN=(\\S{1,40})}'"])])
        var conversation = Conversation()
        for result in scenario.results { conversation.append([ToolResult(callID: "1", content: result)]) }
        let played = try await ScriptedModel(turns: [turn]).respond(to: conversation, tools: []) { _ in }
        #expect(played.calls.first?.input == ["command": .string("curl -H 'X: \(scenario.copied)'")])
        #expect(played.stopReason == .toolUse)
    }

    @Test("Values come from nested objects by their path")
    func values() async throws {
        let values = ScriptedModel.values(from: ["a": ["b-c": "1"], "d": "2", "n": 3], prefix: "p.")
        #expect(values == ["p.a.b-c": "1", "p.d": "2"])
        let model = ScriptedModel(turns: [ScriptedTurn(text: "${p.a.b-c} $${p.d} ${p.d}")], values: values)
        let turn = try await model.respond(to: Conversation(), tools: []) { _ in }
        #expect(turn == Turn(content: [.text("1 ${p.d} 2")], stopReason: .endTurn, modelName: "script"))
    }

    @Test("A script that can't be played is an error", arguments: ["${unknown}", "${last.match:(}", "${open"])
    func malformed(_ text: String) async {
        let model = ScriptedModel(turns: [ScriptedTurn(text: text)])
        let error = await #expect(throws: ModelError.self) {
            try await model.respond(to: Conversation(), tools: []) { _ in }
        }
        #expect(error?.code == .malformedScript)
    }

    @Test("After the last turn there is no other")
    func exhausted() async throws {
        let model = ScriptedModel(turns: [ScriptedTurn(text: "a")])
        _ = try await model.respond(to: Conversation(), tools: []) { _ in }
        let error = await #expect(throws: ModelError.self) {
            try await model.respond(to: Conversation(), tools: []) { _ in }
        }
        #expect(error?.code == .scriptExhausted)
    }

    @Test(
        "Turns with unknown keys or incomplete calls are refused",
        arguments: [
            "{}", "[1]", "[{\"txt\":\"a\"}]", "[{\"calls\":[{\"tool\":\"x\"}]}]",
            "[{\"calls\":[{\"tool\":\"x\",\"input\":1}]}]",
        ])
    func reading(_ text: String) throws {
        let json = try JSONValue.parse(text)
        #expect(throws: ModelError.self) { try ScriptedTurn.turns(from: json) }
    }

    struct SeenCase: Sendable, CustomTestStringConvertible {
        var results: [String]
        var copied: String
        var testDescription: String { "\(results)" }
    }
}
