// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// An audit entry as people and scripts read it.
public struct AuditEntry: Hashable, Sendable {
    /// The place in the log, from 1.
    public let sequence: Int64
    /// The kind of record, such as `intent`.
    public let kind: String
    /// The session's id.
    public let session: String
    /// When it was written.
    public let time: Timestamp
    /// What was recorded.
    public let body: JSONValue
    /// The entry's hash.
    public let hash: Digest

    /// Reads a stored entry; what it says is what was hashed, not what the store's columns claim.
    ///
    /// - Returns: `nil` for a payload that isn't one of an audit entry. Says nothing about hash and signature.
    public init?(_ entry: StoredEntry) {
        guard let payload = try? JSONValue.parse(entry.payload), let kind = payload["kind"]?.stringValue,
            let session = payload["session"]?.stringValue, let body = payload["body"],
            let time = payload["time"]?.stringValue.flatMap({ Timestamp($0) })
        else { return nil }
        sequence = entry.sequence
        self.kind = kind
        self.session = session
        self.time = time
        self.body = body
        hash = entry.hash
    }

    /// The entry for scripts.
    public var json: JSONValue {
        [
            "sequence": .integer(sequence), "time": .string(time.description), "kind": .string(kind),
            "session": .string(session), "body": body, "hash": .string(HexEncoding.encode(hash.bytes)),
        ]
    }
}
