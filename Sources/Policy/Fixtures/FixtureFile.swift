// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A file of cases that a policy must decide as stated.
public struct FixtureFile: Sendable {
    /// One case.
    public struct Case: Sendable {
        /// What the case shows.
        public let name: String
        /// The session's environment; `nil` for the policy's own.
        public let environment: String?
        /// The session's workspace; nothing is read from it.
        public let workspace: String
        /// The tool that is called.
        public let tool: String
        /// The tool's input.
        public let input: JSONValue
        /// The decision it must get.
        public let expectation: Expectation
        /// Where it stands.
        public let position: SourcePosition
    }

    /// What a case demands; `nil` and empty demand nothing.
    public struct Expectation: Hashable, Sendable {
        /// The outcome.
        public var outcome: Decision.Outcome?
        /// The class of the effect.
        public var effectClass: EffectClass?
        /// The environment of the effect.
        public var environment: String?
        /// Ids that must be among the reasons.
        public var reasons: [String] = []
        /// Names that must be among the obligations.
        public var obligations: [String] = []
        /// How many signatures an approval must need.
        public var threshold: Int?
    }

    /// The name of the file, as the caller gave it.
    public let file: String
    /// The policy's path, relative to the fixture's folder.
    public let policy: String
    /// Providers and the path of what each answers.
    public let providers: [String: String]
    /// The cases in the order of the file.
    public let cases: [Case]
    let position: SourcePosition

    private static let call = KeyTable(
        "`call`", example: "{ tool: shell, input: { command: ls } }",
        [
            .init("tool", .text(.choice(ToolInput.tools)), required: true, "the tool"),
            .init("input", .anything, required: true, "the tool's input"),
        ])

    private static let expect = KeyTable(
        "`expect`", example: "{ decision: deny }",
        [
            .init("decision", .text(.choice(["permit", "requireApproval", "deny"])), required: true, "the decision"),
            .init("class", .text(.choice(EffectClass.allCases.map(\.rawValue))), "the class of the effect"),
            .init("environment", .text(.name), "the environment of the effect"),
            .init("reasons", .list(.text(.plain)), "ids that must be among the reasons"),
            .init("obligations", .list(.text(.plain)), "names that must be among the obligations"),
            .init("threshold", .integer(1...100), "how many signatures must be needed"),
        ])

    private static let session = KeyTable(
        "`session`", example: "{ environment: staging }",
        [
            .init("environment", .text(.name), "the session's environment"),
            .init("workspace", .text(.absolutePath), "the session's workspace"),
        ])

    static let table = KeyTable(
        "the fixture", example: "policy: agentkit.yaml",
        [
            .init("policy", .text(.plain), required: true, "the policy's path from here"),
            .init("providers", .named(.text(.plain), mayBeEmpty: true), "providers and the file that answers for each"),
            .init(
                "cases",
                .list(
                    .table(
                        KeyTable(
                            "a case", example: "{ name: ..., call: ..., expect: ... }",
                            [
                                .init("name", .text(.plain), required: true, "what the case shows"),
                                .init("session", .table(session), "the session that asks"),
                                .init("call", .table(call), required: true, "the tool call"),
                                .init("expect", .table(expect), required: true, "the decision it must get"),
                            ]))), required: true, "the cases"),
        ])

    /// Reads a fixture file.
    ///
    /// - Throws: `PolicyError` with every problem in it.
    public static func read(_ text: String, file: String) throws(PolicyError) -> FixtureFile {
        let (root, syntax) = YAMLReader.read(text, file: file)
        guard let root else {
            let start = SourcePosition(file: file, line: 1, column: 1)
            throw PolicyError(
                syntax.isEmpty
                    ? [PolicyProblem("file.empty", "the file is empty; a fixture starts with `policy:`", at: start)]
                    : syntax)
        }
        var checker = ShapeChecker()
        checker.check(root, .table(table), label: "fixture")
        let problems = syntax + checker.problems
        if !problems.isEmpty { throw PolicyError(problems) }
        var providers: [String: String] = [:]
        for entry in root["providers"]?.entries ?? [] { providers[entry.name] = entry.value.text }
        return FixtureFile(
            file: file, policy: root["policy"]?.text ?? "", providers: providers,
            cases: (root["cases"]?.elements ?? []).map(Self.readCase),
            position: root.position)
    }

    private static func readCase(_ node: YAMLNode) -> Case {
        let expect = node["expect"]
        var expectation = Expectation()
        expectation.outcome = expect?["decision"]?.text.flatMap { Decision.Outcome(rawValue: $0) }
        expectation.effectClass = expect?["class"]?.text.flatMap { EffectClass(rawValue: $0) }
        expectation.environment = expect?["environment"]?.text
        expectation.reasons = (expect?["reasons"]?.elements ?? []).compactMap(\.text)
        expectation.obligations = (expect?["obligations"]?.elements ?? []).compactMap(\.text)
        expectation.threshold = expect?["threshold"].flatMap { YAMLScalar.integer($0) }.map { Int($0) }
        return Case(
            name: node["name"]?.text ?? "", environment: node["session"]?["environment"]?.text,
            workspace: node["session"]?["workspace"]?.text ?? "/workspace", tool: node["call"]?["tool"]?.text ?? "",
            input: node["call"]?["input"]?.json ?? .null, expectation: expectation, position: node.position)
    }
}

extension YAMLNode {
    /// The value as JSON: unquoted numbers, truth values and null keep their type.
    var json: JSONValue {
        switch content {
        case .sequence(let elements): return .array(elements.map(\.json))
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries { object[entry.name] = entry.value.json }
            return .object(object)
        case .scalar(let text, let isPlain):
            guard isPlain else { return .string(text) }
            if isNull { return .null }
            if let value = YAMLScalar.boolean(self) { return .bool(value) }
            if let value = YAMLScalar.integer(self) { return .integer(value) }
            if let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first),
                let number = try? JSONValue.parse(text)
            {
                return number
            }
            return .string(text)
        }
    }
}
