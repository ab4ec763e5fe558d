// SPDX-License-Identifier: Apache-2.0

import Glibc

extension CommitRun {
    /// Removes what the layer removed, and keeps it.
    mutating func delete(_ entry: LayerEntry) throws(CommitStop) {
        let parent = try parent(of: entry.path)
        let name = entry.path.name
        let found = try Self.entryStep { () throws(LayerError) in try LayerNode.find(name, in: parent) }
        guard found != nil else { return }
        guard let current = try original(of: entry, in: parent) else { return }
        if let refusal = judge.refusal(ofDeleting: entry.path, current) { throw .refused(refusal) }
        switch current.kind {
        case .directory: try deleteFolder(entry.path, current, in: parent)
        case .file, .symlink: try deleteFile(entry.path, current, in: parent)
        default: throw .refused(.notAFile(current.kind))
        }
    }

    mutating func deleteFolder(
        _ path: LayerPath, _ current: LayerNode, in parent: LayerDescriptor
    ) throws(CommitStop) {
        let record = UndoRecord(.deleted, path, before: UndoState(current.stat), after: nil)
        let number = try Self.storeStep { () throws(LayerError) in try journal?.intend(record) }
        do throws(LayerError) {
            try LayerSystem.remove(parent, path.name, directory: true)
        } catch {
            throw .refused(
                error.errno == ENOTEMPTY || error.errno == EEXIST ? .folderNotEmpty : .unreadable(error.errno))
        }
        try Self.storeStep { () throws(LayerError) in try journal?.done(record, number) }
    }

    mutating func deleteFile(
        _ path: LayerPath, _ current: LayerNode, in parent: LayerDescriptor
    ) throws(CommitStop) {
        let before = try Self.entryStep { () throws(LayerError) in try UndoState(current) }
        let aside = try temporaryName()
        let record = UndoRecord(.deleted, path, before: before, after: nil, aside: aside)
        let number = try Self.storeStep { () throws(LayerError) in try journal?.intend(record) }
        try Self.entryStep { () throws(LayerError) in
            try LayerSystem.rename(parent, path.name, to: parent, aside, .mustBeFree)
        }
        // Between the look and the rename someone may have saved: then this is another file, and it goes back.
        guard try Self.isStill(current, at: aside, in: parent) else {
            try Self.entryStep { () throws(LayerError) in
                try LayerSystem.rename(parent, aside, to: parent, path.name, .mustBeFree)
            }
            throw .conflict(.changedOutside)
        }
        try keep(aside, in: parent, number: number) { () throws(LayerError) in
            try LayerSystem.rename(parent, aside, to: parent, path.name, .mustBeFree)
        }
        try Self.storeStep { () throws(LayerError) in try journal?.done(record, number) }
    }

    /// Moves an original to the undo store; where that fails, puts it back first.
    func keep(
        _ name: [UInt8], in folder: LayerDescriptor, number: Int?, putBack: () throws(LayerError) -> Void
    ) throws(CommitStop) {
        do throws(LayerError) {
            if let journal, let number {
                try journal.keep(name, from: folder, number: number)
            } else {
                try LayerSystem.remove(folder, name)
            }
        } catch {
            let cause = error
            try Self.storeStep(putBack)
            throw .failed(cause)
        }
    }

    static func isStill(_ node: LayerNode, at name: [UInt8], in folder: LayerDescriptor) throws(CommitStop) -> Bool {
        let now = try entryStep { () throws(LayerError) in try LayerSystem.stat(folder, name: name) }
        guard let now else { return false }
        return now.identity.isSame(beforeRename: node.stat.identity) && now.mode == node.stat.mode
    }
}
