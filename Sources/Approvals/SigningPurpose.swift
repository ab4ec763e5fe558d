// SPDX-License-Identifier: Apache-2.0
internal import AgentCore
internal import Crypto

/// What a signature is for. A signature made for one purpose never counts for another.
public struct SigningPurpose: Hashable, Sendable {
    /// The DSSE payload type.
    public let payloadType: String
    /// The SSHSIG namespace.
    public let namespace: String

    /// Signing a descriptor, the approval of an act.
    public static let approval = SigningPurpose(
        payloadType: "application/vnd.agentkit.approval.v1+json", namespace: "agentkit-approval-v1")
    /// Signing a statement that a backup exists.
    public static let recoveryPoint = SigningPurpose(
        payloadType: "application/vnd.agentkit.recovery-point.v1+json", namespace: "agentkit-recovery-point-v1")

    /// DSSE's pre-authentication encoding of a payload: the bytes that Ed25519 signs.
    ///
    /// - SeeAlso: DSSE v1, "Signature Definition".
    func preAuthenticationEncoding(_ payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }
}

/// SHA-256 over whole byte arrays.
enum Hashing {
    static func digest(_ bytes: [UInt8]) throws(StateError) -> AgentCore.Digest {
        guard let digest = AgentCore.Digest(Array(SHA256.hash(data: bytes))) else {
            throw StateError(.invalid, "the hash has the wrong length; nothing is done")
        }
        return digest
    }

    static func canonical(_ value: JSONValue) throws(StateError) -> [UInt8] {
        do throws(JSONError) {
            return try value.canonical()
        } catch {
            throw StateError(.invalid, "the act has no canonical form, so nobody can approve it: \(error.reason)")
        }
    }
}
