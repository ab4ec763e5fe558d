// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Why an effect gets its decision, clause by clause, in the words of the file.
public struct PolicyExplanation: Sendable {
    /// One rule of a kind that matters here, and which of its clauses hold.
    public struct RuleLine: Hashable, Sendable {
        /// One clause: its key, and whether it holds.
        public struct Clause: Hashable, Sendable {
            /// The key of the file.
            public let key: String
            /// Whether the effect fulfils it.
            public let holds: Bool
        }

        /// The rule's id.
        public let rule: String
        /// Whether the rule permits or denies.
        public let verdict: Rule.Verdict
        /// The kind of effect the rule is about.
        public let kind: Rule.Kind
        /// What the clauses were held against.
        public let act: String
        /// The rule's conditions, each alone.
        public let clauses: [Clause]
        /// Where it stands.
        public let position: SourcePosition

        /// Whether the rule took part in the decision.
        public var applies: Bool { clauses.allSatisfy(\.holds) }
    }

    /// What would be decided.
    public let decision: Decision
    /// What the effect touches, with the proof of each environment.
    public let targets: [ResolvedTarget]
    /// What had to be proven by a provider.
    public let queries: [ResourceQuery]
    /// Every rule of the kinds that the effect meets.
    public let rules: [RuleLine]

    /// The explanation for people.
    public var text: String {
        var lines = [
            "decision: \(decision.outcome.rawValue)", "class: \(decision.effectClass.rawValue)",
            "environment: \(decision.environment.name)",
        ]
        if !targets.isEmpty { lines.append("it touches:") }
        for target in targets {
            lines.append(
                "  \(target.type) `\(ShapeChecker.shown(target.id))`: \(target.environment.name), \(Self.describe(target.proof))"
            )
        }
        for query in queries {
            lines.append("  asked `\(query.provider)` about \(query.type) `\(ShapeChecker.shown(query.id))`")
        }
        if !rules.isEmpty { lines.append("rules about it:") }
        for line in rules {
            let clauses = line.clauses.map { "\($0.key) \($0.holds ? "holds" : "doesn't hold")" }.joined(
                separator: ", ")
            lines.append(
                "  \(line.position): \(line.verdict.rawValue) `\(line.rule)` \(line.applies ? "applies" : "doesn't apply") to \(line.act): \(clauses)"
            )
        }
        lines.append("because:")
        for reason in decision.reasons {
            lines.append("  \(reason.id): \(reason.message)" + (reason.location.map { " (\($0))" } ?? ""))
        }
        if !decision.obligations.isEmpty {
            lines.append("and then: " + decision.obligations.map(\.name).joined(separator: ", "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func describe(_ proof: ResolvedTarget.Proof) -> String {
        switch proof {
        case .inventory(let entry): "stated by \(entry)"
        case .provider(let name): "proven by `\(name)`"
        case .pod: "it stays in the pod"
        case .unproven(let why): "unproven: \(why)"
        }
    }
}

extension CompiledPolicy {
    /// Explains what would be decided about an effect, without any effect.
    public func explain(_ effect: Effect, targets: [ResolvedTarget] = [], in session: SessionContext)
        -> PolicyExplanation
    {
        let reading = reader.read(effect, in: session)
        let decision = decide(reading, targets: targets, in: session)
        let workspace = PathText.segments(of: PathText.normalized(session.workspace) ?? "/nowhere")
        var lines: [PolicyExplanation.RuleLine] = []
        for act in reading.acts + reading.operations.map({ .operation($0) }) {
            for rule in rules[Judge.kind(of: act)] {
                var clauses = RuleMatch.clauses(of: rule, act, workspace: workspace).map {
                    PolicyExplanation.RuleLine.Clause(key: $0.key, holds: $0.holds)
                }
                if !rule.environments.isEmpty {
                    clauses.append(.init(key: "environments", holds: rule.environments.contains(decision.environment)))
                }
                let line = PolicyExplanation.RuleLine(
                    rule: rule.id, verdict: rule.verdict, kind: rule.kind, act: Judge.name(of: act), clauses: clauses,
                    position: rule.position)
                if !lines.contains(line) { lines.append(line) }
            }
        }
        return PolicyExplanation(
            decision: decision, targets: reading.stated + targets, queries: reading.queries, rules: lines)
    }
}

extension RuleMatch {
    /// Each of a rule's clauses alone, in the order of the file's keys. All hold exactly where `covers` says so.
    static func clauses(of rule: Rule, _ act: EffectReading.Act, workspace: [[UInt8]]) -> [(key: String, holds: Bool)] {
        var clauses: [(String, Bool)] = []
        func holds(_ change: (inout RuleConditions) -> Void) -> Bool {
            var conditions = RuleConditions()
            change(&conditions)
            return covers(rule.replacing(conditions), act, workspace: workspace)
        }
        let own = rule.conditions
        if !own.paths.isEmpty { clauses.append(("paths", holds { $0.paths = own.paths })) }
        if !own.programs.isEmpty { clauses.append(("programs", holds { $0.programs = own.programs })) }
        if let argv = own.argv { clauses.append(("argv", holds { $0.argv = argv })) }
        if !own.hosts.isEmpty {
            clauses.append(("hosts and ports", holds { ($0.hosts, $0.ports) = (own.hosts, own.ports) }))
        }
        if !own.methods.isEmpty, case .request(let request) = act {
            clauses.append(("methods", own.methods.contains(request.method)))
        }
        if !own.operations.isEmpty { clauses.append(("operations", holds { $0.operations = own.operations })) }
        return clauses.isEmpty ? [("kind", covers(rule, act, workspace: workspace))] : clauses
    }
}

extension Rule {
    /// The same rule with other conditions.
    func replacing(_ conditions: RuleConditions) -> Rule {
        Rule(
            id: id, verdict: verdict, kind: kind, environments: environments, examples: examples, position: position,
            conditions: conditions)
    }
}
