// SPDX-License-Identifier: Apache-2.0
internal import AgentCore
internal import Crypto

/// How an entry is written, hashed and signed.
///
/// hash = SHA-256("agentkit-audit-entry-v1" NUL, previous hash, sequence as 8 bytes big-endian, SHA-256(payload)), so that
/// who sees only the digests of other entries can still follow the chain. The payload is canonical JSON with kind, session,
/// time and body. The signature is Ed25519 over "agentkit-audit-seal-v1" NUL and the hash, so that who can write the
/// database but not read the log's key can't continue the chain.
enum EntryFormat {
    /// Most bytes of one entry's payload.
    static let limitBytes = 256 << 10

    private static let hashDomain = Array("agentkit-audit-entry-v1\0".utf8)
    private static let sealDomain = Array("agentkit-audit-seal-v1\0".utf8)

    static func payload(_ record: AuditRecord, at time: Timestamp) throws(StateError) -> [UInt8] {
        let value: JSONValue = [
            "version": 1, "kind": .string(record.kind.rawValue), "session": .string(record.session),
            "time": .string(time.description), "body": record.body,
        ]
        let bytes: [UInt8]
        do throws(JSONError) {
            bytes = try value.canonical()
        } catch {
            throw StateError(.invalid, "the audit record has no canonical form: \(error.reason)")
        }
        guard bytes.count <= limitBytes else {
            throw StateError(
                .invalid, "the audit record is larger than \(limitBytes) bytes; put digests in place of long values")
        }
        return bytes
    }

    static func hash(
        previous: AgentCore.Digest, sequence: Int64, payload: [UInt8]
    ) throws(StateError) -> AgentCore.Digest {
        try hash(previous: previous, sequence: sequence, payloadDigest: try digest(payload))
    }

    static func hash(
        previous: AgentCore.Digest, sequence: Int64, payloadDigest: AgentCore.Digest
    ) throws(StateError) -> AgentCore.Digest {
        try digest(hashDomain + previous.bytes + bigEndian(sequence) + payloadDigest.bytes)
    }

    static func digest(_ bytes: [UInt8]) throws(StateError) -> AgentCore.Digest {
        guard let digest = AgentCore.Digest(Array(SHA256.hash(data: bytes))) else {
            throw StateError(.invalid, "the hash has the wrong length; nothing is written")
        }
        return digest
    }

    /// Tells equal bodies of denials apart from others without keeping them.
    static func fingerprint(_ body: JSONValue) -> [UInt8] { Array(SHA256.hash(data: body.serializedBytes())) }

    static func sealed(_ hash: AgentCore.Digest) -> [UInt8] { sealDomain + hash.bytes }

    private static func bigEndian(_ value: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64(56 - 8 * $0)) }
    }
}
