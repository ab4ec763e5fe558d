// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import Glibc

/// The workspace as the pod's programs see it, reached from the host through a descriptor of the merged view.
///
/// Every path is resolved by the kernel beneath that descriptor: no `..`, absolute link or magic link leads out of it. What is opened is looked
/// at before it is read, so that a FIFO can't block and a device is never touched. Reading and writing happen with the pod's file
/// identity, so that what is made belongs to the pod's user. Where the host is a plain user, this object can do no more than a program in
/// the pod. Where the host is root, the thread may keep capabilities over files: modes may not bind it as they bind a program, and the
/// boundary is the view beneath the descriptor.
struct MergedFiles: WorkspaceFiles {
    let pod: Pod
    let workspace: String
    let root: LayerDescriptor

    private static let mostEntries = 100_000

    init(pod: Pod, workspace: String) throws(LayerError) {
        self.pod = pod
        self.workspace = workspace
        root = try LayerDescriptor(duplicating: pod.merged.rawValue)
    }

    func read(_ path: String, offset: Int64, limitBytes: Int) async throws(FileError) -> FileContent {
        let relative = try relative(path)
        return try identified(path) {
            let handle = try LayerSystem.open(root, relative, .handle, resolve: LayerSystem.following)
            let facts = try LayerSystem.stat(handle)
            guard facts.kind == .file else { throw FileError(.notRegular, "`\(path)` is not a regular file") }
            let file = try LayerSystem.reopen(handle)
            guard lseek(file.raw, off_t(offset), SEEK_SET) >= 0 else { throw LayerError(.system, .read, errno: errno) }
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: min(limitBytes, 1 << 16))
            while bytes.count < limitBytes {
                let count = try LayerSystem.read(file, into: &chunk)
                if count == 0 { break }
                bytes += chunk[..<min(count, limitBytes - bytes.count)]
            }
            return FileContent(bytes: bytes, totalBytes: Int64(clamping: facts.size))
        }
    }

    func list(_ path: String) async throws(FileError) -> [FileEntry] {
        let relative = try relative(path)
        return try identified(path) {
            let folder = try LayerSystem.open(root, relative, .folder, resolve: LayerSystem.following)
            return try LayerSystem.list(folder, limit: Self.mostEntries).compactMap { name in
                // Gone between the listing and the look at it: it isn't there.
                guard let facts = try LayerSystem.stat(folder, name: name) else { return nil }
                return FileEntry(name: String(decoding: name, as: UTF8.self), kind: Self.kind(of: facts), size: Int64(clamping: facts.size))
            }
        }
    }

    func write(_ path: String, _ bytes: [UInt8]) async throws(FileError) {
        let relative = try relative(path)
        let parts = relative.split(separator: UInt8(ascii: "/")).map { Array($0) }
        guard let name = parts.last, relative != [UInt8(ascii: ".")] else { throw FileError(.notRegular, "`\(path)` is a folder") }
        try identified(path) {
            var folder = root
            for part in parts.dropLast() {
                if try LayerSystem.stat(folder, name: part) == nil { try LayerSystem.makeFolder(folder, part, mode: 0o755) }
                folder = try LayerSystem.open(folder, part, .folder)
            }
            let present = try LayerSystem.stat(folder, name: name)
            guard present == nil || present?.kind == .file else { throw FileError(.notRegular, "`\(path)` is not a regular file") }
            let temporary = Array(".agentkit-\(HexEncoding.encode(try LayerSystem.random(8)))".utf8)
            let file = try LayerSystem.open(folder, temporary, .create(mode: 0o644))
            do {
                try LayerSystem.write(file, bytes[...])
                if let present { try LayerSystem.setMode(file, present.permissions) }
                try LayerSystem.rename(folder, temporary, to: folder, name, .replace)
            } catch {
                try? LayerSystem.remove(folder, temporary)
                throw error
            }
        }
    }

    private static func kind(of facts: LayerStat) -> FileEntry.Kind {
        switch facts.kind {
        case .file: .file
        case .directory: .folder
        case .symlink: .link
        default: .other
        }
    }

    private func relative(_ path: String) throws(FileError) -> [UInt8] {
        guard let relative = WorkspacePath.relative(path, to: workspace), relative.utf8.first != UInt8(ascii: "/") else {
            throw FileError(.outside, "`\(path)` lies outside the workspace; give a path below it")
        }
        return relative.isEmpty ? [UInt8(ascii: ".")] : Array(relative.utf8)
    }

    private func identified<Value>(_ path: String, _ body: () throws -> Value) throws(FileError) -> Value {
        do { return try pod.withFileIdentity(body) } catch let error as FileError { throw error } catch let error as LayerError {
            throw Self.fileError(for: error, path)
        } catch {
            throw FileError(.io, "`\(path)` can't be reached: \(error)")
        }
    }

    private static func fileError(for error: LayerError, _ path: String) -> FileError {
        switch error.errno {
        case ENOENT, ENOTDIR: FileError(.notFound, "there is no `\(path)` in the workspace")
        case EXDEV, ELOOP: FileError(.outside, "`\(path)` leads out of the workspace through a link; it is not followed")
        case EACCES, EPERM: FileError(.refused, "the system refuses access to `\(path)`")
        case ENOSPC, EDQUOT: FileError(.io, "the session's layer is full; commit or discard changes")
        default: FileError(.io, "`\(path)` can't be read or written")
        }
    }
}
