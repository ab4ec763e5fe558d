// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// What is wrong with a log, and where it begins.
public struct AuditFinding: Hashable, Sendable {
    /// The kind of damage.
    public enum Kind: String, Hashable, Sendable {
        /// An entry is missing between others.
        case missing
        /// An entry's content isn't what was hashed and signed.
        case altered
        /// An entry doesn't follow the one before it: reordered, inserted, or taken from another log.
        case misplaced
        /// An entry isn't signed by the log's key.
        case forged
        /// The log ends before the signed head: entries were cut, or an older state was restored.
        case truncated
        /// The log differs from the signed head at the head's place.
        case replaced
        /// There is no signed head, or the log's key didn't sign it.
        case head
    }

    /// What is wrong.
    public let kind: Kind
    /// The first bad entry's place.
    public let sequence: Int64
    /// One line for people.
    public let message: String
}

/// The result of verifying a log.
public struct AuditReport: Hashable, Sendable {
    /// The last good entry's place; 0 for none.
    public let last: Int64
    /// The last good entry's hash.
    public let head: Digest
    /// Entries after the signed head: appended since, chained and signed, but not yet witnessed by it.
    public let unwitnessed: Int64
    /// The first thing that is wrong, `nil` where all is well.
    public let finding: AuditFinding?
}

/// Verifies a log entry by entry and names the first bad one.
public struct AuditVerifier: Sendable {
    private let key: AuditPublicKey
    private static let batch = 1000

    /// Makes a verifier. The key should come from where the log's host can't change it.
    public init(key: AuditPublicKey) { self.key = key }

    /// Verifies a whole log against its head as kept in `files`, and against heads that witnesses kept.
    ///
    /// - Throws: `StateError` where the log can't be read.
    public func verify(
        _ storage: any AuditStorage, files: any PrivateFiles, witnesses: [SignedHead] = []
    ) async throws(StateError) -> AuditReport {
        try await verify(storage, head: try await SignedHead.read(from: files, key: key), witnesses: witnesses)
    }

    /// Verifies a whole log against a signed head.
    ///
    /// - Parameters:
    ///   - head: The head; `nil` where there is none, which is a finding.
    ///   - witnesses: Earlier heads of the same log that someone else kept. One that the log's key didn't sign is a
    ///     finding.
    /// - Throws: `StateError` where the log can't be read.
    public func verify(
        _ storage: any AuditStorage, head: SignedHead?, witnesses: [SignedHead] = []
    ) async throws(StateError) -> AuditReport {
        try await verify(storage, head: head, witnesses: witnesses, from: 1)
    }

    /// Verifies from an entry on; that entry's predecessor is believed.
    func verify(
        _ storage: any AuditStorage, head: SignedHead?, witnesses: [SignedHead], from start: Int64
    ) async throws(StateError) -> AuditReport {
        let heads = (head.map { [$0] } ?? []) + witnesses
        var last: Int64 = start - 1
        var hash: Digest? = start == 1 ? .zero : nil
        var finding: AuditFinding?
        while finding == nil {
            let entries = try await storage.entries(from: last + 1, limit: Self.batch)
            if entries.isEmpty { break }
            for entry in entries {
                finding = try check(entry, sequence: last + 1, previous: hash, heads: heads)
                if finding != nil { break }
                last = entry.sequence
                hash = entry.hash
            }
        }
        if finding == nil { finding = checkHead(head, last: last) }
        for witness in witnesses where finding == nil { finding = checkHead(witness, last: last) }
        let witnessed = heads.map(\.sequence).max() ?? 0
        return AuditReport(last: last, head: hash ?? .zero, unwitnessed: max(0, last - witnessed), finding: finding)
    }

    private func check(
        _ entry: StoredEntry, sequence: Int64, previous: Digest?, heads: [SignedHead]
    ) throws(StateError) -> AuditFinding? {
        func found(_ kind: AuditFinding.Kind, _ what: String) -> AuditFinding {
            AuditFinding(kind: kind, sequence: sequence, message: "audit entry \(sequence) \(what)")
        }
        guard entry.sequence == sequence else {
            return found(.missing, "is missing; the next one there is \(entry.sequence)")
        }
        let hash = try EntryFormat.hash(previous: entry.previous, sequence: sequence, payload: entry.payload)
        guard hash == entry.hash else {
            return found(.altered, "doesn't hash to what it claims: it was changed or moved")
        }
        if let previous, previous != entry.previous { return found(.misplaced, "doesn't follow the entry before it") }
        guard key.verifies(entry.signature, over: EntryFormat.sealed(hash)) else {
            return found(.forged, "isn't signed by the log's key")
        }
        guard columnsAgree(entry) else {
            return found(.altered, "has a kind, session or time that its signed content doesn't have")
        }
        if heads.contains(where: { $0.sequence == sequence && $0.hash != hash }) {
            return found(.replaced, "isn't the one that a signed head names")
        }
        return nil
    }

    private func columnsAgree(_ entry: StoredEntry) -> Bool {
        guard let payload = try? JSONValue.parse(entry.payload) else { return false }
        return payload["kind"] == .string(entry.kind) && payload["session"] == .string(entry.session)
            && payload["time"] == .string(entry.time.description)
    }

    private func checkHead(_ head: SignedHead?, last: Int64) -> AuditFinding? {
        guard let head else {
            return AuditFinding(
                kind: .head, sequence: last + 1,
                message: "the audit has no signed head: nothing shows where it really ends")
        }
        guard head.isSigned(by: key) else {
            return AuditFinding(
                kind: .head, sequence: last + 1, message: "the audit's head isn't signed by the log's key")
        }
        guard head.sequence <= last else {
            return AuditFinding(
                kind: .truncated, sequence: last + 1,
                message:
                    "audit entry \(last + 1) is missing: the log ends at \(last), its signed head at \(head.sequence); "
                    + "entries were cut or an older state was restored")
        }
        return nil
    }
}
