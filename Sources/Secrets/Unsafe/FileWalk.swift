// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Walks files below a path, through descriptors only: no symbolic link is followed, so nothing outside is read.
enum FileWalk {
    enum Visit {
        case file(path: String, bytes: [UInt8])
        case skipped(path: String, why: String)
    }

    /// Deeper trees are skipped and named.
    private static let deepest = 128

    /// Visits the file at `path`, or every file below it, in the order of names.
    static func visit(_ path: String, limit: Int, _ body: (Visit) -> Void) {
        // SAFETY: the path lives through the call. Only the path that the caller named may be a link itself.
        let descriptor = unsafe openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return body(.skipped(path: path, why: FileAccess.reason(errno))) }
        visit(descriptor, path: path, depth: 0, limit: limit, body)
    }

    /// Reads one file whole.
    static func read(_ path: String, limit: Int) throws(SecretsError) -> [UInt8] {
        // SAFETY: the path lives through the call.
        let descriptor = unsafe openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            throw SecretsError(
                .unavailable, .scan, "the file can't be opened (\(FileAccess.reason(errno)))", errno: errno)
        }
        defer { close(descriptor) }
        return try FileAccess.readAll(descriptor, limit: limit, stage: .scan)
    }

    /// Takes over `descriptor`.
    private static func visit(_ descriptor: Int32, path: String, depth: Int, limit: Int, _ body: (Visit) -> Void) {
        var status = stat()
        // SAFETY: `status` is ours and lives through the call.
        guard unsafe fstat(descriptor, &status) == 0 else {
            close(descriptor)
            return body(.skipped(path: path, why: FileAccess.reason(errno)))
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard depth < deepest else {
                close(descriptor)
                return body(.skipped(path: path, why: "deeper than \(deepest) folders"))
            }
            visitFolder(descriptor, path: path, depth: depth, limit: limit, body)
        case S_IFREG:
            defer { close(descriptor) }
            guard status.st_size <= limit else { return body(.skipped(path: path, why: "larger than \(limit) bytes")) }
            do {
                body(.file(path: path, bytes: try FileAccess.readAll(descriptor, limit: limit, stage: .scan)))
            } catch {
                body(.skipped(path: path, why: error.message))
            }
        default:
            close(descriptor)
        }
    }

    private static func visitFolder(_ descriptor: Int32, path: String, depth: Int, limit: Int, _ body: (Visit) -> Void)
    {
        // SAFETY: `fdopendir` takes the descriptor over; `closedir` gives it back.
        guard let folder = unsafe fdopendir(descriptor) else {
            close(descriptor)
            return body(.skipped(path: path, why: FileAccess.reason(errno)))
        }
        // SAFETY: as above.
        defer { unsafe _ = closedir(folder) }
        for name in unsafe names(folder).sorted() where !isStore(name, in: path) {
            let below = path.hasSuffix("/") ? path + name : path + "/" + name
            // SAFETY: the name lives through the call.
            let next = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
            guard next >= 0 else {
                if errno != ELOOP, errno != ENXIO { body(.skipped(path: below, why: FileAccess.reason(errno))) }
                continue
            }
            visit(next, path: below, depth: depth + 1, limit: limit, body)
        }
    }

    /// git's object store: compressed, and read through git where it must be.
    private static func isStore(_ name: String, in path: String) -> Bool {
        name == "objects" && (path == ".git" || path.hasSuffix("/.git"))
    }

    private static func names(_ folder: OpaquePointer) -> [String] {
        var names: [String] = []
        // SAFETY: the entry is read before the next call; its name ends in a zero inside its record.
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
