// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import Glibc
internal import Synchronization

/// Builds a session's mask layer before its workspace is mounted, and remembers how the workspace stood then.
final class WorkspaceScan: Sendable {
    private struct State {
        var snapshot = LayerSnapshot.table([:])
        var names: ProtectedNames?
    }

    private static let largestScannedFile = 64 << 20

    private let workspace: String
    private let mask: @Sendable (_ path: String, _ bytes: [UInt8]) -> [UInt8]?
    private let state = Mutex(State())

    init(_ specification: ConfinementSpecification) {
        workspace = specification.workspace
        mask = specification.mask
    }

    /// How the workspace stood when the mask was built. Without a scan everything counts as changed, so nothing would be overwritten.
    var snapshot: LayerSnapshot { state.withLock { $0.snapshot } }

    /// What a commit must not touch.
    ///
    /// - Throws: `LayerError` where there was no scan: then nothing may be committed.
    func names() throws(LayerError) -> ProtectedNames {
        guard let names = state.withLock({ $0.names }) else { throw LayerError(.system, .mask, errno: ENODATA) }
        return names
    }

    /// Fills the mask; a failure must keep the pod from opening. Called on a thread that has the pod's file identity.
    func populate(_ directory: Int32) throws {
        let root = try LayerDescriptor(openingFolder: workspace)
        let rootPath = try LayerPath(String(workspace.dropFirst()))
        let builder = MaskBuilder(
            workspace: root, mask: try LayerDescriptor(duplicating: directory), root: rootPath,
            scanLimit: Self.largestScannedFile)
        let objects = try LayerPath(".git/objects")
        let result = try builder.build(
            // Git's objects are compressed, so a scan would see nothing in them, and without them git can't work.
            fallback: { path, _ in path.isWithin(objects) ? .show : .hide },
            redact: { path, bytes in path.isWithin(objects) ? nil : mask(path.description, bytes) })
        let names = try ProtectedNames(of: root, root: rootPath, extra: result.protectedTargets)
        state.withLock { $0 = State(snapshot: .table(result.identities), names: names) }
    }
}
