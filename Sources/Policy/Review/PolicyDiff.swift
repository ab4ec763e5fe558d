// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// What changed from one policy to another, and whether it lets more happen.
public struct PolicyDiff: Sendable {
    /// One change.
    public struct Change: Hashable, Sendable, CustomStringConvertible {
        /// What a change does to what may happen.
        public enum Effect: String, Hashable, Sendable {
            /// More may happen.
            case widens
            /// Less may happen.
            case narrows
            /// Either, or both; a person must look.
            case unclear
        }

        /// Whether more or less may happen.
        public let effect: Effect
        /// What changed, in one line.
        public let summary: String
        /// Where it stands: in the new policy, or in the old one for what is gone.
        public let position: SourcePosition?

        /// The change in one line, its place in front.
        public var description: String { (position.map { "\($0): " } ?? "") + "\(effect.rawValue): \(summary)" }
    }

    /// All changes that matter to decisions.
    public private(set) var changes: [Change] = []

    /// Whether anything may let more happen.
    public var mayWiden: Bool { changes.contains { $0.effect != .narrows } }

    /// Compares two policies.
    public init(from old: PolicyDocument, to new: PolicyDocument) {
        compareRules(old.rules, new.rules)
        compareEnvironments(old, new)
        compareInventory(old, new)
        compareSecrets(old, new)
        compareApprovals(old.approvals, new.approvals)
        compareEgress(old.egress, new.egress)
    }

    private mutating func compareRules(_ old: [Rule], _ new: [Rule]) {
        let before = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
        for rule in new {
            let name = "\(rule.verdict.rawValue) \(rule.kind.rawValue) `\(rule.id)`"
            guard let known = before[rule.id] else {
                add(rule.verdict == .permit ? .widens : .narrows, "new rule: \(name)", rule.position)
                continue
            }
            if Self.isSame(known, rule) { continue }
            if known.verdict != rule.verdict || known.kind != rule.kind {
                add(
                    .unclear,
                    "rule `\(rule.id)` was \(known.verdict.rawValue) \(known.kind.rawValue) and is \(rule.verdict.rawValue) \(rule.kind.rawValue)",
                    rule.position)
                continue
            }
            let grows = RuleCover.covers(rule, known)
            let shrinks = RuleCover.covers(known, rule)
            let effect: Change.Effect =
                grows == shrinks ? .unclear : grows == (rule.verdict == .permit) ? .widens : .narrows
            add(effect, "rule `\(rule.id)` has other conditions", rule.position)
        }
        for rule in old where after[rule.id] == nil {
            add(
                rule.verdict == .permit ? .narrows : .widens,
                "rule gone: \(rule.verdict.rawValue) \(rule.kind.rawValue) `\(rule.id)`", rule.position)
        }
    }

    private static func isSame(_ left: Rule, _ right: Rule) -> Bool {
        left.verdict == right.verdict && left.kind == right.kind && Set(left.environments) == Set(right.environments)
            && left.conditions == right.conditions
    }

    private mutating func compareEnvironments(_ old: PolicyDocument, _ new: PolicyDocument) {
        if old.environments != new.environments { add(.unclear, "the environments or their order changed", nil) }
        if old.session.environment != new.session.environment {
            add(
                .unclear,
                "sessions start in \(new.session.environment.name) instead of \(old.session.environment.name)", nil)
        }
        compareSets(Set(old.session.maySelect.map(\.name)), Set(new.session.maySelect.map(\.name)), "`may_select`")
        if old.session.allowsCrossEnvironmentApproval != new.session.allowsCrossEnvironmentApproval {
            add(new.session.allowsCrossEnvironmentApproval ? .widens : .narrows, "`cross_environment` changed", nil)
        }
        if old.session.tier != new.session.tier {
            add(
                new.session.tier == .confined ? .widens : .narrows,
                "the tier is \(new.session.tier.rawValue) instead of \(old.session.tier.rawValue)", nil)
        }
        compareSets(Set(old.session.view), Set(new.session.view), "`view`")
        if old.session.limits != new.session.limits { add(.unclear, "the limits changed", nil) }
        if old.session.runAs != new.session.runAs { add(.unclear, "`run_as` changed", nil) }
    }

    private mutating func compareInventory(_ old: PolicyDocument, _ new: PolicyDocument) {
        let before = Set(old.inventory.map(\.subject))
        let after = Set(new.inventory.map(\.subject))
        for entry in new.inventory where !before.contains(entry.subject) {
            add(.unclear, "new inventory entry: \(entry.summary)", entry.position)
        }
        for entry in old.inventory where !after.contains(entry.subject) {
            add(.unclear, "inventory entry gone: \(entry.summary)", entry.position)
        }
        for entry in new.inventory {
            guard let known = old.inventory.first(where: { $0.subject == entry.subject }),
                known.environment != entry.environment
            else { continue }
            add(
                .unclear, "inventory entry changed: \(entry.summary), was \(known.environment?.name ?? "none")",
                entry.position)
        }
    }

    private mutating func compareSecrets(_ old: PolicyDocument, _ new: PolicyDocument) {
        for secret in new.secrets {
            guard let known = old.secret(named: secret.name) else {
                add(.widens, "new secret `\(secret.name)`", secret.position)
                continue
            }
            let isSame =
                known.environment == secret.environment && known.isResolver == secret.isResolver
                && known.source == secret.source
                && known.exposedVariable == secret.exposedVariable
                && known.uses.map(Self.text) == secret.uses.map(Self.text)
            if !isSame { add(.unclear, "the secret `\(secret.name)` changed", secret.position) }
        }
        for secret in old.secrets where new.secret(named: secret.name) == nil {
            add(.narrows, "secret gone: `\(secret.name)`", secret.position)
        }
    }

    private static func text(_ use: SecretDeclaration.Use) -> [String] {
        use.hosts.sorted() + ["|", use.place.text, "|"] + use.operations.sorted() + ["|"] + use.methods.sorted() + [
            "\(use.isAttached)"
        ]
    }

    private mutating func compareApprovals(_ old: ApprovalSettings, _ new: ApprovalSettings) {
        if old.signers != new.signers { add(.unclear, "the file of allowed signers changed", nil) }
        if old.roles != new.roles { add(.unclear, "the roles changed", nil) }
        let before = Set(old.demands.map(Self.text))
        let after = Set(new.demands.map(Self.text))
        for demand in new.demands where !before.contains(Self.text(demand)) {
            add(.unclear, "new approval demand for class \(demand.effectClass.rawValue)", demand.position)
        }
        for demand in old.demands where !after.contains(Self.text(demand)) {
            add(.unclear, "approval demand gone for class \(demand.effectClass.rawValue)", demand.position)
        }
    }

    private static func text(_ demand: ApprovalSettings.Demand) -> String {
        var parts = [demand.effectClass.rawValue, demand.environments.map(\.name).sorted().joined(separator: ",")]
        parts.append(demand.isProtected.map { "\($0)" } ?? "")
        parts += [
            "\(demand.threshold)", demand.roles.sorted().joined(separator: ","),
            demand.operations.sorted().joined(separator: ","),
        ]
        parts += ["\(demand.expires)", "\(demand.delay)"]
        parts.append(demand.recoveryPoint.map { "\($0.maximumAge) \($0.signers)" } ?? "")
        return parts.joined(separator: "|")
    }

    private mutating func compareEgress(_ old: EgressSettings, _ new: EgressSettings) {
        if old.allowsPrivateAddresses != new.allowsPrivateAddresses {
            add(new.allowsPrivateAddresses ? .widens : .narrows, "`private_addresses` changed", nil)
        }
        compareSets(Set(old.passThrough), Set(new.passThrough), "`pass_through`")
        compareSets(Set(old.trust), Set(new.trust), "`trust`")
        let pins = { (settings: EgressSettings) in
            Set(settings.pins.map { "\($0.host):\($0.port) at \($0.address):\($0.addressPort)" })
        }
        compareSets(pins(old), pins(new), "`resolve`")
    }

    private mutating func compareSets(_ old: Set<String>, _ new: Set<String>, _ name: String) {
        for element in new.subtracting(old).sorted() { add(.widens, "\(name) has `\(element)`", nil) }
        for element in old.subtracting(new).sorted() { add(.narrows, "\(name) no longer has `\(element)`", nil) }
    }

    private mutating func add(_ effect: Change.Effect, _ summary: String, _ position: SourcePosition?) {
        changes.append(Change(effect: effect, summary: summary, position: position))
    }
}
