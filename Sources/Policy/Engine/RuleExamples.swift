// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Tries the examples that rules carry, when the file is read.
///
/// Under a permission, `permits` must match it and `denies` must not; under a denial it is the other way round. Only the rule's own conditions
/// count: its environments, and other rules, are the business of fixtures.
enum RuleExamples {
    private static let workspace = "/workspace"

    static func failures(in document: PolicyDocument) -> [PolicyProblem] {
        var problems: [PolicyProblem] = []
        for rule in document.rules {
            for example in rule.examples {
                let shown = ShapeChecker.shown(example.text)
                guard let isCovered = covers(rule, example.text, document) else {
                    problems.append(
                        PolicyProblem(
                            "example.unreadable",
                            "the example `\(shown)` of rule `\(rule.id)` can't be read: \(expectation(of: rule.kind))",
                            at: example.position))
                    continue
                }
                let mustCover = example.isPermitted == (rule.verdict == .permit)
                guard isCovered != mustCover else { continue }
                let verb = rule.verdict == .permit ? "permits" : "denies"
                let message =
                    isCovered
                    ? "rule `\(rule.id)` \(verb) `\(shown)`, which its examples say it must not"
                    : "rule `\(rule.id)` doesn't cover `\(shown)`, which its examples say it \(verb)"
                problems.append(PolicyProblem("example.failed", message, at: example.position))
            }
        }
        return problems
    }

    private static func expectation(of kind: Rule.Kind) -> String {
        switch kind {
        case .fileRead, .fileWrite, .commit: "give a path"
        case .exec: "give plain words"
        case .http: "give a method and a URL, such as `GET https://api.example.com/v1`"
        case .operation, .sql: "give an operation's id"
        }
    }

    /// Whether the rule covers what the example stands for; `nil` where it can't be read.
    private static func covers(_ rule: Rule, _ text: String, _ document: PolicyDocument) -> Bool? {
        let reader = EffectReader(
            inventory: Inventory([], order: document.environments), order: document.environments,
            egress: document.egress, secrets: [], catalogue: EmptyCatalogue(), mostDeletes: .max,
            secretOfPlaceholder: { _ in nil })
        let session = SessionContext(id: "example", environment: .none, workspace: workspace, principals: [])
        let root = PathText.segments(of: workspace)
        switch rule.kind {
        case .fileRead, .fileWrite, .commit:
            guard let location = reader.location(text, session) else { return nil }
            let act: EffectReading.Act =
                switch rule.kind {
                case .fileRead: .readFile(location)
                case .fileWrite: .writeFile(location)
                default: .commit(location)
                }
            return RuleMatch.covers(rule, act, workspace: root)
        case .exec:
            let words = text.split(separator: " ").map(String.init)
            guard !words.isEmpty else { return nil }
            let reading = reader.read(Effect(.execute(Execution(argv: words))), in: session)
            return reading.acts.contains { RuleMatch.covers(rule, $0, workspace: root) }
        case .http:
            let parts = text.split(separator: " ")
            guard let url = parts.last, (1...2).contains(parts.count) else { return nil }
            let method = parts.count == 2 ? String(parts[0]) : "GET"
            let reading = reader.read(Effect(.request(OutgoingRequest(method: method, url: String(url)))), in: session)
            guard !reading.acts.isEmpty else { return nil }
            return reading.acts.contains { RuleMatch.covers(rule, $0, workspace: root) }
        case .operation, .sql:
            guard OperationPattern.complaint(about: text) == nil, !text.contains("*") else { return nil }
            let operation = EffectAnalysis.Operation(id: text, effectClass: .unknown, summary: "an example")
            return RuleMatch.covers(
                rule, rule.kind == .sql ? .statement([operation]) : .operation(operation), workspace: root)
        }
    }
}
