// SPDX-License-Identifier: Apache-2.0
internal import AgentCore
internal import Crypto

/// A signature as `ssh-keygen -Y sign` makes it.
///
/// - SeeAlso: OpenSSH, PROTOCOL.sshsig.
struct SSHSignature: Hashable {
    let key: SSHPublicKey
    let namespace: String
    private let reserved: [UInt8]
    private let hash: String
    private let signature: [UInt8]

    private static let magic = Array("SSHSIG".utf8)
    static let armorName = "SSH SIGNATURE"

    init(armored text: String) throws(ApprovalError) {
        guard let bytes = Armor.decode(text, name: Self.armorName) else { throw Self.malformed }
        var reader = SSHReader(bytes)
        guard try reader.bytes(6) == Self.magic, try reader.number() == 1 else { throw Self.malformed }
        key = try SSHPublicKey(blob: try reader.string())
        namespace = try reader.text()
        reserved = try reader.string()
        hash = try reader.text()
        signature = try reader.string()
        guard reader.isAtEnd else { throw Self.malformed }
    }

    func verify(_ message: [UInt8], namespace expected: String) throws(ApprovalError) {
        guard namespace == expected else {
            throw ApprovalError(
                "approval.namespace", "the signature is for another purpose; sign with `-n \(expected)`")
        }
        let digest: [UInt8]
        switch hash {
        case "sha512": digest = Array(SHA512.hash(data: message))
        case "sha256": digest = Array(SHA256.hash(data: message))
        default: throw Self.malformed
        }
        var writer = SSHWriter()
        writer.raw(Self.magic)
        writer.string(namespace)
        writer.string(reserved)
        writer.string(hash)
        writer.string(digest)
        try key.verify(signature, over: writer.bytes)
    }

    private static let malformed = ApprovalError(
        "approval.signature-format", "this is no signature of `ssh-keygen -Y sign`; sign the exported bytes again")
}
