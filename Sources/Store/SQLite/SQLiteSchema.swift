// SPDX-License-Identifier: Apache-2.0
#if SQLite
internal import AgentCore
internal import GRDB

/// The tables, and how older files become newer ones.
enum SQLiteSchema {
    /// `AKIT` in ASCII; tells this program's files from others.
    static let applicationIdentifier = 0x414B_4954

    /// One statement list per version, in order; a released one never changes.
    private static let versions = [version1]

    static func migrate(_ db: Database) throws {
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard owner == applicationIdentifier || (owner == 0 && version == 0 && tables == 0) else {
            throw StateError(.corrupt, "the state file belongs to another program; use another state folder")
        }
        guard version <= versions.count else {
            throw StateError(.unavailable, "the state was written by a newer version; update this program")
        }
        for (index, statements) in versions.enumerated() where index >= version {
            try db.execute(sql: statements)
            try db.execute(sql: "PRAGMA user_version = \(index + 1)")
        }
        if owner == 0 { try db.execute(sql: "PRAGMA application_id = \(applicationIdentifier)") }
    }

    private static let version1 = """
        CREATE TABLE entries (
            sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
            kind TEXT NOT NULL,
            session TEXT NOT NULL,
            time INTEGER NOT NULL,
            payload BLOB NOT NULL,
            previous BLOB NOT NULL CHECK (length(previous) = 32),
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            signature BLOB NOT NULL
        ) STRICT;
        CREATE INDEX entries_session ON entries (session, sequence);

        CREATE TABLE approvals (
            id TEXT PRIMARY KEY,
            session TEXT NOT NULL,
            descriptor BLOB NOT NULL,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            act BLOB NOT NULL CHECK (length(act) = 32),
            state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'spent', 'expired', 'cancelled')),
            requested_at INTEGER NOT NULL,
            requested_since_boot INTEGER NOT NULL,
            requested_boot TEXT NOT NULL,
            pending_milliseconds INTEGER NOT NULL,
            approved_at INTEGER,
            approved_since_boot INTEGER,
            approved_boot TEXT,
            settled_at INTEGER,
            answer TEXT
        ) STRICT;
        CREATE INDEX approvals_session ON approvals (session, state);
        CREATE INDEX approvals_time ON approvals (requested_at);
        CREATE TRIGGER approvals_final BEFORE UPDATE ON approvals
            WHEN old.state IN ('refused', 'spent', 'expired', 'cancelled')
            BEGIN SELECT RAISE(ABORT, 'an answered approval does not change'); END;

        CREATE TABLE signatures (
            approval TEXT NOT NULL REFERENCES approvals (id),
            place INTEGER NOT NULL,
            principal TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            format TEXT NOT NULL,
            bytes BLOB NOT NULL,
            received_at INTEGER NOT NULL,
            received_since_boot INTEGER NOT NULL,
            received_boot TEXT NOT NULL,
            PRIMARY KEY (approval, fingerprint)
        ) STRICT;

        CREATE TABLE attestations (
            id INTEGER PRIMARY KEY,
            resource TEXT NOT NULL,
            envelope BLOB NOT NULL,
            received_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX attestations_resource ON attestations (resource, id);

        CREATE TABLE grants (
            id TEXT PRIMARY KEY,
            parent TEXT REFERENCES grants (id),
            session TEXT NOT NULL,
            principal TEXT NOT NULL,
            body BLOB NOT NULL,
            expires_at INTEGER,
            revoked_at INTEGER
        ) STRICT;
        CREATE INDEX grants_session ON grants (session);
        CREATE INDEX grants_parent ON grants (parent);
        """
}
#endif
