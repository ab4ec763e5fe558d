// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// What became of a signature that was handed in.
public enum SignatureOutcome: Hashable, Sendable {
    /// It counts. `missing` more persons have to sign.
    case accepted(ApprovalTicket, by: String, missing: Int)
    /// It doesn't count; the request is as it was.
    case rejected(Reason)
}

extension ApprovalService {
    /// Takes a signature over the request's exact bytes.
    ///
    /// - Throws: `StateError` where the store fails, or the request is no longer pending (`.conflict`).
    public func approve(_ id: String, _ signature: PayloadSignature) async throws(StateError) -> SignatureOutcome {
        let row = try await current(id)
        guard row.state == .pending else { throw StateError.notPending(row.state) }
        let filed = try FiledDescriptor(row.descriptor)
        guard filed.digest == row.digest else { throw FiledDescriptor.damaged }
        let now = clock.now()
        let allowed = try await signers()
        let present = try await storage.signatures(of: id)
        let principal: String
        do throws(ApprovalError) {
            let candidates = try signature.verify(row.descriptor, for: .approval, signers: allowed, at: now.wall)
            principal = try SignerRules(filed).eligible(candidates, taken: Set(present.map(\.principal)))
        } catch {
            return .rejected(error.reason)
        }
        let stored = StoredSignature(
            approval: id, principal: principal, fingerprint: signature.fingerprint, format: signature.format.rawValue,
            bytes: signature.bytes, receivedAt: now)
        let threshold = filed.requirement.threshold
        let entry = try answerDraft(row, answer: "signed", by: principal)
        let (signed, receipt) = try await storage.sign(
            stored,
            completes: { all in
                Set(all.map(\.principal)).count >= threshold
            }, entry)
        try await journal.committed(receipt)
        let count = Set(present.map(\.principal) + [principal]).count
        return .accepted(
            signed.ticket, by: principal, missing: signed.state == .approved ? 0 : max(1, threshold - count))
    }

    /// An approver's no. Final.
    ///
    /// - Parameter principal: Who says so, as far as the caller knows; a refusal needs no signature, because it only
    ///   stops.
    /// - Throws: `StateError`; `.conflict` where the request was answered or used already.
    public func refuse(_ id: String, by principal: String, because words: String = "") async throws(StateError)
        -> ApprovalTicket
    {
        try await settle(id, to: .refused, by: principal, words)
    }

    /// Takes a request or an approval back, also during its delay. Final.
    ///
    /// - Throws: `StateError`; `.conflict` where it was used or answered with no already.
    public func cancel(_ id: String, by principal: String, because words: String = "") async throws(StateError)
        -> ApprovalTicket
    {
        try await settle(id, to: .cancelled, by: principal, words)
    }

    private func settle(
        _ id: String, to state: ApprovalTicket.State, by principal: String, _ words: String
    ) async throws(StateError) -> ApprovalTicket {
        let row = try await current(id)
        let answer = SafeText.escaped(principal) + (words.isEmpty ? "" : ": " + SafeText.unverified(words))
        let entry = try answerDraft(row, answer: state.rawValue, by: principal)
        let (settled, receipt) = try await storage.settle(
            id, from: [.pending, .approved], to: state, answer: answer, entry)
        guard let receipt else {
            throw StateError(.conflict, "the request is \(settled.state.rawValue) already; nothing was changed")
        }
        try await journal.committed(receipt)
        return settled.ticket
    }

    /// Keeps a signed statement about a recovery point. Its signature is verified when it is needed.
    ///
    /// - Throws: `StateError`; `.invalid` where the bundle holds no such statement.
    public func addRecoveryPoint(_ bundle: SignedBundle) async throws(StateError) {
        guard bundle.purpose == .recoveryPoint, let point = RecoveryPoint(bundle.payload), !bundle.signatures.isEmpty
        else {
            throw StateError(
                .invalid, "this is no signed statement about a recovery point; make one with `recovery attest`")
        }
        try await storage.addAttestation(
            StoredAttestation(resource: point.resource, envelope: bundle.bytes, receivedAt: clock.now().wall))
    }
}
