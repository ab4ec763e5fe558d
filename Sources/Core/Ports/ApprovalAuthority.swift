// SPDX-License-Identifier: Apache-2.0

/// Exactly what a person is asked to approve, built by the runtime from what it parsed and resolved.
///
/// The digest is taken over `json` in RFC 8785 form; times and the nonce are part of it, so every request is its own.
public struct ActionDescriptor: Hashable, Sendable {
    /// The whole descriptor. Numbers are integers or strings; see `JSONValue.canonical()`.
    public let json: JSONValue
    /// The descriptor without nonce and times: the same act asked for again in the same session has the same value here.
    public let act: JSONValue

    /// Makes a descriptor.
    public init(json: JSONValue, act: JSONValue) {
        self.json = json
        self.act = act
    }
}

/// A request for approval as it stands.
public struct ApprovalTicket: Hashable, Sendable {
    /// Where it stands.
    public enum State: String, Hashable, Sendable {
        case pending, approved, refused, spent, expired, cancelled
    }

    /// The id under which people see it and it is redeemed.
    public let id: String
    /// Where it stands.
    public let state: State
    /// The digest of the descriptor, which is what is signed.
    public let digest: Digest

    /// Makes a ticket.
    public init(id: String, state: State, digest: Digest) {
        self.id = id
        self.state = state
        self.digest = digest
    }
}

/// How a redemption ended.
public enum Redemption: Hashable, Sendable {
    /// The approval was valid and is now spent; the intent is durable in the same transaction.
    case redeemed(AuditReceipt)
    /// It still lacks signatures, or its delay isn't over.
    case waiting(ApprovalTicket)
    /// It can't be used, and never will be; the reason says why.
    case refused(Reason)
}

/// Keeps requests for approval, verifies signatures, and spends approvals once.
public protocol ApprovalAuthority: Sendable {
    /// Files a request, or joins the pending or approved request of the same act in the same session.
    ///
    /// - Throws: `StateError`; `.conflict` where the session has too many pending requests.
    func request(
        _ descriptor: ActionDescriptor, requirement: ApprovalRequirement, decision: Decision, session: SessionContext
    ) async throws(StateError) -> ApprovalTicket

    /// Verifies and spends the approval of `ticket` for exactly `descriptor`'s act, in one durable transaction with `intent`.
    ///
    /// The descriptor must be rebuilt from a new resolution by the caller; nonce and times are taken from the filed request.
    func redeem(
        _ id: String, act: JSONValue, policy: Digest, session: SessionContext, intent: AuditRecord
    ) async throws(StateError) -> Redemption

    /// Waits until the request is no longer pending, or the task is cancelled.
    func wait(for id: String) async throws(StateError) -> ApprovalTicket
}
