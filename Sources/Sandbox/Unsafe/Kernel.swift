// SPDX-License-Identifier: Apache-2.0
internal import CSandbox
internal import Glibc

/// What `stat` says that matters here.
struct FileStatus: Sendable, Equatable {
    var device: UInt64
    var inode: UInt64
    var mode: UInt32
    var owner: UInt32
    var group: UInt32

    var isDirectory: Bool { mode & 0o170000 == 0o040000 }
    var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }
}

/// A kernel's refusal.
struct KernelError: Error {
    var errno: Int32
}

/// System calls with Swift values on both sides.
enum Kernel {
    static func check(_ result: Int64) throws(KernelError) -> Int64 {
        if result < 0 { throw KernelError(errno: Int32(truncatingIfNeeded: -result)) }
        return result
    }

    // MARK: Addresses, valid only inside the body

    static func withAddress(of string: String, _ body: (UInt64) -> Int64) -> Int64 {
        // SAFETY: the address is used by the system call in the body, which keeps nothing of it.
        unsafe string.withCString { body(UInt64(UInt(bitPattern: $0))) }
    }

    static func withAddress(of bytes: [UInt8], _ body: (UInt64) -> Int64) -> Int64 {
        // SAFETY: as above; callers pass the array's own length.
        unsafe bytes.withUnsafeBytes { body(UInt64(UInt(bitPattern: $0.baseAddress))) }
    }

    static func withAddress<Element: BitwiseCopyable>(of room: inout [Element], _ body: (UInt64) -> Int64) -> Int64 {
        // SAFETY: as above; the kernel writes no more than the array holds.
        unsafe room.withUnsafeMutableBytes { body(UInt64(UInt(bitPattern: $0.baseAddress))) }
    }

    // MARK: Calls

    static func call(
        _ number: Int64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0, _ d: UInt64 = 0, _ e: UInt64 = 0
    )
        throws(KernelError) -> Int64
    {
        try check(ak_syscall(number, a, b, c, d, e, 0))
    }

    static func descriptor(_ result: Int64) throws(KernelError) -> OwnedDescriptor {
        OwnedDescriptor(taking: Int32(truncatingIfNeeded: try check(result)))
    }

    static func open(_ path: String, flags: Int32, at directory: Int32 = AT_FDCWD) throws(KernelError)
        -> OwnedDescriptor
    {
        let result = withAddress(of: path) { address in
            ak_syscall(
                SystemCall.openat, UInt64(bitPattern: Int64(directory)), address,
                UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), 0, 0, 0)
        }
        return try descriptor(result)
    }

    static func status(_ path: String, followLinks: Bool) throws(KernelError) -> FileStatus {
        var raw = Glibc.stat()
        // SAFETY: `raw` outlives the call that fills it.
        let result = unsafe fstatat(AT_FDCWD, path, &raw, followLinks ? 0 : AT_SYMLINK_NOFOLLOW)
        if result != 0 { throw KernelError(errno: Glibc.errno) }
        return FileStatus(raw)
    }

    static func status(of descriptor: OwnedDescriptor) throws(KernelError) -> FileStatus {
        var raw = Glibc.stat()
        // SAFETY: `raw` outlives the call that fills it.
        if unsafe fstat(descriptor.rawValue, &raw) != 0 { throw KernelError(errno: Glibc.errno) }
        return FileStatus(raw)
    }

    static func readLink(_ path: String) throws(KernelError) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let capacity = UInt64(buffer.count)
        let count = withAddress(of: path) { path in
            withAddress(of: &buffer) { address in
                ak_syscall(SystemCall.readlinkat, UInt64(bitPattern: Int64(AT_FDCWD)), path, address, capacity, 0, 0)
            }
        }
        return String(decoding: buffer[..<Int(try check(count))], as: UTF8.self)
    }

    static func names(in directory: String) -> [String] {
        // SAFETY: the stream is used by this function alone and closed at its end; an entry's name is read before the next.
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Reads once. Empty at the end; nil when there is nothing to read now.
    static func read(_ descriptor: OwnedDescriptor, atMost limit: Int) throws(KernelError) -> [UInt8]? {
        var result: Int64 = 0
        // SAFETY: the kernel writes at most `limit` bytes into a buffer of that capacity, and `count` is what it wrote.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            result = ak_syscall(
                SystemCall.read, UInt64(descriptor.rawValue), UInt64(UInt(bitPattern: buffer.baseAddress)),
                UInt64(limit), 0, 0, 0)
            count = max(0, Int(result))
        }
        if result == -Int64(EAGAIN) || result == -Int64(EINTR) { return nil }
        _ = try check(result)
        return bytes
    }

    static func readFile(_ path: String) throws(KernelError) -> [UInt8] {
        let file = try open(path, flags: O_RDONLY)
        return try readToEnd(file)
    }

    static func readToEnd(_ file: OwnedDescriptor) throws(KernelError) -> [UInt8] {
        var all: [UInt8] = []
        while let part = try read(file, atMost: 65536), !part.isEmpty { all += part }
        return all
    }

    static func write(_ bytes: [UInt8], to descriptor: OwnedDescriptor) throws(KernelError) {
        var written = 0
        while written < bytes.count {
            let result = withAddress(of: bytes) { address in
                ak_syscall(
                    SystemCall.write, UInt64(descriptor.rawValue), address + UInt64(written),
                    UInt64(bytes.count - written), 0, 0, 0)
            }
            if result == -Int64(EINTR) { continue }
            written += Int(try check(result))
        }
    }

    /// A memory file, read-only for good once it is filled.
    static func sealedMemory(_ name: String, _ bytes: [UInt8], executable: Bool) throws(KernelError) -> OwnedDescriptor
    {
        let (cloexec, sealing, noExec, exec): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 8, 0x10)
        var file = memory(name, flags: cloexec | sealing | (executable ? exec : noExec))
        // Kernels before 6.3 don't know the two flags about execution and refuse them.
        if file == -Int64(EINVAL) { file = memory(name, flags: cloexec | sealing) }
        let descriptor = try descriptor(file)
        try write(bytes, to: descriptor)
        _ = try call(SystemCall.lseek, UInt64(descriptor.rawValue), 0, 0)
        let (addSeals, seals): (UInt64, UInt64) = (1033, 0x1 | 0x2 | 0x4 | 0x8)
        _ = try call(SystemCall.fcntl, UInt64(descriptor.rawValue), addSeals, seals)
        return descriptor
    }

    static func memory(_ name: String, flags: UInt64) -> Int64 {
        withAddress(of: name) { ak_syscall(SystemCall.memfdCreate, $0, flags, 0, 0, 0, 0) }
    }

    /// A pair of close-on-exec descriptors: a pipe's read and write end.
    static func pipe() throws(KernelError) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
        try pair { ak_syscall(SystemCall.pipe2, $0, UInt64(O_CLOEXEC), 0, 0, 0, 0) }
    }

    /// Two ends of a connection that keeps message boundaries.
    static func messageSockets() throws(KernelError) -> (OwnedDescriptor, OwnedDescriptor) {
        let (unix, seqpacketCloexec): (UInt64, UInt64) = (1, 5 | 0o2000000)
        let both = try pair { ak_syscall(SystemCall.socketpair, unix, seqpacketCloexec, 0, $0, 0, 0) }
        return (both.read, both.write)
    }

    private static func pair(_ make: (UInt64) -> Int64) throws(KernelError) -> (
        read: OwnedDescriptor, write: OwnedDescriptor
    ) {
        var ends: [Int32] = [-1, -1]
        _ = try check(withAddress(of: &ends, make))
        return (OwnedDescriptor(taking: ends[0]), OwnedDescriptor(taking: ends[1]))
    }

    static func setNonBlocking(_ descriptor: OwnedDescriptor) throws(KernelError) {
        _ = try call(SystemCall.fcntl, UInt64(descriptor.rawValue), UInt64(F_SETFL), UInt64(O_NONBLOCK))
    }

    /// Gives a pipe to the user who will write to it, who may open it again by `/dev/stdout` then.
    static func give(_ descriptor: OwnedDescriptor, to identity: PodIdentity) throws(KernelError) {
        guard identity.isRootHost else { return }
        _ = try call(SystemCall.fchown, UInt64(descriptor.rawValue), UInt64(identity.uid), UInt64(identity.gid))
    }

    static func event() throws(KernelError) -> OwnedDescriptor {
        try descriptor(ak_syscall(SystemCall.eventfd2, 0, UInt64(O_CLOEXEC | O_NONBLOCK), 0, 0, 0, 0))
    }

    static func processDescriptor(_ pid: Int32) throws(KernelError) -> OwnedDescriptor {
        try descriptor(ak_syscall(SystemCall.pidfdOpen, UInt64(pid), 0, 0, 0, 0, 0))
    }

    /// Waits until one of the descriptors can be read or the time is over; which can be read.
    static func wait(for descriptors: [Int32], milliseconds: Int32) -> [Bool] {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // SAFETY: the array holds as many entries as are passed.
        _ = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
        return polled.map { $0.revents != 0 }
    }

    /// Waits for the end of a child that is not visible to other waits, and takes it away.
    static func reap(_ process: OwnedDescriptor) {
        let (pidfd, exitedAnyKind): (UInt64, UInt64) = (3, 4 | 0x4000_0000)
        while ak_syscall(SystemCall.waitid, pidfd, UInt64(process.rawValue), 0, exitedAnyKind, 0, 0) == -Int64(EINTR) {}
    }

    static func kill(_ process: OwnedDescriptor) {
        _ = ak_syscall(SystemCall.pidfdSendSignal, UInt64(process.rawValue), UInt64(SIGKILL), 0, 0, 0, 0)
    }

    /// The most that this process may set a limit to.
    static func hardLimit(_ resource: Int32) -> UInt64 {
        var limits: [UInt64] = [UInt64.max, UInt64.max]
        let result = withAddress(of: &limits) { ak_syscall(SystemCall.prlimit64, 0, UInt64(resource), 0, $0, 0, 0) }
        return result < 0 ? 0 : limits[1]
    }

    /// A mount of a directory in which ids are shifted: the host's root needs it so that its files fit an unprivileged pod.
    static func idMappedTree(_ directory: OwnedDescriptor, uidMap: String, gidMap: String) throws(KernelError)
        -> OwnedDescriptor
    {
        let (uid, gid) = ([CChar](uidMap.utf8CString), [CChar](gidMap.utf8CString))
        // SAFETY: both arrays outlive the call; the lengths leave out the final zero.
        let made = unsafe ak_user_namespace(uid, UInt32(uid.count - 1), gid, UInt32(gid.count - 1))
        let namespace = try descriptor(Int64(made))
        let tree = try descriptor(onTree(SystemCall.openTree, directory, MountFlag.emptyPath | MountFlag.cloneTree, []))
        let attributes = MountFlag.attributes(set: MountFlag.idMap, namespace: UInt64(namespace.rawValue))
        // The structure holds only the namespace's number: its owner has to live until the call is done.
        _ = try withExtendedLifetime(namespace) { () throws(KernelError) in
            try check(onTree(SystemCall.mountSetattr, tree, MountFlag.emptyPath, attributes))
        }
        return tree
    }

    private static func onTree(_ number: Int64, _ tree: OwnedDescriptor, _ flags: UInt64, _ attributes: [UInt8])
        -> Int64
    {
        withAddress(of: "") { empty in
            withAddress(of: attributes) { bytes in
                ak_syscall(number, UInt64(tree.rawValue), empty, flags, bytes, UInt64(attributes.count), 0)
            }
        }
    }

    /// Runs a body with another file identity on this thread, for files in the pod's own file systems, which don't know the host's root.
    static func withFileIdentity<Value>(_ identity: PodIdentity, _ body: () throws -> Value) throws -> Value {
        guard identity.isRootHost else { return try body() }
        _ = try check(Int64(ak_assume_file_identity(identity.uid, identity.gid)))
        defer { _ = ak_assume_file_identity(userID, groupID) }
        return try body()
    }

    /// Starts a detached thread of our own for waiting, so that nothing blocks the cooperative pool.
    static func startThread(_ body: @escaping @Sendable () -> Void) throws(KernelError) {
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        // SAFETY: the box is retained for the thread, which releases it exactly once.
        let result = unsafe ak_start_thread(
            { context in
                let body = unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
                Kernel.blockSignals()
                body.run()
            }, unsafe box.toOpaque())
        if result < 0 {
            unsafe box.release()
            throw KernelError(errno: -result)
        }
    }

    /// A new folder that only this user may enter.
    static func makeTemporaryFolder(in parent: String) throws(KernelError) -> String {
        let path = "\(parent)/agentkit-\(UInt64.random(in: .min ... .max))"
        let here = UInt64(bitPattern: Int64(AT_FDCWD))
        _ = try check(withAddress(of: path) { ak_syscall(SystemCall.mkdirat, here, $0, 0o700, 0, 0, 0) })
        return path
    }

    static func removeEmptyFolder(_ path: String) {
        let (here, removeDirectory) = (UInt64(bitPattern: Int64(AT_FDCWD)), UInt64(0x200))
        _ = withAddress(of: path) { ak_syscall(SystemCall.unlinkat, here, $0, removeDirectory, 0, 0, 0) }
    }

    static func blockSignals() {
        var all = sigset_t()
        // SAFETY: the set outlives both calls.
        unsafe sigfillset(&all)
        _ = unsafe pthread_sigmask(SIG_SETMASK, &all, nil)
    }

    static var now: ContinuousClock.Instant { ContinuousClock.now }
    static var userID: UInt32 { geteuid() }
    static var groupID: UInt32 { getegid() }
    static var groups: [UInt32] {
        var room = [gid_t](repeating: 0, count: 65536)
        // SAFETY: the array holds as many entries as are passed.
        let count = unsafe getgroups(Int32(room.count), &room)
        return [UInt32](room.prefix(max(0, Int(count))))
    }
    static var processID: Int32 { getpid() }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

extension FileStatus {
    fileprivate init(_ raw: Glibc.stat) {
        self.init(
            device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino), mode: raw.st_mode, owner: raw.st_uid,
            group: raw.st_gid)
    }
}
