// SPDX-License-Identifier: Apache-2.0

/// Rows in, rows out: durable state, without knowing what the rows mean.
///
/// Every method that changes something is one transaction, which several processes may run at once. Where a method
/// takes an `EntryDraft`, the audit entry is part of that transaction: both are there, or neither.
public protocol StateStorage: AuditStorage, ApprovalStorage, GrantStorage {}

/// Keeps the audit's entries.
public protocol AuditStorage: Sendable {
    /// Whether what it holds survives the process.
    var isDurable: Bool { get }

    /// Appends an entry, durable on return.
    func append(_ draft: EntryDraft) async throws(StateError) -> AuditReceipt

    /// Entries in rising order, from `sequence` on, at most `limit` of them.
    func entries(from sequence: Int64, limit: Int) async throws(StateError) -> [StoredEntry]

    /// The last entry, `nil` for an empty log.
    func lastEntry() async throws(StateError) -> StoredEntry?
}

/// How a request was filed.
public enum FiledApproval: Hashable, Sendable {
    /// The same act of the same session is pending or approved already; nothing was added.
    case joined(StoredApproval)
    case filed(StoredApproval, AuditReceipt)
}

/// How an attempt to spend ended.
public enum Spending: Hashable, Sendable {
    /// It was spent by this call; the intent is durable.
    case spent(AuditReceipt)
    /// The row is no longer what the caller saw, or its window is over; nothing changed.
    case conflict(StoredApproval)
}

/// Keeps requests for approval and spends them once.
public protocol ApprovalStorage: Sendable {
    /// Files a request unless the same act of the session is pending, or approved and still `usable`.
    ///
    /// Overdue requests of the session expire first.
    /// - Throws: `StateError`; `.conflict` where the session has `pendingLimit` pending requests.
    func file(
        _ approval: StoredApproval, pendingLimit: Int, usable: @escaping @Sendable (StoredApproval) -> Bool,
        _ entry: EntryDraft
    ) async throws(StateError) -> FiledApproval

    /// One request, `nil` where there is none.
    func approval(_ id: String) async throws(StateError) -> StoredApproval?

    /// All requests, the newest first, at most `limit`; of one session where it is named.
    func approvals(session: String?, limit: Int) async throws(StateError) -> [StoredApproval]

    /// The signatures of a request in the order in which they came in.
    func signatures(of id: String) async throws(StateError) -> [StoredSignature]

    /// Adds a signature to a pending request, and approves it where `completes` says that this was the last one needed.
    ///
    /// - Throws: `StateError`; `.conflict` where the request is no longer pending or the key has signed already.
    func sign(
        _ signature: StoredSignature, completes: @escaping @Sendable ([StoredSignature]) -> Bool, _ entry: EntryDraft
    ) async throws(StateError) -> (approval: StoredApproval, receipt: AuditReceipt)

    /// Moves a request from one of some states to another one.
    ///
    /// - Returns: The row, and a receipt where it moved; without one it was in another state and stays there.
    func settle(
        _ id: String, from: Set<ApprovalTicket.State>, to state: ApprovalTicket.State, answer: String?,
        _ entry: EntryDraft
    ) async throws(StateError) -> (approval: StoredApproval, receipt: AuditReceipt?)

    /// Spends a request that still equals `expected`, if `allowed` holds at the moment of the transaction, and appends
    /// the intent.
    ///
    /// Of any number of calls at once, from any number of processes, at most one gives `.spent`.
    func spend(
        _ expected: StoredApproval, allowed: @escaping @Sendable (StoredApproval) -> Bool, _ entry: EntryDraft
    ) async throws(StateError) -> Spending

    /// Keeps a statement about a recovery point.
    func addAttestation(_ attestation: StoredAttestation) async throws(StateError)

    /// The statements about one resource, the newest first, at most 100.
    func attestations(resource: String) async throws(StateError) -> [StoredAttestation]
}

/// Keeps grants and revocations.
public protocol GrantStorage: Sendable {
    /// Keeps a grant.
    ///
    /// - Throws: `StateError`; `.conflict` where the id is taken, or the parent is unknown or revoked.
    func addGrant(_ grant: StoredGrant, _ entry: EntryDraft) async throws(StateError) -> AuditReceipt

    /// All grants that are neither revoked nor expired at `time`.
    func grants(at time: Timestamp) async throws(StateError) -> [StoredGrant]

    /// Whether a grant and all that it was attenuated from are in force. An unknown grant isn't.
    func isInForce(_ id: String, at time: Timestamp) async throws(StateError) -> Bool

    /// Revokes a grant with everything attenuated from it, all grants of a session, or all grants there are.
    ///
    /// - Returns: How many grants ended.
    func revoke(_ scope: RevocationScope, at time: Timestamp, _ entry: EntryDraft) async throws(StateError) -> Int
}

/// What a revocation ends.
public enum RevocationScope: Hashable, Sendable {
    case grant(String)
    case session(String)
    case everything
}

/// Prepares entries for other parts that must append in a transaction of their own, and hears when one became durable.
public protocol AuditSealing: Sendable {
    /// Turns a record into a draft.
    ///
    /// - Throws: `StateError`; `.full` where the log takes no such record now, `.invalid` where the record has no
    ///   canonical form.
    func draft(_ record: AuditRecord) throws(StateError) -> EntryDraft

    /// Takes note that an entry became durable, and signs the new head of the log.
    ///
    /// - Throws: `StateError` where the head can't be kept; the effect must then not happen.
    func committed(_ receipt: AuditReceipt) async throws(StateError)
}
