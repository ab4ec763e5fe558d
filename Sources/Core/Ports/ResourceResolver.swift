// SPDX-License-Identifier: Apache-2.0

/// Proves which environment a provider's opaque id lives in, by asking the provider.
///
/// An implementation holds a read credential that it uses for nothing else.
public protocol ResourceResolver: Sendable {
    /// The provider it can ask, such as `railway`.
    var provider: String { get }

    /// Resolves queries; one id may give several targets (a volume has an instance in each environment).
    ///
    /// A query that can't be answered gives a target with an `unproven` proof; nothing is guessed. Never throws for that reason.
    func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget]
}
