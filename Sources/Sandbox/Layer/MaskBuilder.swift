// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Builds the mask layer: redacted copies of the workspace's files that hold secrets, in folders like the workspace's
/// own.
package struct MaskBuilder: Sendable {
    /// Why a file could not be shown to the scanner.
    package enum Obstacle: Hashable, Sendable {
        /// Larger than the limit; its size in bytes.
        case tooLarge(UInt64)
        /// A system call failed with this error number.
        case unreadable(Int32)
    }

    /// What becomes of a file that can't be scanned.
    package enum Fallback: Hashable, Sendable {
        /// An empty stand-in takes its place.
        case hide
        /// The file is shown as it is; only for files that the caller knows.
        case show
    }

    /// A file that the agent sees only as its stand-in.
    package struct Masked: Hashable, Sendable {
        package let path: LayerPath
        /// The original, for the comparison at commit.
        package let identity: FileIdentity
        /// Of the original's bytes; `nil` where it could not be read.
        package let digest: LayerDigest?
        /// Why it is hidden as a whole; `nil` where a redacted copy stands.
        package let obstacle: Obstacle?
    }

    /// What was built and seen.
    package struct Result: Sendable {
        /// In order of path.
        package var masked: [Masked] = []
        /// Files shown although they could not be scanned, as the caller decided.
        package var shownUnscanned: [LayerPath] = []
        /// Folders that could not be read and mount points; an empty stand-in hides each.
        package var hiddenFolders: [LayerPath] = []
        /// Devices, FIFOs and sockets, which were not opened.
        package var notFiles: [LayerPath] = []
        /// Where the developer's own links of protected names lead; to be given to
        /// ``ProtectedNames/init(of:root:extra:)``.
        package var protectedTargets: [LayerPath] = []
        /// How every file and link stood, for ``LayerSnapshot/table(_:)``.
        package var identities: [LayerPath: FileIdentity] = [:]
        /// How many files were shown to the scanner, and their bytes.
        package var scannedFiles = 0
        package var scannedBytes: UInt64 = 0
        /// How many were not read since the caller knew them.
        package var knownFiles = 0
    }

    private let workspace: LayerDescriptor
    private let mask: LayerDescriptor
    private let limits: LayerLimits
    private let scanLimit: Int
    private let root: LayerPath?

    /// Says that a file with this identity was scanned before and held no secret, so that it is not read again. By
    /// default every file is read.
    ///
    /// An identity may be remembered only if its change time lay two seconds or more before the scan: a later write
    /// within the same clock tick would not show.
    package var isKnownClean: @Sendable (LayerPath, FileIdentity) -> Bool = { _, _ in false }

    /// Takes the workspace and an empty folder.
    ///
    /// - Parameters:
    ///   - root: The workspace's absolute path without the leading `/`, by which absolute link targets are recognised.
    ///   - scanLimit: Largest file that is read, in bytes. Default 16 MiB.
    package init(
        workspace: LayerDescriptor, mask: LayerDescriptor, root: LayerPath? = nil, scanLimit: Int = 16 << 20,
        limits: LayerLimits = LayerLimits()
    ) {
        self.root = root
        self.workspace = workspace
        self.mask = mask
        self.scanLimit = scanLimit
        self.limits = limits
    }

    /// Walks the whole workspace. Blocks; nothing is skipped in silence.
    ///
    /// - Parameters:
    ///   - fallback: Decides about a file that can't be scanned; by default it is hidden.
    ///   - redact: Returns the copy that the agent may see, or `nil` where the file holds no secret.
    /// - Throws: `LayerError`, where the mask would be incomplete. The pod must then not open.
    package func build(
        fallback: (LayerPath, Obstacle) -> Fallback = { _, _ in .hide },
        redact: (LayerPath, [UInt8]) -> [UInt8]?
    ) throws(LayerError) -> Result {
        var work = Work()
        try walk(workspace, at: .root, depth: 0, into: &work, fallback: fallback, redact: redact)
        // Only now, since a folder without the write bit could not be filled.
        for folder in work.folders.reversed() { try dress(folder.descriptor, like: folder.stat) }
        return work.result
    }

    private struct Work {
        var result = Result()
        var folders: [(descriptor: LayerDescriptor, stat: LayerStat)] = []
        var byPath: [LayerPath: LayerDescriptor] = [:]
    }

    private func walk(
        _ folder: LayerDescriptor, at path: LayerPath, depth: Int, into work: inout Work,
        fallback: (LayerPath, Obstacle) -> Fallback, redact: (LayerPath, [UInt8]) -> [UInt8]?
    ) throws(LayerError) {
        for name in try LayerSystem.list(folder, limit: limits.entries) {
            let child = try path.appending(name)
            guard let node = try entry(name, in: folder, at: child, into: &work) else { continue }
            switch node.kind {
            case .directory:
                guard depth + 1 < limits.depth else { throw LayerError(.limit, .mask) }
                guard let inner = try? node.openFolder() else {
                    try hide(node.stat, at: child, into: &work)
                    continue
                }
                try walk(inner, at: child, depth: depth + 1, into: &work, fallback: fallback, redact: redact)
            case .file:
                work.result.identities[child] = node.stat.identity
                try visit(node, at: child, into: &work, fallback: fallback, redact: redact)
            case .symlink:
                work.result.identities[child] = node.stat.identity
                if let target = ProtectedNames.protectedTarget(of: child, try node.target(), root: root) {
                    work.result.protectedTargets.append(target)
                }
            default: work.result.notFiles.append(child)
            }
        }
    }

    /// What stands at a name; `nil` where it is gone again, or a mount point, which is hidden: an overlay would show
    /// what lies under the mount.
    private func entry(
        _ name: [UInt8], in folder: LayerDescriptor, at path: LayerPath, into work: inout Work
    ) throws(LayerError) -> LayerNode? {
        do throws(LayerError) {
            return try LayerNode.find(name, in: folder)
        } catch {
            guard error.errno == EXDEV, let stat = try LayerSystem.stat(folder, name: name) else { throw error }
            try hide(stat, at: path, into: &work)
            return nil
        }
    }

    private func visit(
        _ node: LayerNode, at path: LayerPath, into work: inout Work,
        fallback: (LayerPath, Obstacle) -> Fallback, redact: (LayerPath, [UInt8]) -> [UInt8]?
    ) throws(LayerError) {
        if isKnownClean(path, node.stat.identity) {
            work.result.knownFiles += 1
            return
        }
        let content: [UInt8]
        do throws(LayerError) {
            content = try node.content(limit: scanLimit)
        } catch {
            let obstacle: Obstacle = error.code == .limit ? .tooLarge(node.stat.size) : .unreadable(error.errno)
            guard fallback(path, obstacle) == .hide else { return work.result.shownUnscanned.append(path) }
            try place([], like: node.stat, at: path, into: &work)
            return work.result.masked.append(
                Masked(path: path, identity: node.stat.identity, digest: nil, obstacle: obstacle))
        }
        work.result.scannedFiles += 1
        work.result.scannedBytes += UInt64(content.count)
        guard let redacted = redact(path, content) else { return }
        try place(redacted, like: node.stat, at: path, into: &work)
        work.result.masked.append(
            Masked(path: path, identity: node.stat.identity, digest: LayerDigest(of: content), obstacle: nil))
    }

    // MARK: Writing the mask

    private func place(
        _ bytes: [UInt8], like stat: LayerStat, at path: LayerPath, into work: inout Work
    ) throws(LayerError) {
        let parent = try maskFolder(path.parent, into: &work)
        let file = try LayerSystem.open(parent, path.name, .create(mode: 0o600))
        try LayerSystem.write(file, bytes[...])
        try dress(file, like: stat)
    }

    private func hide(_ stat: LayerStat, at path: LayerPath, into work: inout Work) throws(LayerError) {
        work.result.hiddenFolders.append(path)
        guard stat.kind == .directory else { return try place([], like: stat, at: path, into: &work) }
        let parent = try maskFolder(path.parent, into: &work)
        let folder = try makeFolder(path.name, in: parent)
        try LayerSystem.setAttribute(folder, "user.overlay.opaque", [UInt8(ascii: "y")])
        work.folders.append((folder, stat))
    }

    private func maskFolder(_ path: LayerPath, into work: inout Work) throws(LayerError) -> LayerDescriptor {
        if path.isRoot { return mask }
        if let known = work.byPath[path] { return known }
        let parent = try maskFolder(path.parent, into: &work)
        guard let lower = try LayerNode.find(path.bytes, in: workspace), lower.kind == .directory else {
            throw LayerError(.system, .mask, errno: ENOTDIR)
        }
        let folder = try makeFolder(path.name, in: parent)
        work.folders.append((folder, lower.stat))
        work.byPath[path] = folder
        return folder
    }

    private func makeFolder(_ name: [UInt8], in parent: LayerDescriptor) throws(LayerError) -> LayerDescriptor {
        try LayerSystem.makeFolder(parent, name, mode: 0o700)
        return try LayerSystem.open(parent, name, .folder)
    }

    private func dress(_ descriptor: LayerDescriptor, like stat: LayerStat) throws(LayerError) {
        if LayerSystem.isSuperuser {
            // What root owns belongs to whoever makes the mask: inside a pod that is its user, as whom the workspace's mount shows root.
            let keep = UInt32.max
            try LayerSystem.setOwner(descriptor, stat.owner == 0 ? keep : stat.owner, stat.group == 0 ? keep : stat.group)
        }
        try LayerSystem.setMode(descriptor, stat.mode & (stat.kind == .directory ? 0o7777 : 0o777))
        try LayerSystem.setModified(descriptor, stat.modified)
    }
}
