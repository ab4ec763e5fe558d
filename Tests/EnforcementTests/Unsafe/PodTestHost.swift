// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What tests do outside the sandbox: the positive controls.
enum Outside {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var succeeded: Bool { status == 0 }
    }

    /// Starts a program of the host with the test's own authority and inherited descriptors.
    static func spawn(_ arguments: [String], output: Int32? = nil) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var pid: pid_t = 0
        // SAFETY: the strings are duplicated for the call and freed after it; the list ends with nil.
        unsafe posix_spawn_file_actions_init(&actions)
        if let output {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        }
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let result = unsafe posix_spawnp(&pid, arguments[0], &actions, nil, &pointers, environ)
        unsafe pointers.forEach { unsafe free($0) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        return result == 0 ? pid : -1
    }

    static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        // SAFETY: `status` outlives the call.
        while unsafe waitpid(pid, &status, 0) == -1, errno == EINTR {}
        return status
    }

    static func run(_ arguments: [String]) -> Outcome {
        let path = "/tmp/agentkit-output-\(UInt64.random(in: .min ... .max))"
        // SAFETY: strings are passed as C strings for the length of the call, here and below.
        let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer {
            close(file)
            _ = unsafe unlink(path)
        }
        let pid = spawn(arguments, output: file)
        guard pid > 0 else { return Outcome(status: -1, output: "") }
        let status = wait(pid)
        return Outcome(status: status, output: text(path) ?? "")
    }

    static func shell(_ script: String) -> Outcome { run(["/bin/sh", "-c", script]) }

    static func text(_ path: String) -> String? {
        // SAFETY: as above.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return text(of: file)
    }

    static func text(of file: Int32) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65536)
        while true {
            // SAFETY: the buffer holds as many bytes as are asked for.
            let count = unsafe read(file, &part, part.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }

    static func write(_ text: String, to path: String, mode: mode_t = 0o644) {
        // SAFETY: as above.
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        let bytes = [UInt8](text.utf8)
        // SAFETY: the array holds the bytes that are written.
        _ = unsafe Glibc.write(file, bytes, bytes.count)
        close(file)
    }

    static func environment(_ name: String) -> String? {
        // SAFETY: the result is copied before anything can change the environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    static func exists(_ path: String) -> Bool {
        // SAFETY: as above.
        unsafe access(path, F_OK) == 0
    }

    static func makeFolder(_ path: String, mode: mode_t = 0o755) {
        // SAFETY: as above.
        _ = unsafe mkdir(path, mode)
    }

    static func link(_ path: String, to target: String) {
        // SAFETY: as above.
        _ = unsafe symlink(target, path)
    }

    /// Processes of the host whose command line has this marker.
    static func processes(marked marker: String) -> [Int32] {
        shell("grep -al -- '\(marker)' /proc/[0-9]*/cmdline 2>/dev/null").output.split(separator: "\n").compactMap {
            line in
            let pid = line.split(separator: "/").dropFirst().first.flatMap { Int32($0) }
            guard let pid, pid != getpid() else { return nil }
            // The search itself has the marker in its own command line.
            let command = text("/proc/\(pid)/cmdline") ?? ""
            return command.contains("grep -al") || command.isEmpty || command.hasPrefix("grep") ? nil : pid
        }
    }

    /// A listening TCP socket on the loopback of the host: its descriptor and port.
    static func listener(stream: Bool) -> (descriptor: Int32, port: UInt16) {
        let file = socket(AF_INET, Int32((stream ? SOCK_STREAM : SOCK_DGRAM).rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the address outlives the calls and its size is passed.
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = unsafe bind(file, generic, length)
                _ = unsafe getsockname(file, generic, &length)
            }
        }
        if stream { listen(file, 16) }
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        return (file, UInt16(bigEndian: address.sin_port))
    }

    /// How many connections or datagrams have arrived.
    static func arrivals(_ listener: Int32, stream: Bool) -> Int {
        var count = 0
        var buffer = [UInt8](repeating: 0, count: 64)
        while true {
            // SAFETY: null addresses ask for none; the buffer holds what is asked for.
            let result = unsafe stream ? Int(accept(listener, nil, nil)) : recv(listener, &buffer, buffer.count, 0)
            if result < 0 { return count }
            if stream { close(Int32(result)) }
            count += 1
        }
    }

    static func isRoot() -> Bool { getuid() == 0 }
}

extension Outside {
    /// A descriptor that every child inherits: what a careless host leaves open.
    static func openLeaking(_ path: String) -> Int32 {
        // SAFETY: the string lives for the length of the call.
        unsafe open(path, O_RDONLY)
    }

    static func closeLeaking(_ descriptor: Int32) { close(descriptor) }
}

extension Outside {
    static func kill(_ pid: Int32) { _ = Glibc.kill(pid, SIGKILL) }

    /// Starts a script that inherits this process's message sockets: what a careless host leaks.
    static func spawnLeakingSockets(_ script: String) {
        var kind: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        for file in Int32(3)..<256 {
            // SAFETY: the result and its length outlive the call.
            let isSocket = unsafe getsockopt(file, SOL_SOCKET, SO_TYPE, &kind, &length) == 0
            if isSocket, kind == Int32(SOCK_SEQPACKET.rawValue) { _ = fcntl(file, F_SETFD, 0) }
        }
        // SAFETY: the string lives for the length of the call.
        let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        _ = spawn(["/bin/sh", script], output: null)
        close(null)
    }

    static func killSelf() { _ = Glibc.kill(getpid(), SIGKILL) }

    /// Looks until it is so, for five seconds: for what the kernel does on its own after a process has ended.
    static func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            usleep(10_000)
        }
        return condition()
    }

    static var processID: Int32 { getpid() }

    /// Process ids of this process's children.
    static var children: String {
        // The shell that looks is a child too.
        shell("for child in $(cat /proc/\(getpid())/task/*/children); do [ $child = $$ ] || echo $child; done").output
    }
}

extension Outside {
    static func write(bytes: [UInt8], to path: String) {
        // SAFETY: the string and the array live for the length of the calls.
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        _ = unsafe Glibc.write(file, bytes, bytes.count)
        close(file)
    }
}
