// SPDX-License-Identifier: Apache-2.0
public import AgentCore
internal import Crypto

/// An approver's Ed25519 key, in the file formats of OpenSSH.
///
/// The same key signs here and with `ssh-keygen -Y sign`, and one line of allowed signers covers both.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: Curve25519.Signing.PrivateKey
    /// The public half.
    public let publicKey: SSHPublicKey
    /// The comment in the key's files.
    public let comment: String

    private static let magic = Array("openssh-key-v1\0".utf8)
    private static let armorName = "OPENSSH PRIVATE KEY"

    private init(_ key: Curve25519.Signing.PrivateKey, comment: String) {
        self.key = key
        self.comment = comment
        publicKey = SSHPublicKey(ed25519: Array(key.publicKey.rawRepresentation))
    }

    /// The fingerprint of the public half; nothing of the secret.
    public var description: String { publicKey.fingerprint }
    /// The public half only, so that a dump holds no secret.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }

    /// Makes a new key.
    public static func generate(comment: String = "agentkit") -> SigningKey {
        SigningKey(Curve25519.Signing.PrivateKey(), comment: String(comment.filter { $0.isASCII && !$0.isNewline }))
    }

    /// Reads an unencrypted Ed25519 key as `ssh-keygen -t ed25519` or `privateFile` writes it.
    ///
    /// - Throws: `ApprovalError` with `approval.key-file` for any other key.
    public init(privateFile text: String) throws(ApprovalError) {
        guard let bytes = Armor.decode(text, name: Self.armorName) else {
            throw ApprovalError("approval.key-file", "this is no OpenSSH private key; make one with `approvals keygen`")
        }
        var reader = SSHReader(bytes)
        guard try reader.bytes(Self.magic.count) == Self.magic else { throw Self.malformed }
        guard try reader.text() == "none", try reader.text() == "none" else {
            throw ApprovalError(
                "approval.key-file", "the key is encrypted; sign the exported bytes with `ssh-keygen -Y sign` instead")
        }
        _ = try reader.string()
        guard try reader.number() == 1 else { throw Self.malformed }
        let blob = try reader.string()
        var secret = SSHReader(try reader.string())
        guard reader.isAtEnd, try secret.number() == (try secret.number()) else { throw Self.malformed }
        guard try secret.text() == "ssh-ed25519" else {
            throw ApprovalError(
                "approval.key-file", "only Ed25519 keys sign here; use `ssh-keygen -Y sign` with other keys")
        }
        let publicBytes = try secret.string()
        let pair = try secret.string()
        let comment = String(decoding: try secret.string(), as: UTF8.self)
        guard pair.count == 64, Array(pair[32...]) == publicBytes,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: pair[..<32])
        else { throw Self.malformed }
        self.init(key, comment: comment)
        guard publicKey.blob == blob, Array(key.publicKey.rawRepresentation) == publicBytes else {
            throw Self.malformed
        }
    }

    /// The private key's file. Write it with mode 0600 and nowhere else.
    public var privateFile: String {
        var secret = SSHWriter()
        // The two equal numbers only tell a wrong passphrase from a right one; there is none here.
        let check = UInt32.random(in: .min ... .max)
        secret.number(check)
        secret.number(check)
        secret.string("ssh-ed25519")
        secret.string(Array(key.publicKey.rawRepresentation))
        secret.string(Array(key.rawRepresentation) + Array(key.publicKey.rawRepresentation))
        secret.string(comment)
        var pad: UInt8 = 1
        while secret.bytes.count % 8 != 0 {
            secret.raw([pad])
            pad += 1
        }
        var file = SSHWriter()
        file.raw(Self.magic)
        file.string("none")
        file.string("none")
        file.string("")
        file.number(1)
        file.string(publicKey.blob)
        file.string(secret.bytes)
        return Armor.encode(file.bytes, name: Self.armorName)
    }

    /// The public key's file: one line.
    public var publicFile: String { "\(publicKey) \(comment)\n" }

    /// A line for the allowed signers, good for one purpose only.
    public func allowedSignersLine(principal: String, for purpose: SigningPurpose = .approval) -> String {
        "\(principal) namespaces=\"\(purpose.namespace)\" \(publicKey)\n"
    }

    /// Signs exact bytes for a purpose, as DSSE does.
    ///
    /// - Throws: `StateError` where the key doesn't sign.
    public func sign(_ payload: [UInt8], for purpose: SigningPurpose = .approval) throws(StateError) -> PayloadSignature
    {
        do {
            let signature = try key.signature(for: purpose.preAuthenticationEncoding(payload))
            return PayloadSignature(format: .dsse, fingerprint: publicKey.fingerprint, bytes: Array(signature))
        } catch {
            throw StateError(.unavailable, "the key doesn't sign; check its file")
        }
    }

    private static let malformed = ApprovalError("approval.key-file", "the private key's file is damaged; restore it")
}
