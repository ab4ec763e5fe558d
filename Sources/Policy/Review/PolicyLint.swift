// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Finds what a policy says that its author probably didn't mean. A policy with warnings works.
public struct PolicyLint {
    private let document: PolicyDocument
    private let inventory: Inventory
    private let catalogue: any CatalogueReading
    private var problems: [PolicyProblem] = []

    /// Checks a policy with the catalogue that ships.
    ///
    /// - Returns: Warnings in the order of the file.
    public static func warnings(in document: PolicyDocument) -> [PolicyProblem] {
        warnings(in: document, catalogue: StandardCatalogue())
    }

    /// Checks a policy.
    ///
    /// - Returns: Warnings in the order of the file.
    package static func warnings(in document: PolicyDocument, catalogue: any CatalogueReading) -> [PolicyProblem] {
        var lint = PolicyLint(document, catalogue)
        lint.checkRules()
        lint.checkShadows()
        lint.checkSecrets()
        lint.checkApprovals()
        lint.checkEgress()
        lint.checkSession()
        return lint.problems.sorted { ($0.position, $0.id) < ($1.position, $1.id) }
    }

    private init(_ document: PolicyDocument, _ catalogue: any CatalogueReading) {
        self.document = document
        self.catalogue = catalogue
        inventory = Inventory(document.inventory, order: document.environments)
    }

    /// The environments that any session of this policy may act on.
    private var reachable: Set<EnvironmentLabel> {
        if document.session.allowsCrossEnvironmentApproval {
            return Set(document.environments.entries.map(\.label) + [.none])
        }
        return Set(document.session.maySelect + [.none])
    }

    // MARK: Rules

    private mutating func checkRules() {
        if document.rules.isEmpty {
            warn(
                "rules.empty", "no rule stands here, so that everything is denied",
                SourcePosition(file: fileName, line: 1, column: 1))
        }
        for rule in document.rules {
            checkArgvDenial(rule)
            checkEnvironments(rule)
            checkHosts(rule)
            checkOperations(rule)
            checkBreadth(rule)
        }
    }

    private var fileName: String { document.file }

    private mutating func checkArgvDenial(_ rule: Rule) {
        guard rule.verdict == .deny, rule.kind == .exec, rule.conditions.argv != nil else { return }
        let isBacked = document.rules.contains { $0.verdict == .deny && ($0.kind == .operation || $0.kind == .http) }
        if isBacked { return }
        warn(
            "rule.argv-only",
            "rule `\(rule.id)` stops that program, not the effect: another program can do the same; put a `deny: operation` or `deny: http` rule behind it",
            rule.position)
    }

    private mutating func checkEnvironments(_ rule: Rule) {
        guard rule.verdict == .permit, !rule.environments.isEmpty, reachable.isDisjoint(with: rule.environments) else {
            return
        }
        let names = rule.environments.map(\.name).joined(separator: ", ")
        warn(
            "rule.never",
            "rule `\(rule.id)` can never permit: no session may act on \(names); see `session.may_select`",
            rule.position)
    }

    private mutating func checkHosts(_ rule: Rule) {
        guard rule.kind == .http, rule.verdict == .permit else { return }
        for pattern in rule.conditions.hosts {
            if let host = pattern.exactHost, catalogue.knowsEndpoint(host: host) {
                warn(
                    "rule.never",
                    "rule `\(rule.id)` permits nothing at `\(pattern.text)` where the catalogue knows the endpoint; permit operations there",
                    rule.position)
            } else if !inventory.hasEntry(coveringHost: pattern),
                !reachable.contains(document.environments.mostProtected)
            {
                warn(
                    "rule.never",
                    "rule `\(rule.id)` can never permit: no inventory entry covers `\(pattern.text)`, so that it counts as \(document.environments.mostProtected.name)",
                    rule.position)
            }
        }
    }

    private mutating func checkOperations(_ rule: Rule) {
        let known = catalogue.operationIDs
        for pattern in rule.conditions.operations where !pattern.text.contains("*") {
            if known.contains(where: { pattern.matches(id: $0) }) { continue }
            // The list needn't be complete, so that only what looks like a slip is named.
            let hint = NearestName.hint(pattern.text, in: known)
            if hint.isEmpty { continue }
            warn("rule.operation", "the catalogue has no operation `\(pattern.text)`\(hint)", rule.position)
        }
    }

    private mutating func checkBreadth(_ rule: Rule) {
        guard rule.verdict == .permit else { return }
        if rule.kind == .exec, rule.conditions.programs.contains(where: { $0.text == "/**" }) {
            warn("rule.broad", "rule `\(rule.id)` permits every file as a program; name folders", rule.position)
        }
        if rule.kind == .operation, rule.conditions.operations.contains(where: { $0.text == "*" }) {
            warn("rule.broad", "rule `\(rule.id)` permits every operation of every provider; name them", rule.position)
        }
        if rule.kind == .sql, !inventory.hasEntry(for: TargetURL.database),
            !reachable.contains(document.environments.mostProtected)
        {
            warn(
                "rule.never",
                "rule `\(rule.id)` can never permit: no inventory entry covers `sql://database`, so that it counts as \(document.environments.mostProtected.name)",
                rule.position)
        }
        if rule.kind == .sql, rule.conditions.operations.isEmpty {
            warn("rule.broad", "rule `\(rule.id)` permits every statement; name operations", rule.position)
        }
        if rule.kind == .fileRead, rule.conditions.paths.contains(where: { $0.text == "/**" }) {
            warn("rule.broad", "rule `\(rule.id)` permits reading every file; name folders", rule.position)
        }
    }

    // MARK: Shadows

    private mutating func checkShadows() {
        for rule in document.rules {
            for other in document.rules
            where other.id != rule.id && other.kind == rule.kind && RuleCover.covers(other, rule) {
                if rule.verdict == .permit && other.verdict == .deny {
                    warn(
                        "rule.shadowed", "rule `\(rule.id)` can never permit: `\(other.id)` denies all of it",
                        rule.position)
                    break
                }
                // Of two equal rules only the later one is called superfluous.
                let isTwin = RuleCover.covers(rule, other)
                if rule.verdict == other.verdict && (!isTwin || other.position < rule.position) {
                    warn("rule.superfluous", "rule `\(rule.id)` adds nothing to `\(other.id)`", rule.position)
                    break
                }
            }
        }
    }

    // MARK: The rest

    private mutating func checkSecrets() {
        for secret in document.secrets where !secret.isResolver {
            if let label = secret.environment, !reachable.contains(label) {
                warn(
                    "secret.never",
                    "the secret `\(secret.name)` can never be used: no session may act on \(label.name)",
                    secret.position)
            }
            for use in secret.uses {
                if use.hostPatterns.contains(where: { !$0.isExact }) {
                    warn(
                        "secret.broad", "the secret `\(secret.name)` goes to any host under a pattern; name the hosts",
                        use.position)
                }
                if use.operationPatterns.contains(where: { $0.text == "*" }) {
                    warn("secret.broad", "the secret `\(secret.name)` serves every operation; name them", use.position)
                }
                if use.operations.isEmpty,
                    use.hostPatterns.contains(where: { $0.exactHost.map { catalogue.knowsEndpoint(host: $0) } ?? false }
                    )
                {
                    warn(
                        "secret.never",
                        "the secret `\(secret.name)` can't be used here: the catalogue knows the endpoint, and the use names no operations",
                        use.position)
                }
            }
        }
    }

    private mutating func checkApprovals() {
        let demands = document.approvals.demands
        for demand in demands {
            let labels = demand.environments.isEmpty ? document.environments.entries.map(\.label) : demand.environments
            let isProtected = demand.isProtected != false && labels.contains { document.environments.isProtected($0) }
            if isProtected && demand.threshold == 1 && demand.effectClass == .irreversible {
                warn(
                    "approval.weak",
                    "one signature is enough for an irreversible effect in a protected environment; ask for two",
                    demand.position)
            }
            if demand.expires > .seconds(86_400) {
                warn(
                    "approval.weak", "an approval that is good for more than a day outlives what its signer saw",
                    demand.position)
            }
            if demand.effectClass == .read {
                warn(
                    "approval.weary", "asking people about every read teaches them to sign without looking",
                    demand.position)
            }
        }
        for entry in document.environments.entries where reachable.contains(entry.label) {
            let isCovered = demands.contains { demand in
                demand.effectClass == .irreversible
                    && (demand.environments.isEmpty || demand.environments.contains(entry.label))
                    && (demand.isProtected == nil || demand.isProtected == entry.isProtected)
            }
            if !isCovered && !demands.isEmpty {
                warn(
                    "approval.gap",
                    "no entry covers irreversible effects in \(entry.label.name), so that they are denied there",
                    demands[0].position)
            }
        }
    }

    private mutating func checkEgress() {
        let settings = document.egress
        let position = document.egress.pins.first?.position ?? SourcePosition(file: fileName, line: 1, column: 1)
        for pattern in settings.passThroughPatterns {
            if let entry = inventory.labels(host: pattern) {
                warn(
                    "egress.weak",
                    "`pass_through` names `\(pattern.text)`, to which the inventory gives a label; what isn't opened can't be judged",
                    entry.position)
            }
            if let host = pattern.exactHost, catalogue.knowsEndpoint(host: host) {
                warn(
                    "egress.weak",
                    "`pass_through` names `\(pattern.text)`, whose operations the catalogue knows; everything there is denied",
                    position)
            }
        }
        if settings.allowsPrivateAddresses {
            warn(
                "egress.weak",
                "`private_addresses: permit` reaches loopback, the local network and cloud metadata; pin single addresses under `resolve`",
                position)
        }
    }

    private mutating func checkSession() {
        let start = SourcePosition(file: fileName, line: 1, column: 1)
        let order = document.environments
        if !order.entries.isEmpty, !order.entries.contains(where: \.isProtected) {
            warn("environment.weak", "no environment is `protected: true`; nothing needs more than a rule", start)
        }
        if order.isProtected(document.session.environment) {
            warn(
                "session.weak",
                "every session starts in the protected \(document.session.environment.name); start in another and let callers pick",
                start)
        }
        if document.session.allowsCrossEnvironmentApproval {
            warn(
                "session.weak",
                "`cross_environment: approve` lets one signature reach every environment from any session", start)
        }
    }

    private mutating func warn(_ id: String, _ message: String, _ position: SourcePosition) {
        problems.append(PolicyProblem(id, message, at: position, severity: .warning))
    }
}
