// SPDX-License-Identifier: Apache-2.0

internal import AgentSandbox

/// Finds out what this machine can enforce, by doing it.
public enum Doctor {
    /// One layer.
    public struct Layer: Sendable, Hashable {
        /// The layer's name.
        public let name: String
        /// Whether it is in force in a pod opened just now.
        public let isEnforced: Bool
        /// What exactly, or why not.
        public let detail: String
        /// What an operator can do where it is missing.
        public let remedy: String?
    }

    /// Everything.
    public struct Findings: Sendable, Hashable {
        /// The strongest tier that can be had.
        public let tier: String
        /// Every layer.
        public let layers: [Layer]
    }

    /// Opens a pod on an empty workspace, looks, and closes it.
    public static func examine() async -> Findings {
        let report = await Pod.probe(unprivilegedID: PodPlan.UnprivilegedID(uid: Host.defaultUnprivilegedID, gid: Host.defaultUnprivilegedID))
        return Findings(
            tier: report.tier,
            layers: report.entries.map {
                Layer(name: $0.layer.rawValue, isEnforced: $0.isEnforced, detail: $0.detail, remedy: $0.remedy)
            })
    }
}
