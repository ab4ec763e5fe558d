// SPDX-License-Identifier: Apache-2.0
#if SQLite
internal import AgentCore
internal import Foundation
internal import GRDB

/// Reads rows into values; a row that can't be one is damage, never skipped.
enum SQLiteRows {
    static let damaged = StateError(
        .corrupt, "the state holds a row that can't be read; verify the audit and restore the state")

    static func entry(_ row: Row) throws -> StoredEntry {
        StoredEntry(
            sequence: try row.decode(Int64.self, forColumn: "sequence"),
            kind: try row.decode(String.self, forColumn: "kind"),
            session: try row.decode(String.self, forColumn: "session"), time: try time(row, "time"),
            payload: try bytes(row, "payload"), previous: try digest(row, "previous"), hash: try digest(row, "hash"),
            signature: try bytes(row, "signature"))
    }

    static func approval(_ row: Row) throws -> StoredApproval {
        guard let state = ApprovalTicket.State(rawValue: try row.decode(String.self, forColumn: "state")) else {
            throw damaged
        }
        return StoredApproval(
            id: try row.decode(String.self, forColumn: "id"),
            session: try row.decode(String.self, forColumn: "session"),
            descriptor: try bytes(row, "descriptor"), digest: try digest(row, "digest"), act: try digest(row, "act"),
            state: state, requestedAt: try moment(row, "requested"),
            pendingMilliseconds: try row.decode(Int64.self, forColumn: "pending_milliseconds"),
            approvedAt: row.isNull("approved_at") ? nil : try moment(row, "approved"),
            settledAt: row.isNull("settled_at") ? nil : try time(row, "settled_at"),
            answer: try row.decode(String?.self, forColumn: "answer"))
    }

    static func signature(_ row: Row) throws -> StoredSignature {
        StoredSignature(
            approval: try row.decode(String.self, forColumn: "approval"),
            principal: try row.decode(String.self, forColumn: "principal"),
            fingerprint: try row.decode(String.self, forColumn: "fingerprint"),
            format: try row.decode(String.self, forColumn: "format"), bytes: try bytes(row, "bytes"),
            receivedAt: try moment(row, "received"))
    }

    static func grant(_ row: Row) throws -> StoredGrant {
        StoredGrant(
            id: try row.decode(String.self, forColumn: "id"), parent: try row.decode(String?.self, forColumn: "parent"),
            session: try row.decode(String.self, forColumn: "session"),
            principal: try row.decode(String.self, forColumn: "principal"), body: try bytes(row, "body"),
            expiresAt: row.isNull("expires_at") ? nil : try time(row, "expires_at"),
            revokedAt: row.isNull("revoked_at") ? nil : try time(row, "revoked_at"))
    }

    static func attestation(_ row: Row) throws -> StoredAttestation {
        StoredAttestation(
            resource: try row.decode(String.self, forColumn: "resource"), envelope: try bytes(row, "envelope"),
            receivedAt: try time(row, "received_at"))
    }

    private static func bytes(_ row: Row, _ column: String) throws -> [UInt8] {
        Array(try row.decode(Data.self, forColumn: column))
    }

    private static func digest(_ row: Row, _ column: String) throws -> Digest {
        guard let digest = Digest(try bytes(row, column)) else { throw damaged }
        return digest
    }

    private static func time(_ row: Row, _ column: String) throws -> Timestamp {
        Timestamp(milliseconds: try row.decode(Int64.self, forColumn: column))
    }

    private static func moment(_ row: Row, _ prefix: String) throws -> Moment {
        Moment(
            wall: try time(row, prefix + "_at"),
            sinceBoot: try row.decode(Int64.self, forColumn: prefix + "_since_boot"),
            boot: try row.decode(String.self, forColumn: prefix + "_boot"))
    }
}

extension Row {
    fileprivate func isNull(_ column: String) -> Bool { (self[column] as DatabaseValue?)?.isNull ?? true }
}

extension Digest {
    var data: Data { Data(bytes) }
}
#endif
