// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension PolicyDocument {
    /// Reads a policy file.
    ///
    /// - Parameters:
    ///   - text: The file's text, YAML or JSON.
    ///   - file: The name under which messages and decisions cite it. Not a path that people shouldn't see.
    /// - Throws: `PolicyError` with every problem: unknown and duplicate keys, unknown versions, dangling references, empty lists,
    ///   bad patterns, examples that fail.
    public static func read(_ text: String, file: String) throws(PolicyError) -> PolicyDocument {
        let (root, syntax) = YAMLReader.read(text, file: file)
        guard let root else {
            let start = SourcePosition(file: file, line: 1, column: 1)
            let empty = PolicyProblem("file.empty", "the file is empty; a policy starts with `version: 1`", at: start)
            throw PolicyError(syntax.isEmpty ? [empty] : syntax)
        }
        var checker = ShapeChecker()
        checker.check(root, .table(PolicyTables.document), label: "policy")
        var reader = PolicyReader(root: root, file: file)
        let document = reader.document(source: text)
        // A value that doesn't fit is reported once, by the checker; the reader adds what only meaning tells.
        var problems = syntax + checker.problems
        for problem in reader.problems where !problems.contains(where: { $0.position == problem.position }) {
            problems.append(problem)
        }
        if !problems.isEmpty { throw PolicyError(problems) }
        let failures = RuleExamples.failures(in: document)
        if !failures.isEmpty { throw PolicyError(failures) }
        return document
    }
}

/// Builds the typed policy out of a tree, and collects what the shapes alone can't tell.
struct PolicyReader {
    let root: YAMLNode
    let file: String
    var problems: [PolicyProblem] = []
    private(set) var order = EnvironmentOrder([])
    private(set) var roles: [String: [String]] = [:]
    private var secretNames: [String] = []
    var resolverNames: Set<String> = []

    init(root: YAMLNode, file: String) {
        self.root = root
        self.file = file
    }

    mutating func document(source: String) -> PolicyDocument {
        order = environments()
        collectNames()
        let session = sessionSettings()
        let inventory = (root["inventory"]?.elements ?? []).compactMap { inventoryEntry($0) }
        let secrets = (root["secrets"]?.entries ?? []).compactMap { secret($0) }.sorted { $0.name < $1.name }
        let rules = ruleList()
        checkTwins(inventory)
        checkExposures(secrets)
        return PolicyDocument(
            environments: order, session: session, inventory: inventory, secrets: secrets, rules: rules,
            approvals: approvalSettings(), egress: egressSettings(), file: file, source: source)
    }

    private mutating func collectNames() {
        for entry in root["secrets"]?.entries ?? [] {
            if !TextKind.isName(entry.name) {
                fail(
                    "value.invalid",
                    "`\(ShapeChecker.shown(entry.name))` is no name for a secret: expected \(TextKind.name.summary)",
                    entry.position)
            }
            secretNames.append(entry.name)
            if let flag = entry.value["resolver"], YAMLScalar.boolean(flag) == true { resolverNames.insert(entry.name) }
        }
        for entry in root["approvals"]?["roles"]?.entries ?? [] {
            roles[entry.name] = (entry.value.elements ?? []).compactMap(\.text)
        }
    }

    private mutating func environments() -> EnvironmentOrder {
        var entries: [EnvironmentOrder.Entry] = []
        for node in root["environments"]?.elements ?? [] {
            guard let name = node.text ?? node["name"]?.text else { continue }
            let place = node["name"]?.position ?? node.position
            if name == "none" || name == "unproven" {
                fail("environment.reserved", "`\(name)` has a meaning of its own; choose another name", place)
                continue
            }
            if entries.contains(where: { $0.label.name == name }) {
                fail("environment.duplicate", "environment `\(name)` stands here twice; keep one", place)
                continue
            }
            let isProtected = node["protected"].flatMap { YAMLScalar.boolean($0) } ?? false
            if !isProtected, let last = entries.last, last.isProtected {
                fail(
                    "environment.order",
                    "`\(name)` stands behind the protected `\(last.label.name)` and isn't protected; list environments in rising protection",
                    place)
            }
            entries.append(EnvironmentOrder.Entry(EnvironmentLabel(name), isProtected: isProtected))
        }
        return EnvironmentOrder(entries)
    }

    // MARK: References

    /// The label that a node names; a name that nobody declared is a problem.
    mutating func label(_ node: YAMLNode?, allowsNone: Bool = true) -> EnvironmentLabel? {
        guard let node, let name = node.text else { return nil }
        if name == "none" && allowsNone { return EnvironmentLabel.none }
        if let entry = order.entries.first(where: { $0.label.name == name }) { return entry.label }
        let hint = NearestName.hint(name, in: order.entries.map(\.label.name) + (allowsNone ? ["none"] : []))
        fail("reference.environment", "unknown environment `\(ShapeChecker.shown(name))`\(hint)", node.position)
        return nil
    }

    mutating func labels(_ node: YAMLNode?) -> [EnvironmentLabel] {
        var labels: [EnvironmentLabel] = []
        for element in node?.elements ?? [] {
            if let label = label(element), !labels.contains(label) { labels.append(label) }
        }
        return labels
    }

    mutating func checkSecretReference(_ node: YAMLNode) {
        guard let name = node.text, !secretNames.contains(name) else { return }
        let hint = NearestName.hint(name, in: secretNames)
        fail("reference.secret", "unknown secret `\(ShapeChecker.shown(name))`\(hint)", node.position)
    }

    mutating func roleNames(_ node: YAMLNode?) -> [String] {
        var names: [String] = []
        for element in node?.elements ?? [] {
            guard let name = element.text else { continue }
            if roles[name] == nil {
                fail(
                    "reference.role",
                    "unknown role `\(ShapeChecker.shown(name))`\(NearestName.hint(name, in: roles.keys))",
                    element.position)
            } else if !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    mutating func fail(_ id: String, _ message: String, _ position: SourcePosition) {
        problems.append(PolicyProblem(id, message, at: position))
    }

    /// The texts of a list.
    func texts(_ node: YAMLNode?) -> [String] { (node?.elements ?? []).compactMap(\.text) }

    func flag(_ node: YAMLNode?) -> Bool? { node.flatMap { YAMLScalar.boolean($0) } }
    func duration(_ node: YAMLNode?) -> Duration? { node?.text.flatMap { Quantity.duration($0) } }
    func size(_ node: YAMLNode?) -> Int64? { node?.text.flatMap { Quantity.bytes($0) } }
    func integer(_ node: YAMLNode?) -> Int64? { node.flatMap { YAMLScalar.integer($0) } }
}
