// SPDX-License-Identifier: Apache-2.0

/// Turns effects into decisions. Pure: it does no I/O, and the same inputs give the same decision.
public protocol PolicyEngine: Sendable {
    /// The digest of everything that decisions depend on: file, catalogue, built-in defaults.
    var digest: Digest { get }

    /// The environments in rising protection.
    var environments: EnvironmentOrder { get }

    /// Reads an effect: its class, the operations the catalogue sees in it, and what must be resolved before a decision.
    func analyse(_ effect: Effect, in session: SessionContext) -> EffectAnalysis

    /// Decides. `targets` answers `analysis.queries`; a query without an answer counts as unproven.
    func decide(
        _ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], in session: SessionContext
    ) -> Decision
}

/// What a policy engine sees in an effect before the world was asked.
public struct EffectAnalysis: Hashable, Sendable {
    /// An operation that the catalogue knows.
    public struct Operation: Hashable, Sendable {
        /// The catalogue's id, such as `railway.volumeDelete`.
        public let id: String
        /// How bad the operation is.
        public let effectClass: EffectClass
        /// What it touches; the ids that need proof.
        public let queries: [ResourceQuery]
        /// Whether it destroys backups along with their data.
        public let takesBackups: Bool
        /// Plain words for people: what it does.
        public let summary: String

        /// Makes an operation.
        public init(
            id: String, effectClass: EffectClass, queries: [ResourceQuery] = [], takesBackups: Bool = false,
            summary: String
        ) {
            self.id = id
            self.effectClass = effectClass
            self.queries = queries
            self.takesBackups = takesBackups
            self.summary = summary
        }
    }

    /// The gravest class of all that was seen.
    public let effectClass: EffectClass
    /// The operations that the catalogue knows in it.
    public let operations: [Operation]
    /// Targets that the inventory alone proves (hosts, remotes, paths in the pod).
    public let stated: [ResolvedTarget]
    /// Grounds to deny that were found while reading: literal credentials, undecodable bodies, traps.
    public let problems: [Reason]
    /// The canonical form of the act, for the approval's descriptor.
    public let canonical: JSONValue

    /// All questions for providers.
    public var queries: [ResourceQuery] { operations.flatMap(\.queries) }

    /// Makes an analysis.
    public init(
        effectClass: EffectClass, operations: [Operation] = [], stated: [ResolvedTarget] = [],
        problems: [Reason] = [], canonical: JSONValue
    ) {
        self.effectClass = effectClass
        self.operations = operations
        self.stated = stated
        self.problems = problems
        self.canonical = canonical
    }
}
