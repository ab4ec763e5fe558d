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
        let identity = FileIdentitySwitch()
        try identity.asHost {
            let root = try LayerDescriptor(openingFolder: workspace)
            let rootPath = try LayerPath(String(workspace.dropFirst()))
            var builder = MaskBuilder(
                workspace: root, mask: try LayerDescriptor(duplicating: directory), root: rootPath,
                scanLimit: Self.largestScannedFile)
            builder.asMaker = { body throws(LayerError) in try identity.asPod(body) }
            builder.owner = { identity.inside($0, $1) }
            let objects = try LayerPath(".git/objects")
            let result = try builder.build(
                // Git's objects are compressed, so a scan would see nothing in them, and without them git can't work.
                fallback: { path, _ in path.isWithin(objects) ? .show : .hide },
                redact: { path, bytes in path.isWithin(objects) ? nil : mask(path.description, bytes) })
            let names = try ProtectedNames(of: root, root: rootPath, extra: result.protectedTargets)
            state.withLock { $0 = State(snapshot: .table(result.identities), names: names) }
        }
    }
}

/// Switches this thread between the host's file identity and the pod's. Where the host isn't root both are the same.
struct FileIdentitySwitch {
    private let user: UInt32
    private let group: UInt32
    private let isRootHost: Bool

    /// Takes the identity that the thread has now as the pod's.
    init() {
        // An id that can't be set leaves the present one, which is what setfsuid returns. See setfsuid(2).
        user = UInt32(bitPattern: setfsuid(.max))
        group = UInt32(bitPattern: setfsgid(.max))
        isRootHost = geteuid() == 0 && user != 0
    }

    func asHost<Value>(_ body: () throws -> Value) throws -> Value {
        guard isRootHost else { return try body() }
        change(to: 0, 0)
        defer { change(to: user, group) }
        return try body()
    }

    func asPod<Value>(_ body: () throws(LayerError) -> Value) throws(LayerError) -> Value {
        guard isRootHost else { return try body() }
        change(to: user, group)
        defer { change(to: 0, 0) }
        return try body()
    }

    /// The host's root is the pod's user inside: the workspace's mount maps it so.
    func inside(_ owner: UInt32, _ group: UInt32) -> (UInt32, UInt32) {
        guard isRootHost else { return (owner, group) }
        return (owner == 0 ? user : owner, group == 0 ? self.group : group)
    }

    private func change(to user: UInt32, _ group: UInt32) {
        // The group first: giving up the user gives up the right to change it.
        if user == 0 { _ = setfsuid(0) }
        _ = setfsgid(group)
        _ = setfsuid(user)
    }
}
