// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

// SAFETY: every string and buffer here lives through the call that it is given to, and argument lists end with nil.

/// How a shell script ended and what it said.
struct Outcome: CustomStringConvertible {
    let status: Int32
    let output: String

    var description: String { "status \(status): \(output)" }
}

/// A folder for one attack, with the program under attack at hand as `$agentkit`.
///
/// In scripts `$D` is the folder, `$W` the workspace in it, `$HOME` a home without anything.
struct Ground {
    let folder: String

    /// Where the programs of this build lie: beside the bundle of the tests.
    private static var programs: String {
        let bundle = CommandLine.arguments.first { $0.contains(".build/") || $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        let path = bundle.hasPrefix("/") ? bundle : "./" + bundle
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    init() throws {
        folder = "/var/tmp/agentkit-attack-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        // SAFETY: every string and buffer lives through the call that it is given to; the lists end with nil and are freed once.
        for path in [folder, "\(folder)/work", "\(folder)/home"] {
            try #require(unsafe mkdir(path, 0o755) == 0)
        }
    }

    /// Runs a script with nothing of the test's environment.
    @discardableResult
    func run(_ script: String, _ variables: [String: String] = [:]) -> Outcome {
        let own = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "\(folder)/home", "D": folder, "W": "\(folder)/work",
            "agentkit": "\(Self.programs)/agentkit", "AGENTKIT_STATE": "\(folder)/state",
        ].merging(variables) { _, given in given }
        let path = "\(folder)/output-\(UInt64.random(in: 0...UInt64.max))"
        // SAFETY: every string and buffer lives through the call that it is given to; the lists end with nil and are freed once.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = ["/bin/sh", "-c", script]
        let pairs = own.map { "\($0.key)=\($0.value)" }
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = unsafe pairs.map { unsafe strdup($0) } + [nil]
        // SAFETY: every string and buffer lives through the call that it is given to; the lists end with nil and are freed once.
        var pid: pid_t = 0
        let result = unsafe posix_spawn(&pid, "/bin/sh", &actions, nil, &arguments, &environment)
        unsafe arguments.forEach { unsafe free($0) }
        unsafe environment.forEach { unsafe free($0) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        guard result == 0 else { return Outcome(status: -1, output: "the shell did not start: \(result)") }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) == -1, errno == EINTR {}
        let text = read(path)
        unsafe unlink(path)
        return Outcome(status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F), output: text)
    }

    func write(_ text: String, to name: String) {
        // SAFETY: every string and buffer lives through the call that it is given to; the lists end with nil and are freed once.
        let file = unsafe open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        #expect(file >= 0)
        let bytes = Array(text.utf8)
        #expect(unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) } == bytes.count)
        close(file)
    }

    /// A file's text; empty where there is none.
    func read(_ path: String) -> String {
        // SAFETY: every string and buffer lives through the call that it is given to; the lists end with nil and are freed once.
        let file = unsafe open(path.hasPrefix("/") ? path : "\(folder)/\(path)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// Removes the folder; `find` follows no link and stays on this file system.
    func clear() {
        guard folder.hasPrefix("/var/tmp/agentkit-attack-") else { return }
        run("cd / && find \"$D\" -xdev -depth -delete")
    }
}

/// Gives an attack its ground, and takes it away afterwards.
func onGround(_ body: (Ground) throws -> Void) throws {
    let ground = try Ground()
    defer { ground.clear() }
    try body(ground)
}

var isRoot: Bool { geteuid() == 0 }
