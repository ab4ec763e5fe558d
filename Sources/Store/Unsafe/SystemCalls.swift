// SPDX-License-Identifier: Apache-2.0
internal import AgentCore
internal import Glibc

/// A descriptor that is closed when its owner goes away.
struct OwnedDescriptor: ~Copyable {
    let number: CInt

    init(_ number: CInt) { self.number = number }

    deinit { _ = close(number) }
}

/// What the kernel says about an open file.
struct FileFacts {
    let owner: UInt32
    let mode: UInt32
    let links: UInt64
    let sizeBytes: Int64
    let isFolder: Bool
    let isRegular: Bool

    /// Whether someone beside the owner may write.
    var isWritableByOthers: Bool { mode & 0o022 != 0 }
    /// Whether someone beside the owner may do anything.
    var isOpenToOthers: Bool { mode & 0o077 != 0 }
}

/// The system calls that private files need. Each gives the error number instead of throwing.
enum SystemCalls {
    struct Failure: Error { let number: CInt }

    static var readOnly: CInt { O_RDONLY }
    static var makeNew: CInt { O_WRONLY | O_CREAT | O_EXCL }
    static var openOrMake: CInt { O_RDWR | O_CREAT }

    static func openFolder(_ path: String) throws(Failure) -> OwnedDescriptor {
        // SAFETY: the string is passed for the length of the call, which only reads it.
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return OwnedDescriptor(try checked(number))
    }

    static func makeFolder(_ path: String) throws(Failure) {
        // SAFETY: the string is passed for the length of the call, which only reads it.
        _ = try checked(unsafe mkdir(path, 0o700))
    }

    static func openFile(
        _ name: String, in folder: borrowing OwnedDescriptor, flags: CInt
    ) throws(Failure) -> OwnedDescriptor {
        // SAFETY: the string is passed for the length of the call, which only reads it.
        let number = unsafe openat(folder.number, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        return OwnedDescriptor(try checked(number))
    }

    static func facts(_ file: borrowing OwnedDescriptor) throws(Failure) -> FileFacts {
        var status = stat()
        // SAFETY: the kernel fills a structure that outlives the call.
        _ = try checked(unsafe fstat(file.number, &status))
        return FileFacts(
            owner: status.st_uid, mode: status.st_mode & 0o7777, links: UInt64(status.st_nlink),
            sizeBytes: Int64(status.st_size), isFolder: status.st_mode & S_IFMT == S_IFDIR,
            isRegular: status.st_mode & S_IFMT == S_IFREG)
    }

    static func readAll(_ file: borrowing OwnedDescriptor, limitBytes: Int) throws(Failure) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while content.count <= limitBytes {
            // SAFETY: the kernel writes at most `chunk.count` bytes into an array of that size.
            let count = try checked(unsafe read(file.number, &chunk, chunk.count))
            if count == 0 { break }
            content.append(contentsOf: chunk[..<count])
        }
        return content
    }

    static func writeAll(_ bytes: [UInt8], to file: borrowing OwnedDescriptor) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let rest = Array(bytes[written...])
            // SAFETY: the kernel reads `rest.count` bytes from an array of that size.
            written += try checked(unsafe write(file.number, rest, rest.count))
        }
    }

    static func flush(_ file: borrowing OwnedDescriptor) throws(Failure) {
        _ = try checked(fsync(file.number))
    }

    static func lockExclusively(_ file: borrowing OwnedDescriptor) throws(Failure) {
        while flock(file.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Failure(number: errno) }
        }
    }

    static func rename(_ old: String, to new: String, in folder: borrowing OwnedDescriptor) throws(Failure) {
        // SAFETY: both strings are passed for the length of the call, which only reads them.
        _ = try checked(unsafe renameat(folder.number, old, folder.number, new))
    }

    static func remove(_ name: String, in folder: borrowing OwnedDescriptor) {
        // SAFETY: the string is passed for the length of the call, which only reads it.
        _ = unsafe unlinkat(folder.number, name, 0)
    }

    /// Bytes that a plain user may still write on the folder's file system.
    static func freeBytes(_ folder: borrowing OwnedDescriptor) throws(Failure) -> Int64 {
        var status = statvfs()
        // SAFETY: the kernel fills a structure that outlives the call.
        _ = try checked(unsafe fstatvfs(folder.number, &status))
        let (bytes, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }

    static var effectiveUser: UInt32 { geteuid() }

    /// A clock in milliseconds, `nil` where the kernel doesn't have it.
    static func milliseconds(of clock: clockid_t) -> Int64? {
        var time = timespec()
        // SAFETY: the kernel fills a structure that outlives the call.
        guard unsafe clock_gettime(clock, &time) == 0 else { return nil }
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The kernel's name for this boot; a text that equals no other boot's where it can't be read.
    static func bootIdentifier() -> String {
        do throws(Failure) {
            // SAFETY: the string is passed for the length of the call, which only reads it.
            let file = OwnedDescriptor(
                try checked(unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)))
            let text = String(decoding: try readAll(file, limitBytes: 64), as: UTF8.self)
            return String(text.prefix { $0 != "\n" })
        } catch {
            return "unknown-\(UInt64.random(in: .min ... .max))"
        }
    }

    static var wallClock: clockid_t { CLOCK_REALTIME }
    static var bootClock: clockid_t { CLOCK_BOOTTIME }

    static func staged(facts file: borrowing OwnedDescriptor, _ stage: String) throws(StateError) -> FileFacts {
        do throws(Failure) { return try facts(file) } catch { throw error.stateError(stage) }
    }

    static func staged(
        reading file: borrowing OwnedDescriptor, limitBytes: Int, _ stage: String
    ) throws(StateError) -> [UInt8] {
        do throws(Failure) { return try readAll(file, limitBytes: limitBytes) } catch { throw error.stateError(stage) }
    }

    private static func checked<Number: FixedWidthInteger & SignedInteger>(_ result: Number) throws(Failure) -> Number {
        guard result >= 0 else { throw Failure(number: errno) }
        return result
    }
}

extension SystemCalls.Failure {
    var isMissing: Bool { number == ENOENT }
    var isTaken: Bool { number == EEXIST }

    /// The error for people; names no path.
    func stateError(_ stage: String) -> StateError {
        switch number {
        case ENOSPC, EDQUOT: StateError(.full, "\(stage) failed: no room is left on the state's disk; free some")
        case ELOOP: StateError(.invalid, "\(stage) failed: the file is a link; put the file itself there")
        case EACCES, EPERM, EROFS:
            StateError(.unavailable, "\(stage) failed: not allowed (errno \(number)); give this user the state folder")
        default: StateError(.unavailable, "\(stage) failed with errno \(number); check the state folder")
        }
    }
}

/// Runs system calls and names the stage in the error where one fails.
func staged<Result: ~Copyable>(
    _ stage: String, _ body: () throws(SystemCalls.Failure) -> Result
) throws(StateError) -> Result {
    do throws(SystemCalls.Failure) { return try body() } catch { throw error.stateError(stage) }
}
