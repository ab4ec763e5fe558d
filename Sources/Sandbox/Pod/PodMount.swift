// SPDX-License-Identifier: Apache-2.0

/// A pod that has been set up: its init and the descriptors of its layers.
struct PodMount: Sendable {
    let process: PodProcess
    let upper: OwnedDescriptor
    let mask: OwnedDescriptor
    let merged: OwnedDescriptor
}

/// Makes a pod, step by step, on the pod's own thread. A failure at any step ends what there is of it.
struct PodOpening {
    let plan: ResolvedPlan

    func open() throws(SandboxError) -> PodMount {
        let filter = try SeccompFilter.shared.get()
        var received: [OwnedDescriptor] = []
        if let maps = plan.identity.mountMaps {
            let workspace = plan.workspace
            received = [
                try SandboxError.wrap(.setUpFailed, .idMappedMount) { () throws(KernelError) in
                    try Kernel.idMappedTree(workspace, uidMap: maps.uid, gidMap: maps.gid)
                }
            ]
        }
        let process = try PodProcess.start()
        do throws(SandboxError) {
            return try setUp(process, filter: filter, received: received)
        } catch {
            process.end()
            throw error
        }
    }

    private func setUp(_ process: PodProcess, filter: SeccompFilter, received: [OwnedDescriptor]) throws(SandboxError)
        -> PodMount
    {
        try mapIDs(process)
        let layers = try run(
            SetupProgram.first(plan), on: process, with: received,
            returning: [Register.mask, Register.upper, Register.lower])
        try checkWorkspace(layers[2])
        try populateMask(layers[0])
        let merged = try run(SetupProgram.second(plan, filter: filter), on: process, returning: [Register.merged])
        return PodMount(process: process, upper: layers[1], mask: layers[0], merged: merged[0])
    }

    private func mapIDs(_ process: PodProcess) throws(SandboxError) {
        let identity = plan.identity
        try SandboxError.wrap(.setUpFailed, .idMaps) { () throws(KernelError) in
            // As root the init has groups of the host to lay down first; then it has no capability to take others.
            if !identity.isRootHost { try process.write("deny", to: "setgroups") }
            try process.write(identity.uidMap, to: "uid_map")
            try process.write(identity.gidMap, to: "gid_map")
        }
    }

    /// The init opened the workspace by its name: it has to be the folder that the host opened.
    private func checkWorkspace(_ lower: OwnedDescriptor) throws(SandboxError) {
        let status = try SandboxError.wrap(.setUpFailed, .workspace) { () throws(KernelError) in
            try Kernel.status(of: lower)
        }
        if status.inode != plan.workspaceStatus.inode || status.device != plan.workspaceStatus.device {
            throw SandboxError(
                .setUpFailed, stage: SandboxStage(.workspace),
                message: "the workspace was replaced while the pod opened; try again")
        }
    }

    private func populateMask(_ mask: OwnedDescriptor) throws(SandboxError) {
        guard let populate = plan.plan.populateMask else { return }
        do {
            try Kernel.withFileIdentity(plan.identity) { try populate(mask.rawValue) }
        } catch {
            throw SandboxError(
                .setUpFailed, stage: SandboxStage(.mask),
                message: "the mask layer could not be filled, so the workspace stays closed")
        }
    }

    private func run(
        _ program: PodProgram, on process: PodProcess, with descriptors: [OwnedDescriptor] = [],
        returning registers: [Int]
    ) throws(SandboxError) -> [OwnedDescriptor] {
        let report = try SandboxError.wrap(.setUpFailed, .control) { () throws(KernelError) -> PodReport in
            try process.send(.run(try program.sealed(), with: descriptors, returning: registers))
            while true {
                _ = Kernel.wait(for: [process.control.rawValue], milliseconds: -1)
                if let report = try process.receive() { return report }
            }
        }
        guard report.kind == .done, report.descriptors.count == registers.count else {
            throw SandboxError.setUp(report.stage, errno: report.errno)
        }
        return report.descriptors
    }
}
