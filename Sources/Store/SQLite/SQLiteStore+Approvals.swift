// SPDX-License-Identifier: Apache-2.0
#if SQLite
public import AgentCore
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Files a request, or joins one.
    public func file(
        _ approval: StoredApproval, pendingLimit: Int, usable: @escaping @Sendable (StoredApproval) -> Bool,
        _ entry: EntryDraft
    ) async throws(StateError) -> FiledApproval {
        try await write("filing the request") { db in
            let open = try Row.fetchAll(
                db, sql: "SELECT * FROM approvals WHERE session = ? AND state IN ('pending', 'approved')",
                arguments: [approval.session]
            ).map(SQLiteRows.approval)
            var pending = 0
            for row in open {
                if row.isOverdue(at: approval.requestedAt) {
                    try Self.settle(row.id, to: .expired, answer: nil, at: approval.requestedAt.wall, db)
                    continue
                }
                if row.act == approval.act, row.state == .pending || usable(row) { return .joined(row) }
                if row.state == .pending { pending += 1 }
            }
            guard pending < pendingLimit else { throw StateError.tooManyPending(pendingLimit) }
            let receipt = try Self.append(entry, db)
            try Self.insert(approval, db)
            return .filed(approval, receipt)
        }
    }

    /// One request.
    public func approval(_ id: String) async throws(StateError) -> StoredApproval? {
        try await read("reading the approval") { db in try Self.approval(id, db) }
    }

    /// All requests, the newest first.
    public func approvals(session: String?, limit: Int) async throws(StateError) -> [StoredApproval] {
        try await read("reading the approvals") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM approvals WHERE ?1 IS NULL OR session = ?1
                    ORDER BY requested_at DESC, rowid DESC LIMIT ?2
                    """, arguments: [session, max(0, limit)]
            ).map(SQLiteRows.approval)
        }
    }

    /// The signatures of a request.
    public func signatures(of id: String) async throws(StateError) -> [StoredSignature] {
        try await read("reading the signatures") { db in try Self.signatures(id, db) }
    }

    /// Adds a signature.
    public func sign(
        _ signature: StoredSignature, completes: @escaping @Sendable ([StoredSignature]) -> Bool, _ entry: EntryDraft
    ) async throws(StateError) -> (approval: StoredApproval, receipt: AuditReceipt) {
        try await write("keeping the signature") { db in
            guard var row = try Self.approval(signature.approval, db) else { throw StateError.noSuchApproval }
            guard row.state == .pending, !row.isOverdue(at: signature.receivedAt) else {
                throw StateError.notPending(row.state)
            }
            var all = try Self.signatures(row.id, db)
            guard !all.contains(where: { $0.fingerprint == signature.fingerprint }) else {
                throw StateError.signedAlready
            }
            try Self.insert(signature, place: all.count, db)
            all.append(signature)
            if completes(all) {
                row.state = .approved
                row.approvedAt = signature.receivedAt
                try db.execute(
                    sql: """
                        UPDATE approvals SET state = 'approved', approved_at = ?, approved_since_boot = ?,
                            approved_boot = ?
                        WHERE id = ?
                        """,
                    arguments: [
                        signature.receivedAt.wall.milliseconds, signature.receivedAt.sinceBoot,
                        signature.receivedAt.boot, row.id,
                    ])
            }
            return (row, try Self.append(entry, db))
        }
    }

    /// Moves a request to another state.
    public func settle(
        _ id: String, from: Set<ApprovalTicket.State>, to state: ApprovalTicket.State, answer: String?,
        _ entry: EntryDraft
    ) async throws(StateError) -> (approval: StoredApproval, receipt: AuditReceipt?) {
        try await write("answering the request") { db in
            guard var row = try Self.approval(id, db) else { throw StateError.noSuchApproval }
            guard from.contains(row.state) else { return (row, nil) }
            try Self.settle(id, to: state, answer: answer, at: entry.time, db)
            row.state = state
            row.settledAt = entry.time
            row.answer = answer
            return (row, try Self.append(entry, db))
        }
    }

    /// Spends a request.
    public func spend(
        _ expected: StoredApproval, allowed: @escaping @Sendable (StoredApproval) -> Bool, _ entry: EntryDraft
    ) async throws(StateError) -> Spending {
        try await write("spending the approval") { db in
            guard let row = try Self.approval(expected.id, db) else { throw StateError.noSuchApproval }
            guard row == expected, row.state == .approved, allowed(row) else { return .conflict(row) }
            try Self.settle(row.id, to: .spent, answer: nil, at: entry.time, db)
            return .spent(try Self.append(entry, db))
        }
    }

    /// Keeps a statement about a recovery point.
    public func addAttestation(_ attestation: StoredAttestation) async throws(StateError) {
        try await write("keeping the statement") { db in
            try db.execute(
                sql: "INSERT INTO attestations (resource, envelope, received_at) VALUES (?, ?, ?)",
                arguments: [attestation.resource, Data(attestation.envelope), attestation.receivedAt.milliseconds])
        }
    }

    /// The statements about one resource.
    public func attestations(resource: String) async throws(StateError) -> [StoredAttestation] {
        try await read("reading the statements") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM attestations WHERE resource = ? ORDER BY id DESC LIMIT 100",
                arguments: [resource]
            ).map(SQLiteRows.attestation)
        }
    }

    private static func approval(_ id: String, _ db: Database) throws -> StoredApproval? {
        try Row.fetchOne(db, sql: "SELECT * FROM approvals WHERE id = ?", arguments: [id]).map(SQLiteRows.approval)
    }

    private static func signatures(_ id: String, _ db: Database) throws -> [StoredSignature] {
        try Row.fetchAll(db, sql: "SELECT * FROM signatures WHERE approval = ? ORDER BY place", arguments: [id])
            .map(SQLiteRows.signature)
    }

    private static func settle(
        _ id: String, to state: ApprovalTicket.State, answer: String?, at time: Timestamp, _ db: Database
    ) throws {
        try db.execute(
            sql: "UPDATE approvals SET state = ?, answer = ?, settled_at = ? WHERE id = ?",
            arguments: [state.rawValue, answer, time.milliseconds, id])
        guard db.changesCount == 1 else { throw StateError.noSuchApproval }
    }

    private static func insert(_ row: StoredApproval, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO approvals (id, session, descriptor, digest, act, state, requested_at, requested_since_boot,
                    requested_boot, pending_milliseconds)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.id, row.session, Data(row.descriptor), row.digest.data, row.act.data, row.state.rawValue,
                row.requestedAt.wall.milliseconds, row.requestedAt.sinceBoot, row.requestedAt.boot,
                row.pendingMilliseconds,
            ])
    }

    private static func insert(_ row: StoredSignature, place: Int, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO signatures (approval, place, principal, fingerprint, format, bytes, received_at,
                    received_since_boot, received_boot)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.approval, place, row.principal, row.fingerprint, row.format, Data(row.bytes),
                row.receivedAt.wall.milliseconds, row.receivedAt.sinceBoot, row.receivedAt.boot,
            ])
    }
}
#endif
