// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import Crypto
internal import CryptoExtras
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Secrets in one encrypted file: a header, a salt, and counted names and values sealed with ChaCha20-Poly1305.
///
/// The key comes from a passphrase by scrypt (RFC 7914). The header is authenticated, so its cost can't be lowered by
/// whoever changes the file. Writing is atomic and leaves mode 0600.
///
/// ```
/// "agentkit-vault" 0x0a   version 1   log2 N   r   p   salt (16)   nonce (12)   sealed   tag (16)
/// ```
public struct EncryptedVaultFile: Sendable {
    /// Takes care of how much work a guess costs: 2^`logN` rounds. 17 is about half a second and 128 MiB.
    public struct Cost: Hashable, Sendable {
        let logN: UInt8

        /// Makes a cost; below 12 or above 20 the nearest of them.
        public init(logN: Int) { self.logN = UInt8(min(20, max(12, logN))) }

        /// About half a second for each guess.
        public static let standard = Cost(logN: 17)
    }

    private static let magic = Array("agentkit-vault\n".utf8)
    private static let headerCount = magic.count + 4 + 16
    private static let version: UInt8 = 1
    private static let limit = 16 << 20

    private let path: String
    private let cost: Cost
    private let passphrase: @Sendable () throws(SecretsError) -> [UInt8]

    /// Names a vault file; nothing is read yet.
    ///
    /// - Parameters:
    ///   - path: The file. It needn't exist before the first `add`.
    ///   - passphrase: Gives the passphrase, each time one is needed; at least 8 bytes.
    public init(
        path: String, cost: Cost = .standard, passphrase: @escaping @Sendable () throws(SecretsError) -> [UInt8]
    ) {
        self.path = path
        self.cost = cost
        self.passphrase = passphrase
    }

    /// Names a vault file whose passphrase stands in a file of its own, mode 0600; line ends at its end are left out.
    public init(path: String, cost: Cost = .standard, passphraseFile: String) {
        self.init(path: path, cost: cost) { () throws(SecretsError) in
            var bytes = try FileAccess.readPrivate(passphraseFile, limit: 65_536, stage: .vault)
            while bytes.last == 0x0a || bytes.last == 0x0d { bytes.removeLast() }
            return bytes
        }
    }

    /// The names of all entries, sorted.
    ///
    /// - Throws: `SecretsError`; `.wrongPassphrase` where the file doesn't open, `.corrupt` where it is no vault,
    ///   `.permissions` where others may read it.
    public func names() throws(SecretsError) -> [String] {
        try open().keys.sorted()
    }

    /// Puts a value in, under a name that isn't taken.
    ///
    /// - Throws: `SecretsError`; `.conflict` where the name is taken and `replacing` is false, `.tooShort` for a value
    ///   below 6 bytes.
    public func add(_ name: String, value: [UInt8], replacing: Bool = false) throws(SecretsError) {
        guard value.count >= 6 else {
            throw SecretsError(
                .tooShort, .vault,
                "the secret has fewer than 6 bytes, so it could not be kept out of output; use a longer one")
        }
        guard value.count <= 16_384 else {
            throw SecretsError(
                .tooLong, .vault, "the secret has more than 16384 bytes; keep large material in a file of its own")
        }
        var entries = try openOrEmpty()
        guard replacing || entries[name] == nil else {
            throw SecretsError(
                .conflict, .vault, "the vault already has a secret of this name; remove it first, or replace it")
        }
        entries[name] = value
        try write(entries)
    }

    /// Takes an entry out.
    ///
    /// - Throws: `SecretsError.notFound` where there is none.
    public func remove(_ name: String) throws(SecretsError) {
        var entries = try open()
        guard entries.removeValue(forKey: name) != nil else {
            throw SecretsError(
                .notFound, .vault, "the vault has no secret of this name; list them with `agentkit secrets list`")
        }
        try write(entries)
    }

    /// The value of an entry.
    package func value(of name: String) throws(SecretsError) -> [UInt8] {
        guard let value = try open()[name] else {
            throw SecretsError(
                .notFound, .vault, "the vault has no secret of this name; add it with `agentkit secrets add`")
        }
        return value
    }

    /// All entries, with one run of the key derivation.
    package func all() throws(SecretsError) -> [String: [UInt8]] { try open() }

    private func openOrEmpty() throws(SecretsError) -> [String: [UInt8]] {
        do {
            return try open()
        } catch {
            if error.code == .notFound, error.stage == .vault, error.errno != 0 { return [:] }
            throw error
        }
    }

    private func open() throws(SecretsError) -> [String: [UInt8]] {
        let file = try FileAccess.readPrivate(path, limit: Self.limit, stage: .vault)
        let body = Self.headerCount
        guard file.count >= body + 28, file.starts(with: Self.magic) else {
            throw SecretsError(.corrupt, .vault, "the file is no vault; name the file that `agentkit secrets add` made")
        }
        guard file[Self.magic.count] == Self.version else {
            throw SecretsError(.unsupported, .vault, "the vault was written by a newer version; use that one")
        }
        let logN = file[Self.magic.count + 1]
        guard (10...22).contains(logN), file[Self.magic.count + 2] == 8, file[Self.magic.count + 3] == 1 else {
            throw SecretsError(
                .corrupt, .vault, "the vault's header asks for a cost out of bounds; restore the file from a copy")
        }
        let key = try key(salt: Array(file[(body - 16)..<body]), logN: logN)
        let plain: [UInt8]
        do {
            let box = try ChaChaPoly.SealedBox(combined: file[body...])
            plain = Array(try ChaChaPoly.open(box, using: key, authenticating: file[..<body]))
        } catch {
            throw SecretsError(
                .wrongPassphrase, .vault,
                "the vault doesn't open: the passphrase is wrong, or the file was changed; check the passphrase first")
        }
        return try Self.entries(plain)
    }

    private func write(_ entries: [String: [UInt8]]) throws(SecretsError) {
        var salt: [UInt8] = []
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<16 { salt.append(UInt8.random(in: 0...255, using: &generator)) }
        let header = Self.magic + [Self.version, cost.logN, 8, 1] + salt
        let key = try key(salt: salt, logN: cost.logN)
        let sealed: [UInt8]
        do {
            sealed = Array(try ChaChaPoly.seal(Self.plain(entries), using: key, authenticating: header).combined)
        } catch {
            throw SecretsError(.unavailable, .vault, "the vault can't be sealed; it is as it was before")
        }
        try FileAccess.writePrivate(header + sealed, to: path, stage: .vault)
    }

    private func key(salt: [UInt8], logN: UInt8) throws(SecretsError) -> SymmetricKey {
        let secret = try passphrase()
        guard secret.count >= 8 else {
            throw SecretsError(
                .wrongPassphrase, .vault, "the vault's passphrase has fewer than 8 bytes; use a longer one")
        }
        do {
            return try KDF.Scrypt.deriveKey(
                from: secret, salt: salt, outputByteCount: 32, rounds: 1 << Int(logN), blockSize: 8, parallelism: 1,
                maxMemory: 1 << 30)
        } catch {
            throw SecretsError(
                .unavailable, .vault,
                "the vault's key can't be derived; it needs \(1 << (Int(logN) - 10)) MiB of memory")
        }
    }

    private static func plain(_ entries: [String: [UInt8]]) -> [UInt8] {
        var out: [UInt8] = []
        for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
            for part in [Array(name.utf8), value] {
                for shift in [24, 16, 8, 0] { out.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
                out += part
            }
        }
        return out
    }

    private static func entries(_ plain: [UInt8]) throws(SecretsError) -> [String: [UInt8]] {
        var entries: [String: [UInt8]] = [:]
        var position = 0
        func next() -> [UInt8]? {
            guard position + 4 <= plain.count else { return nil }
            var count = 0
            for byte in plain[position..<(position + 4)] { count = count << 8 | Int(byte) }
            guard count <= plain.count - position - 4 else { return nil }
            defer { position += 4 + count }
            return Array(plain[(position + 4)..<(position + 4 + count)])
        }
        while position < plain.count {
            guard let name = next(), let value = next() else {
                throw SecretsError(.corrupt, .vault, "the vault's content is damaged; restore the file from a copy")
            }
            entries[String(decoding: name, as: UTF8.self)] = value
        }
        return entries
    }
}
