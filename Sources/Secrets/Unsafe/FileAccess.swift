// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The few file operations that secrets need, each with its checks.
enum FileAccess {
    /// Reads a file that holds a secret: regular, the caller's or root's own, and closed to everyone else.
    static func readPrivate(_ path: String, limit: Int, stage: SecretsError.Stage) throws(SecretsError) -> [UInt8] {
        // SAFETY: the path lives through the call.
        let descriptor = unsafe openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw SecretsError(
                errno == ENOENT ? .notFound : .unavailable, stage,
                "the secret's file can't be opened (\(reason(errno))); check the path in the policy", errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        // SAFETY: `status` is ours and lives through the call.
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw SecretsError(
                .unavailable, stage, "the secret's file can't be examined (\(reason(errno)))", errno: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SecretsError(.permissions, stage, "the secret's file is no regular file; name a regular file")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw SecretsError(
                .permissions, stage, "the secret's file belongs to someone else; make it your own with `chown`")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SecretsError(.permissions, stage, "others may read the secret's file; close it with `chmod 600`")
        }
        return try readAll(descriptor, limit: limit, stage: stage)
    }

    /// Everything that a descriptor gives, up to `limit` bytes.
    static func readAll(_ descriptor: Int32, limit: Int, stage: SecretsError.Stage) throws(SecretsError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { target in
                // SAFETY: the buffer is `target.count` bytes and lives through the call.
                unsafe read(descriptor, target.baseAddress, target.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SecretsError(.unavailable, stage, "the file can't be read (\(reason(errno)))", errno: errno)
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw SecretsError(.tooLong, stage, "the file is larger than \(limit) bytes")
            }
            bytes += buffer[0..<count]
        }
    }

    /// Writes a file so that it is there whole or not at all, mode 0600, and durable when this returns.
    static func writePrivate(_ bytes: [UInt8], to path: String, stage: SecretsError.Stage) throws(SecretsError) {
        let temporary = "\(path).\(getpid()).new"
        // SAFETY: the path lives through the call.
        let descriptor = unsafe openat(AT_FDCWD, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw SecretsError(
                .unavailable, stage, "the vault can't be written (\(reason(errno))); check its folder", errno: errno)
        }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { source in
                // SAFETY: `written` is at most `source.count`; the rest lives through the call.
                unsafe write(descriptor, source.baseAddress?.advanced(by: written), source.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            written += count
        }
        let complete = written == bytes.count && fchmod(descriptor, 0o600) == 0 && fsync(descriptor) == 0
        let problem = errno
        close(descriptor)
        // SAFETY: both paths live through the calls.
        guard complete, unsafe rename(temporary, path) == 0 else {
            unsafe unlink(temporary)
            throw SecretsError(
                .unavailable, stage, "the vault can't be written (\(reason(problem))); it is as it was before",
                errno: problem)
        }
        syncFolder(of: path)
    }

    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        // SAFETY: the path lives through the call.
        let descriptor = unsafe openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The system's words for an error number.
    static func reason(_ number: Int32) -> String {
        switch number {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "permission denied"
        case EISDIR: "it is a folder"
        case ENOTDIR: "part of its path is no folder"
        case ENOSPC, EDQUOT: "no room is left"
        case EROFS: "the file system is read-only"
        case ELOOP: "it is a symbolic link"
        case EEXIST: "another write is going on, or one was cut off"
        default: "error \(number)"
        }
    }
}
