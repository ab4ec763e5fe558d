// SPDX-License-Identifier: Apache-2.0

/// A plan after a look at the host: what exists, of which kind, and whom the pod runs as.
struct ResolvedPlan: Sendable {
    enum Kind: Sendable, Equatable { case directory, file, link(String) }

    struct Source: Sendable {
        var path: String
        var kind: Kind
    }

    let plan: PodPlan
    let workspace: OwnedDescriptor
    let workspaceStatus: FileStatus
    let identity: PodIdentity
    let view: [Source]
    let hidden: [Source]
    let landlockVersion: Int
    let devices: [String]

    /// More than any sensible plan, and fewer than the init has registers for.
    static let mostViewEntries = 180

    init(_ plan: PodPlan) throws(SandboxError) {
        self.plan = plan
        try Self.validate(plan)
        workspace = try SandboxError.wrap(.setUpFailed, .workspace) { () throws(KernelError) in
            // O_PATH, O_DIRECTORY, O_NOFOLLOW
            try Kernel.open(plan.workspace, flags: 0o10000000 | 0o200000 | 0o400000)
        }
        let opened = workspace
        workspaceStatus = try SandboxError.wrap(.setUpFailed, .workspace) { () throws(KernelError) in
            try Kernel.status(of: opened)
        }
        identity = try PodIdentity(plan: plan, workspace: workspaceStatus)
        view = try Self.resolve(plan.view)
        hidden = try Self.resolve(plan.hidden.map { ViewEntry($0, isOptional: true) })
        for source in hidden where source.kind != .directory && source.kind != .file {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.hidden),
                message: "a path to hide is a symbolic link; name its target instead")
        }
        devices = ["null", "zero", "full", "random", "urandom", "tty"]
        landlockVersion = Landlock.version()
        if landlockVersion < max(1, plan.landlockVersion), plan.requiredLayers.contains(.landlock) {
            throw SandboxError(.enforcementUnavailable, stage: SandboxStage(.landlock))
        }
    }

    private static func validate(_ plan: PodPlan) throws(SandboxError) {
        let paths =
            [plan.workspace] + plan.view.map(\.path) + plan.generatedFiles.map(\.path) + plan.hidden + plan.executable
        for path in paths where !isPlain(path) {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.plan),
                message: "a path of the plan isn't absolute and plain; write it without `..`")
        }
        let taken = ["/proc", "/dev", "/sys", "/store"]
        for path in paths where taken.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.plan),
                message: "the pod makes its own `/proc`, `/dev`, `/sys` and `/store`; name no path below them")
        }
        if plan.view.count > mostViewEntries {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.plan),
                message: "the view has more than \(mostViewEntries) entries; name folders instead")
        }
        for ancestor in ancestors(of: plan.workspace) + [plan.workspace] where isLink(ancestor) {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.workspace),
                message: "the workspace's path leads through a symbolic link; resolve it first")
        }
    }

    private static func resolve(_ entries: [ViewEntry]) throws(SandboxError) -> [Source] {
        var sources: [Source] = []
        for entry in entries.sorted(by: { $0.path.utf8.count < $1.path.utf8.count }) {
            let status: FileStatus
            do throws(KernelError) {
                status = try Kernel.status(entry.path, followLinks: false)
            } catch {
                if entry.isOptional { continue }
                throw SandboxError(.setUpFailed, stage: SandboxStage(.viewSource), errno: error.errno)
            }
            var kind = status.isDirectory ? Kind.directory : .file
            if status.isSymbolicLink {
                kind = .link(
                    try SandboxError.wrap(.setUpFailed, .viewSource) { () throws(KernelError) in
                        try Kernel.readLink(entry.path)
                    })
            }
            sources.append(Source(path: entry.path, kind: kind))
        }
        return sources
    }

    private static func isLink(_ path: String) -> Bool {
        (try? Kernel.status(path, followLinks: false))?.isSymbolicLink ?? false
    }

    /// Absolute, not the root itself, no empty, `.` or `..` component, nothing that a kernel's string can't hold.
    static func isPlain(_ path: String) -> Bool {
        guard path.hasPrefix("/"), path.utf8.count < 4000, !path.utf8.contains(0) else { return false }
        let components = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return components.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    /// `/a/b/c` -> `/a`, `/a/b`.
    static func ancestors(of path: String) -> [String] {
        var result: [String] = []
        var current = ""
        for component in path.split(separator: "/").dropLast() {
            current += "/" + component
            result.append(current)
        }
        return result
    }
}
