// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// A signature over exact bytes, in one of the formats that are understood.
public struct PayloadSignature: Hashable, Sendable {
    /// How it was made.
    public enum Format: String, Hashable, Sendable {
        /// Ed25519 over DSSE's encoding.
        case dsse
        /// `ssh-keygen -Y sign`; the bytes are its text.
        case sshsig
    }

    /// How it was made.
    public let format: Format
    /// The key that is said to have signed.
    public let fingerprint: String
    /// The signature in its format's bytes.
    public let bytes: [UInt8]

    init(format: Format, fingerprint: String, bytes: [UInt8]) {
        self.format = format
        self.fingerprint = fingerprint
        self.bytes = bytes
    }

    /// Reads an armoured signature of `ssh-keygen -Y sign`.
    public init(armored text: String) throws(ApprovalError) {
        let signature = try SSHSignature(armored: text)
        self.init(format: .sshsig, fingerprint: signature.key.fingerprint, bytes: Array(text.utf8))
    }

    /// Verifies the signature over `payload`, and tells whose it is.
    ///
    /// - Returns: The principals that the key stands for; more than one where a line of the allowed signers names
    ///   several.
    /// - Throws: `ApprovalError` with the reason.
    public func verify(
        _ payload: [UInt8], for purpose: SigningPurpose, signers: AllowedSigners, at time: Timestamp
    ) throws(ApprovalError) -> [String] {
        // The key is looked up first: a stranger's signature is a stranger's, whether or not it verifies.
        let (key, principals) = try signers.principals(fingerprint: fingerprint, for: purpose, at: time)
        switch format {
        case .dsse:
            guard case .ed25519(let raw) = key.material else {
                throw ApprovalError("approval.key-type", "the key isn't an Ed25519 key; sign with `ssh-keygen -Y sign`")
            }
            guard SSHPublicKey.checkEd25519(raw, bytes, purpose.preAuthenticationEncoding(payload)) else {
                throw SSHPublicKey.refused
            }
        case .sshsig:
            let signature = try SSHSignature(armored: String(decoding: bytes, as: UTF8.self))
            guard signature.key == key else { throw SSHPublicKey.refused }
            try signature.verify(payload, namespace: purpose.namespace)
        }
        return principals
    }
}

extension PayloadSignature {
    /// A signature as the store keeps it.
    ///
    /// - Throws: `StateError` with `.corrupt` where its format is unknown.
    public init(stored signature: StoredSignature) throws(StateError) {
        guard let format = Format(rawValue: signature.format) else {
            throw StateError(.corrupt, "a stored signature has an unknown format; the state was written by a newer version")
        }
        self.init(format: format, fingerprint: signature.fingerprint, bytes: signature.bytes)
    }
}
