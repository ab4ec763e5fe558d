// SPDX-License-Identifier: Apache-2.0

/// Why work on a layer, a mask or an undo store failed.
///
/// An entry that may not be committed is not an error but a ``LayerRefusal`` or a conflict in the report.
package struct LayerError: Error, Sendable, Hashable {
    /// The kind of failure; new kinds may be added.
    package struct Code: Sendable, Hashable {
        fileprivate enum Kind: Sendable, Hashable {
            case system, unsafePath, limit, undoUnavailable, undoFull, unknownCommit, damagedManifest
        }

        fileprivate let kind: Kind

        /// A system call failed; see ``LayerError/errno``.
        package static let system = Code(kind: .system)
        /// A path is absolute, empty, too long, or holds `..`, `.` or a NUL byte.
        package static let unsafePath = Code(kind: .unsafePath)
        /// The tree is deeper, larger or has more entries than the limits allow.
        package static let limit = Code(kind: .limit)
        /// Originals can't be kept, so the commit could not be undone.
        package static let undoUnavailable = Code(kind: .undoUnavailable)
        /// The originals don't fit the undo store's bound.
        package static let undoFull = Code(kind: .undoFull)
        /// No commit with this identifier is in the undo store.
        package static let unknownCommit = Code(kind: .unknownCommit)
        /// A manifest in the undo store can't be read.
        package static let damagedManifest = Code(kind: .damagedManifest)
    }

    /// What was being done.
    package enum Stage: String, Sendable, Hashable {
        case open, inspect, list, read, write, create, remove, rename, attributes, synchronize, scan, mask, commit, undo
    }

    /// What happened.
    package let code: Code
    /// What was being done when it happened.
    package let stage: Stage
    /// The system's error number, or 0.
    package let errno: Int32

    package init(_ code: Code, _ stage: Stage, errno: Int32 = 0) {
        self.code = code
        self.stage = stage
        self.errno = errno
    }
}

extension LayerError: CustomStringConvertible {
    /// One line: what happened and what to do next; holds no path.
    package var description: String {
        switch code.kind {
        case .system: "`\(stage.rawValue)` failed with errno \(errno): check permissions and free space, then try again"
        case .unsafePath:
            "a path is absolute, empty, too long or climbs out of its tree: name it relative to the workspace"
        case .limit:
            "the tree exceeds the layer's limits while in `\(stage.rawValue)`: remove what is too deep or too large"
        case .undoUnavailable:
            "originals can't be kept, so the commit could not be undone: name an undo store or allow it"
        case .undoFull:
            "the originals don't fit the undo store: prune it, raise its bound or allow an irreversible commit"
        case .unknownCommit: "the undo store holds no such commit: list what it holds and choose one"
        case .damagedManifest: "the commit's manifest can't be read: restore by hand from the stored originals"
        }
    }
}
