// SPDX-License-Identifier: Apache-2.0
public import AgentCore
internal import Crypto

/// The public half of the key that signs a log; a verifier needs nothing else.
public struct AuditPublicKey: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of an Ed25519 public key.
    public let bytes: [UInt8]

    /// Takes the 32 bytes of a public key; `nil` for anything else.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads `agentkit-audit-key-v1 BASE64`, as `description` writes it.
    public init?(_ text: String) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard parts.count == 2, parts[0] == "agentkit-audit-key-v1", let bytes = Base64.decode(parts[1]) else {
            return nil
        }
        self.init(bytes)
    }

    /// Reads the key that a journal put beside its head; `nil` where there is none.
    ///
    /// - Throws: `StateError` where the file can't be read or isn't such a key.
    public static func read(from files: any PrivateFiles) async throws(StateError) -> AuditPublicKey? {
        guard let bytes = try await files.read(AuditKey.publicFileName, limitBytes: 512) else { return nil }
        guard let key = AuditPublicKey(String(decoding: bytes, as: UTF8.self)) else {
            throw StateError(.corrupt, "the audit's public key file can't be read; restore it")
        }
        return key
    }

    /// One line of text.
    public var description: String { "agentkit-audit-key-v1 \(Base64.encode(bytes))" }

    func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// The key that signs a log. It never leaves the process but for its file.
struct AuditKey: Sendable, CustomStringConvertible, CustomReflectable {
    static let fileName = "audit-key"
    static let publicFileName = "audit-key.pub"
    private static let prefix = "agentkit-audit-secret-v1 "

    private let key: Curve25519.Signing.PrivateKey
    let publicKey: AuditPublicKey

    private init(_ key: Curve25519.Signing.PrivateKey) throws(StateError) {
        self.key = key
        guard let publicKey = AuditPublicKey(Array(key.publicKey.rawRepresentation)) else {
            throw StateError(.invalid, "the audit's key is not an Ed25519 key; restore its file")
        }
        self.publicKey = publicKey
    }

    var description: String { "the key of \(publicKey)" }
    var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }

    static func read(from files: any PrivateFiles) async throws(StateError) -> AuditKey? {
        guard let bytes = try await files.read(fileName, limitBytes: 512) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(prefix), let seed = Base64.decode(text.dropFirst(prefix.count).prefix { $0 != "\n" }),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        else { throw StateError(.corrupt, "the audit's key file can't be read; restore it") }
        return try AuditKey(key)
    }

    /// Makes a key and writes both halves; where another process was faster, its key is taken.
    static func make(in files: any PrivateFiles) async throws(StateError) -> AuditKey {
        let made = try AuditKey(Curve25519.Signing.PrivateKey())
        let text = prefix + Base64.encode(Array(made.key.rawRepresentation)) + "\n"
        do throws(StateError) {
            try await files.create(fileName, Array(text.utf8))
        } catch {
            guard error.code == .conflict, let other = try await read(from: files) else { throw error }
            return other
        }
        let line = Array((made.publicKey.description + "\n").utf8)
        try await files.update(publicFileName, limitBytes: 512, durable: true) { _ in line }
        return made
    }

    func sign(_ message: [UInt8]) throws(StateError) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            throw StateError(.unavailable, "the audit's key doesn't sign; nothing is written")
        }
    }
}

extension AuditPublicKey {
    /// The public key that stands beside a log's head, as text; `nil` where there is none.
    ///
    /// Good for a look; a check that matters takes the key from where the log's host can't change it.
    public static func stored(in files: any PrivateFiles) async throws(StateError) -> [UInt8]? {
        try await files.read(AuditKey.publicFileName, limitBytes: 65_536)
    }
}
