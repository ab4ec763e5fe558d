// SPDX-License-Identifier: Apache-2.0

#if Examples
internal import AgentHost
internal import AgentKit
internal import AgentModels
internal import ArgumentParser

/// The model that a word on the command line names.
struct ModelChoice {
    private let word: String
    private let values: [String: String]
    private let variables: [String: String]

    init(_ word: String, values: [String], variables: [String: String]) throws {
        self.word = word
        self.variables = variables
        var all: [String: String] = [:]
        for value in values {
            let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let bytes = HostFiles.read(parts[1], limitBytes: 1 << 20), let json = try? JSONValue.parse(bytes) else {
                throw ValidationError("`--value \(value)` names no JSON file; write name=FILE")
            }
            Self.flatten(json, parts[0], &all)
        }
        self.values = all
    }

    func model() throws -> any Model {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "script": return ScriptedModel(turns: try turns(of: rest), values: values)
        case "anthropic":
            let key = variables["ANTHROPIC_API_KEY"]
            var configuration = AnthropicModel.Configuration(model: rest)
            if let base = variables["ANTHROPIC_BASE_URL"] { configuration.baseURL = base }
            return AnthropicModel(configuration, key: APIKey { key }, transport: AsyncHTTPTransport())
        case "openai":
            let target = rest.split(separator: "@", maxSplits: 1).map(String.init)
            var configuration = OpenAIModel.Configuration(model: target.first ?? "")
            if target.count == 2 { configuration.baseURL = target[1] }
            let key = variables["OPENAI_API_KEY"]
            return OpenAIModel(configuration, key: key.map { value in APIKey { value } }, transport: AsyncHTTPTransport())
        default: throw ValidationError("`\(word)` is no model; write script:FILE, anthropic:MODEL or openai:MODEL@BASE-URL")
        }
    }

    private func turns(of place: String) throws -> [ScriptedTurn] {
        guard !place.isEmpty else { return Self.ownScript }
        let parts = place.split(separator: "#", maxSplits: 1).map(String.init)
        guard let bytes = HostFiles.read(parts[0], limitBytes: 16 << 20), let json = try? JSONValue.parse(bytes) else {
            throw ValidationError("`\(parts[0])` is no script; it must be JSON")
        }
        let names = parts.count == 2 ? parts[1].split(separator: "+").map(String.init) : []
        let plays = names.isEmpty ? [json] : names.compactMap { json[$0] }
        guard plays.count == max(1, names.count) else { throw ValidationError("the script has no play `\(parts.last ?? "")`") }
        var turns: [ScriptedTurn] = []
        for play in plays { turns += try ScriptedTurn.turns(from: play) }
        return turns
    }

    private static let ownScript = [
        ScriptedTurn(text: "I'll look around.", calls: [ScriptedTurn.Call(tool: "file.list", input: [:])]),
        ScriptedTurn(text: "And see who I am here.", calls: [ScriptedTurn.Call(tool: "shell", input: ["command": "id; pwd; ls -la"])]),
        ScriptedTurn(text: "That is the workspace. Give me a real model for more: --model anthropic:MODEL or openai:MODEL@BASE-URL."),
    ]

    private static func flatten(_ value: JSONValue, _ path: String, _ all: inout [String: String]) {
        switch value {
        case .object(let members): for member in members { flatten(member.value, "\(path).\(member.name)", &all) }
        case .string(let text):
            all[path] = text
            // `ids=FILE` makes its members names of their own.
            if path.hasPrefix("."), path.count > 1 { all[String(path.dropFirst())] = text }
        default: break
        }
    }
}
#endif
