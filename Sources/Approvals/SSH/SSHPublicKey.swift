// SPDX-License-Identifier: Apache-2.0
internal import AgentCore
internal import Crypto

/// A public key in OpenSSH's format.
public struct SSHPublicKey: Hashable, Sendable, CustomStringConvertible {
    enum Material: Hashable, Sendable {
        case ed25519([UInt8])
        case p256([UInt8])
        case p384([UInt8])
        /// A key in a FIDO token: Ed25519 with a statement about the touch of a person.
        case tokenEd25519([UInt8], application: [UInt8])
        /// The same with ECDSA.
        case tokenP256([UInt8], application: [UInt8])
        case unsupported
    }

    /// The key's type, such as `ssh-ed25519`.
    public let type: String
    /// The key in SSH's wire format.
    public let blob: [UInt8]
    let material: Material

    /// Reads a key's wire format. A type that can't be verified here is kept, and verifies nothing.
    init(blob: [UInt8]) throws(ApprovalError) {
        var reader = SSHReader(blob)
        type = try reader.text()
        self.blob = blob
        switch type {
        case "ssh-ed25519": material = .ed25519(try reader.string())
        case "ecdsa-sha2-nistp256":
            guard try reader.text() == "nistp256" else { throw Self.malformed }
            material = .p256(try reader.string())
        case "ecdsa-sha2-nistp384":
            guard try reader.text() == "nistp384" else { throw Self.malformed }
            material = .p384(try reader.string())
        case "sk-ssh-ed25519@openssh.com":
            let key = try reader.string()
            material = .tokenEd25519(key, application: try reader.string())
        case "sk-ecdsa-sha2-nistp256@openssh.com":
            guard try reader.text() == "nistp256" else { throw Self.malformed }
            let point = try reader.string()
            material = .tokenP256(point, application: try reader.string())
        default:
            material = .unsupported
            return
        }
        guard reader.isAtEnd, isUsable else { throw Self.malformed }
    }

    init(ed25519 key: [UInt8]) {
        var writer = SSHWriter()
        writer.string("ssh-ed25519")
        writer.string(key)
        type = "ssh-ed25519"
        blob = writer.bytes
        material = .ed25519(key)
    }

    /// Reads `TYPE BASE64 [COMMENT]`, as in a `.pub` file.
    ///
    /// - Throws: `ApprovalError` with `approval.signature-format`.
    public init(line: String) throws(ApprovalError) {
        let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" })
        guard fields.count >= 2, let blob = Base64.decode(fields[1], padding: .optional) else { throw Self.malformed }
        try self.init(blob: blob)
        guard type == fields[0] else { throw Self.malformed }
    }

    /// `SHA256:` and Base64, as `ssh-keygen -l` prints it.
    public var fingerprint: String {
        "SHA256:" + Base64.encode(Array(SHA256.hash(data: blob)), padded: false)
    }

    /// `TYPE BASE64`.
    public var description: String { "\(type) \(Base64.encode(blob))" }

    /// Checks an SSH signature over `message`.
    func verify(_ signature: [UInt8], over message: [UInt8]) throws(ApprovalError) {
        if material == .unsupported { throw Self.unsupported }
        var reader = SSHReader(signature)
        guard try reader.text() == type else { throw Self.refused }
        let body = try reader.string()
        let isValid: Bool
        switch material {
        case .ed25519(let key): isValid = reader.isAtEnd && Self.checkEd25519(key, body, message)
        case .p256(let point): isValid = try Self.checkP256(point, body, message) && reader.isAtEnd
        case .p384(let point): isValid = try Self.checkP384(point, body, message) && reader.isAtEnd
        case .tokenEd25519(let key, let application):
            let signed = try Self.touched(&reader, application, message)
            isValid = reader.isAtEnd && Self.checkEd25519(key, body, signed)
        case .tokenP256(let point, let application):
            let signed = try Self.touched(&reader, application, message)
            isValid = try Self.checkP256(point, body, signed) && reader.isAtEnd
        case .unsupported: throw Self.unsupported
        }
        guard isValid else { throw Self.refused }
    }

    static let refused = ApprovalError(
        "approval.altered",
        "the signature doesn't fit the request: what was signed isn't what was filed; sign the exported bytes")

    private static let unsupported = ApprovalError(
        "approval.key-type",
        "keys of this type aren't verified here; sign with an ed25519, ecdsa (256 or 384), sk-ssh-ed25519 or sk-ecdsa key"
    )

    private static let malformed = ApprovalError(
        "approval.signature-format", "the public key is malformed; copy it again")

    private var isUsable: Bool {
        switch material {
        case .ed25519(let key), .tokenEd25519(let key, _): key.count == 32
        case .p256(let point), .tokenP256(let point, _): (try? P256.Signing.PublicKey(x963Representation: point)) != nil
        case .p384(let point): (try? P384.Signing.PublicKey(x963Representation: point)) != nil
        case .unsupported: false
        }
    }

    /// Reads what a token adds to a signature, and demands that a person touched it.
    ///
    /// - Returns: The bytes that the token signed.
    /// - SeeAlso: OpenSSH, PROTOCOL.u2f.
    private static func touched(
        _ reader: inout SSHReader, _ application: [UInt8], _ message: [UInt8]
    ) throws(ApprovalError) -> [UInt8] {
        let flags = try reader.byte()
        let counter = try reader.bytes(4)
        guard flags & 1 == 1 else {
            throw ApprovalError(
                "approval.presence", "the security key signed without a touch; sign again and touch it")
        }
        return Array(SHA256.hash(data: application)) + [flags] + counter + Array(SHA256.hash(data: message))
    }

    static func checkEd25519(_ key: [UInt8], _ signature: [UInt8], _ message: [UInt8]) -> Bool {
        guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }

    private static func checkP256(_ point: [UInt8], _ body: [UInt8], _ message: [UInt8]) throws(ApprovalError) -> Bool {
        let raw = try pair(body, count: 32)
        guard let key = try? P256.Signing.PublicKey(x963Representation: point),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    private static func checkP384(_ point: [UInt8], _ body: [UInt8], _ message: [UInt8]) throws(ApprovalError) -> Bool {
        let raw = try pair(body, count: 48)
        guard let key = try? P384.Signing.PublicKey(x963Representation: point),
            let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    private static func pair(_ body: [UInt8], count: Int) throws(ApprovalError) -> [UInt8] {
        var reader = SSHReader(body)
        let first = try reader.integer(count: count)
        let second = try reader.integer(count: count)
        guard reader.isAtEnd else { throw refused }
        return first + second
    }
}
