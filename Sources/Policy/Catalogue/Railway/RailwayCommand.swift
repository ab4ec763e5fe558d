// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Railway's own command-line program.
enum RailwayCommand {
    @Sendable static func judge(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        guard let verb = vector.operand(0) else { return nil }
        if verb == "api" || verb == "graphql", !vector.asksForHelp { return api(judged) }
        if verb == "run" || verb == "shell" || verb == "ssh" || verb == "exec" || verb == "connect" { return .unknown("railway.\(verb)", "runs a program with a service's variables or inside it") }
        return nil
    }

    /// The ids that a command names.
    static func queries(_ judged: JudgedCommand) -> [ResourceQuery] {
        guard judged.name == "railway" else { return [] }
        var all: [ResourceQuery] = []
        func add(_ type: String, _ word: CommandWord?) {
            if let word { all.append(ResourceQuery(provider: "railway", type: type, id: word.isKnown ? word.text : "?")) }
        }
        add("volume", judged.vector.value(of: "--volume", "-v"))
        add("service", judged.vector.value(of: "--service", "-s"))
        add("environment", judged.vector.value(of: "--environment", "-e"))
        add("project", judged.vector.value(of: "--project", "-p"))
        // Without an id the linked project decides, which the text doesn't tell.
        if all.isEmpty { all.append(ResourceQuery(provider: "railway", type: "linked", id: "?")) }
        return all
    }

    private static func api(_ judged: JudgedCommand) -> CommandVerdict {
        var text = judged.vector.operands.dropFirst().first { !$0.mayBeValue || $0.word.text.contains("{") }?.word
        if text == nil, case .text(let input) = judged.command.input { text = CommandWord(input) }
        guard let text, text.isKnown else { return .unknown("railway.api", "sends a query that is only known when it runs") }
        var body = JSONObject()
        body["query"] = .string(text.text)
        if let variables = judged.vector.value(of: "--variables", "--vars", "-V"), let value = try? JSONValue.parse(variables.text) { body["variables"] = value }
        let analysis = RequestAnalysis.analyse(
            method: "POST", url: "https://backboard.railway.com/graphql/v2",
            headers: [HTTPHeaderField("Content-Type", "application/json")], body: JSONValue.object(body).serializedBytes())
        let operations = Catalogue.standard.operations(request: analysis)
        var verdict = CommandVerdict(effectClass: operations.reduce(.read) { $0.combined(with: $1.effectClass) }, operations: operations)
        if !analysis.problems.isEmpty || analysis.operations.isEmpty { verdict.add(.unknown("railway.api", "sends a query that can't be read")) }
        return verdict
    }
}
