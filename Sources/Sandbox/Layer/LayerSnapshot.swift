// SPDX-License-Identifier: Apache-2.0

/// How the workspace stood when the agent began to see it.
package enum LayerSnapshot: Sendable {
    /// The identity of every file and link that was there. ``MaskBuilder`` returns it.
    case table([LayerPath: FileIdentity])
    /// Whatever the kernel stamped at or after this time has changed; a file changed within the same clock tick before
    /// it counts as changed.
    case since(LayerTime)

    /// The snapshot of a workspace that is about to be mounted.
    ///
    /// - Throws: `LayerError` with code `system`.
    package static func now() throws(LayerError) -> LayerSnapshot { .since(try LayerSystem.now()) }

    /// Whether what stands at a path now is what stood there then.
    func isUnchanged(_ path: LayerPath, _ stat: LayerStat) -> Bool {
        switch self {
        case .table(let table): table[path] == stat.identity
        case .since(let time): stat.changed < time
        }
    }

    /// Whether something is known to have stood at a path; `nil` where this snapshot can't tell.
    func existed(_ path: LayerPath) -> Bool? {
        switch self {
        case .table(let table): table[path] != nil
        case .since: nil
        }
    }
}
