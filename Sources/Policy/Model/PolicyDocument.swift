// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A policy file as it was read: complete, checked, and every part with the place where it stands.
public struct PolicyDocument: Hashable, Sendable {
    /// The environments in rising protection.
    public let environments: EnvironmentOrder
    /// What holds for sessions.
    public let session: SessionSettings
    /// Which resource belongs to which environment.
    public let inventory: [InventoryEntry]
    /// In the order of their names.
    public let secrets: [SecretDeclaration]
    /// The rules in the order of the file, which means nothing.
    public let rules: [Rule]
    /// Who may approve, and what needs it.
    public let approvals: ApprovalSettings
    /// The way out.
    public let egress: EgressSettings
    /// The name under which messages and decisions cite the file.
    public let file: String
    /// The text that was read; part of the policy's digest.
    package let source: String

    /// The secret with this name.
    public func secret(named name: String) -> SecretDeclaration? { secrets.first { $0.name == name } }

    /// The same policy with other rules, for tests and previews.
    package func replacing(rules: [Rule]) -> PolicyDocument {
        PolicyDocument(
            environments: environments, session: session, inventory: inventory, secrets: secrets, rules: rules,
            approvals: approvals, egress: egress, file: file, source: source)
    }
}

/// What the policy says about sessions.
public struct SessionSettings: Hashable, Sendable {
    /// How strongly a session is confined.
    public enum Tier: String, Hashable, Sendable, CaseIterable {
        case full, confined
    }

    /// Who the pod's programs run as where the host process is root and the workspace is root's.
    public struct Identity: Hashable, Sendable {
        /// A user id, never 0.
        public let user: UInt32
        /// A group id, never 0.
        public let group: UInt32

        /// Makes an identity.
        public init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    /// The environment of a session that asks for none.
    public let environment: EnvironmentLabel
    /// The environments that a caller may pick; holds `environment` always.
    public let maySelect: [EnvironmentLabel]
    /// The lowest tier that the policy accepts.
    public let tier: Tier
    /// Bounds on calls and pods.
    public let limits: SessionLimits
    /// Who programs run as under root; `nil` refuses root's own workspaces.
    public let runAs: Identity?
    /// Absolute paths outside the workspace that a pod sees read-only, beyond the usual system folders.
    public let view: [String]
    /// Whether an approval may reach another environment than the session's.
    public let allowsCrossEnvironmentApproval: Bool

    /// Makes settings.
    public init(
        environment: EnvironmentLabel = .none, maySelect: [EnvironmentLabel] = [], tier: Tier = .full,
        limits: SessionLimits = SessionLimits(), runAs: Identity? = nil, view: [String] = [],
        allowsCrossEnvironmentApproval: Bool = false
    ) {
        self.environment = environment
        self.maySelect = maySelect.contains(environment) ? maySelect : [environment] + maySelect
        self.tier = tier
        self.limits = limits
        self.runAs = runAs
        self.view = view
        self.allowsCrossEnvironmentApproval = allowsCrossEnvironmentApproval
    }
}

/// Bounds on what a session and its calls may use.
public struct SessionLimits: Hashable, Sendable {
    /// Time of one call; stops while the runtime holds the call.
    public var wall: Duration = .seconds(60)
    /// Private writable memory of each process, in bytes.
    public var memory: Int64 = 2 << 30
    /// Processes and threads of a pod.
    public var processes: Int = 256
    /// Bytes kept of each output stream of one call.
    public var output: Int64 = 1 << 20
    /// Deletions that one commit may hold without a person.
    public var deletes: Int = 200
    /// Bytes that the copy-on-write layer may hold.
    public var layer: Int64 = 4 << 30
    /// Denials after which a session counts as flooding and is ended.
    public var denials: Int = 1000

    /// Makes the default limits.
    public init() {}
}
