// SPDX-License-Identifier: Apache-2.0

/// Everything a runtime is made of. Ports without a default are the ones that no session can do without.
public struct RuntimeConfiguration: Sendable {
    /// Decides.
    public var policy: any PolicyEngine
    /// Remembers.
    public var audit: any AuditLog
    /// Keeps secrets away from the model.
    public var redactor: any Redactor
    /// Asks people; `nil` denies whatever needs an approval.
    public var approvals: (any ApprovalAuthority)?
    /// Describes acts to approvers; needed together with `approvals`.
    public var describer: (any ActionDescribing)?
    /// Opens pods; `nil` leaves a session without files and programs.
    public var confinement: (any Confinement)?
    /// Sends requests; `nil` leaves a session without network.
    public var transport: (any HTTPTransport)?
    /// Prove environments.
    public var resolvers: [any ResourceResolver]
    /// The tier that pods must have; nothing weaker is used instead.
    public var tier: ConfinementSpecification.Tier
    /// The bounds of each session and each call.
    public var limits: SessionLimits
    /// Absolute paths outside the workspace that pods see read-only.
    public var visiblePaths: [String]
    /// Absolute paths below the visible ones that pods see empty.
    public var hiddenPaths: [String]
    /// What may be handed to `execve`; `nil` is everything in view.
    public var executablePaths: [String]?
    /// The id that pods run as where root runs the host and owns the workspace.
    public var unprivilegedID: UInt32?
    /// The environment of programs in the pod: search path, locale, and placeholders of exposed secrets.
    public var environment: [String: String]
    /// A folder outside every workspace where commits keep what they replace.
    public var undoStore: String?
    /// 128 random bits in hexadecimal.
    public var nonce: @Sendable () -> String
    /// The clock of expiries.
    public var now: @Sendable () -> ContinuousClock.Instant

    /// Makes a configuration with the ports that are always needed.
    public init(policy: any PolicyEngine, audit: any AuditLog, redactor: any Redactor) {
        self.policy = policy
        self.audit = audit
        self.redactor = redactor
        self.resolvers = []
        self.tier = .full
        self.limits = SessionLimits()
        self.visiblePaths = []
        self.hiddenPaths = []
        self.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
        self.nonce = { Self.randomHex() }
        self.now = { ContinuousClock.now }
    }

    private static func randomHex() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return HexEncoding.encode(bytes)
    }
}
