// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Answers resolver queries from a JSON file, so that fixtures need no network.
///
/// Two shapes are read, also side by side. The short one is `{"volume": {"ID": ["ENVIRONMENT-ID", …]}}`, by type and id. The other is what a
/// provider's API returns: wherever an object has the asked `id`, or a member such as `volumeId` with it, the `environmentId`s in it
/// are the answer. Ids of environments get their labels from the policy's inventory; what isn't found stays unproven.
public struct StateResolver: ResourceResolver {
    /// The provider it stands in for.
    public let provider: String
    private let labels: [String: EnvironmentLabel]
    private let state: JSONValue

    /// Makes a resolver.
    ///
    /// - Parameters:
    ///   - inventory: The provider's part of the policy.
    ///   - state: The file's content.
    public init(_ inventory: ProviderInventory, state: JSONValue) {
        provider = inventory.name
        labels = inventory.environments
        self.state = state
    }

    /// Answers each query with one target for each environment that the state shows for it.
    public func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget] {
        queries.flatMap { query -> [ResolvedTarget] in
            let found = self.environments(of: query)
            if found.isEmpty { return [unproven(query, "the fixture's state has no `\(query.id)`", environments)] }
            return found.sorted().map { id in
                guard let label = labels[id] else {
                    return unproven(query, "the inventory gives no label to the environment `\(id)`", environments)
                }
                return ResolvedTarget(
                    provider: provider, type: query.type, id: query.id, environment: label,
                    proof: .provider(name: provider))
            }
        }
    }

    private func unproven(_ query: ResourceQuery, _ why: String, _ order: EnvironmentOrder) -> ResolvedTarget {
        ResolvedTarget(
            provider: provider, type: query.type, id: query.id, environment: order.mostProtected,
            proof: .unproven(why: why))
    }

    private func environments(of query: ResourceQuery) -> Set<String> {
        if query.type == "environment", labels[query.id] != nil { return [query.id] }
        for name in [query.type, query.type + "s"] {
            guard let listed = state[name]?[query.id] else { continue }
            let ids = (listed.arrayValue ?? [listed]).compactMap(\.stringValue)
            if !ids.isEmpty { return Set(ids) }
        }
        var found: Set<String> = []
        collect(query, in: state, into: &found)
        return found
    }

    private func collect(_ query: ResourceQuery, in value: JSONValue, into found: inout Set<String>) {
        switch value {
        case .array(let elements): for element in elements { collect(query, in: element, into: &found) }
        case .object(let members):
            let names = ["id", query.type + "Id", query.type + "_id"]
            if names.contains(where: { members[$0]?.stringValue == query.id }) {
                value.walk { path, inner in
                    guard let name = path.last, name == "environmentId" || name == "environment_id" else { return }
                    if let id = inner.stringValue { found.insert(id) }
                }
            }
            for member in members { collect(query, in: member.value, into: &found) }
        default: break
        }
    }
}
