// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Takes a commit back.
package struct LayerUndo: Sendable {
    private let workspace: LayerDescriptor
    private let store: UndoStore

    /// Takes the workspace that was committed to and the store that kept its originals.
    package init(workspace: LayerDescriptor, store: UndoStore) {
        self.workspace = workspace
        self.store = store
    }

    /// Puts bytes, modes, links and folders back as they were and removes what the commit added. Blocks.
    ///
    /// Nothing is touched where any path changed since the commit: those are returned, in order. An empty result means
    /// done, and the commit is forgotten. A commit that a crash cut short lists what has no known result as conflicts.
    ///
    /// - Throws: `LayerError`; `unknownCommit`, `damagedManifest`, or `system`, after which it may be tried again.
    package func apply(_ identifier: String) throws(LayerError) -> [LayerPath] {
        let folder = try store.open(identifier)
        guard let node = try LayerNode.find(UndoStore.manifest, in: folder) else {
            throw LayerError(.damagedManifest, .undo)
        }
        let lines = try UndoManifest.decode(try node.content(limit: 1 << 30))
        var steps: [Int: UndoManifest.Line] = [:]
        for line in lines where line.number >= 0 { steps[line.number] = line }
        let open = steps.values.filter { $0.progress == .done }.sorted { $0.number < $1.number }
        var conflicts = try self.conflicts(open.map(\.record))
        for line in steps.values where line.progress == .intent {
            let kept = try isKept(line.number, in: folder)
            let untouched = try neverHappened(line.record)
            if kept || !untouched { conflicts.insert(line.record.path) }
        }
        if !lines.contains(where: { $0.progress == .finished }) {
            // After a crash the last steps may be missing from the manifest: what was planned and has no result is not
            // known.
            let known = Set(steps.values.filter { $0.progress != .intent }.map(\.record.path))
            conflicts.formUnion(
                lines.filter { $0.progress == .planned }.map(\.record.path).filter { !known.contains($0) })
        }
        guard conflicts.isEmpty else { return conflicts.sorted() }
        try revert(open, in: folder)
        try store.drop(identifier)
        return []
    }

    // MARK: Looking first

    private func conflicts(_ records: [UndoRecord]) throws(LayerError) -> Set<LayerPath> {
        var latest: [LayerPath: UndoRecord] = [:]
        for record in records { latest[record.path] = record }
        var conflicts: Set<LayerPath> = []
        for (path, record) in latest where try !stands(record.after, at: path) { conflicts.insert(path) }
        for record in records where record.action == .added && record.after?.kind == .directory {
            for name in try names(in: record.path) {
                let child = try record.path.appending(name)
                if latest[child]?.after == nil { conflicts.insert(child) }
            }
        }
        return conflicts
    }

    // An intent without a result: a crash, or a step that the commit itself took back.
    private func neverHappened(_ record: UndoRecord) throws(LayerError) -> Bool {
        if let aside = record.aside, let name = try? record.path.parent.appending(aside),
            try LayerNode.find(name.bytes, orNilIn: workspace) != nil
        {
            return false
        }
        guard let before = record.before else {
            guard let after = record.after else { return true }
            return try !stands(after, at: record.path)
        }
        return try LayerNode.find(record.path.bytes, orNilIn: workspace)?.kind == before.kind
    }

    private func isKept(_ number: Int, in folder: LayerDescriptor) throws(LayerError) -> Bool {
        try LayerNode.find(Array("content/\(number)".utf8), in: folder) != nil
    }

    private func stands(_ state: UndoState?, at path: LayerPath) throws(LayerError) -> Bool {
        let node = try LayerNode.find(path.bytes, orNilIn: workspace)
        guard let state else { return node == nil }
        guard let node, node.kind == state.kind else { return false }
        if node.kind == .directory { return true }
        if node.kind == .symlink { return try node.target() == state.target }
        guard node.stat.permissions == state.mode & 0o777 else { return false }
        guard let digest = state.digest else { return true }
        return try LayerStream.digest(node.openFile(), comparedWith: nil, limit: .max).digest == digest
    }

    private func names(in path: LayerPath) throws(LayerError) -> [[UInt8]] {
        guard let node = try LayerNode.find(path.bytes, orNilIn: workspace), node.kind == .directory else { return [] }
        return try LayerSystem.list(try node.openFolder(), limit: 1_000_000)
    }

    // MARK: Taking back

    private func revert(_ lines: [UndoManifest.Line], in folder: LayerDescriptor) throws(LayerError) {
        let content = try LayerSystem.open(folder, UndoStore.content, .folder)
        let manifest = try LayerSystem.open(folder, UndoStore.manifest, .append)
        var touched: Set<LayerPath> = []
        for line in lines.reversed() {
            try revert(line.record, content: content, number: line.number)
            touched.insert(line.record.path.parent)
            var undone = line
            undone.progress = .undone
            try LayerSystem.write(manifest, UndoManifest.encode(undone)[...])
        }
        // Folders come back writable and get their own mode once they are filled.
        for line in lines where line.record.action == .deleted && line.record.before?.kind == .directory {
            guard let before = line.record.before else { continue }
            try setMode(before.mode, at: line.record.path)
        }
        for path in touched {
            if let parent = try? open(path) { try LayerSystem.synchronize(parent) }
        }
    }

    private func revert(_ record: UndoRecord, content: LayerDescriptor, number: Int) throws(LayerError) {
        let parent = try open(record.path.parent)
        let name = record.path.name
        let stored = Array(String(number).utf8)
        switch record.action {
        case .added where record.after?.kind == .directory:
            try LayerSystem.remove(parent, name, directory: true)
        case .added:
            let aside = try asideName()
            try LayerSystem.rename(parent, name, to: parent, aside, .mustBeFree)
            try removeOwn(aside, record, in: parent) { () throws(LayerError) in
                try LayerSystem.rename(parent, aside, to: parent, name, .mustBeFree)
            }
        case .replaced:
            let aside = try fetch(stored, from: content, to: parent)
            let swap: () throws(LayerError) -> Void = { () throws(LayerError) in
                try LayerSystem.rename(parent, aside, to: parent, name, .exchange)
            }
            try swap()
            try removeOwn(aside, record, in: parent) { () throws(LayerError) in
                try swap()
                try UndoTransfer.move(aside, from: parent, to: content, stored)
            }
        case .deletedTree:
            try LayerSystem.rename(content, stored, to: parent, name, .mustBeFree)
        case .deleted where record.before?.kind == .directory:
            try LayerSystem.makeFolder(parent, name, mode: 0o700)
            if LayerSystem.isSuperuser, let before = record.before {
                try LayerSystem.setOwner(parent, name, before.owner, before.group)
            }
        case .deleted:
            let aside = try fetch(stored, from: content, to: parent)
            try LayerSystem.rename(parent, aside, to: parent, name, .mustBeFree)
        case .modeChanged:
            if let before = record.before { try setMode(before.mode, at: record.path) }
        }
    }

    private func fetch(
        _ stored: [UInt8], from content: LayerDescriptor, to parent: LayerDescriptor
    ) throws(LayerError) -> [UInt8] {
        let aside = try asideName()
        try UndoTransfer.move(stored, from: content, to: parent, aside)
        return aside
    }

    private func asideName() throws(LayerError) -> [UInt8] {
        let random = try LayerSystem.random(12).map { PrintableText.hex(UInt32($0), width: 2) }.joined()
        return Array(".agentkit-\(random)".utf8)
    }

    // Someone may have saved since the look: what was set aside is removed only if it is still what the commit wrote.
    private func removeOwn(
        _ aside: [UInt8], _ record: UndoRecord, in parent: LayerDescriptor, putBack: () throws(LayerError) -> Void
    ) throws(LayerError) {
        if let path = try? record.path.parent.appending(aside), try stands(record.after, at: path) {
            return try LayerSystem.remove(parent, aside)
        }
        try putBack()
        throw LayerError(.system, .undo, errno: EBUSY)
    }

    private func setMode(_ mode: UInt32, at path: LayerPath) throws(LayerError) {
        guard let node = try LayerNode.find(path.bytes, in: workspace) else {
            throw LayerError(.system, .undo, errno: ENOENT)
        }
        try LayerSystem.setMode(node.kind == .directory ? node.openFolder() : node.openFile(), mode)
    }

    private func open(_ path: LayerPath) throws(LayerError) -> LayerDescriptor {
        path.isRoot ? workspace : try LayerSystem.open(workspace, path.bytes, .folder)
    }
}
