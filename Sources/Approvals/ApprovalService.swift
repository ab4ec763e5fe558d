// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// Files requests for approval, takes signatures, and lets each approval be used once, for exactly its act.
///
/// Everything that counts stands in the signed bytes: the act, what must be satisfied, until when. The store's columns
/// are only hints; whoever changes them gains nothing but a refusal.
public struct ApprovalService: ApprovalAuthority {
    let storage: any ApprovalStorage
    let journal: any AuditSealing
    let clock: StateClock
    let signers: @Sendable () async throws(StateError) -> AllowedSigners
    let recoverySigners: @Sendable (String) async throws(StateError) -> AllowedSigners
    private let pause: @Sendable () async -> Void

    /// Most requests of one session that may be pending.
    public static let pendingLimit = 5

    /// Makes a service.
    ///
    /// - Parameters:
    ///   - signers: Reads the allowed signers; asked at each signature and each redemption, so that a revoked key stops
    ///     counting.
    ///   - recoverySigners: Reads the signers of recovery points from the file that the policy names.
    ///   - pause: Waits before `wait(for:)` looks again; a quarter of a second unless told otherwise.
    public init(
        storage: any ApprovalStorage, journal: any AuditSealing, clock: StateClock,
        signers: @escaping @Sendable () async throws(StateError) -> AllowedSigners,
        recoverySigners: @escaping @Sendable (String) async throws(StateError) -> AllowedSigners,
        pause: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .milliseconds(250)) }
    ) {
        self.storage = storage
        self.journal = journal
        self.clock = clock
        self.signers = signers
        self.recoverySigners = recoverySigners
        self.pause = pause
    }

    /// Files a request, or joins the pending or approved request of the same act in the same session.
    public func request(
        _ descriptor: ActionDescriptor, requirement: ApprovalRequirement, decision: Decision, session: SessionContext
    ) async throws(StateError) -> ApprovalTicket {
        let bytes = try Hashing.canonical(descriptor.json)
        let filed = try FiledDescriptor(bytes)
        guard filed.requirement == requirement, filed.act == descriptor.act,
            filed.json["session"]?["id"] == .string(session.id),
            filed.json["environment"] == .string(decision.environment.name)
        else { throw StateError(.invalid, "the description isn't the one of this decision; describe the act again") }
        guard let asked = filed.json["requestedAt"]?.stringValue.flatMap({ Timestamp($0) }),
            let deadline = filed.json["deadline"]?.stringValue.flatMap({ Timestamp($0) }),
            let nonce = filed.json["nonce"]?.stringValue, HexEncoding.decode(nonce)?.count == 16
        else { throw FiledDescriptor.damaged }
        let now = clock.now()
        guard asked <= now.wall.advanced(by: .seconds(60)), now.wall < deadline else {
            throw StateError(.invalid, "the description is too old or too new; describe the act again")
        }
        let row = StoredApproval(
            id: String(nonce.prefix(16)), session: session.id, descriptor: bytes, digest: filed.digest,
            act: try Hashing.digest(try Hashing.canonical(filed.act)), state: .pending, requestedAt: now,
            pendingMilliseconds: deadline.milliseconds - now.wall.milliseconds)
        let entry = try journal.draft(
            AuditRecord(
                .approvalRequested, session: session.id,
                body: [
                    "approval": .string(row.id), "digest": .string(row.digest.description),
                    "class": filed.json["class"] ?? .null,
                    "environment": filed.json["environment"] ?? .null,
                    "targets": Self.identities(filed.json["targets"]),
                ]))
        let clock = clock
        let usable: @Sendable (StoredApproval) -> Bool = { row in
            guard let filed = try? FiledDescriptor(row.descriptor) else { return false }
            return ApprovalWindow(row, filed.requirement, at: clock.now()) != .over
        }
        switch try await storage.file(row, pendingLimit: Self.pendingLimit, usable: usable, entry) {
        case .joined(let other): return other.ticket
        case .filed(let row, let receipt):
            try await journal.committed(receipt)
            return row.ticket
        }
    }

    /// Waits until the request is no longer pending, or the task is cancelled.
    public func wait(for id: String) async throws(StateError) -> ApprovalTicket {
        while true {
            let row = try await current(id)
            if row.state != .pending || Task.isCancelled { return row.ticket }
            await pause()
        }
    }

    /// A request as it stands now; one that is overdue expires here.
    public func current(_ id: String) async throws(StateError) -> StoredApproval {
        guard let row = try await storage.approval(id) else { throw StateError.noSuchApproval }
        return try await expiredIfOver(row)
    }

    /// All requests, the newest first; what is overdue expires here.
    public func list(session: String? = nil, limit: Int = 200) async throws(StateError) -> [StoredApproval] {
        var rows: [StoredApproval] = []
        for row in try await storage.approvals(session: session, limit: limit) {
            rows.append(try await expiredIfOver(row))
        }
        return rows
    }

    /// A request's bytes and signatures, for a file that verifies offline.
    public func bundle(_ id: String) async throws(StateError) -> SignedBundle {
        let row = try await current(id)
        return SignedBundle(
            purpose: .approval, payload: row.descriptor,
            signatures: try await storage.signatures(of: id).map(\.payloadSignature))
    }

    private static func identities(_ targets: JSONValue?) -> JSONValue {
        .array((targets?.arrayValue ?? []).map { $0["id"] ?? .null })
    }

    func expiredIfOver(_ row: StoredApproval) async throws(StateError) -> StoredApproval {
        let now = clock.now()
        var isOver = row.isOverdue(at: now)
        if row.state == .approved, let filed = try? FiledDescriptor(row.descriptor) {
            isOver = ApprovalWindow(row, filed.requirement, at: now) == .over
        }
        guard isOver else { return row }
        let entry = try answerDraft(row, answer: "expired", by: nil)
        let (settled, receipt) = try await storage.settle(row.id, from: [row.state], to: .expired, answer: nil, entry)
        if let receipt { try await journal.committed(receipt) }
        return settled
    }

    func answerDraft(_ row: StoredApproval, answer: String, by principal: String?) throws(StateError) -> EntryDraft {
        try journal.draft(
            AuditRecord(
                .approvalAnswered, session: row.session,
                body: [
                    "approval": .string(row.id), "digest": .string(row.digest.description), "answer": .string(answer),
                    "by": principal.map(JSONValue.string) ?? .null,
                ]))
    }
}

/// Where an approved request stands in time.
enum ApprovalWindow: Hashable {
    case cooling, open, over

    /// Judges by wall and boot clock; each limit goes by the clock that is stricter.
    init(_ row: StoredApproval, _ requirement: ApprovalRequirement, at now: Moment) {
        guard let approvedAt = row.approvedAt else {
            self = .over
            return
        }
        let (least, most) = now.elapsed(since: approvedAt)
        let delay = requirement.delay.wholeMilliseconds
        let (end, overflow) = delay.addingReportingOverflow(requirement.validity.wholeMilliseconds)
        // Within one boot a wall clock that was set back only lengthens the delay. Across boots nothing else is left to
        // tell the time, and an approval that seems to come from the future proves nothing.
        let isUnproven = least < 0 && now.boot != approvedAt.boot
        if overflow || most >= end || isUnproven {
            self = .over
        } else {
            self = max(0, least) < delay ? .cooling : .open
        }
    }
}

extension StoredApproval {
    var ticket: ApprovalTicket { ApprovalTicket(id: id, state: state, digest: digest) }
}

extension StoredSignature {
    /// A format that isn't known verifies as nothing.
    var payloadSignature: PayloadSignature {
        PayloadSignature(format: format == "sshsig" ? .sshsig : .dsse, fingerprint: fingerprint, bytes: bytes)
    }
}
