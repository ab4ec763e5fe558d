// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// Shows that one entry is part of a log, to someone who has the log's public key and sees none of the other entries.
///
/// It holds the entry and, for each one after it up to a signed head, the digest of its content. Its length grows with
/// the distance to the head: 32 bytes per entry.
public struct AuditProof: Hashable, Sendable {
    /// The head that the proof leads to.
    public let head: SignedHead
    /// The entry's place.
    public let sequence: Int64
    /// The entry's canonical content.
    public let payload: [UInt8]
    private let previous: Digest
    private let later: [Digest]

    private static let kind = "agentkit.audit-proof"
    private static let limits = JSONLimits(maximumBytes: 256 << 20, maximumDepth: 8, maximumValues: 8_000_000)

    /// Makes a proof.
    ///
    /// - Throws: `StateError`; `.notFound` where the log has no such entry at or before the head.
    public init(of sequence: Int64, in storage: any AuditStorage, head: SignedHead) async throws(StateError) {
        guard sequence >= 1, sequence <= head.sequence,
            let entry = try await storage.entries(from: sequence, limit: 1).first, entry.sequence == sequence
        else { throw StateError(.notFound, "the log has no entry \(sequence) at or before its signed head") }
        var later: [Digest] = []
        var next = sequence + 1
        while next <= head.sequence {
            let batch = try await storage.entries(from: next, limit: Int(min(1000, head.sequence - next + 1)))
            guard !batch.isEmpty else { throw StateError(.corrupt, "audit entry \(next) is missing; verify the audit") }
            for entry in batch { later.append(try EntryFormat.digest(entry.payload)) }
            next += Int64(batch.count)
        }
        self.head = head
        self.sequence = sequence
        payload = entry.payload
        previous = entry.previous
        self.later = later
    }

    /// Whether the entry is part of the log that `key` signs.
    public func isValid(for key: AuditPublicKey) -> Bool {
        guard head.isSigned(by: key), sequence >= 1, sequence <= head.sequence,
            Int64(later.count) == head.sequence - sequence
        else { return false }
        do throws(StateError) {
            var hash = try EntryFormat.hash(previous: previous, sequence: sequence, payload: payload)
            for (index, digest) in later.enumerated() {
                hash = try EntryFormat.hash(
                    previous: hash, sequence: sequence + 1 + Int64(index), payloadDigest: digest)
            }
            return hash == head.hash
        } catch {
            return false
        }
    }

    /// The proof as a file: one line of JSON.
    public var bytes: [UInt8] {
        let json: JSONValue = [
            "kind": .string(Self.kind), "version": 1, "sequence": .integer(sequence),
            "payload": .string(Base64.encode(payload)), "previous": .string(HexEncoding.encode(previous.bytes)),
            "later": .array(later.map { .string(HexEncoding.encode($0.bytes)) }),
            "head": .string(Base64.encode(head.bytes)),
        ]
        return json.serializedBytes() + [0x0A]
    }

    /// Reads a file; `nil` for anything that isn't a proof. Says nothing about its validity.
    public init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue.parse(bytes, limits: Self.limits), json["kind"] == .string(Self.kind),
            json["version"] == 1, let sequence = json["sequence"]?.integerValue,
            let payload = json["payload"]?.stringValue.flatMap({ Base64.decode($0) }),
            let previous = json["previous"]?.stringValue.flatMap(Self.digest),
            let head = json["head"]?.stringValue.flatMap({ Base64.decode($0) }).flatMap({ SignedHead($0) }),
            let list = json["later"]?.arrayValue
        else { return nil }
        let later = list.compactMap { $0.stringValue.flatMap(Self.digest) }
        guard later.count == list.count else { return nil }
        self.sequence = sequence
        self.payload = payload
        self.previous = previous
        self.head = head
        self.later = later
    }

    private static func digest(_ text: String) -> Digest? { HexEncoding.decode(text).flatMap { Digest($0) } }
}
