// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why one entry is not written.
enum CommitStop: Error {
    case refused(LayerRefusal)
    case conflict(LayerConflict)
    /// The whole commit must stop.
    case failed(LayerError)
}

/// One commit as it runs: deletions from the deepest up, then what is written from the top down, then folders' modes.
struct CommitRun {
    let trees: LayerTrees
    let judge: LayerJudge
    let options: LayerCommit.Options
    let journal: UndoJournal?
    var report = LayerCommit.Report()
    var touched: Set<LayerPath> = []
    private var bytesLeft: UInt64

    init(trees: LayerTrees, judge: LayerJudge, options: LayerCommit.Options, journal: UndoJournal?) {
        self.trees = trees
        self.judge = judge
        self.options = options
        self.journal = journal
        bytesLeft = options.limits.totalBytes
    }

    mutating func perform(_ entries: [LayerEntry]) throws(LayerError) {
        var open: [LayerEntry] = []
        for entry in entries {
            if let refusal = entry.refusal {
                report.refused.append((entry, refusal))
            } else if let reason = options.refuse(entry) {
                report.refused.append((entry, .notPermitted(reason)))
            } else {
                open.append(entry)
            }
        }
        try journal?.plan(open)
        let gone = try deleteTrees(entries, open: Set(open.map(\.path)))
        for entry in open.reversed() where entry.change == .deleted && !gone.contains(entry.path) {
            try attempt(entry) { (run) throws(CommitStop) in try run.delete(entry) }
        }
        var folders: [LayerEntry] = []
        for entry in open where entry.change != .deleted {
            let written = try attempt(entry) { (run) throws(CommitStop) in try run.write(entry) }
            if written && entry.kind == .directory { folders.append(entry) }
        }
        for entry in folders.reversed() {
            try settle(entry) { (run) throws(CommitStop) in try run.setFolderMode(entry) }
        }
        try synchronize()
    }

    // MARK: Outcomes

    @discardableResult
    private mutating func attempt(
        _ entry: LayerEntry, _ work: (inout CommitRun) throws(CommitStop) -> Void
    ) throws(LayerError) -> Bool {
        do throws(CommitStop) {
            try work(&self)
            report.committed.append(entry)
            touched.insert(entry.path.parent)
            return true
        } catch {
            switch error {
            case .refused(let reason): report.refused.append((entry, reason))
            case .conflict(let reason): report.conflicts.append((entry, reason))
            case .failed(let failure): throw failure
            }
            return false
        }
    }

    // A folder's mode is the last touch on an entry that was reported already.
    private mutating func settle(
        _ entry: LayerEntry, _ work: (inout CommitRun) throws(CommitStop) -> Void
    ) throws(LayerError) {
        do throws(CommitStop) { try work(&self) } catch {
            report.committed.removeAll { $0.path == entry.path }
            switch error {
            case .refused(let reason): report.refused.append((entry, reason))
            case .conflict(let reason): report.conflicts.append((entry, reason))
            case .failed(let failure): throw failure
            }
        }
    }

    private func synchronize() throws(LayerError) {
        for path in touched {
            let folder = path.isRoot ? trees.workspace : try? LayerSystem.open(trees.workspace, path.bytes, .folder)
            if let folder { try LayerSystem.synchronize(folder) }
        }
    }

    // MARK: Steps

    /// Runs a call whose failure concerns this entry alone.
    static func entryStep<Value>(_ call: () throws(LayerError) -> Value) throws(CommitStop) -> Value {
        do throws(LayerError) {
            return try call()
        } catch {
            // A full or failing disk ends the commit; everything else is about this entry.
            if error.errno == ENOSPC || error.errno == EDQUOT || error.errno == EIO { throw .failed(error) }
            throw .refused(error.code == .limit ? .tooLarge : .unreadable(error.errno))
        }
    }

    /// Runs a call of the undo store, without which the commit may not go on.
    static func storeStep<Value>(_ call: () throws(LayerError) -> Value) throws(CommitStop) -> Value {
        do throws(LayerError) { return try call() } catch { throw .failed(error) }
    }

    func parent(of path: LayerPath) throws(CommitStop) -> LayerDescriptor {
        if path.parent.isRoot { return trees.workspace }
        do throws(LayerError) {
            return try LayerSystem.open(trees.workspace, path.parent.bytes, .folder)
        } catch {
            switch error.errno {
            case ENOENT, ENOTDIR, ELOOP, EXDEV: throw .refused(.parentNotAFolder)
            default: throw .refused(.unreadable(error.errno))
            }
        }
    }

    mutating func spend(_ bytes: UInt64) throws(CommitStop) {
        guard bytes <= bytesLeft, bytes <= options.limits.fileBytes else { throw .refused(.tooLarge) }
        bytesLeft -= bytes
    }

    /// What stands in the workspace, provided that it is what the agent saw.
    func original(of entry: LayerEntry, in parent: LayerDescriptor) throws(CommitStop) -> LayerNode? {
        let name = entry.path.name
        let current = try Self.entryStep { () throws(LayerError) in try LayerNode.find(name, in: parent) }
        guard let previous = entry.previousKind else {
            if current == nil, entry.isMasked || options.snapshot.existed(entry.path) == true {
                throw .conflict(.vanishedOutside)
            }
            if let current, entry.kind == .directory, current.kind == .directory { return current }
            if current != nil { throw .conflict(entry.isMasked ? .masked("it was hidden") : .appearedOutside) }
            return nil
        }
        guard let current else { throw .conflict(.vanishedOutside) }
        guard current.kind == previous else { throw .conflict(.changedOutside) }
        if previous != .directory, !options.snapshot.isUnchanged(entry.path, current.stat) {
            throw .conflict(.changedOutside)
        }
        return current
    }

    /// A fresh name for work in a folder; never one that the layer chose.
    func temporaryName() throws(CommitStop) -> [UInt8] {
        let random = try Self.entryStep { () throws(LayerError) in try LayerSystem.random(12) }
        let prefix = journal?.asidePrefix ?? Array(".agentkit-".utf8)
        return prefix + Array(random.map { PrintableText.hex(UInt32($0), width: 2) }.joined().utf8)
    }
}
