// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension PolicyReader {
    mutating func ruleList() -> [Rule] {
        var rules: [Rule] = []
        var seen: [String: SourcePosition] = [:]
        for node in root["rules"]?.elements ?? [] {
            if let id = node["id"], let text = id.text {
                if let first = seen[text] {
                    fail(
                        "rule.duplicate",
                        "the id `\(text)` stands already in line \(first.line); give each rule its own", id.position)
                }
                seen[text] = id.position
            }
            if let rule = rule(node) { rules.append(rule) }
        }
        return rules
    }

    private mutating func rule(_ node: YAMLNode) -> Rule? {
        guard (node["permit"] == nil) != (node["deny"] == nil) else {
            if node.entries != nil {
                fail("rule.verdict", "a rule has exactly one of `permit` and `deny`", node.position)
            }
            return nil
        }
        let verdict: Rule.Verdict = node["deny"] == nil ? .permit : .deny
        guard let id = node["id"]?.text, let kind = node[verdict.rawValue]?.text.flatMap({ Rule.Kind(rawValue: $0) })
        else {
            _ = labels(node["environments"])
            return nil
        }
        let fixed = ["id", verdict.rawValue, "environments", "examples"]
        guard
            checkKeys(
                of: node, allowed: fixed + Self.conditionKeys(of: kind),
                owner: "`\(verdict.rawValue): \(kind.rawValue)`")
        else {
            return nil
        }
        checkNeeded(node, kind, verdict)
        let environments = labels(node["environments"])
        return Rule(
            id: id, verdict: verdict, kind: kind, environments: environments, examples: examples(node["examples"]),
            position: node.position, conditions: conditions(node, verdict))
    }

    static func conditionKeys(of kind: Rule.Kind) -> [String] {
        switch kind {
        case .fileRead, .fileWrite, .commit: ["paths"]
        case .exec: ["programs", "argv"]
        case .http: ["hosts", "methods", "ports"]
        case .operation, .sql: ["operations"]
        }
    }

    /// A permission without its main condition would permit everything of its kind.
    private mutating func checkNeeded(_ node: YAMLNode, _ kind: Rule.Kind, _ verdict: Rule.Verdict) {
        let needed: [String] =
            switch kind {
            case .fileRead, .fileWrite, .commit: ["paths"]
            case .exec: ["programs", "argv"]
            case .http: ["hosts"]
            case .operation: ["operations"]
            case .sql: []
            }
        guard !needed.isEmpty, needed.allSatisfy({ node[$0] == nil }) else { return }
        let names = needed.map { "`\($0)`" }.joined(separator: " or ")
        fail("key.missing", "`\(verdict.rawValue): \(kind.rawValue)` needs \(names)", node.position)
    }

    private mutating func conditions(_ node: YAMLNode, _ verdict: Rule.Verdict) -> RuleConditions {
        var conditions = RuleConditions()
        conditions.paths = texts(node["paths"]).compactMap { PathPattern($0) }
        for element in node["programs"]?.elements ?? [] {
            guard let text = element.text, let pattern = PathPattern(text) else { continue }
            if !text.hasPrefix("/") && !text.hasPrefix("${workspace}") && !text.contains("/") {
                fail(
                    "rule.programs",
                    "`\(ShapeChecker.shown(text))` is a name; give the program's path, such as `/usr/bin/\(ShapeChecker.shown(text))`",
                    element.position)
            }
            conditions.programs.append(pattern)
        }
        for element in node["hosts"]?.elements ?? [] {
            guard let pattern = element.text.flatMap({ HostPattern($0) }) else { continue }
            if verdict == .permit && pattern.isEverything {
                fail("rule.hosts", "a permission can't be for every host; name the hosts", element.position)
            }
            conditions.hosts.append(pattern)
        }
        conditions.methods = texts(node["methods"])
        conditions.ports = (node["ports"]?.elements ?? []).compactMap { integer($0).map { Int($0) } }
        conditions.operations = texts(node["operations"]).compactMap { OperationPattern($0) }
        if let node = node["argv"] { conditions.argv = argvPattern(node) }
        return conditions
    }

    private mutating func argvPattern(_ node: YAMLNode) -> ArgvPattern? {
        var elements: [ArgvPattern.Element] = []
        for element in node.elements ?? [] {
            if let text = element.text {
                elements.append(text.hasPrefix("-") ? .flag(text) : .word(text))
                continue
            }
            guard let entries = element.entries, entries.count == 1, let entry = entries.first else {
                fail("rule.argv", "an argument pattern has exactly one of `flag`, `any` and `rest`", element.position)
                return nil
            }
            switch entry.name {
            case "flag":
                guard let flag = entry.value.text, flag.hasPrefix("-"), flag.utf8.count > 1, !flag.contains("=") else {
                    fail(
                        "rule.argv", "a flag starts with `-` and has no `=`, as in `{ flag: --force }`",
                        entry.value.position)
                    return nil
                }
                elements.append(.flag(flag))
            case "any": elements.append(.any(texts(entry.value)))
            case "rest":
                guard flag(entry.value) == true else {
                    fail("rule.argv", "`rest` can only be `true`", entry.value.position)
                    return nil
                }
                elements.append(.rest)
            default: return nil
            }
        }
        guard let pattern = ArgvPattern(elements) else {
            fail("rule.argv", "`argv` starts with the program's name", node.position)
            return nil
        }
        return pattern
    }

    private func examples(_ node: YAMLNode?) -> [Rule.Example] {
        var examples: [Rule.Example] = []
        for (name, isPermitted) in [("permits", true), ("denies", false)] {
            for element in node?[name]?.elements ?? [] {
                guard let text = element.text else { continue }
                examples.append(Rule.Example(text: text, isPermitted: isPermitted, position: element.position))
            }
        }
        return examples
    }
}
