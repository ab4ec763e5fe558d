// SPDX-License-Identifier: Apache-2.0
#if SQLite
public import AgentCore
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Appends an entry, durable on return.
    public func append(_ draft: EntryDraft) async throws(StateError) -> AuditReceipt {
        try await write("appending to the audit") { db in try Self.append(draft, db) }
    }

    /// Entries in rising order, from `sequence` on.
    public func entries(from sequence: Int64, limit: Int) async throws(StateError) -> [StoredEntry] {
        try await read("reading the audit") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?",
                arguments: [sequence, max(0, limit)]
            ).map(SQLiteRows.entry)
        }
    }

    /// The last entry.
    public func lastEntry() async throws(StateError) -> StoredEntry? {
        try await read("reading the audit") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM entries ORDER BY sequence DESC LIMIT 1").map(SQLiteRows.entry)
        }
    }

    /// Appends inside a transaction that has begun.
    static func append(_ draft: EntryDraft, _ db: Database) throws -> AuditReceipt {
        let last = try db.cachedStatement(sql: "SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1")
        let head = try Row.fetchOne(last).map { row in
            guard let hash = Digest(Array(try row.decode(Data.self, forColumn: "hash"))) else {
                throw SQLiteRows.damaged
            }
            return (sequence: try row.decode(Int64.self, forColumn: "sequence"), hash: hash)
        }
        let entry = try draft.entry(after: head)
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO entries (sequence, kind, session, time, payload, previous, hash, signature)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(arguments: [
            entry.sequence, entry.kind, entry.session, entry.time.milliseconds, Data(entry.payload),
            entry.previous.data,
            entry.hash.data, Data(entry.signature),
        ])
        return AuditReceipt(sequence: entry.sequence, head: entry.hash)
    }
}
#endif
