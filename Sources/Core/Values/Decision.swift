// SPDX-License-Identifier: Apache-2.0

/// The monitor's answer to an effect, with everything that led to it.
public struct Decision: Hashable, Sendable {
    /// What may happen.
    public enum Outcome: String, Hashable, Sendable {
        case permit, requireApproval, deny
    }

    /// What may happen.
    public let outcome: Outcome
    /// How bad the effect is.
    public let effectClass: EffectClass
    /// The label of everything that the effect touches, the most protected one where they differ.
    public let environment: EnvironmentLabel
    /// Why, in the words of the file: each rule, inventory entry and catalogue entry that took part. Never empty.
    public let reasons: [Reason]
    /// What the executor must do; one that an executor doesn't know means deny.
    public let obligations: [Obligation]
    /// What an approval must satisfy; present exactly where `outcome` is `requireApproval`.
    public let requirement: ApprovalRequirement?

    /// Makes a decision. A `requireApproval` without a requirement, or without a reason, becomes a deny.
    public init(
        _ outcome: Outcome, effectClass: EffectClass, environment: EnvironmentLabel, reasons: [Reason],
        obligations: [Obligation] = [], requirement: ApprovalRequirement? = nil
    ) {
        let incomplete = reasons.isEmpty || (outcome == .requireApproval && requirement == nil)
        self.outcome = incomplete ? .deny : outcome
        self.effectClass = effectClass
        self.environment = environment
        self.reasons = reasons.isEmpty
            ? [Reason("decision.incomplete", "the decision came without a reason; it counts as a denial")] : reasons
        self.obligations = incomplete ? [] : obligations
        self.requirement = (incomplete || outcome != .requireApproval) ? nil : requirement
    }

    /// A denial.
    public static func deny(
        _ reasons: [Reason], effectClass: EffectClass = .unknown, environment: EnvironmentLabel
    ) -> Decision {
        Decision(.deny, effectClass: effectClass, environment: environment, reasons: reasons)
    }
}

/// One ground of a decision.
public struct Reason: Hashable, Sendable {
    /// A stable, dotted, lower-case code such as `credential.literal` or `rule.packages`.
    public let id: String
    /// One sentence for a person: what, why, and what to do next. Holds no secret and no host path outside the workspace.
    public let message: String
    /// Where in the policy file the ground stands, as `file:line:column`.
    public let location: String?

    /// Makes a reason.
    public init(_ id: String, _ message: String, location: String? = nil) {
        self.id = id
        self.message = message
        self.location = location
    }
}

/// Something an executor must do when it carries out a permitted effect.
public enum Obligation: Hashable, Sendable {
    /// The layer must be copy-on-write, so that the effect can be rolled back.
    case copyOnWrite
    /// Put the named secret where `place` says, at dispatch.
    case injectSecret(name: String, place: String)
    /// The connection must go to a public address, or to one that the policy pins.
    case publicAddressOnly
    /// Redact what comes back.
    case redactOutput

    /// The obligation's stable name.
    public var name: String {
        switch self {
        case .copyOnWrite: "copy-on-write"
        case .injectSecret(let name, _): "inject-secret:\(name)"
        case .publicAddressOnly: "public-address-only"
        case .redactOutput: "redact-output"
        }
    }
}

/// What an approval of an effect must satisfy.
public struct ApprovalRequirement: Hashable, Sendable {
    /// A backup that must exist elsewhere before the act.
    public struct RecoveryPoint: Hashable, Sendable {
        /// Oldest acceptable age of the backup.
        public let maximumAge: Duration
        /// The file of keys that may attest it, as the policy spells it.
        public let signers: String

        /// Makes a demand.
        public init(maximumAge: Duration, signers: String) {
            self.maximumAge = maximumAge
            self.signers = signers
        }
    }

    /// How many distinct principals must sign; at least 1.
    public let threshold: Int
    /// Roles that a signer must hold one of; empty means any allowed signer.
    public let roles: [String]
    /// The principals of those roles, expanded; empty means any allowed signer.
    public let principals: [String]
    /// How long an approval is good for, from the end of `delay`.
    public let validity: Duration
    /// Cooling-off between the last needed signature and the act.
    public let delay: Duration
    /// The backup that must exist elsewhere before the act; `nil` demands none.
    public let recoveryPoint: RecoveryPoint?
    /// Whether whoever started the session may not be among the signers.
    public let excludesRequester: Bool

    /// Makes a requirement; a threshold below 1 counts as 1.
    public init(
        threshold: Int, roles: [String] = [], principals: [String] = [], validity: Duration = .seconds(600),
        delay: Duration = .zero, recoveryPoint: RecoveryPoint? = nil, excludesRequester: Bool = false
    ) {
        self.threshold = max(1, threshold)
        self.roles = roles
        self.principals = principals
        self.validity = validity
        self.delay = delay
        self.recoveryPoint = recoveryPoint
        self.excludesRequester = excludesRequester
    }
}
