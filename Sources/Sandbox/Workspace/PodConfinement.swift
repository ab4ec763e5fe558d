// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Confines sessions in pods: namespaces, Landlock, a system call filter, and a copy-on-write view of the workspace.
public struct PodConfinement: Confinement {
    /// Makes a confinement; pods are made by `open(_:)`.
    public init() {}

    public func open(_ specification: ConfinementSpecification) async throws(ConfinementError) -> any ConfinedWorkspace {
        guard specification.tier == .full else {
            throw ConfinementError(
                .notAvailable, "the tier `confined` is not built in this version; set `tier: full` in the policy, or run where user namespaces are allowed")
        }
        let scan = WorkspaceScan(specification)
        var plan = PodPlan(workspace: specification.workspace)
        plan.view += specification.visiblePaths.map { ViewEntry($0, isOptional: true) }
        plan.hidden = specification.hiddenPaths
        plan.executable = specification.executablePaths ?? []
        plan.limits.layerBytes = specification.limits.layerBytes
        plan.unprivilegedID = specification.unprivilegedID.map { PodPlan.UnprivilegedID(uid: $0, gid: $0) }
        plan.populateMask = { directory in try scan.populate(directory) }
        do throws(SandboxError) {
            let pod = try await Pod.open(plan)
            return try PodWorkspace(pod: pod, specification: specification, scan: scan)
        } catch {
            throw Self.confinementError(for: error)
        }
    }

    static func confinementError(for error: SandboxError) -> ConfinementError {
        switch error.code {
        case .enforcementUnavailable: ConfinementError(.enforcementUnavailable, "\(error); nothing ran (`agentkit doctor` tells what is missing)")
        case .podEnded: ConfinementError(.closed, error.description)
        case .tooManyCalls: ConfinementError(.limit, error.description)
        default: ConfinementError(.setup, error.description)
        }
    }
}
