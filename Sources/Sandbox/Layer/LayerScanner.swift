// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads an upper layer that an attacker wrote and lists what it changes.
///
/// Overlay facts (Documentation/filesystems/overlayfs.rst): a whiteout is a character device 0:0, or an empty file with
/// the `overlay.whiteout` attribute; a folder with `overlay.opaque` = `y` hides everything below it.
struct LayerScanner {
    let trees: LayerTrees
    let judge: LayerJudge
    let limits: LayerLimits
    private(set) var entries: [LayerEntry] = []
    private var bytesLeft: UInt64

    init(trees: LayerTrees, judge: LayerJudge, limits: LayerLimits) {
        self.trees = trees
        self.judge = judge
        self.limits = limits
        bytesLeft = limits.totalBytes
    }

    /// Lists every change, folders before what they hold.
    mutating func run() throws(LayerError) -> [LayerEntry] {
        try walk(trees.upper, lower: trees.lower, path: .root, opaque: false, depth: 0)
        entries.sort { $0.path < $1.path }
        return entries
    }

    private mutating func walk(
        _ upper: LayerDescriptor, lower: LowerFolder, path: LayerPath, opaque: Bool, depth: Int
    ) throws(LayerError) {
        var seen: Set<[UInt8]> = []
        for name in try LayerSystem.list(upper, limit: limits.entries) {
            seen.insert(name)
            do throws(LayerError) {
                let child = try path.appending(name)
                guard let node = try LayerNode.find(name, in: upper) else { continue }
                try visit(node, at: child, lower: lower, opaque: opaque, depth: depth)
            } catch {
                if error.code == .limit && entries.count >= limits.entries { throw error }
                try add(refusedAt: path, name: name, error: error)
            }
        }
        guard opaque else { return }
        for name in try lower.names(limit: limits.entries) where !seen.contains(name) {
            try deleteAll(at: try path.appending(name), in: lower, depth: depth)
        }
    }

    private mutating func visit(
        _ node: LayerNode, at path: LayerPath, lower: LowerFolder, opaque: Bool, depth: Int
    ) throws(LayerError) {
        let found = try lower.find(path.name)
        switch node.kind {
        case .whiteout: try deleteAll(at: path, in: lower, depth: depth)
        case .directory: try visitFolder(node, at: path, found: found, lower: lower, opaque: opaque, depth: depth)
        case .file: try visitFile(node, at: path, found: found, lower: lower, depth: depth)
        case .symlink: try visitLink(node, at: path, found: found, lower: lower, depth: depth)
        default: try add(change(found, to: node.kind), path, node, found, refusal: .notAFile(node.kind))
        }
    }

    // MARK: Kinds

    private mutating func visitFolder(
        _ node: LayerNode, at path: LayerPath, found: LowerNode?, lower: LowerFolder, opaque: Bool, depth: Int
    ) throws(LayerError) {
        guard depth + 1 < limits.depth else {
            return try add(change(found, to: .directory), path, node, found, refusal: .tooDeep)
        }
        let folder = try node.openFolder()
        let marks = try OverlayMarks(folder: folder)
        if marks.isRedirected {
            return try add(change(found, to: .directory), path, node, found, refusal: .redirected)
        }
        guard let found, !found.isHidden, found.node.kind == .directory else {
            try add(change(found, to: .directory), path, node, found)
            return try walk(folder, lower: .empty, path: path, opaque: false, depth: depth + 1)
        }
        if node.stat.mode & 0o7777 != found.node.stat.mode & 0o7777 {
            try add(.modeChanged, path, node, found)
        }
        let below = try lower.folder(path.name)
        try walk(folder, lower: below, path: path, opaque: opaque || marks.isOpaque, depth: depth + 1)
    }

    private mutating func visitFile(
        _ node: LayerNode, at path: LayerPath, found: LowerNode?, lower: LowerFolder, depth: Int
    ) throws(LayerError) {
        let file = try node.openFile()
        let marks = try OverlayMarks(file: file)
        if marks.isWhiteout && node.stat.size == 0 { return try deleteAll(at: path, in: lower, depth: depth) }
        guard node.stat.size <= limits.fileBytes, node.stat.size <= bytesLeft else {
            return try add(change(found, to: .file), path, node, found, refusal: .tooLarge)
        }
        bytesLeft -= node.stat.size
        var twin: LayerDescriptor?
        if let found, found.node.kind == .file, found.node.stat.size == node.stat.size {
            twin = try found.node.openFile()
        }
        let read = try LayerStream.digest(file, comparedWith: twin, limit: node.stat.size)
        let sameMode = node.stat.mode & 0o7777 == (found?.node.stat.mode ?? 0) & 0o7777
        if read.equal && sameMode && !marks.isRedirected { return }
        let change: LayerEntry.Change = read.equal ? .modeChanged : change(found, to: .file)
        let refusal: LayerRefusal? =
            if marks.isRedirected { .redirected } else if try LayerSystem.attribute(file, "security.capability") != nil
            {
                .fileCapability
            } else { nil }
        try add(change, path, node, found, digest: read.digest, refusal: refusal)
        if found?.node.kind == .directory { try deleteContents(at: path, in: lower, depth: depth) }
    }

    private mutating func visitLink(
        _ node: LayerNode, at path: LayerPath, found: LowerNode?, lower: LowerFolder, depth: Int
    ) throws(LayerError) {
        let target = try node.target()
        if let found, found.node.kind == .symlink, try found.node.target() == target { return }
        try add(change(found, to: .symlink), path, node, found, target: target)
        if found?.node.kind == .directory { try deleteContents(at: path, in: lower, depth: depth) }
    }

    // MARK: Deletions

    private mutating func deleteAll(at path: LayerPath, in lower: LowerFolder, depth: Int) throws(LayerError) {
        guard let found = try lower.find(path.name), !found.isHidden else { return }
        try add(deleted: path, found)
        if found.node.kind == .directory { try deleteContents(at: path, in: lower, depth: depth) }
    }

    private mutating func deleteContents(at path: LayerPath, in lower: LowerFolder, depth: Int) throws(LayerError) {
        guard depth + 1 < limits.depth else { throw LayerError(.limit, .scan) }
        let folder = try lower.folder(path.name)
        for name in try folder.names(limit: limits.entries) {
            try deleteAll(at: try path.appending(name), in: folder, depth: depth + 1)
        }
    }

    // MARK: Entries

    private func change(_ found: LowerNode?, to kind: LayerKind) -> LayerEntry.Change {
        guard let found, !found.isHidden else { return .added }
        return found.node.kind == kind ? .modified : .typeChanged
    }

    private mutating func add(
        _ change: LayerEntry.Change, _ path: LayerPath, _ node: LayerNode, _ found: LowerNode?,
        target: [UInt8]? = nil, digest: LayerDigest? = nil, refusal: LayerRefusal? = nil
    ) throws(LayerError) {
        let seen = found.flatMap { $0.isHidden ? nil : $0.node }
        let executable = node.kind == .file && node.stat.mode & 0o111 != 0
        let wasExecutable = seen?.kind == .file && (seen?.stat.mode ?? 0) & 0o111 != 0
        try append(
            LayerEntry(
                path: path, change: change, kind: node.kind, previousKind: seen?.kind, size: node.stat.size,
                mode: node.stat.mode & 0o7777, previousMode: seen.map { $0.stat.mode & 0o7777 },
                becomesExecutable: executable && !wasExecutable, target: target, digest: digest,
                executesElsewhere: ElsewhereKind.of(path), isMasked: found?.isMasked(limit: limits.fileBytes) ?? false,
                refusal: refusal ?? judge.refusal(of: path, change, node, target: target, was: seen)))
    }

    private mutating func add(deleted path: LayerPath, _ found: LowerNode) throws(LayerError) {
        let stat = found.node.stat
        try append(
            LayerEntry(
                path: path, change: .deleted, kind: found.node.kind, previousKind: found.node.kind, size: stat.size,
                mode: stat.mode & 0o7777, previousMode: stat.mode & 0o7777, becomesExecutable: false, target: nil,
                digest: nil, executesElsewhere: ElsewhereKind.of(path),
                isMasked: found.isMasked(limit: limits.fileBytes),
                refusal: judge.refusal(ofDeleting: path, found.node)))
    }

    private mutating func add(refusedAt path: LayerPath, name: [UInt8], error: LayerError) throws(LayerError) {
        let tooLong = error.code == .unsafePath || error.errno == ENAMETOOLONG
        // Where the path itself is too long the folder stands for it.
        let named = (try? path.appending(name)) ?? path
        let refusal: LayerRefusal = tooLong ? .tooDeep : error.code == .limit ? .tooLarge : .unreadable(error.errno)
        try append(
            LayerEntry(
                path: named, change: .added, kind: .unknown, previousKind: nil, size: 0, mode: 0, previousMode: nil,
                becomesExecutable: false, target: nil, digest: nil, executesElsewhere: nil, isMasked: false,
                refusal: refusal))
    }

    private mutating func append(_ entry: LayerEntry) throws(LayerError) {
        guard entries.count < limits.entries else { throw LayerError(.limit, .scan) }
        entries.append(entry)
    }
}

/// What the overlay wrote on an upper inode; both spellings, as the mount may be privileged or not.
struct OverlayMarks {
    private(set) var isOpaque = false
    private(set) var isWhiteout = false
    private(set) var isRedirected = false

    init(folder: LayerDescriptor) throws(LayerError) {
        for prefix in Self.prefixes {
            if try LayerSystem.attribute(folder, prefix + "opaque") == [UInt8(ascii: "y")] { isOpaque = true }
            if try LayerSystem.attribute(folder, prefix + "redirect") != nil { isRedirected = true }
        }
    }

    init(file: LayerDescriptor) throws(LayerError) {
        for prefix in Self.prefixes {
            if try LayerSystem.attribute(file, prefix + "whiteout") != nil { isWhiteout = true }
            for name in ["redirect", "metacopy"] {
                if try LayerSystem.attribute(file, prefix + name) != nil { isRedirected = true }
            }
        }
    }

    private static let prefixes = ["user.overlay.", "trusted.overlay."]
}
