// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// What the policy says about approvals.
public struct ApprovalSettings: Hashable, Sendable {
    /// When an approval is needed, and of which kind.
    public struct Demand: Hashable, Sendable {
        /// The class of effects it is about.
        public let effectClass: EffectClass
        /// The environments; empty means all that `isProtected` leaves.
        public let environments: [EnvironmentLabel]
        /// Only protected environments, only unprotected ones, or both.
        public let isProtected: Bool?
        /// The operations; empty means any.
        public let operations: [String]
        /// How many distinct people must sign.
        public let threshold: Int
        /// The roles that a signer must hold one of; empty means any allowed signer.
        public let roles: [String]
        /// How long an approval is good for, from the end of `delay`.
        public let expires: Duration
        /// Cooling-off between the last needed signature and the act.
        public let delay: Duration
        /// A backup elsewhere that must exist.
        public let recoveryPoint: ApprovalRequirement.RecoveryPoint?
        /// Where it stands.
        public let position: SourcePosition
        package let operationPatterns: [OperationPattern]
    }

    /// The file of allowed signers, as the policy spells it, in OpenSSH's format.
    public let signers: String?
    /// Roles and the principals that hold them.
    public let roles: [String: [String]]
    /// The demands; where several cover an effect, all must hold.
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
        /// The host as requests name it.
        public let host: String
        /// The port as requests name it.
        public let port: Int
        /// The address that is reached.
        public let address: String
        /// The port that is reached.
        public let addressPort: Int
        /// Where it stands.
        public let position: SourcePosition
    }

    /// Hosts whose TLS isn't opened, as the file spells them; they carry no injected credential and no irreversible effect.
    public let passThrough: [String]
    /// Whether addresses that aren't public may be reached.
    public let allowsPrivateAddresses: Bool
    /// Hosts that are reached at fixed addresses.
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
