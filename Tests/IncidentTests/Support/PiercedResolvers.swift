// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Synchronization

/// The blast radius, off: of what an id reaches, only the first instance in one environment is told.
struct NarrowResolver: ResourceResolver {
    let inner: any ResourceResolver
    let environment: EnvironmentLabel

    var provider: String { inner.provider }

    func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget] {
        let all = await inner.resolve(queries, environments: environments)
        return queries.flatMap { query -> [ResolvedTarget] in
            let targets = all.filter { $0.id == query.id }
            return Array((targets.filter { $0.environment == environment } + targets).prefix(1))
        }
    }
}

/// Asking again, off: the first answer counts for good.
final class RememberingResolver: ResourceResolver {
    private let inner: any ResourceResolver
    private let answers = Mutex<[[ResourceQuery]: [ResolvedTarget]]>([:])

    init(_ inner: any ResourceResolver) { self.inner = inner }

    var provider: String { inner.provider }

    func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget] {
        if let known = answers.withLock({ $0[queries] }) { return known }
        let targets = await inner.resolve(queries, environments: environments)
        answers.withLock { $0[queries] = targets }
        return targets
    }
}
