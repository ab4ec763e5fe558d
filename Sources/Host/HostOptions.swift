// SPDX-License-Identifier: Apache-2.0

/// Where a host finds things; the process's surroundings are passed in, none are read behind the caller's back.
public struct HostOptions: Sendable {
    /// Where durable state lives.
    public enum State: Sendable, Hashable {
        /// In this folder.
        case folder(String)
        /// In memory: approvals and audit end with the process. For tests and first steps.
        case memory
    }

    /// The policy file; `nil` looks for one (`AGENTKIT_POLICY`, the workspace's parents, the built-in default).
    public var policyFile: String?
    /// The folder that the agent works in, absolute.
    public var workspace: String
    /// The label to act under; `nil` is the policy's.
    public var environment: String?
    /// Where durable state is kept.
    public var state: State
    /// The process's environment variables: for locations and for secrets whose source is `env`.
    public var variables: [String: String]
    /// Who acts, the person or service first.
    public var principals: [String]

    /// Makes options.
    ///
    /// - Parameter state: `nil` takes `AGENTKIT_STATE`, else `$XDG_STATE_HOME/agentkit`, else `~/.local/state/agentkit`.
    public init(workspace: String, variables: [String: String], state: State? = nil) {
        self.workspace = workspace
        self.variables = variables
        self.principals = [variables["USER"] ?? variables["LOGNAME"] ?? "user"]
        self.state = state ?? .folder(Self.defaultState(variables))
    }

    /// The default folder of durable state.
    public static func defaultState(_ variables: [String: String]) -> String {
        if let state = variables["AGENTKIT_STATE"], !state.isEmpty { return state }
        if let base = variables["XDG_STATE_HOME"], base.hasPrefix("/") { return "\(base)/agentkit" }
        return "\(variables["HOME"] ?? "/")/.local/state/agentkit"
    }
}
