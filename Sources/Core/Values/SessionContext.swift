// SPDX-License-Identifier: Apache-2.0

/// Who asks, and under what label: the part of a session that decisions depend on.
public struct SessionContext: Hashable, Sendable {
    /// The session's id, 128 random bits in hexadecimal.
    public let id: String
    /// The environment that the session may act on.
    public let environment: EnvironmentLabel
    /// The absolute path of the workspace.
    public let workspace: String
    /// Who acts, the human or service that started the session first, then each agent down the chain of delegation.
    public let principals: [String]

    /// Makes a context.
    public init(id: String, environment: EnvironmentLabel, workspace: String, principals: [String]) {
        self.id = id
        self.environment = environment
        self.workspace = workspace
        self.principals = principals
    }
}
