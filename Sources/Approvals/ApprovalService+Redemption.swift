// SPDX-License-Identifier: Apache-2.0
public import AgentCore

extension ApprovalService {
    /// Verifies and spends an approval for exactly `act`, in one durable transaction with `intent`.
    ///
    /// What was spent stays spent, whatever happens to the act. The order of checks: the act as rebuilt now, then keys,
    /// persons and their number, time, recovery points; the state is compared once more inside the transaction.
    public func redeem(
        _ id: String, act: JSONValue, policy: Digest, session: SessionContext, intent: AuditRecord
    ) async throws(StateError) -> Redemption {
        guard let stored = try await storage.approval(id) else {
            return .refused(Reason("approval.unknown", "there is no such approval; ask for one"))
        }
        let row = try await expiredIfOver(stored)
        if let reason = Self.finalReason(row.state) { return .refused(reason) }
        guard let filed = try? FiledDescriptor(row.descriptor), filed.digest == row.digest else {
            return .refused(Reason("approval.altered", "the filed description is damaged; ask for a new approval"))
        }
        if let reason = try Self.difference(filed, act: act, policy: policy, session: session) {
            return .refused(reason)
        }
        if row.state == .pending { return .waiting(row.ticket) }
        let present = try await storage.signatures(of: id)
        let names: [String]
        do throws(ApprovalError) {
            names = try await principals(row, filed, present)
        } catch {
            // The model reads this: it learns that a signature fails, not what would make one count.
            return .refused(
                Reason(error.reason.id, "the approval's signatures don't count any more; ask for a new approval"))
        }
        switch ApprovalWindow(row, filed.requirement, at: clock.now()) {
        case .cooling: return .waiting(row.ticket)
        case .over: return .refused(Self.expired)
        case .open: break
        }
        if let reason = try await recoveryObjection(filed, approvedWith: present) { return .refused(reason) }
        return try await spend(row, filed, names, intent)
    }

    private func spend(
        _ row: StoredApproval, _ filed: FiledDescriptor, _ names: [String], _ intent: AuditRecord
    ) async throws(StateError) -> Redemption {
        let note: JSONValue = [
            "approval": .string(row.id), "digest": .string(row.digest.description),
            "signedBy": .array(names.map(JSONValue.string)),
        ]
        var body = intent.body.objectValue ?? ["record": intent.body]
        body["redemption"] = note
        let entry = try journal.draft(AuditRecord(.intent, session: intent.session, body: .object(body)))
        let clock = clock
        let requirement = filed.requirement
        // Waiting for the transaction takes time, so that the window is judged once more inside it.
        let spending = try await storage.spend(
            row,
            allowed: { row in
                ApprovalWindow(row, requirement, at: clock.now()) == .open
            }, entry)
        switch spending {
        case .spent(let receipt):
            try await journal.committed(receipt)
            return .redeemed(receipt)
        case .conflict(let now):
            return .refused(Self.finalReason(now.state) ?? Self.expired)
        }
    }

    // MARK: Checks

    private static let expired = Reason("approval.expired", "the approval's time is over; ask for a new one")

    private static func finalReason(_ state: ApprovalTicket.State) -> Reason? {
        switch state {
        case .pending, .approved: nil
        case .spent: Reason("approval.replayed", "the approval was used already; ask for a new one")
        case .expired: expired
        case .refused: Reason("approval.refused", "an approver refused the request; don't ask again without a change")
        case .cancelled:
            Reason("approval.cancelled", "the request was cancelled; ask for a new one if it is still needed")
        }
    }

    /// What differs between the act that was filed and the one that would happen now.
    private static func difference(
        _ filed: FiledDescriptor, act: JSONValue, policy: Digest, session: SessionContext
    ) throws(StateError) -> Reason? {
        guard filed.act["session"]?["id"] == .string(session.id) else {
            return Reason("approval.session", "the approval belongs to another session; ask for one in this session")
        }
        let expected = try Hashing.digest(try Hashing.canonical(filed.act))
        if filed.act["policy"] != .string(policy.description) || act["policy"] != filed.act["policy"] {
            return Reason("approval.policy-changed", "the policy changed since the request; ask for a new approval")
        }
        guard let rebuilt = try? act.canonical(), expected != (try Hashing.digest(rebuilt)) else {
            return (try? act.canonical()) == nil
                ? Reason("approval.altered", "the act has no canonical form now; ask for a new approval") : nil
        }
        if filed.act["environment"] != act["environment"]
            || filed.act["session"]?["environment"] != act["session"]?["environment"]
        {
            return Reason("approval.environment", "the approval is for another environment; ask for a new one")
        }
        let names = (filed.act.objectValue ?? [:]).filter { $0.value != act[$0.name] }.map(\.name).sorted()
        return Reason(
            "approval.altered",
            "the act isn't the approved one (differs in: \(names.joined(separator: ", "))); ask for a new approval"
        )
    }

    /// The distinct persons whose signatures still verify and count.
    private func principals(
        _ row: StoredApproval, _ filed: FiledDescriptor, _ present: [StoredSignature]
    ) async throws(ApprovalError) -> [String] {
        let allowed: AllowedSigners
        do throws(StateError) {
            allowed = try await signers()
        } catch {
            throw ApprovalError("approval.signer-unknown", "the allowed signers can't be read: \(error.message)")
        }
        let now = clock.now().wall
        var names: [String] = []
        var keys: Set<String> = []
        var objection: ApprovalError?
        for signature in present where keys.insert(signature.fingerprint).inserted {
            do throws(ApprovalError) {
                let candidates = try signature.payloadSignature.verify(
                    row.descriptor, for: .approval, signers: allowed, at: now)
                // The person who was counted must still be one that the key stands for.
                names.append(
                    try SignerRules(filed).eligible(
                        candidates.filter { $0 == signature.principal }, taken: Set(names)))
            } catch {
                objection = objection ?? error
            }
        }
        if names.count >= filed.requirement.threshold { return names }
        throw objection
            ?? ApprovalError(
                "approval.threshold",
                "the approval has \(names.count) of \(filed.requirement.threshold) signatures that count")
    }

    private func recoveryObjection(
        _ filed: FiledDescriptor, approvedWith present: [StoredSignature]
    ) async throws(StateError) -> Reason? {
        guard let demand = filed.requirement.recoveryPoint else { return nil }
        func refusal(_ what: String) -> Reason {
            Reason("approval.recovery-point", "\(what); ask the operators for one")
        }
        let targets = filed.json["targets"]?.arrayValue ?? []
        guard !targets.isEmpty else { return refusal("the act names no resource that a recovery point could be for") }
        let allowed = try await recoverySigners(demand.signers)
        let keys = Set(present.map(\.fingerprint))
        var radius: Set<String> = []
        for target in targets {
            radius.formUnion((target["blastRadius"]?.arrayValue ?? []).compactMap(\.stringValue))
            if let id = target["id"]?.stringValue { radius.insert(id) }
        }
        for target in targets {
            var objection = "no recovery point of a resource is attested"
            var isCovered = false
            for stored in try await storage.attestations(resource: Self.resource(target)) where !isCovered {
                if let why = Self.objection(stored, target, radius, demand, allowed, keys, clock.now().wall) {
                    objection = "no recovery point of a resource counts: \(why)"
                } else {
                    isCovered = true
                }
            }
            if !isCovered { return refusal(objection) }
        }
        return nil
    }

    private static func resource(_ target: JSONValue) -> String {
        RecoveryPoint.resource(
            provider: target["provider"]?.stringValue ?? "", type: target["type"]?.stringValue ?? "",
            id: target["id"]?.stringValue ?? "")
    }

    private static func objection(
        _ stored: StoredAttestation, _ target: JSONValue, _ radius: Set<String>,
        _ demand: ApprovalRequirement.RecoveryPoint, _ allowed: AllowedSigners, _ approvers: Set<String>,
        _ now: Timestamp
    ) -> String? {
        do throws(ApprovalError) {
            let bundle = try SignedBundle(stored.envelope)
            guard bundle.purpose == .recoveryPoint, let point = RecoveryPoint(bundle.payload) else {
                return "it can't be read"
            }
            _ = try bundle.verify(signers: allowed, at: now)
            guard approvers.isDisjoint(with: bundle.signatures.map(\.fingerprint)) else {
                return "it is signed with an approver's key"
            }
            return point.objection(target: target, blastRadius: radius, maximumAge: demand.maximumAge, at: now)
        } catch {
            return error.reason.message
        }
    }
}
