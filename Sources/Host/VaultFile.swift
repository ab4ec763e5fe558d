// SPDX-License-Identifier: Apache-2.0

package import AgentPolicy
package import AgentSecrets

/// The vault's encrypted file and where its passphrase comes from.
package enum VaultFile {
    /// The file, where the policy takes a secret from it; `nil` where none does.
    package static func open(_ options: HostOptions, neededBy document: PolicyDocument) throws(SecretsError) -> EncryptedVaultFile? {
        let isNeeded = document.secrets.contains { if case .vault = $0.source { true } else { false } }
        guard isNeeded, case .folder(let state) = options.state else { return nil }
        return named(state: state, variables: options.variables)
    }

    /// The file of a state folder; `nil` where no passphrase file is named.
    package static func named(state: String, variables: [String: String]) -> EncryptedVaultFile? {
        guard let passphrase = variables["AGENTKIT_VAULT_PASSPHRASE_FILE"], !passphrase.isEmpty else { return nil }
        return EncryptedVaultFile(path: "\(state)/vault", passphraseFile: passphrase)
    }
}
