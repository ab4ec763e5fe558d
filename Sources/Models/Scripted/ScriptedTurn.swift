// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A turn of a script: `{"text": "…", "calls": [{"tool": "shell", "input": {…}}]}`.
public struct ScriptedTurn: Sendable, Hashable {
    /// A call of a scripted turn.
    public struct Call: Sendable, Hashable {
        /// The tool's name.
        public var tool: String
        /// The input, with references.
        public var input: JSONValue

        /// Makes a call.
        public init(tool: String, input: JSONValue) {
            self.tool = tool
            self.input = input
        }
    }

    /// What the model says, with references.
    public var text: String
    /// What the model asks for.
    public var calls: [Call]

    /// Makes a turn.
    public init(text: String, calls: [Call] = []) {
        self.text = text
        self.calls = calls
    }

    /// Reads the turns of a script: an array of turns.
    ///
    /// - Throws: `.malformedScript`; unknown keys are errors too.
    public static func turns(from json: JSONValue) throws(ModelError) -> [ScriptedTurn] {
        guard let elements = json.arrayValue else { throw malformed("it isn't an array of turns") }
        var turns: [ScriptedTurn] = []
        for (position, element) in elements.enumerated() {
            guard let object = element.objectValue, object.names.allSatisfy({ ["text", "calls"].contains($0) }) else {
                throw malformed("turn \(position + 1) isn't an object of `text` and `calls`")
            }
            var calls: [Call] = []
            for call in element["calls"]?.arrayValue ?? [] {
                guard let tool = call["tool"]?.stringValue, let input = call["input"], input.objectValue != nil else {
                    throw malformed("turn \(position + 1) has a call without `tool` or `input`")
                }
                calls.append(Call(tool: tool, input: input))
            }
            turns.append(ScriptedTurn(text: element["text"]?.stringValue ?? "", calls: calls))
        }
        return turns
    }

    private static func malformed(_ what: String) -> ModelError {
        ModelError(.malformedScript, stage: .prepare, reason: "the script can't be read: \(what)")
    }
}
