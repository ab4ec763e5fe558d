// SPDX-License-Identifier: Apache-2.0

/// What a layer would do to the workspace, path by path.
package struct LayerDiff: Sendable {
    /// Every change in stable order: by component, a folder before what it holds.
    package let entries: [LayerEntry]

    /// Reads an upper layer. Blocks; takes nothing in it on trust; reads no masked original into the result.
    ///
    /// A file that was copied up and not changed is no entry.
    ///
    /// - Parameters:
    ///   - trees: The layers.
    ///   - names: What is protected.
    ///   - limits: Bounds; beyond them an entry is refused, or the diff fails where it would be incomplete.
    /// - Throws: `LayerError`; `limit` where there are more entries than allowed.
    package init(
        of trees: LayerTrees, names: ProtectedNames = ProtectedNames(), limits: LayerLimits = LayerLimits()
    ) throws(LayerError) {
        var scanner = LayerScanner(
            trees: trees, judge: LayerJudge(names: names, workspace: trees.workspace), limits: limits)
        entries = try scanner.run()
    }

    /// How many files, links and folders would be deleted.
    package var deletions: Int { entries.count { $0.change == .deleted } }

    /// What would not be committed, and why.
    package var refused: [LayerEntry] { entries.filter { $0.refusal != nil } }

    /// Files that other machinery runs later.
    package var executesElsewhere: [LayerEntry] { entries.filter { $0.executesElsewhere != nil } }

    /// Files that would become executable, and links that would be added or changed.
    package var newExecutablesAndLinks: [LayerEntry] {
        entries.filter { $0.becomesExecutable || $0.kind == .symlink && $0.change != .deleted }
    }

    /// Names exactly these changes, so that an approval can be bound to them: equal digests commit to the same bytes,
    /// modes and targets.
    package var digest: LayerDigest {
        var hasher = LayerHasher()
        for entry in entries {
            let head = "\(entry.change.rawValue) \(entry.kind.rawValue) \(entry.size) \(String(entry.mode, radix: 8))"
            let fields = [Array(head.utf8), entry.path.bytes, entry.target ?? [], entry.digest?.bytes ?? []]
            for field in fields {
                // Lengths first, so that no two lists of changes read the same.
                hasher.update(Array("\(field.count):".utf8)[...])
                hasher.update(field[...])
            }
        }
        return hasher.finish()
    }
}
