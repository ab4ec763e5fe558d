// SPDX-License-Identifier: Apache-2.0
#if SQLite
public import AgentCore
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Keeps a grant.
    public func addGrant(_ grant: StoredGrant, _ entry: EntryDraft) async throws(StateError) -> AuditReceipt {
        try await write("keeping the grant") { db in
            if let parent = grant.parent, try !Self.isInForce(parent, at: entry.time, db) {
                throw StateError.parentNotInForce
            }
            try db.execute(
                sql: "INSERT INTO grants (id, parent, session, principal, body, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    grant.id, grant.parent, grant.session, grant.principal, Data(grant.body),
                    grant.expiresAt?.milliseconds,
                ])
            return try Self.append(entry, db)
        }
    }

    /// All grants in force.
    public func grants(at time: Timestamp) async throws(StateError) -> [StoredGrant] {
        try await read("reading the grants") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM grants WHERE revoked_at IS NULL ORDER BY id").map(SQLiteRows.grant)
                .filter { try Self.isInForce($0.id, at: time, db) }
        }
    }

    /// Whether a grant and all that it was attenuated from are in force.
    public func isInForce(_ id: String, at time: Timestamp) async throws(StateError) -> Bool {
        try await read("reading the grants") { db in try Self.isInForce(id, at: time, db) }
    }

    /// Revokes grants.
    public func revoke(_ scope: RevocationScope, at time: Timestamp, _ entry: EntryDraft) async throws(StateError)
        -> Int
    {
        try await write("revoking") { db in
            switch scope {
            case .everything:
                try db.execute(
                    sql: "UPDATE grants SET revoked_at = ? WHERE revoked_at IS NULL", arguments: [time.milliseconds])
            case .session(let session):
                try db.execute(
                    sql: "UPDATE grants SET revoked_at = ? WHERE revoked_at IS NULL AND session = ?",
                    arguments: [time.milliseconds, session])
            case .grant(let id):
                try db.execute(
                    sql: """
                        WITH RECURSIVE narrowed (id) AS (
                            SELECT ?1 UNION SELECT grants.id FROM grants JOIN narrowed ON grants.parent = narrowed.id
                        )
                        UPDATE grants SET revoked_at = ?2 WHERE revoked_at IS NULL AND id IN (SELECT id FROM narrowed)
                        """, arguments: [id, time.milliseconds])
            }
            let ended = db.changesCount
            _ = try Self.append(entry, db)
            return ended
        }
    }

    private static func isInForce(_ id: String, at time: Timestamp, _ db: Database) throws -> Bool {
        var next: String? = id
        // Longer chains don't occur; a cycle, which only a damaged file can hold, ends here.
        for _ in 0..<64 {
            guard let current = next else { return true }
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM grants WHERE id = ?", arguments: [current]) else {
                return false
            }
            let grant = try SQLiteRows.grant(row)
            if grant.revokedAt != nil { return false }
            if let end = grant.expiresAt, end <= time { return false }
            next = grant.parent
        }
        return false
    }
}
#endif
