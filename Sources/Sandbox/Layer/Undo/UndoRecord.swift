// SPDX-License-Identifier: Apache-2.0

/// How a path stood before or after a commit touched it.
struct UndoState: Hashable, Sendable {
    var kind: LayerKind
    /// Permission and special bits.
    var mode: UInt32
    var owner: UInt32 = 0
    var group: UInt32 = 0
    var digest: LayerDigest?
    var target: [UInt8]?

    init(kind: LayerKind, mode: UInt32, digest: LayerDigest? = nil, target: [UInt8]? = nil) {
        self.kind = kind
        self.mode = mode
        self.digest = digest
        self.target = target
    }

    init(_ stat: LayerStat) {
        self.init(kind: stat.kind, mode: stat.mode & 0o7777)
        owner = stat.owner
        group = stat.group
    }

    init(_ node: LayerNode) throws(LayerError) {
        self.init(node.stat)
        if node.kind == .symlink { target = try node.target() }
    }
}

/// One step of a commit, as the manifest has it.
struct UndoRecord: Hashable, Sendable {
    enum Action: String, Hashable, Sendable {
        case added, replaced, deleted, modeChanged
        /// A folder with everything in it.
        case deletedTree
    }

    var action: Action
    var path: LayerPath
    var before: UndoState?
    var after: UndoState?
    /// The name in the same folder under which the original stands between two renames.
    var aside: [UInt8]?

    init(_ action: Action, _ path: LayerPath, before: UndoState?, after: UndoState?, aside: [UInt8]? = nil) {
        self.action = action
        self.path = path
        self.before = before
        self.after = after
        self.aside = aside
    }
}
