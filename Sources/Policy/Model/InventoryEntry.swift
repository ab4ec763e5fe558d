// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A statement of the policy about which environment something belongs to.
public struct InventoryEntry: Hashable, Sendable {
    /// What the statement is about.
    public enum Subject: Hashable, Sendable {
        /// A URL pattern, as the file spells it.
        case resource(String)
        /// A Git remote, and a branch pattern where one is stated.
        case remote(String, branch: String?)
        /// A provider whose opaque ids are proven by asking it.
        case provider(ProviderInventory)
    }

    /// What the statement is about.
    public let subject: Subject
    /// The label; for a provider the labels stand in its own map.
    public let environment: EnvironmentLabel?
    /// Where it stands.
    public let position: SourcePosition
    package let url: URLPattern?
    package let git: GitRemote?
    package let branch: Glob?

    /// How a decision names the entry.
    public var summary: String {
        let label = environment?.name ?? "none"
        return switch subject {
        case .resource(let text): "`\(text)` is \(label)"
        case .remote(let text, nil): "remote `\(text)` is \(label)"
        case .remote(let text, let branch?): "branch `\(branch)` of `\(text)` is \(label)"
        case .provider(let provider): "ids of `\(provider.name)` are proven by asking it"
        }
    }
}

/// A provider that proves where its ids live.
public struct ProviderInventory: Hashable, Sendable {
    /// The provider, such as `railway`.
    public let name: String
    /// The secret that asks; a resolver's, used for nothing else.
    public let credential: String
    /// The provider's own environment ids and the label that each has.
    public let environments: [String: EnvironmentLabel]
    /// Where it stands.
    public let position: SourcePosition

    /// Makes a provider's part of the inventory.
    public init(name: String, credential: String, environments: [String: EnvironmentLabel], position: SourcePosition) {
        self.name = name
        self.credential = credential
        self.environments = environments
        self.position = position
    }
}
