// SPDX-License-Identifier: Apache-2.0

/// Decides every effect. The whole path from proposal to authorisation is in this file, and only here is an authorisation made.
///
/// Order: capability, reading, resolution, policy, approval (resolved and decided again), uses spent, intent durable. Whatever fails
/// on the way denies or throws; nothing has happened then.
struct ReferenceMonitor: Sendable {
    let policy: any PolicyEngine
    let audit: any AuditLog
    let approvals: (any ApprovalAuthority)?
    let describer: (any ActionDescribing)?
    let resolvers: [any ResourceResolver]
    let grants: GrantTable
    let summary: EffectSummary

    /// One effect with everything that is known of it.
    struct Judgement {
        let effect: Effect
        let analysis: EffectAnalysis
        let targets: [ResolvedTarget]
        let decision: Decision
    }

    /// Authorises the effects of one call, all or none.
    func authorize(
        _ effects: [Effect], holding capabilities: CapabilitySet, tool: String, mode: ApprovalMode, core: SessionCore,
        context session: SessionContext, within outer: EffectLedger? = nil
    ) async throws(SessionError) -> Authorization {
        let judgements = await judge(effects, holding: capabilities, in: session)
        let decision = combined(judgements, in: session)
        guard decision.outcome != .deny else {
            try await record(.denial, judgements, decision, tool: tool, in: session)
            return .denied(decision)
        }
        if decision.outcome == .requireApproval {
            return try await redeem(
                judgements, decision, holding: capabilities, tool: tool, mode: mode, core: core, context: session, within: outer)
        }
        if let denial = spend(capabilities, for: judgements, in: session) {
            try await record(.denial, judgements, denial, tool: tool, in: session)
            return .denied(denial)
        }
        let receipt = try await record(.intent, judgements, decision, tool: tool, in: session)
        return .authorized(
            AuthorizedInvocation(
                judgements: judgements, decision: decision, receipt: receipt, tool: tool, core: core,
                context: session, capabilities: capabilities, ledger: EffectLedger(within: outer)))
    }

    /// Whether one more effect below an authorised one is permitted as it is; asks nobody and records nothing.
    func permits(_ effect: Effect, in session: SessionContext) -> Bool {
        let analysis = policy.analyse(effect, in: session)
        guard analysis.queries.isEmpty else { return false }
        return policy.decide(effect, analysis, targets: analysis.stated, in: session).outcome == .permit
    }

    // MARK: Judging

    private func judge(
        _ effects: [Effect], holding capabilities: CapabilitySet, in session: SessionContext
    ) async -> [Judgement] {
        var judgements: [Judgement] = []
        for effect in effects {
            // Without a capability no provider is asked either: that would be an effect of its own.
            let isCovered = capabilities.grant(for: effect, workspace: session.workspace) != nil
            let analysis = policy.analyse(effect, in: session)
            let answers =
                isCovered
                ? await resolve(analysis.queries)
                : analysis.queries.map { unproven($0, "nobody was asked, because the session may not do this anyway") }
            let targets = analysis.stated + answers
            let decided = policy.decide(effect, analysis, targets: targets, in: session)
            let missing = missingCapability(for: effect, decided, in: capabilities, session)
            let decision = missing.map {
                Decision.deny(
                    [$0] + decided.reasons, effectClass: decided.effectClass, environment: decided.environment)
            }
            judgements.append(
                Judgement(effect: effect, analysis: analysis, targets: targets, decision: decision ?? decided))
        }
        return judgements
    }

    private func resolve(_ queries: [ResourceQuery]) async -> [ResolvedTarget] {
        var targets: [ResolvedTarget] = []
        for (provider, asked) in Dictionary(grouping: Set(queries), by: \.provider).sorted(by: { $0.key < $1.key }) {
            let sorted = asked.sorted { ($0.type, $0.id) < ($1.type, $1.id) }
            guard let resolver = resolvers.first(where: { $0.provider == provider }) else {
                targets += sorted.map { unproven($0, "no resolver for \(provider) is set up in the inventory") }
                continue
            }
            let answers = await resolver.resolve(sorted, environments: policy.environments)
            targets += answers.isEmpty ? sorted.map { unproven($0, "the provider gave no answer") } : answers
        }
        return targets
    }

    private func unproven(_ query: ResourceQuery, _ why: String) -> ResolvedTarget {
        ResolvedTarget(
            provider: query.provider, type: query.type, id: query.id,
            environment: policy.environments.mostProtected, proof: .unproven(why: why))
    }

    private func missingCapability(
        for effect: Effect, _ decision: Decision, in capabilities: CapabilitySet, _ session: SessionContext
    ) -> Reason? {
        guard capabilities.grant(for: effect, workspace: session.workspace) != nil else {
            return Reason(
                "capability.missing", "the session holds no capability that covers this effect; open it with one that does")
        }
        // Only a request has a place for a secret; an obligation that nobody can meet denies.
        if case .request = effect.action {} else if let name = Self.secrets(of: decision).first {
            return Reason("obligation.unmet", "the secret `\(name)` can only be put into a request; mend the policy's rule")
        }
        for name in Self.secrets(of: decision) where !(capabilities.secretUse?.scope.covers(secret: name) ?? false) {
            return Reason("capability.secret", "the session holds no capability to use the secret `\(name)`")
        }
        return nil
    }

    private static func secrets(of decision: Decision) -> [String] {
        decision.obligations.compactMap { if case .injectSecret(let name, _) = $0 { name } else { nil } }
    }

    /// Deny wins; more than one effect that needs an approval in one call is denied, so that a person approves one act at a time.
    private func combined(_ judgements: [Judgement], in session: SessionContext) -> Decision {
        let decisions = judgements.map(\.decision)
        let effectClass = decisions.map(\.effectClass).reduce(EffectClass.read) { $0.combined(with: $1) }
        let environment = policy.environments.combined(decisions.map(\.environment))
        let denials = decisions.filter { $0.outcome == .deny }
        if decisions.isEmpty {
            return .deny(
                [Reason("effect.none", "the tool proposed no effect, so nothing can be authorised")],
                effectClass: .unknown, environment: policy.environments.mostProtected)
        }
        if !denials.isEmpty {
            return .deny(denials.flatMap(\.reasons), effectClass: effectClass, environment: environment)
        }
        let asking = decisions.filter { $0.outcome == .requireApproval }
        if asking.count > 1 {
            return .deny(
                [Reason("approval.several", "the call holds several acts that each need an approval; make one call for each")]
                    + asking.flatMap(\.reasons), effectClass: effectClass, environment: environment)
        }
        return Decision(
            asking.isEmpty ? .permit : .requireApproval, effectClass: effectClass, environment: environment,
            reasons: decisions.flatMap(\.reasons), obligations: decisions.flatMap(\.obligations),
            requirement: asking.first?.requirement)
    }

    // MARK: Approval

    private func redeem(
        _ judgements: [Judgement], _ decision: Decision, holding capabilities: CapabilitySet, tool: String,
        mode: ApprovalMode, core: SessionCore, context session: SessionContext, within outer: EffectLedger?
    ) async throws(SessionError) -> Authorization {
        guard let approvals, let describer, let requirement = decision.requirement else {
            let denial = Decision.deny(
                [Reason("approval.unavailable", "the act needs an approval and no approval store is set up")]
                    + decision.reasons, effectClass: decision.effectClass, environment: decision.environment)
            try await record(.denial, judgements, denial, tool: tool, in: session)
            return .denied(denial)
        }
        var ticket = try await state { () async throws(StateError) in
            let descriptor = try description(of: judgements, by: describer, in: session)
            return try await approvals.request(
                descriptor, requirement: requirement,
                decision: summary.redacted(judgements.first { $0.decision.outcome == .requireApproval }?.decision ?? decision),
                session: session)
        }
        if ticket.state == .pending, case .wait(let limit) = mode {
            ticket = try await waited(for: ticket, atMost: limit, approvals)
        }
        guard ticket.state == .approved else { return answer(to: ticket, decision) }
        // What was true when the approver looked may not be true now: the provider is asked and the policy decides once more.
        let again = await judge(judgements.map(\.effect), holding: capabilities, in: session)
        let decidedAgain = combined(again, in: session)
        guard decidedAgain.outcome == .requireApproval, decidedAgain.requirement == requirement else {
            let denial = Decision.deny(
                [Reason("approval.changed", "the targets or the policy's answer changed since the approval; ask again")]
                    + decidedAgain.reasons, effectClass: decision.effectClass, environment: decidedAgain.environment)
            try await record(.denial, again, denial, tool: tool, in: session)
            return .denied(denial)
        }
        if let denial = spend(capabilities, for: again, in: session) {
            try await record(.denial, again, denial, tool: tool, in: session)
            return .denied(denial)
        }
        let intent = AuditRecord(.intent, session: session.id, body: body(again, decidedAgain, tool: tool, approval: ticket.id))
        let redemption = try await state { () async throws(StateError) in
            let act = try description(of: again, by: describer, in: session).act
            return try await approvals.redeem(ticket.id, act: act, policy: policy.digest, session: session, intent: intent)
        }
        switch redemption {
        case .waiting(let ticket):
            grants.giveBack(spending(capabilities, for: again, in: session))
            return .waiting(ticket, decidedAgain)
        case .refused(let reason):
            grants.giveBack(spending(capabilities, for: again, in: session))
            return .refused(reason, decidedAgain)
        case .redeemed(let receipt):
            return .authorized(
                AuthorizedInvocation(
                    judgements: again, decision: decidedAgain, receipt: receipt, tool: tool, core: core,
                    context: session, capabilities: capabilities, ledger: EffectLedger(within: outer)))
        }
    }

    /// Describes the one act of a call that needs an approval; `combined` let no second one through.
    private func description(
        of judgements: [Judgement], by describer: any ActionDescribing, in session: SessionContext
    ) throws(StateError) -> ActionDescriptor {
        guard let asking = judgements.first(where: { $0.decision.outcome == .requireApproval }) else {
            throw StateError(.invalid, "no act of the call needs an approval any more; make the call again")
        }
        return try describer.describe(
            summary.redacted(asking.effect), summary.redacted(asking.analysis), targets: asking.targets,
            decision: summary.redacted(asking.decision), policy: policy.digest, session: session)
    }

    private func waited(
        for ticket: ApprovalTicket, atMost limit: Duration, _ approvals: any ApprovalAuthority
    ) async throws(SessionError) -> ApprovalTicket {
        let answers = await withTaskGroup(of: Result<ApprovalTicket, StateError>?.self) { group in
            group.addTask {
                do throws(StateError) { return .success(try await approvals.wait(for: ticket.id)) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first: Result<ApprovalTicket, StateError>? = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        switch answers {
        case .success(let answered): return answered
        case .failure(let error) where !Task.isCancelled:
            throw SessionError(.beforeEffect, "waiting for the approval failed: \(error.message)")
        case .failure, .none: return ticket
        }
    }

    private func answer(to ticket: ApprovalTicket, _ decision: Decision) -> Authorization {
        switch ticket.state {
        case .pending, .approved: return .waiting(ticket, decision)
        case .refused: return .refused(Reason("approval.refused", "an approver refused the act"), decision)
        case .spent: return .refused(Reason("approval.replayed", "the approval was used already; a retry needs a new one"), decision)
        case .expired: return .refused(Reason("approval.expired", "the request expired before it was approved; ask again"), decision)
        case .cancelled: return .refused(Reason("approval.cancelled", "the request was cancelled"), decision)
        }
    }

    // MARK: Spending and recording

    private func spend(
        _ capabilities: CapabilitySet, for judgements: [Judgement], in session: SessionContext
    ) -> Decision? {
        do throws(CapabilityError) { try grants.use(spending(capabilities, for: judgements, in: session)) } catch {
            let decision = combined(judgements, in: session)
            return .deny(
                [Reason("capability.dead", error.message)] + decision.reasons, effectClass: decision.effectClass,
                environment: decision.environment)
        }
        return nil
    }

    /// The grants of which a call spends a use, one for each effect and one for each that has secrets put in.
    private func spending(
        _ capabilities: CapabilitySet, for judgements: [Judgement], in session: SessionContext
    ) -> [Int] { judgements.flatMap { grants(of: $0, in: capabilities, session) } }

    /// The grants that carry one effect.
    func grants(of judgement: Judgement, in capabilities: CapabilitySet, _ session: SessionContext) -> [Int] {
        var ids = [capabilities.grant(for: judgement.effect, workspace: session.workspace)].compactMap(\.self)
        if !Self.secrets(of: judgement.decision).isEmpty, let secretUse = capabilities.secretUse { ids.append(secretUse.grant) }
        return ids
    }

    @discardableResult
    private func record(
        _ kind: AuditRecord.Kind, _ judgements: [Judgement], _ decision: Decision, tool: String, in session: SessionContext
    ) async throws(SessionError) -> AuditReceipt {
        let record = AuditRecord(kind, session: session.id, body: body(judgements, decision, tool: tool, approval: nil))
        return try await state { () async throws(StateError) in try await audit.append(record) }
    }

    private func body(_ judgements: [Judgement], _ decision: Decision, tool: String, approval: String?) -> JSONValue {
        var object = JSONObject()
        object["tool"] = .string(tool)
        object["decision"] = summary.redactor.redact(decision.json, from: .message)
        object["effects"] = .array(judgements.map { summary.json(of: $0) })
        if let approval { object["approval"] = .string(approval) }
        return .object(object)
    }

    private func state<Value>(
        _ body: () async throws(StateError) -> Value
    ) async throws(SessionError) -> Value {
        do { return try await body() } catch {
            throw SessionError(.beforeEffect, "nothing was done, because durable state failed: \(error.message)")
        }
    }
}

/// The monitor's answer to a call.
enum Authorization: ~Copyable {
    case authorized(AuthorizedInvocation)
    case denied(Decision)
    case waiting(ApprovalTicket, Decision)
    case refused(Reason, Decision)
}

/// The proof that the monitor authorised one call, with the attenuated authority to carry it out.
///
/// It can't be copied, stored for later or made by anyone but the monitor. An executor consumes it. Its methods reach exactly the
/// effects that were decided, each of them once (reading may be repeated), and none after a revocation; anything else throws. The
/// intent is durable before one exists.
public struct AuthorizedInvocation: ~Copyable, Sendable {
    let judgements: [ReferenceMonitor.Judgement]
    /// The decision with its reasons.
    public let decision: Decision
    /// Where the intent stands in the audit.
    public let receipt: AuditReceipt
    let tool: String
    let core: SessionCore
    let context: SessionContext
    let capabilities: CapabilitySet
    let ledger: EffectLedger

    fileprivate init(
        judgements: [ReferenceMonitor.Judgement], decision: Decision, receipt: AuditReceipt, tool: String,
        core: SessionCore, context: SessionContext, capabilities: CapabilitySet, ledger: EffectLedger
    ) {
        self.judgements = judgements
        self.decision = decision
        self.receipt = receipt
        self.tool = tool
        self.core = core
        self.context = context
        self.capabilities = capabilities
        self.ledger = ledger
    }

    /// The effects that were authorised.
    public var effects: [Effect] { judgements.map(\.effect) }

    /// Who acts, and under which label.
    public var session: SessionContext { context }
}
