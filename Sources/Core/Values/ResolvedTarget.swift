// SPDX-License-Identifier: Apache-2.0

/// Something in the world that an effect would touch, with the environment it was proven to be in.
public struct ResolvedTarget: Hashable, Sendable {
    /// How the environment label is known.
    public enum Proof: Hashable, Sendable {
        /// An inventory entry of the policy states it; the text names the entry.
        case inventory(entry: String)
        /// The provider was asked and said so.
        case provider(name: String)
        /// It stays in the pod.
        case pod
        /// Nobody proved it; the reason says why. Counts as the most protected environment.
        case unproven(why: String)
    }

    /// The provider or protocol, such as `railway` or `https`.
    public let provider: String
    /// The kind of thing, such as `volumeInstance`, `host`, `remote`.
    public let type: String
    /// The provider's id.
    public let id: String
    /// The provider's human name for it, unverified text.
    public let name: String?
    /// The environment that it is in, as far as `proof` holds.
    public let environment: EnvironmentLabel
    /// How the environment is known.
    public let proof: Proof
    /// Ids of what is destroyed along with it, such as its backups.
    public let blastRadius: [String]

    /// Makes a target.
    public init(
        provider: String, type: String, id: String, name: String? = nil, environment: EnvironmentLabel, proof: Proof,
        blastRadius: [String] = []
    ) {
        self.provider = provider
        self.type = type
        self.id = id
        self.name = name
        self.environment = environment
        self.proof = proof
        self.blastRadius = blastRadius
    }
}

/// A question that only the provider can answer: which environments does this id live in?
public struct ResourceQuery: Hashable, Sendable {
    /// Who can answer, such as `railway`.
    public let provider: String
    /// The kind of thing as the catalogue names it, such as `volume`.
    public let type: String
    /// The provider's id.
    public let id: String

    /// Makes a query.
    public init(provider: String, type: String, id: String) {
        self.provider = provider
        self.type = type
        self.id = id
    }
}
