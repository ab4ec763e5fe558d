// SPDX-License-Identifier: Apache-2.0

/// Keeps state in this process's memory, for tests and for embedders that try things out.
///
/// It isn't durable: with the process end all approvals, grants and audit entries, and no other process sees them.
/// Within the process it keeps every promise of `StateStorage`, spending once among them.
public actor MemoryStore: StateStorage {
    private var log: [StoredEntry] = []
    private var requests: [String: StoredApproval] = [:]
    private var order: [String] = []
    private var signed: [String: [StoredSignature]] = [:]
    private var granted: [String: StoredGrant] = [:]
    private var attested: [StoredAttestation] = []

    /// Makes an empty store.
    public init() {}

    /// Always `false`.
    public nonisolated var isDurable: Bool { false }

    // MARK: Audit

    /// Appends an entry.
    public func append(_ draft: EntryDraft) throws(StateError) -> AuditReceipt {
        let entry = try draft.entry(after: log.last.map { ($0.sequence, $0.hash) })
        log.append(entry)
        return AuditReceipt(sequence: entry.sequence, head: entry.hash)
    }

    /// Entries from a sequence on.
    public func entries(from sequence: Int64, limit: Int) -> [StoredEntry] {
        Array(log.drop { $0.sequence < sequence }.prefix(max(0, limit)))
    }

    /// The last entry.
    public func lastEntry() -> StoredEntry? { log.last }

    // MARK: Approvals

    /// Files a request, or joins one.
    public func file(
        _ approval: StoredApproval, pendingLimit: Int, usable: @escaping @Sendable (StoredApproval) -> Bool,
        _ entry: EntryDraft
    ) throws(StateError) -> FiledApproval {
        var pending = 0
        for id in order {
            guard var row = requests[id], row.session == approval.session else { continue }
            if row.isOverdue(at: approval.requestedAt) {
                row.state = .expired
                row.settledAt = approval.requestedAt.wall
                requests[id] = row
            }
            if row.act == approval.act, row.state == .pending || (row.state == .approved && usable(row)) {
                return .joined(row)
            }
            if row.state == .pending { pending += 1 }
        }
        guard pending < pendingLimit else { throw .tooManyPending(pendingLimit) }
        guard requests[approval.id] == nil else {
            throw StateError(.conflict, "an approval with this id exists already")
        }
        let receipt = try append(entry)
        requests[approval.id] = approval
        order.append(approval.id)
        return .filed(approval, receipt)
    }

    /// One request.
    public func approval(_ id: String) -> StoredApproval? { requests[id] }

    /// All requests, the newest first.
    public func approvals(session: String?, limit: Int) -> [StoredApproval] {
        let all = order.reversed().lazy.compactMap { self.requests[$0] }
        return Array(all.filter { session == nil || $0.session == session }.prefix(max(0, limit)))
    }

    /// The signatures of a request.
    public func signatures(of id: String) -> [StoredSignature] { signed[id] ?? [] }

    /// Adds a signature.
    public func sign(
        _ signature: StoredSignature, completes: @escaping @Sendable ([StoredSignature]) -> Bool, _ entry: EntryDraft
    ) throws(StateError) -> (approval: StoredApproval, receipt: AuditReceipt) {
        guard var row = requests[signature.approval] else { throw .noSuchApproval }
        var all = signed[row.id] ?? []
        guard row.state == .pending, !row.isOverdue(at: signature.receivedAt) else { throw .notPending(row.state) }
        guard !all.contains(where: { $0.fingerprint == signature.fingerprint }) else { throw .signedAlready }
        all.append(signature)
        if completes(all) {
            row.state = .approved
            row.approvedAt = signature.receivedAt
        }
        let receipt = try append(entry)
        signed[row.id] = all
        requests[row.id] = row
        return (row, receipt)
    }

    /// Moves a request to another state.
    public func settle(
        _ id: String, from: Set<ApprovalTicket.State>, to state: ApprovalTicket.State, answer: String?,
        _ entry: EntryDraft
    ) throws(StateError) -> (approval: StoredApproval, receipt: AuditReceipt?) {
        guard var row = requests[id] else { throw .noSuchApproval }
        guard from.contains(row.state) else { return (row, nil) }
        row.state = state
        row.settledAt = entry.time
        row.answer = answer
        let receipt = try append(entry)
        requests[id] = row
        return (row, receipt)
    }

    /// Spends a request.
    public func spend(
        _ expected: StoredApproval, allowed: @escaping @Sendable (StoredApproval) -> Bool, _ entry: EntryDraft
    ) throws(StateError) -> Spending {
        guard var row = requests[expected.id] else { throw .noSuchApproval }
        guard row == expected, row.state == .approved, allowed(row) else { return .conflict(row) }
        let receipt = try append(entry)
        row.state = .spent
        row.settledAt = entry.time
        requests[row.id] = row
        return .spent(receipt)
    }

    /// Keeps a statement about a recovery point.
    public func addAttestation(_ attestation: StoredAttestation) { attested.append(attestation) }

    /// The statements about one resource.
    public func attestations(resource: String) -> [StoredAttestation] {
        Array(attested.reversed().filter { $0.resource == resource }.prefix(100))
    }

    // MARK: Grants

    /// Keeps a grant.
    public func addGrant(_ grant: StoredGrant, _ entry: EntryDraft) throws(StateError) -> AuditReceipt {
        guard granted[grant.id] == nil else { throw StateError(.conflict, "a grant with this id exists already") }
        if let parent = grant.parent, !isInForce(parent, at: entry.time) { throw .parentNotInForce }
        let receipt = try append(entry)
        granted[grant.id] = grant
        return receipt
    }

    /// All grants in force.
    public func grants(at time: Timestamp) -> [StoredGrant] {
        granted.values.filter { isInForce($0.id, at: time) }.sorted { $0.id < $1.id }
    }

    /// Whether a grant is in force.
    public func isInForce(_ id: String, at time: Timestamp) -> Bool {
        var next: String? = id
        var steps = 0
        while let current = next {
            guard let grant = granted[current], grant.revokedAt == nil, steps < 64 else { return false }
            if let end = grant.expiresAt, end <= time { return false }
            next = grant.parent
            steps += 1
        }
        return true
    }

    /// Revokes grants.
    public func revoke(_ scope: RevocationScope, at time: Timestamp, _ entry: EntryDraft) throws(StateError) -> Int {
        _ = try append(entry)
        var ended = 0
        for (id, grant) in granted where grant.revokedAt == nil && covers(scope, grant) {
            granted[id]?.revokedAt = time
            ended += 1
        }
        return ended
    }

    private func covers(_ scope: RevocationScope, _ grant: StoredGrant) -> Bool {
        switch scope {
        case .everything: return true
        case .session(let session): return grant.session == session
        case .grant(let id):
            var next: StoredGrant? = grant
            for _ in 0..<64 {
                guard let current = next else { return false }
                if current.id == id { return true }
                next = current.parent.flatMap { granted[$0] }
            }
            return true
        }
    }
}

extension MemoryStore {
    /// Puts a sealed entry at the end, unchecked: what a restore or an attacker could do.
    package func restore(_ entry: StoredEntry) { log.append(entry) }

    /// Changes the entries at will, unchecked: what an attacker could do.
    package func tamper(_ change: @Sendable (inout [StoredEntry]) -> Void) { change(&log) }
}
