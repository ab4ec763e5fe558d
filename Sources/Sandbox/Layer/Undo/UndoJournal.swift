// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes one commit's manifest and takes its originals.
///
/// Every path that will be touched is on disk before the first one is, so that after a crash the commit is known to be
/// unfinished. An original that was on its way then stands in its folder under a name that begins with ``asidePrefix``.
/// Used by one thread.
final class UndoJournal {
    let identifier: String
    private let folder: LayerDescriptor
    private let content: LayerDescriptor
    private let manifest: LayerDescriptor
    private var next = 0

    init(identifier: String, folder: LayerDescriptor) throws(LayerError) {
        self.identifier = identifier
        self.folder = folder
        content = try LayerSystem.open(folder, UndoStore.content, .folder)
        manifest = try LayerSystem.open(folder, UndoStore.manifest, .append)
    }

    /// How names begin under which this commit sets originals and new files aside.
    var asidePrefix: [UInt8] { Array(".agentkit-\(identifier)-".utf8) }

    /// Writes down what will be touched and waits for the disk.
    func plan(_ entries: [LayerEntry]) throws(LayerError) {
        for entry in entries {
            try append(UndoRecord(.replaced, entry.path, before: nil, after: nil), .planned, -1)
        }
        try LayerSystem.synchronize(manifest)
        try LayerSystem.synchronize(folder)
    }

    func intend(_ record: UndoRecord) throws(LayerError) -> Int {
        let number = next
        next += 1
        try append(record, .intent, number)
        return number
    }

    func done(_ record: UndoRecord, _ number: Int?) throws(LayerError) {
        guard let number else { return }
        try append(record, .done, number)
    }

    /// Moves or copies an original into the store and takes it away from where it stood.
    func keep(_ name: [UInt8], from source: LayerDescriptor, number: Int) throws(LayerError) {
        try UndoTransfer.move(name, from: source, to: content, Array(String(number).utf8))
    }

    /// Moves a whole folder into the store; fails with `EXDEV` where that is on another file system.
    func keepTree(_ name: [UInt8], from source: LayerDescriptor, number: Int) throws(LayerError) {
        try LayerSystem.rename(source, name, to: content, Array(String(number).utf8), .mustBeFree)
    }

    /// Says that every step has its result.
    func finish() throws(LayerError) {
        try append(UndoRecord(.replaced, .root, before: nil, after: nil), .finished, -1)
        try LayerSystem.synchronize(manifest)
        try LayerSystem.synchronize(content)
        try LayerSystem.synchronize(folder)
    }

    private func append(_ record: UndoRecord, _ progress: UndoManifest.Progress, _ number: Int) throws(LayerError) {
        let line = UndoManifest.Line(number: number, progress: progress, record: record)
        try LayerSystem.write(manifest, UndoManifest.encode(line)[...])
    }
}

/// Moves a file or link between folders, also across file systems.
enum UndoTransfer {
    static func move(
        _ name: [UInt8], from source: LayerDescriptor, to target: LayerDescriptor, _ newName: [UInt8]
    ) throws(LayerError) {
        do throws(LayerError) {
            return try LayerSystem.rename(source, name, to: target, newName, .mustBeFree)
        } catch {
            guard error.errno == EXDEV else { throw error }
        }
        guard let node = try LayerNode.find(name, in: source) else { throw LayerError(.system, .rename, errno: ENOENT) }
        do throws(LayerError) {
            try copy(node, to: target, newName)
        } catch {
            try? LayerSystem.remove(target, newName)
            throw error
        }
        try LayerSystem.remove(source, name)
    }

    /// Copies bytes or target, owner where permitted, mode and modification time, and waits for the disk.
    static func copy(_ node: LayerNode, to folder: LayerDescriptor, _ name: [UInt8]) throws(LayerError) {
        if node.kind == .symlink {
            try LayerSystem.makeLink(folder, name, target: try node.target())
            if LayerSystem.isSuperuser { try LayerSystem.setOwner(folder, name, node.stat.owner, node.stat.group) }
            return try LayerSystem.setModified(folder, name, node.stat.modified)
        }
        let source = try node.openFile()
        let file = try LayerSystem.open(folder, name, .create(mode: 0o600))
        if !LayerSystem.clone(from: source, to: file) {
            _ = try LayerStream.copy(from: source, to: file, limit: .max)
        }
        if LayerSystem.isSuperuser { try LayerSystem.setOwner(file, node.stat.owner, node.stat.group) }
        try LayerSystem.setMode(file, node.stat.mode & 0o7777)
        try LayerSystem.setModified(file, node.stat.modified)
        try LayerSystem.synchronize(file)
    }
}
