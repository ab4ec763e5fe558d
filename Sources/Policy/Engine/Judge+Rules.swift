// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension Judge {
    /// Every denial that covers any part of the effect.
    mutating func judgeDenials() {
        if PathText.normalized(session.workspace) == nil {
            deny(
                "rule.error",
                "the session's workspace is no absolute path, so that rules about paths can't be evaluated")
        }
        for rule in policy.rules.unusable {
            deny("rule.error", "rule `\(rule.id)` can't be evaluated: it has no condition of its kind", rule.position)
        }
        var hits: [Rule] = []
        for kind in Rule.Kind.allCases {
            for rule in policy.rules[kind] where rule.verdict == .deny && appliesHere(rule) {
                if isDenied(by: rule) { hits.append(rule) }
            }
        }
        for rule in hits.sorted(by: { $0.id < $1.id }) {
            deny(rule.reasonID, "rule `\(rule.id)` denies \(rule.kind.rawValue)", rule.position)
        }
    }

    private func isDenied(by rule: Rule) -> Bool {
        if rule.kind == .operation {
            return (reading.operations + reading.contained).contains { operation in
                rule.conditions.operations.contains { $0.matches(operation) }
            }
        }
        return reading.acts.contains { RuleMatch.covers(rule, $0, workspace: workspace) }
    }

    /// Denies an act that no rule permits.
    mutating func judgePermission(_ act: EffectReading.Act) {
        switch act {
        case .nothing:
            ground("commit.empty", "the layer changes nothing")
            let mayCommit = policy.rules[.commit].contains { $0.verdict == .permit && appliesHere($0) }
            if !mayCommit { deny("default.deny", "no rule permits a commit; a rule of the policy would have to") }
            return
        case .unknownProgram:
            ground("command.computed", "a program's name is only known when it runs; it is judged there")
            return
        case .request(let request) where request.knowsEndpoint:
            guard !request.operations.isEmpty else {
                deny(
                    "catalogue.unread",
                    "the catalogue knows this endpoint and can't tell which operation this is; only named operations are permitted there"
                )
                return
            }
            for operation in request.operations { judgePermission(.operation(operation)) }
            return
        default: break
        }
        let candidates = policy.rules[Self.kind(of: act)].filter {
            $0.verdict == .permit && RuleMatch.covers($0, act, workspace: workspace)
        }
        let permits = candidates.filter { appliesHere($0) }
        for rule in permits {
            ground(
                rule.reasonID, "rule `\(rule.id)` permits \(rule.kind.rawValue) \(Self.name(of: act))", rule.position)
        }
        if !permits.isEmpty { return }
        if let rule = candidates.first {
            let names = rule.environments.map(\.name).joined(separator: ", ")
            deny(
                "default.deny",
                "rule `\(rule.id)` permits \(rule.kind.rawValue) \(Self.name(of: act)) only in \(names), and this is in \(environment.name)",
                rule.position)
        } else {
            deny(
                "default.deny",
                "no rule permits \(Self.kind(of: act).rawValue) \(Self.name(of: act)); a rule of the policy would have to"
            )
        }
    }

    /// Whether a rule is about the effect's environment.
    private func appliesHere(_ rule: Rule) -> Bool {
        rule.environments.isEmpty || rule.environments.contains(environment)
    }

    private var workspace: [[UInt8]] {
        PathText.segments(of: PathText.normalized(session.workspace) ?? "/nowhere")
    }

    static func kind(of act: EffectReading.Act) -> Rule.Kind {
        switch act {
        case .readFile: .fileRead
        case .writeFile: .fileWrite
        case .commit, .nothing: .commit
        case .program, .unknownProgram: .exec
        case .request: .http
        case .operation: .operation
        case .statement: .sql
        }
    }

    /// How a message names an act.
    static func name(of act: EffectReading.Act) -> String {
        switch act {
        case .readFile(let file), .writeFile(let file), .commit(let file): "of `\(ShapeChecker.shown(file.shown))`"
        case .program(let program): "of `\(program.shown)`"
        case .unknownProgram: "of a program whose name isn't known yet"
        case .request(let request):
            "\(ShapeChecker.shown(request.method)) to \(ShapeChecker.shown(request.target.origin))"
        case .operation(let operation): "`\(operation.id)`"
        case .statement(let operations):
            operations.isEmpty ? "of a statement" : operations.map { "`\($0.id)`" }.joined(separator: ", ")
        case .nothing: "of nothing"
        }
    }
}
