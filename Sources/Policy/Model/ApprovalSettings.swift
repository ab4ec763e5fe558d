// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// What the policy says about approvals.
public struct ApprovalSettings: Hashable, Sendable {
    /// When an approval is needed, and of which kind.
    public struct Demand: Hashable, Sendable {
        public let effectClass: EffectClass
        /// The environments; empty means all that `isProtected` leaves.
        public let environments: [EnvironmentLabel]
        /// Only protected environments, only unprotected ones, or both.
        public let isProtected: Bool?
        /// The operations; empty means any.
        public let operations: [String]
        public let threshold: Int
        public let roles: [String]
        public let expires: Duration
        public let delay: Duration
        public let recoveryPoint: ApprovalRequirement.RecoveryPoint?
        public let position: SourcePosition
        package let operationPatterns: [OperationPattern]
    }

    /// The file of allowed signers, as the policy spells it, in OpenSSH's format.
    public let signers: String?
    /// Roles and the principals that hold them.
    public let roles: [String: [String]]
    public let demands: [Demand]

    /// Makes settings.
    public init(signers: String? = nil, roles: [String: [String]] = [:], demands: [Demand] = []) {
        self.signers = signers
        self.roles = roles
        self.demands = demands
    }
}

/// What the policy says about the way out.
public struct EgressSettings: Hashable, Sendable {
    /// A host and port that is reached at a fixed address.
    public struct Pin: Hashable, Sendable {
        public let host: String
        public let port: Int
        public let address: String
        public let addressPort: Int
        public let position: SourcePosition
    }

    /// Hosts whose TLS isn't opened, as the file spells them; they carry no injected credential and no irreversible effect.
    public let passThrough: [String]
    /// Whether addresses that aren't public may be reached.
    public let allowsPrivateAddresses: Bool
    public let pins: [Pin]
    /// Files of certificates that are trusted beside the system's.
    public let trust: [String]
    package let passThroughPatterns: [HostPattern]

    /// Makes settings that inspect everything and reach only public addresses.
    public init() { self.init(passThrough: [], allowsPrivateAddresses: false, pins: [], trust: []) }

    package init(passThrough: [String], allowsPrivateAddresses: Bool, pins: [Pin], trust: [String]) {
        self.passThrough = passThrough
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.pins = pins
        self.trust = trust
        passThroughPatterns = passThrough.compactMap { HostPattern($0) }
    }
}
