// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Answers which environment a thing is stated to be in. The most specific entry wins; among equals the most protected.
struct Inventory: Sendable {
    private let resources: [(entry: InventoryEntry, pattern: URLPattern, specificity: [Int])]
    private let remotes: [InventoryEntry]
    private let order: EnvironmentOrder
    /// Providers that prove their ids.
    let providers: [String: InventoryEntry]

    init(_ entries: [InventoryEntry], order: EnvironmentOrder) {
        self.order = order
        resources = entries.compactMap { entry in entry.url.map { (entry, $0, $0.specificity) } }
        remotes = entries.filter { $0.git != nil }
        var providers: [String: InventoryEntry] = [:]
        for entry in entries {
            if case .provider(let provider) = entry.subject { providers[provider.name] = entry }
        }
        self.providers = providers
    }

    /// The entry that states a URL's environment.
    func entry(for target: TargetURL) -> InventoryEntry? {
        var best: (entry: InventoryEntry, specificity: [Int])?
        for candidate in resources where candidate.pattern.covers(target) {
            guard let current = best else {
                best = (candidate.entry, candidate.specificity)
                continue
            }
            if Self.precedes(current.specificity, candidate.specificity)
                || (current.specificity == candidate.specificity && rank(candidate.entry) > rank(current.entry))
            {
                best = (candidate.entry, candidate.specificity)
            }
        }
        return best?.entry
    }

    /// The entry that states a branch's environment.
    ///
    /// With an unknown branch only an entry for the whole remote answers, and only where no entry for a branch says something else.
    func entry(for remote: GitRemote, branch: String?) -> InventoryEntry? {
        let entries = remotes.filter { $0.git == remote }
        guard let branch else {
            guard let whole = entries.first(where: { $0.branch == nil }) else { return nil }
            return entries.allSatisfy { $0.environment == whole.environment } ? whole : nil
        }
        let segments = PathText.segments(of: branch)
        var best: InventoryEntry?
        for entry in entries where entry.branch?.matches(segments) ?? true {
            guard let current = best else {
                best = entry
                continue
            }
            let left = current.branch?.specificity ?? [-1]
            let right = entry.branch?.specificity ?? [-1]
            if Self.precedes(left, right) || (left == right && rank(entry) > rank(current)) { best = entry }
        }
        return best
    }

    /// Whether any entry could cover a host, whatever the path.
    func hasEntry(coveringHost pattern: HostPattern) -> Bool {
        resources.contains { candidate in
            if let exact = pattern.exactHost { return candidate.pattern.host.matches(exact) }
            guard let other = candidate.pattern.host.exactHost else { return true }
            return pattern.matches(other)
        }
    }

    /// Whether an entry covers a target.
    func hasEntry(for target: TargetURL) -> Bool { entry(for: target) != nil }

    /// Whether any entry gives a label to a host.
    func labels(host pattern: HostPattern) -> InventoryEntry? {
        resources.first { candidate in
            guard candidate.entry.environment != EnvironmentLabel.none else { return false }
            if let exact = pattern.exactHost { return candidate.pattern.host.matches(exact) }
            return candidate.pattern.host.exactHost.map { pattern.matches($0) } ?? true
        }?.entry
    }

    private func rank(_ entry: InventoryEntry) -> Int {
        guard let label = entry.environment, label != .none else { return -1 }
        return order.entries.firstIndex { $0.label == label } ?? Int.max
    }

    private static func precedes(_ left: [Int], _ right: [Int]) -> Bool { left.lexicographicallyPrecedes(right) }
}
