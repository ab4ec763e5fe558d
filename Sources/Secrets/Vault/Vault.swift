// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// The secrets of a session: read once from their sources, kept in locked memory, named by placeholders.
///
/// Locked is the vault's own copy. The patterns by which `redactor` knows the values lie in ordinary memory of the host, and so does a request
/// while it is sent.
///
/// Every value it holds is also a known value of `redactor`, so none of them passes in any spelling. A source that
/// gives no value makes the vault fail at once: a session doesn't start with half of its secrets.
public final class Vault: SecretVault {
    /// A class so that a value that can't be copied can stand in a dictionary.
    private final class Holder: Sendable {
        let secret: Secret
        let placeholder: Placeholder?

        init(_ secret: consuming Secret, _ placeholder: Placeholder?) {
            self.secret = secret
            self.placeholder = placeholder
        }
    }

    private let entries: [String: Holder]
    private let byPlaceholder: [String: String]
    /// Takes these secrets, and others that it recognises, out of bytes.
    public let redactor: SecretRedactor

    /// Reads all declared secrets.
    ///
    /// - Parameters:
    ///   - declarations: The policy's secrets; names are unique.
    ///   - environment: Looks a variable up; asked once for each declared variable, during this call.
    ///   - file: The encrypted file, where a declaration needs one.
    ///   - placeholderKey: 32 random bytes where placeholders must be the same in another session; `nil` for a new key.
    /// - Throws: `SecretsError` that names the secret, never its value.
    public init(
        _ declarations: [SecretDeclaration], environment: (String) -> String?, file: EncryptedVaultFile? = nil,
        placeholderKey: [UInt8]? = nil
    ) throws(SecretsError) {
        let mint = placeholderKey.map { PlaceholderMint(key: $0) } ?? PlaceholderMint()
        let known = KnownValues()
        var entries: [String: Holder] = [:]
        var byPlaceholder: [String: String] = [:]
        var values: [(value: [UInt8], placeholder: String)] = []
        let needsFile = declarations.contains { if case .vault = $0.source { true } else { false } }
        let sealed = needsFile ? try file?.all() : nil
        for declaration in declarations {
            guard entries[declaration.name] == nil else {
                throw SecretsError(.conflict, .vault, "two secrets are called `\(declaration.name)`; rename one")
            }
            let value = try Self.value(of: declaration, environment, sealed)
            let placeholder = mint.granted(declaration.name, length: value.count, shape: declaration.shape)
            values.append((value, placeholder.text))
            entries[declaration.name] = Holder(try Secret(value.span), declaration.isExposed ? placeholder : nil)
            if declaration.isExposed { byPlaceholder[placeholder.text] = declaration.name }
        }
        try known.add(values)
        self.entries = entries
        self.byPlaceholder = byPlaceholder
        self.redactor = SecretRedactor(known: known, mint: mint)
    }

    /// The placeholder of a secret that is exposed; `nil` for others.
    public func placeholder(for reference: SecretReference) -> String? { entries[reference.name]?.placeholder?.text }

    /// The secret that a placeholder stands for.
    public func reference(for placeholder: String) -> SecretReference? {
        byPlaceholder[placeholder].map { SecretReference($0) }
    }

    /// Lends the secret's bytes from locked memory; nothing is copied.
    public func withValue<Result: Sendable>(
        of reference: SecretReference, _ body: (borrowing Span<UInt8>) throws(StateError) -> Result
    ) async throws(StateError) -> Result {
        guard let holder = entries[reference.name] else {
            throw StateError(.notFound, "the vault has no secret `\(reference.name)`; declare it in the policy")
        }
        return try holder.secret.withBytes(body)
    }

    private static func value(
        of declaration: SecretDeclaration, _ environment: (String) -> String?, _ sealed: [String: [UInt8]]?
    ) throws(SecretsError) -> [UInt8] {
        let name = declaration.name
        switch declaration.source {
        case .environment(let variable):
            guard let text = environment(variable), !text.isEmpty else {
                throw SecretsError(
                    .notFound, .environment,
                    "the secret `\(name)` has no value: the variable `\(variable)` isn't set; set it before the start")
            }
            return try checked(Array(text.utf8), name)
        case .file(let path):
            var bytes: [UInt8]
            do { bytes = try FileAccess.readPrivate(path, limit: 65_536, stage: .file) } catch {
                throw SecretsError(
                    error.code, .file, "the secret `\(name)` can't be read: \(error.message)", errno: error.errno)
            }
            if bytes.last == 0x0a { bytes.removeLast() }
            if bytes.last == 0x0d { bytes.removeLast() }
            return try checked(bytes, name)
        case .vault(let entry):
            guard let sealed else {
                throw SecretsError(
                    .unavailable, .vault,
                    "the secret `\(name)` comes from the vault's file, and none is open; give its path and passphrase")
            }
            guard let bytes = sealed[entry] else {
                throw SecretsError(
                    .notFound, .vault, "the vault has no secret `\(entry)`; add it with `agentkit secrets add`")
            }
            return try checked(bytes, name)
        case .command:
            throw SecretsError(
                .unsupported, .vault,
                "the secret `\(name)` comes from a command, which is not available yet; use env, file or vault")
        case .hashicorp:
            throw SecretsError(
                .unsupported, .vault,
                "the secret `\(name)` comes from HashiCorp Vault, which is not available yet; use env, file or vault")
        }
    }

    private static func checked(_ value: [UInt8], _ name: String) throws(SecretsError) -> [UInt8] {
        do {
            try KnownValues.check(value)
            return value
        } catch {
            throw SecretsError(error.code, error.stage, "the secret `\(name)` can't be used: \(error.message)")
        }
    }
}

extension SecretDeclaration {
    fileprivate var shape: Placeholder.Shape {
        if placeholderIsUUID { return .uuid }
        return placeholderPrefix.isEmpty ? .plain : .prefixed(placeholderPrefix)
    }
}
