// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A secret that the policy names, without its value.
public struct SecretDeclaration: Hashable, Sendable {
    /// Where the value comes from.
    public enum Source: Hashable, Sendable {
        /// A variable of the host process's environment.
        case environment(variable: String)
        /// A file, relative to the policy's folder unless absolute.
        case file(path: String)
        /// The standard output of a program of the host.
        case command([String])
        /// A name in the encrypted vault file.
        case vault(name: String)
        /// A path and field in a HashiCorp Vault.
        case hashicorp(path: String, field: String, address: String?)
    }

    /// Where the secret may be used.
    public struct Use: Hashable, Sendable {
        /// The host patterns, as the file spells them.
        public let hosts: [String]
        /// Where in a request it stands.
        public let place: SecretPlace
        /// The operation patterns, as the file spells them; empty where the endpoint isn't one the catalogue knows.
        public let operations: [String]
        /// The methods; empty means any.
        public let methods: [String]
        /// Whether the runtime puts it into a request that has none.
        public let isAttached: Bool
        /// Where it stands.
        public let position: SourcePosition
        package let hostPatterns: [HostPattern]
        package let operationPatterns: [OperationPattern]
    }

    /// The name by which rules and calls cite it.
    public let name: String
    /// Where the value comes from.
    public let source: Source
    /// The environment that the credential reaches; `nil` for a resolver's.
    public let environment: EnvironmentLabel?
    /// Where it may be used. A resolver's says at most the place in its own requests.
    public let uses: [Use]
    /// The variable of the pod's environment that holds the placeholder.
    public let exposedVariable: String?
    /// Whether it is a resolver's: never exposed, never usable by a tool.
    public let isResolver: Bool
    /// Where it stands.
    public let position: SourcePosition
}
