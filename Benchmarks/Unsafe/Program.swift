// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Programs and files, as bare as the C library has them: what everything else is measured against.
enum Program {
    /// Starts a program with posix_spawn, its output thrown away, and waits for its end.
    ///
    /// - Returns: Its exit code, or `nil` where it could not be started or was killed.
    static func run(_ arguments: [String]) -> Int32? {
        guard let path = arguments.first else { return nil }
        // SAFETY: the strings live until they are freed below, after the child was started; the array ends with nil.
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for unsafe pointer in unsafe pointers { unsafe free(pointer) } }
        // SAFETY: the actions are initialised before use and destroyed once.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var child: pid_t = 0
        guard unsafe posix_spawnp(&child, path, &actions, nil, &pointers, environ) == 0 else { return nil }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return nil } }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
    }

    /// Opens a file, reads it and closes it.
    static func readFile(_ path: String, limitBytes: Int) -> Int {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return -1 }
        defer { close(file) }
        // SAFETY: the buffer belongs to the array being made; read fills at most its length.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limitBytes) { buffer, count in
            count = max(0, unsafe read(file, buffer.baseAddress, limitBytes))
        }
        return bytes.count
    }

    /// A file to which blocks are appended, each forced to the disk.
    struct DurableFile: ~Copyable {
        private let descriptor: Int32

        init?(_ path: String) {
            // SAFETY: the path is a string that lives during the call.
            descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            if descriptor < 0 { return nil }
        }

        deinit { close(descriptor) }

        /// Appends bytes and waits for the disk.
        func append(_ bytes: [UInt8]) -> Bool {
            // SAFETY: the length is the array's own.
            unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fdatasync(descriptor) == 0
        }
    }

    /// A folder of its own below `TMPDIR`, which everyone may enter.
    static func temporaryFolder(_ base: String) -> String? {
        var template = Array("\(base)/agentkit-bench.XXXXXX".utf8CString)
        // SAFETY: the array ends with a zero byte, and mkdtemp changes it in place.
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe mkdtemp(start) != nil
        }
        guard isMade else { return nil }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // SAFETY: the path is a string that lives during the call.
        return unsafe chmod(path, 0o755) == 0 ? path : nil
    }

    /// Makes a folder that everyone may enter; one that is there is fine.
    static func makeFolder(_ path: String) -> Bool {
        // SAFETY: the path is a string that lives during the call.
        unsafe mkdir(path, 0o755) == 0 || errno == EEXIST
    }

    /// Writes a new file that everyone may read, without waiting for the disk.
    static func write(_ path: String, _ bytes: [UInt8]) -> Bool {
        // SAFETY: the path lives during the call, and the length is the array's own.
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { return false }
        defer { close(file) }
        return unsafe Glibc.write(file, bytes, bytes.count) == bytes.count
    }

    /// Where a program is on the search path, or `nil`.
    static func find(_ name: String, in path: String) -> String? {
        for folder in path.split(separator: ":") {
            // SAFETY: the path is a string that lives during the call.
            if unsafe access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
        }
        return nil
    }
}
