// SPDX-License-Identifier: Apache-2.0

import Glibc

extension CommitRun {
    /// Writes what the layer added or changed.
    mutating func write(_ entry: LayerEntry) throws(CommitStop) {
        let parent = try parent(of: entry.path)
        let source = try source(of: entry)
        var current = try original(of: entry, in: parent)
        if entry.isMasked, let current, entry.mode & ~current.stat.mode & 0o077 != 0 {
            throw .conflict(.masked("others could read them"))
        }
        if entry.kind == .directory { return try writeFolder(entry, over: current, in: parent) }
        if entry.change == .modeChanged, let current { return try changeMode(entry, of: current) }
        if entry.kind == .file { try spend(source.stat.size) }
        let content = try judgedContent(of: entry, source, over: current)
        if let folder = current, folder.kind == .directory {
            try deleteFolder(entry.path, folder, in: parent)
            current = nil
        }
        let temporary = try temporaryName()
        let made = try create(temporary, for: entry, in: parent)
        do throws(CommitStop) {
            if let file = made.file {
                try fill(file, for: entry, from: source, content: content)
            }
            try giveOwner(temporary, over: current, in: parent)
            if let file = made.file {
                try giveAccessList(file, of: current)
                try Self.entryStep { () throws(LayerError) in
                    try LayerSystem.setMode(file, entry.mode & 0o777)
                    try LayerSystem.synchronize(file)
                }
            }
            try put(temporary, for: entry, content: content, over: current, in: parent)
        } catch {
            // After a swap that could not be taken back this name holds the developer's file, which must stay.
            let now = try? LayerSystem.stat(parent, name: temporary)
            if now?.inode == made.inode { try? LayerSystem.remove(parent, temporary) }
            throw error
        }
    }

    // MARK: Reading the layer

    /// The layer's inode, provided that it is still of the kind that the diff showed and may be committed.
    private func source(of entry: LayerEntry) throws(CommitStop) -> LayerNode {
        let found: LayerNode?
        do throws(LayerError) {
            found = try LayerNode.find(entry.path.bytes, in: trees.upper)
        } catch {
            throw .conflict(.changedSinceDiff)
        }
        guard let found, found.kind == entry.kind, found.stat.mode & 0o7777 == entry.mode else {
            throw .conflict(.changedSinceDiff)
        }
        var target: [UInt8]?
        if found.kind == .symlink {
            target = try Self.entryStep { () throws(LayerError) in try found.target() }
            guard target == entry.target else { throw .conflict(.changedSinceDiff) }
            try checkDestination(of: target ?? [], at: entry.path)
        }
        if entry.kind == .directory, entry.change == .modeChanged { return found }
        let special = found.stat.specialBits != 0 && found.kind == .file
        let leaves = target.map { !LinkRule.stays($0, at: entry.path) } ?? false
        if let refusal = judge.nameRefusal(entry.path, found.kind) { throw .refused(refusal) }
        if let previous = entry.previousKind, let refusal = judge.nameRefusal(entry.path, previous) {
            throw .refused(refusal)
        }
        if special { throw .refused(.specialBits) }
        if leaves { throw .refused(.linkLeaves) }
        return found
    }

    // A link may stay inside by its text and yet pass through one of the developer's own links that leads out.
    private func checkDestination(of target: [UInt8], at path: LayerPath) throws(CommitStop) {
        guard LinkRule.stays(target, at: path) else { throw .refused(.linkLeaves) }
        let base = path.parent.isRoot ? [] : path.parent.bytes + [UInt8(ascii: "/")]
        do throws(LayerError) {
            _ = try LayerSystem.open(trees.workspace, base + target, .handle, resolve: LayerSystem.following)
        } catch {
            if error.errno == ENOENT || error.errno == ENOTDIR || error.errno == ELOOP { return }
            throw .refused(.linkLeaves)
        }
    }

    /// The bytes to write where they must be judged or changed first; `nil` where they are copied as they are.
    private func judgedContent(
        of entry: LayerEntry, _ source: LayerNode, over current: LayerNode?
    ) throws(CommitStop) -> [UInt8]? {
        guard entry.kind == .file else { return nil }
        let isConfiguration = judge.verdict(entry.path, .file) == .gitConfiguration
        guard isConfiguration || entry.isMasked else { return nil }
        let limit = options.limits.memoryBytes
        let bytes = try Self.entryStep { () throws(LayerError) in try source.content(limit: limit) }
        guard LayerDigest(of: bytes) == entry.digest else { throw .conflict(.changedSinceDiff) }
        if isConfiguration {
            var old: [UInt8]?
            if let current, current.kind == .file {
                old = try Self.entryStep { () throws(LayerError) in try current.content(limit: limit) }
            }
            let reasons = GitConfigurationRule.refusals(changing: old, to: bytes)
            if !reasons.isEmpty { throw .refused(.gitConfiguration(reasons)) }
        }
        guard entry.isMasked else { return bytes }
        switch options.restore(entry.path, bytes) {
        case .bytes(let restored): return restored
        case .conflict(let reason): throw .conflict(.masked(reason))
        }
    }

    // MARK: Writing the workspace

    private mutating func writeFolder(
        _ entry: LayerEntry, over current: LayerNode?, in parent: LayerDescriptor
    ) throws(CommitStop) {
        if let current {
            if current.kind == .directory { return }
            try deleteFile(entry.path, current, in: parent)
        }
        let mode = entry.mode & 0o777
        let after = UndoState(kind: .directory, mode: mode)
        let record = UndoRecord(.added, entry.path, before: nil, after: after)
        let number = try Self.storeStep { () throws(LayerError) in try journal?.intend(record) }
        let owner = try Self.entryStep { () throws(LayerError) in
            try LayerSystem.makeFolder(parent, entry.path.name, mode: 0o700)
            return try LayerSystem.stat(parent)
        }
        try Self.storeStep { () throws(LayerError) in try journal?.done(record, number) }
        guard LayerSystem.isSuperuser else { return }
        try Self.entryStep { () throws(LayerError) in
            try LayerSystem.setOwner(parent, entry.path.name, owner.owner, owner.group)
        }
    }

    /// Gives a folder its mode once everything in it is written.
    mutating func setFolderMode(_ entry: LayerEntry) throws(CommitStop) {
        let parent = try parent(of: entry.path)
        let name = entry.path.name
        let found = try Self.entryStep { () throws(LayerError) in try LayerNode.find(name, in: parent) }
        guard let found, found.kind == .directory else { return }
        let mode = entry.mode & 0o777 | found.stat.specialBits
        guard found.stat.mode & 0o7777 != mode else { return }
        let folder = try Self.entryStep { () throws(LayerError) in try found.openFolder() }
        try setMode(folder, entry.path, from: found.stat, to: mode)
    }

    private func changeMode(_ entry: LayerEntry, of current: LayerNode) throws(CommitStop) {
        guard current.kind == .file else { throw .conflict(.changedOutside) }
        let file = try Self.entryStep { () throws(LayerError) in try current.openFile() }
        try setMode(file, entry.path, from: current.stat, to: entry.mode & 0o777)
    }

    private func setMode(
        _ descriptor: LayerDescriptor, _ path: LayerPath, from stat: LayerStat, to mode: UInt32
    ) throws(CommitStop) {
        let after = UndoState(kind: stat.kind, mode: mode)
        let record = UndoRecord(.modeChanged, path, before: UndoState(stat), after: after)
        let number = try Self.storeStep { () throws(LayerError) in try journal?.intend(record) }
        try Self.entryStep { () throws(LayerError) in try LayerSystem.setMode(descriptor, mode) }
        try Self.storeStep { () throws(LayerError) in try journal?.done(record, number) }
    }

    private func create(
        _ temporary: [UInt8], for entry: LayerEntry, in parent: LayerDescriptor
    ) throws(CommitStop) -> (inode: UInt64, file: LayerDescriptor?) {
        try Self.entryStep { () throws(LayerError) in
            if entry.kind == .file {
                let file = try LayerSystem.open(parent, temporary, .create(mode: 0o600))
                return (try LayerSystem.stat(file).inode, file)
            }
            try LayerSystem.makeLink(parent, temporary, target: entry.target ?? [])
            return (try LayerSystem.stat(parent, name: temporary)?.inode ?? 0, nil)
        }
    }

    private func fill(
        _ file: LayerDescriptor, for entry: LayerEntry, from source: LayerNode, content: [UInt8]?
    ) throws(CommitStop) {
        guard let content else { return try copy(source, to: file, expecting: entry) }
        try Self.entryStep { () throws(LayerError) in try LayerSystem.write(file, content[...]) }
    }

    private func copy(_ source: LayerNode, to file: LayerDescriptor, expecting entry: LayerEntry) throws(CommitStop) {
        let (capability, digest) = try Self.entryStep { () throws(LayerError) in
            let input = try source.openFile()
            let capability = try LayerSystem.attribute(input, "security.capability")
            return (capability, try LayerStream.copy(from: input, to: file, limit: entry.size).digest)
        }
        if capability != nil { throw .refused(.fileCapability) }
        guard digest == entry.digest else { throw .conflict(.changedSinceDiff) }
    }

    // Without its access list the group bits, which then are only its mask, would open the file to the whole group.
    private func giveAccessList(_ file: LayerDescriptor, of current: LayerNode?) throws(CommitStop) {
        guard let current, current.kind == .file else { return }
        try Self.entryStep { () throws(LayerError) in
            let name = "system.posix_acl_access"
            guard let list = try LayerSystem.attribute(try current.openFile(), name) else { return }
            try LayerSystem.setAttribute(file, name, list)
        }
    }

    private func giveOwner(
        _ name: [UInt8], over current: LayerNode?, in parent: LayerDescriptor
    ) throws(CommitStop) {
        let (made, wanted) = try Self.entryStep { () throws(LayerError) in
            let made = try LayerSystem.stat(parent, name: name)
            if let current { return (made, current.stat) }
            return (made, try LayerSystem.stat(parent))
        }
        guard let made, made.owner != wanted.owner || made.group != wanted.group else { return }
        // What is new belongs to its maker, unless that is the superuser; what is replaced keeps its owner.
        if current == nil && !LayerSystem.isSuperuser { return }
        do throws(LayerError) {
            try LayerSystem.setOwner(parent, name, wanted.owner, wanted.group)
        } catch {
            throw .refused(.ownerWouldChange)
        }
    }

    /// Moves the finished file to its name, atomically, and keeps what stood there.
    private mutating func put(
        _ temporary: [UInt8], for entry: LayerEntry, content: [UInt8]?, over current: LayerNode?,
        in parent: LayerDescriptor
    ) throws(CommitStop) {
        let digest = content.map { LayerDigest(of: $0) } ?? entry.digest
        let mode = entry.kind == .file ? entry.mode & 0o777 : 0o777
        let after = UndoState(kind: entry.kind, mode: mode, digest: digest, target: entry.target)
        guard let current else {
            let record = UndoRecord(.added, entry.path, before: nil, after: after)
            let number = try Self.storeStep { () throws(LayerError) in try journal?.intend(record) }
            do throws(LayerError) {
                try LayerSystem.rename(parent, temporary, to: parent, entry.path.name, .mustBeFree)
            } catch {
                if error.errno == EEXIST { throw .conflict(.appearedOutside) }
                throw .refused(.unreadable(error.errno))
            }
            return try Self.storeStep { () throws(LayerError) in try journal?.done(record, number) }
        }
        let before = try Self.entryStep { () throws(LayerError) in try UndoState(current) }
        let record = UndoRecord(.replaced, entry.path, before: before, after: after, aside: temporary)
        let number = try Self.storeStep { () throws(LayerError) in try journal?.intend(record) }
        let swap: () throws(LayerError) -> Void = { () throws(LayerError) in
            try LayerSystem.rename(parent, temporary, to: parent, entry.path.name, .exchange)
        }
        try Self.entryStep(swap)
        guard try Self.isStill(current, at: temporary, in: parent) else {
            try Self.entryStep(swap)
            throw .conflict(.changedOutside)
        }
        try keep(temporary, in: parent, number: number, putBack: swap)
        if current.kind == .file, current.stat.links > 1 { report.splitLinks.append(entry.path) }
        try Self.storeStep { () throws(LayerError) in try journal?.done(record, number) }
    }
}
