// SPDX-License-Identifier: Apache-2.0

/// Where a secret's value comes from.
public enum SecretSource: Hashable, Sendable {
    /// A variable of the host's environment, read once when the vault is made.
    case environment(variable: String)
    /// A file that only its owner may read; one line end at its end is left out.
    case file(path: String)
    /// An entry of the vault's encrypted file.
    case vault(name: String)
    /// A program's output. Not available yet.
    case command(argv: [String])
    /// HashiCorp Vault. Not available yet.
    case hashicorp(path: String, field: String)
}

/// A secret as the policy declares it.
public struct SecretDeclaration: Hashable, Sendable {
    /// The name by which the policy grants it.
    public let name: String
    /// Where its value comes from.
    public let source: SecretSource
    /// Whether a placeholder is handed out. A resolver's credential has none.
    public let isExposed: Bool
    /// The text that its placeholder keeps, such as `ghp_`; empty for none.
    public let placeholderPrefix: String
    /// Whether its placeholder must pass for a UUID.
    public let placeholderIsUUID: Bool

    /// Makes a declaration.
    public init(
        name: String, source: SecretSource, isExposed: Bool = true, placeholderPrefix: String = "",
        placeholderIsUUID: Bool = false
    ) {
        self.name = name
        self.source = source
        self.isExposed = isExposed
        self.placeholderPrefix = placeholderPrefix
        self.placeholderIsUUID = placeholderIsUUID
    }
}
