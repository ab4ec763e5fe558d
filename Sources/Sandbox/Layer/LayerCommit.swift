// SPDX-License-Identifier: Apache-2.0

/// Writes a layer's changes into the workspace.
package struct LayerCommit: Sendable {
    /// What becomes of a masked file's placeholders.
    package enum Restored: Sendable {
        /// The bytes to write, secrets back in place.
        case bytes([UInt8])
        /// They can't be put back; the file stays as it is.
        case conflict(String)
    }

    /// What the caller decides.
    package struct Options: Sendable {
        /// How the workspace stood when the pod was opened.
        package var snapshot: LayerSnapshot
        /// Where originals are kept; without it only an irreversible commit is possible.
        package var undo: UndoStore?
        /// Whether to go on where originals can't be kept.
        package var irreversibleAllowed = false
        /// The bounds of the diff.
        package var limits = LayerLimits()
        /// The caller's own rule: a sentence refuses the entry.
        package var refuse: @Sendable (LayerEntry) -> String? = { _ in nil }
        /// Puts secrets back into a masked file that the agent changed. By default it is a conflict.
        package var restore: @Sendable (LayerPath, [UInt8]) -> Restored = { _, _ in
            .conflict("nothing can put its secrets back")
        }

        /// Takes the two that have no safe default.
        package init(snapshot: LayerSnapshot, undo: UndoStore?) {
            self.snapshot = snapshot
            self.undo = undo
        }
    }

    /// What happened to each entry of the diff.
    package struct Report: Sendable {
        /// Written, in the diff's order.
        package var committed: [LayerEntry] = []
        /// Left in the layer, with the reason.
        package var refused: [(entry: LayerEntry, reason: LayerRefusal)] = []
        /// Not written since the workspace is not as it was.
        package var conflicts: [(entry: LayerEntry, reason: LayerConflict)] = []
        /// What stopped the commit halfway, such as a full disk; ``committed`` was written all the same and can be
        /// undone.
        package var failure: LayerError?
        /// Replaced files that had other hard links, which keep the old content.
        package var splitLinks: [LayerPath] = []
        /// Names the commit in the undo store; `nil` where nothing was kept.
        package var undoIdentifier: String?
        /// How many entries were deleted.
        package var deletions: Int { committed.count { $0.change == .deleted } }
    }

    private let trees: LayerTrees
    private let names: ProtectedNames
    private let options: Options

    /// Prepares a commit.
    package init(trees: LayerTrees, names: ProtectedNames = ProtectedNames(), options: Options) {
        self.trees = trees
        self.names = names
        self.options = options
    }

    /// Writes exactly what the diff showed. Blocks; not cancellable.
    ///
    /// Every entry is judged again and its content compared with the diff's digest; each file is replaced atomically
    /// and an original that changed meanwhile is never overwritten. What is refused or in conflict stays in the layer,
    /// the rest is written.
    ///
    /// - Throws: `LayerError`, and only before anything is written; `undoUnavailable` or `undoFull` where originals
    /// can't be kept.
    package func run(_ diff: LayerDiff) throws(LayerError) -> Report {
        let journal = try makeJournal(for: diff)
        var run = CommitRun(
            trees: trees, judge: LayerJudge(names: names, workspace: trees.workspace), options: options,
            journal: journal)
        do throws(LayerError) {
            try run.perform(diff.entries)
            try journal?.finish()
        } catch {
            run.report.failure = error
            // What happened up to here has its result in the manifest and can be taken back.
            try? journal?.finish()
        }
        run.report.undoIdentifier = journal?.identifier
        run.report.committed.sort { $0.path < $1.path }
        return run.report
    }

    private func makeJournal(for diff: LayerDiff) throws(LayerError) -> UndoJournal? {
        guard let store = options.undo else {
            guard options.irreversibleAllowed else { throw LayerError(.undoUnavailable, .commit) }
            return nil
        }
        var needed: UInt64 = 0
        for entry in diff.entries
        where entry.refusal == nil && entry.previousKind == .file && entry.change != .modeChanged {
            needed += try LayerNode.find(entry.path.bytes, orNilIn: trees.workspace)?.stat.size ?? 0
        }
        do throws(LayerError) {
            return try store.begin(reserving: needed)
        } catch {
            guard options.irreversibleAllowed else { throw error }
            return nil
        }
    }
}
