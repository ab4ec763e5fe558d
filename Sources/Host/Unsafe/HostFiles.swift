// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The few questions that putting a runtime together asks of the file system.
package enum HostFiles {
    /// The path with every link resolved, or `nil` where it leads nowhere.
    package static func realPath(_ path: String) -> String? {
        // SAFETY: realpath allocates the string it returns; it is copied and freed here.
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The path as seen from the working folder.
    package static func absolute(_ path: String) -> String {
        path.utf8.first == UInt8(ascii: "/") ? path : "\(StandardStreams.workingFolder() ?? "")/\(path)"
    }

    /// Where a path leads, links resolved as far as it exists; what doesn't exist yet keeps its name.
    package static func realLocation(_ path: String) -> String {
        var folder = absolute(path)
        var rest = ""
        while true {
            if let real = realPath(folder) { return rest.isEmpty ? real : (real == "/" ? "" : real) + rest }
            guard let slash = folder.lastIndex(of: "/") else { return folder + rest }
            rest = String(folder[slash...]) + rest
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
    }

    /// Whether something has this name, a dangling link included.
    package static func exists(_ path: String) -> Bool {
        var facts = stat()
        // SAFETY: the pointer is to a local variable and used only during the call.
        return unsafe lstat(path, &facts) == 0
    }

    /// Whether it is a folder, links followed.
    package static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        // SAFETY: as above.
        return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether only this user or root could change the file: it and every folder above belong to them and are closed to others.
    ///
    /// Where the name is a link, the link and its folders count as much as what it leads to: who may swap it chooses the file.
    package static func isTrustworthy(_ path: String) -> Bool {
        guard let real = realPath(path), hasTrustworthyOwners(real) else { return false }
        let named = absolute(path)
        return named == real || hasTrustworthyOwners(named)
    }

    private static func hasTrustworthyOwners(_ path: String) -> Bool {
        var current = path
        var isFile = true
        while true {
            var facts = stat()
            // SAFETY: as above.
            guard unsafe lstat(current, &facts) == 0 else { return false }
            guard facts.st_uid == 0 || facts.st_uid == geteuid() else { return false }
            let isLink = facts.st_mode & S_IFMT == S_IFLNK
            // A sticky folder such as /tmp lets nobody replace what others own; a file has no such excuse.
            let isSticky = !isFile && facts.st_mode & S_ISVTX != 0
            // A link's own permission bits mean nothing: only its owner and its folder do.
            guard facts.st_mode & 0o022 == 0 || isSticky || isLink else { return false }
            guard current != "/", let slash = current.lastIndex(of: "/") else { return true }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
            isFile = false
        }
    }

    /// A regular file's bytes; `nil` where it can't be read or is larger than the limit.
    package static func read(_ path: String, limitBytes: Int) -> [UInt8]? {
        // SAFETY: the path is a Swift string that outlives the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        // SAFETY: as above.
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= limitBytes else { return nil }
        var bytes: [UInt8] = []
        while bytes.count <= limitBytes {
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                // SAFETY: the buffer belongs to the array being made; read fills at most its length.
                count = max(0, unsafe Glibc.read(descriptor, buffer.baseAddress, 65_536))
            }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
        return nil
    }

    /// The names in a folder in byte order; empty where it can't be listed.
    package static func names(in folder: String) -> [String] {
        // SAFETY: opendir's result is used only until closedir, on this thread.
        guard let listing = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes a small file that only this user may read, replacing it in one step.
    package static func writePrivate(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600) -> Bool {
        let temporary = "\(path).\(getpid()).new"
        // SAFETY: the path is a Swift string that outlives the call.
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(mode))
        guard descriptor >= 0 else { return false }
        var written = 0
        while written < bytes.count {
            // SAFETY: the bytes outlive the call; the length is what is left of them.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe Glibc.write(descriptor, base + written, bytes.count - written)
            }
            guard count > 0 else { break }
            written += count
        }
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        // SAFETY: both paths are Swift strings that outlive the calls.
        guard isWhole, unsafe rename(temporary, path) == 0 else {
            unsafe unlink(temporary)
            return false
        }
        return true
    }

    /// Makes a folder of mode 0700 with the folders above it, where they are missing.
    package static func makeFolders(_ path: String) -> Bool {
        var current = ""
        for part in absolute(path).split(separator: "/") {
            current += "/\(part)"
            // SAFETY: the path is a Swift string that outlives the call.
            if unsafe mkdir(current, 0o700) != 0, errno != EEXIST { return false }
        }
        return isFolder(path)
    }
}
