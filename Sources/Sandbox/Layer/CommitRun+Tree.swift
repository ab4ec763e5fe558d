// SPDX-License-Identifier: Apache-2.0

import Glibc

extension CommitRun {
    /// Moves whole folders to the undo store where everything in them goes and nothing speaks against it; the rest is
    /// left to be deleted piece by piece.
    ///
    /// Removing installed packages or build products is common, and one rename does it.
    ///
    /// - Returns: Every path that is gone.
    mutating func deleteTrees(_ entries: [LayerEntry], open: Set<LayerPath>) throws(LayerError) -> Set<LayerPath> {
        var gone: Set<LayerPath> = []
        guard let journal else { return gone }
        var index = 0
        while index < entries.count {
            let top = entries[index]
            var end = index + 1
            guard top.change == .deleted, top.kind == .directory else {
                index = end
                continue
            }
            while end < entries.count, entries[end].path.isWithin(top.path) { end += 1 }
            let group = entries[index..<end]
            let whole = group.allSatisfy { $0.change == .deleted && open.contains($0.path) }
            guard whole, try deleteTree(top, group, journal) else {
                index += 1
                continue
            }
            gone.formUnion(group.map(\.path))
            report.committed += group
            touched.insert(top.path.parent)
            index = end
        }
        return gone
    }

    private mutating func deleteTree(
        _ top: LayerEntry, _ group: ArraySlice<LayerEntry>, _ journal: UndoJournal
    ) throws(LayerError) -> Bool {
        do throws(CommitStop) {
            let parent = try parent(of: top.path)
            guard let current = try original(of: top, in: parent), current.kind == .directory else { return false }
            let aside = try temporaryName()
            let before = UndoState(current.stat)
            let record = UndoRecord(.deletedTree, top.path, before: before, after: nil, aside: aside)
            let number = try Self.storeStep { () throws(LayerError) in try journal.intend(record) }
            let name = top.path.name
            try Self.entryStep { () throws(LayerError) in
                try LayerSystem.rename(parent, name, to: parent, aside, .mustBeFree)
            }
            let kept = keepTree(aside, in: parent, top, group, journal, number)
            guard kept else {
                try Self.storeStep { () throws(LayerError) in
                    try LayerSystem.rename(parent, aside, to: parent, name, .mustBeFree)
                }
                return false
            }
            try Self.storeStep { () throws(LayerError) in try journal.done(record, number) }
            return true
        } catch {
            if case .failed(let failure) = error { throw failure }
            return false
        }
    }

    // Looked at where it stands aside, where no path leads any more: nothing can join it between the look and the move
    // but what has it open already.
    private func keepTree(
        _ aside: [UInt8], in parent: LayerDescriptor, _ top: LayerEntry, _ group: ArraySlice<LayerEntry>,
        _ journal: UndoJournal, _ number: Int
    ) -> Bool {
        do throws(LayerError) {
            guard let node = try LayerNode.find(aside, in: parent), node.kind == .directory else { return false }
            var expected: [LayerPath: LayerKind] = [:]
            for entry in group { expected[entry.path] = entry.kind }
            guard try isExpected(node, at: top.path, expected) else { return false }
            try journal.keepTree(aside, from: parent, number: number)
            return true
        } catch {
            return false
        }
    }

    private func isExpected(
        _ node: LayerNode, at path: LayerPath, _ expected: [LayerPath: LayerKind]
    ) throws(LayerError) -> Bool {
        guard expected[path] == node.kind, judge.refusal(ofDeleting: path, node) == nil else { return false }
        switch node.kind {
        case .file, .symlink: return options.snapshot.isUnchanged(path, node.stat)
        case .directory:
            let folder = try node.openFolder()
            for name in try LayerSystem.list(folder, limit: options.limits.entries) {
                let child = try path.appending(name)
                guard let inner = try LayerNode.find(name, in: folder), try isExpected(inner, at: child, expected)
                else {
                    return false
                }
            }
            return true
        default: return false
        }
    }
}
