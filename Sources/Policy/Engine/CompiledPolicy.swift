// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A policy that is ready to decide. Pure: it does no I/O, and the same inputs give the same decision.
///
/// Nothing is permitted by default, a denial wins over every permission, and the order of rules means nothing.
public struct CompiledPolicy: PolicyEngine, Sendable {
    /// The digest of the file, the catalogue and the built-in defaults.
    public let digest: Digest
    /// The environments in rising protection.
    public var environments: EnvironmentOrder { document.environments }
    /// The file as it was read.
    public let document: PolicyDocument

    let reader: EffectReader
    let rules: RuleIndex
    let inventory: Inventory
    private static let formatVersion = "agentkit-policy-1"

    /// Compiles a policy.
    ///
    /// - Parameters:
    ///   - document: The file as it was read.
    ///   - catalogue: What knows commands and endpoints.
    ///   - secretOfPlaceholder: The name of the secret that a text is the placeholder of; by default no text is one.
    /// - Throws: `PolicyError` where no digest can be made.
    package init(
        _ document: PolicyDocument, catalogue: any CatalogueReading,
        secretOfPlaceholder: @escaping @Sendable (String) -> String? = { _ in nil }
    ) throws(PolicyError) {
        guard let digest = PolicyDigest.of([Self.formatVersion, document.source, catalogue.identity]) else {
            throw PolicyError([])
        }
        self.digest = digest
        self.document = document
        inventory = Inventory(document.inventory, order: document.environments)
        rules = RuleIndex(document.rules)
        reader = EffectReader(
            inventory: inventory, order: document.environments, egress: document.egress, secrets: document.secrets,
            catalogue: catalogue,
            secretOfPlaceholder: secretOfPlaceholder, mostDeletions: document.session.limits.deletes)
    }

    /// Compiles a policy with the catalogue that ships.
    ///
    /// - Parameters:
    ///   - document: The file as it was read.
    ///   - secretOfPlaceholder: The name of the secret that a text is the placeholder of; by default no text is one.
    /// - Throws: `PolicyError` where no digest can be made.
    public init(
        _ document: PolicyDocument, secretOfPlaceholder: @escaping @Sendable (String) -> String? = { _ in nil }
    ) throws(PolicyError) {
        try self.init(document, catalogue: StandardCatalogue(), secretOfPlaceholder: secretOfPlaceholder)
    }

    /// Reads an effect: its class, the operations in it, and what must be proven before a decision.
    public func analyse(_ effect: Effect, in session: SessionContext) -> EffectAnalysis {
        reader.read(effect, in: session).analysis
    }

    /// Decides. The effect is read anew: of `analysis` only the problems count, so that a caller can add to them and not take away.
    public func decide(
        _ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], in session: SessionContext
    ) -> Decision {
        var reading = reader.read(effect, in: session)
        for problem in analysis.problems where !reading.problems.contains(problem) { reading.problems.append(problem) }
        return decide(reading, targets: targets, in: session)
    }

    /// Decides on what was read already.
    func decide(_ reading: EffectReading, targets: [ResolvedTarget], in session: SessionContext) -> Decision {
        var judge = Judge(policy: self, reading: reading, session: session, targets: targets)
        return judge.decision()
    }
}

/// Rules by kind, so that an effect meets only those about it. In the order of their ids: the file's order means nothing.
struct RuleIndex: Sendable {
    private let byKind: [Rule.Kind: [Rule]]
    /// Rules without a condition of their kind. The reader makes none; a denial among them must not be lost.
    let unusable: [Rule]

    init(_ rules: [Rule]) {
        let sorted = rules.sorted { $0.id < $1.id }
        byKind = Dictionary(grouping: sorted, by: \.kind)
        unusable = sorted.filter { !$0.isUsable }
    }

    subscript(kind: Rule.Kind) -> [Rule] { byKind[kind] ?? [] }
}
