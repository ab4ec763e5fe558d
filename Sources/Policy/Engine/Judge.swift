// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// One decision in the making. Collects every ground; any denial among them wins.
struct Judge {
    let policy: CompiledPolicy
    let reading: EffectReading
    let session: SessionContext
    let targets: [ResolvedTarget]

    var denials: [Reason] = []
    var grounds: [Reason] = []
    var obligations: [Obligation] = []
    /// Set where an approval is needed beyond what the class demands.
    var needsCrossApproval = false
    private(set) var environment: EnvironmentLabel = .none

    init(policy: CompiledPolicy, reading: EffectReading, session: SessionContext, targets: [ResolvedTarget]) {
        self.policy = policy
        self.reading = reading
        self.session = session
        self.targets = targets
    }

    mutating func decision() -> Decision {
        denials = reading.problems
        grounds = reading.notes
        environment = combinedEnvironment()
        judgeEnvironment()
        judgeDenials()
        for act in reading.acts { judgePermission(act) }
        if reading.acts.isEmpty { deny("default.deny", "nothing could be read that a rule could permit") }
        for act in reading.acts { judgeCredentials(act) }
        let requirement = judgeApproval()
        addObligations()
        if !denials.isEmpty {
            // What an approval would take is no ground of a denial, and nothing that the model should plan with.
            let kept = grounds.filter { $0.id != "approval.required" }
            return .deny(Self.unique(denials + kept), effectClass: reading.effectClass, environment: environment)
        }
        return Decision(
            requirement == nil ? .permit : .requireApproval, effectClass: reading.effectClass, environment: environment,
            reasons: Self.unique(grounds), obligations: obligations, requirement: requirement)
    }

    // MARK: Environment

    /// The common label of everything that is touched; unproven or mixed is the most protected.
    private mutating func combinedEnvironment() -> EnvironmentLabel {
        var labels = reading.stated.map { label(of: $0) }
        labels += targets.map { label(of: $0) }
        for target in reading.stated { noteUnproven(target) }
        for target in targets {
            noteUnproven(target)
            if case .provider(let name) = target.proof {
                let entry = policy.inventory.providers[name]
                ground(
                    "environment.provider",
                    "`\(name)` says that \(target.type) `\(ShapeChecker.shown(target.id))` is in \(label(of: target).name)",
                    entry?.position)
            }
        }
        for query in reading.queries where !targets.contains(where: { Self.answers($0, query) }) {
            labels.append(policy.environments.mostProtected)
            let id =
                query.id.isEmpty || query.id == "?"
                ? "an id that isn't in the request" : "`\(ShapeChecker.shown(query.id))`"
            ground(
                "environment.unproven",
                "nobody proved which environment \(query.type) \(id) of `\(query.provider)` is in; it counts as \(policy.environments.mostProtected.name)"
            )
        }
        return policy.environments.combined(labels)
    }

    private func label(of target: ResolvedTarget) -> EnvironmentLabel {
        if case .unproven = target.proof { return policy.environments.mostProtected }
        let label = target.environment
        if label == .none || policy.environments.entries.contains(where: { $0.label == label }) { return label }
        return policy.environments.mostProtected
    }

    /// Whether a target answers a query: a resolver keeps the query's id in each target that it gives for it.
    private static func answers(_ target: ResolvedTarget, _ query: ResourceQuery) -> Bool {
        guard !query.id.isEmpty, query.id != "?" else { return false }
        return target.provider == query.provider && target.id.hasSameBytes(as: query.id)
    }

    private mutating func noteUnproven(_ target: ResolvedTarget) {
        guard case .unproven(let why) = target.proof else { return }
        ground(
            "environment.unproven",
            "\(why); \(target.type) `\(ShapeChecker.shown(target.id))` counts as \(policy.environments.mostProtected.name)"
        )
    }

    private mutating func judgeEnvironment() {
        let known =
            session.environment == .none || policy.environments.entries.contains { $0.label == session.environment }
        if !known {
            deny(
                "environment.unknown",
                "the session's environment `\(ShapeChecker.shown(session.environment.name))` isn't in the policy; open it with one that is"
            )
        }
        guard environment != .none, environment != session.environment else { return }
        if policy.document.session.allowsCrossEnvironmentApproval {
            needsCrossApproval = true
            ground(
                "environment.cross",
                "the effect is in \(environment.name) and the session in \(session.environment.name); `cross_environment: approve` lets an approval reach it"
            )
        } else {
            deny(
                "environment.mismatch",
                "the effect is in \(environment.name) and the session may act on \(session.environment.name) only; open a session for \(environment.name), or leave it to a person"
            )
        }
    }

    // MARK: Approvals

    private mutating func judgeApproval() -> ApprovalRequirement? {
        let lasting = reading.lastingClass
        let demands = policy.document.approvals.demands
        var matching = demands.filter { Self.covers($0, class: demandClass, environment, reading, policy.environments) }
        if needsCrossApproval && matching.isEmpty {
            matching = demands.filter {
                Self.covers($0, class: .irreversible, environment, reading, policy.environments)
            }
        }
        if reading.deletesTooMany && matching.isEmpty { matching = demandsForManyDeletes(demands) }
        let isNeeded =
            needsCrossApproval || reading.deletesTooMany || lasting == .irreversible
            || (lasting == .unknown && policy.environments.isProtected(environment))
        if matching.isEmpty {
            guard isNeeded else { return nil }
            let what =
                needsCrossApproval
                ? "reaching \(environment.name) from here"
                : reading.deletesTooMany
                ? "a commit that deletes more than `limits.deletes`"
                : "an effect of class \(lasting.rawValue) in \(environment.name)"
            deny(
                "approval.undefined",
                "\(what) needs an approval, and no entry of `approvals.require` says which; add one, or leave it to a person"
            )
            return nil
        }
        guard let requirement = merged(matching) else { return nil }
        for demand in matching {
            let signatures = demand.threshold == 1 ? "1 signature" : "\(demand.threshold) signatures"
            ground(
                "approval.required", "class \(demand.effectClass.rawValue) in \(environment.name) needs \(signatures)",
                demand.position)
        }
        return requirement
    }

    /// A commit that deletes a great deal is asked about like an irreversible effect of the session's environment.
    private func demandsForManyDeletes(_ demands: [ApprovalSettings.Demand]) -> [ApprovalSettings.Demand] {
        let label = environment == .none ? session.environment : environment
        return demands.filter { Self.covers($0, class: .irreversible, label, reading, policy.environments) }
    }

    /// What the layer takes back needs no signature; a commit's and a request's class are what they are.
    private var demandClass: EffectClass { isInPod ? reading.lastingClass : reading.effectClass }

    /// Whether the effect is a program in the pod, whatever else its text shows.
    var isInPod: Bool {
        reading.acts.contains { if case .program = $0 { true } else { false } }
    }

    private static func covers(
        _ demand: ApprovalSettings.Demand, class effectClass: EffectClass, _ environment: EnvironmentLabel,
        _ reading: EffectReading,
        _ order: EnvironmentOrder
    ) -> Bool {
        guard demand.effectClass == effectClass else { return false }
        if !demand.environments.isEmpty && !demand.environments.contains(environment) { return false }
        if let isProtected = demand.isProtected, isProtected != order.isProtected(environment) { return false }
        if demand.operationPatterns.isEmpty { return true }
        return (reading.operations + reading.contained).contains { operation in
            demand.operationPatterns.contains { $0.matches(operation) }
        }
    }

    /// The strictest of several demands: all of them must hold.
    private mutating func merged(_ demands: [ApprovalSettings.Demand]) -> ApprovalRequirement? {
        let holders = policy.document.approvals.roles
        var principals: Set<String>?
        var roles: Set<String> = []
        for demand in demands where !demand.roles.isEmpty {
            let own = Set(demand.roles.flatMap { holders[$0] ?? [] })
            principals = principals.map { $0.intersection(own) } ?? own
            roles.formUnion(demand.roles)
        }
        let threshold = demands.map(\.threshold).max() ?? 1
        let points = demands.compactMap(\.recoveryPoint)
        if let principals, principals.count < threshold {
            deny(
                "approval.unreachable",
                "the entries of `approvals.require` that apply leave fewer than \(threshold) people who may sign; mend them"
            )
            return nil
        }
        if Set(points.map(\.signers)).count > 1 {
            deny(
                "approval.unreachable",
                "the entries of `approvals.require` that apply name different `recovery_point` signers; mend them")
            return nil
        }
        let point = points.min { $0.maximumAge < $1.maximumAge }
        return ApprovalRequirement(
            threshold: threshold, roles: roles.sorted(), principals: (principals ?? []).sorted(),
            validity: demands.map(\.expires).min() ?? .seconds(600), delay: demands.map(\.delay).max() ?? .zero,
            recoveryPoint: point,
            excludesRequester: policy.environments.isProtected(environment))
    }

    // MARK: Obligations and reasons

    private mutating func addObligations() {
        if reading.writesToLayer { obligations.append(.copyOnWrite) }
        let leaves = reading.acts.contains { if case .request = $0 { true } else { false } }
        // What a program in the pod sends meets the egress gate, which is told then.
        if leaves && !isInPod && !policy.document.egress.allowsPrivateAddresses {
            obligations.append(.publicAddressOnly)
        }
        obligations.append(.redactOutput)
    }

    mutating func deny(_ id: String, _ message: String, _ position: SourcePosition? = nil) {
        denials.append(Reason(id, message, location: position?.description))
    }

    mutating func ground(_ id: String, _ message: String, _ position: SourcePosition? = nil) {
        grounds.append(Reason(id, message, location: position?.description))
    }

    /// Most grounds of one decision; a command can name thousands of programs.
    private static let mostReasons = 64

    private static func unique(_ reasons: [Reason]) -> [Reason] {
        var seen: Set<Reason> = []
        let unique = reasons.filter { seen.insert($0).inserted }
        guard unique.count > mostReasons else { return unique }
        let rest = unique.count - mostReasons
        return unique.prefix(mostReasons) + [
            Reason("reasons.more", "\(rest) more grounds of the same kinds are left out")
        ]
    }
}
