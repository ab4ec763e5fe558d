// SPDX-License-Identifier: Apache-2.0

/// A name for how much harm an effect could do where it lands, such as `staging` or `production`.
///
/// Labels come from the policy file; their order there is their order of protection.
public struct EnvironmentLabel: Hashable, Sendable, CustomStringConvertible {
    /// The label as the policy spells it.
    public let name: String

    /// Makes a label from its name.
    public init(_ name: String) { self.name = name }

    /// The label of a resource that is stated to belong to no environment, and of effects that stay inside the pod.
    public static let none = EnvironmentLabel("none")

    public var description: String { name }
}

/// The environments of a policy in rising protection.
public struct EnvironmentOrder: Hashable, Sendable {
    /// One environment and whether the policy calls it protected.
    public struct Entry: Hashable, Sendable {
        /// The environment.
        public let label: EnvironmentLabel
        /// Whether the policy calls it protected.
        public let isProtected: Bool

        /// Makes an entry.
        public init(_ label: EnvironmentLabel, isProtected: Bool) {
            self.label = label
            self.isProtected = isProtected
        }
    }

    /// All environments, least protected first.
    public let entries: [Entry]

    /// Makes an order; the last entry is the most protected one.
    public init(_ entries: [Entry]) { self.entries = entries }

    /// The label that stands for anything unproven or mixed.
    ///
    /// With no environments at all this is a label that no rule can name, so nothing permits it.
    public var mostProtected: EnvironmentLabel { entries.last?.label ?? EnvironmentLabel("unproven") }

    /// Whether `label` is protected; a label that the policy doesn't know counts as protected.
    public func isProtected(_ label: EnvironmentLabel) -> Bool {
        if label == .none { return false }
        return entries.first { $0.label == label }?.isProtected ?? true
    }

    /// The label for an effect that touches several targets: their common label, or the most protected one if they differ.
    public func combined(_ labels: some Sequence<EnvironmentLabel>) -> EnvironmentLabel {
        var seen: EnvironmentLabel?
        for label in labels where label != .none {
            guard let first = seen else { seen = label; continue }
            if first != label { return mostProtected }
        }
        return seen ?? .none
    }
}
