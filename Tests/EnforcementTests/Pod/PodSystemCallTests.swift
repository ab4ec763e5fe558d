// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

/// A probe, what it reaches without the sandbox, and what the sandbox must leave of it.
struct ProbeCase: Sendable, CustomTestStringConvertible {
    var probe: String
    var outside: Set<String>
    var inside: Set<String> = []
    var testDescription: String { probe }

    static let all: [ProbeCase] = [
        ProbeCase(probe: "i386", outside: ["i386 socket", "i386 getpid"]),
        ProbeCase(probe: "x32", outside: ["x32 answered"]),
        ProbeCase(
            probe: "namespaces",
            outside: ["unshare user", "clone user", "clone user high", "clone3 user", "unshare uts"]),
        ProbeCase(probe: "mounts", outside: ["mount", "fsopen", "open_tree", "umount", "chroot", "name_to_handle_at"]),
        ProbeCase(
            probe: "processes", outside: ["ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"]),
        ProbeCase(
            probe: "kernel",
            outside: [
                "io_uring", "keyctl", "add_key", "userfaultfd", "seccomp listener", "personality", "vmsplice",
                "new system call",
                "execveat descriptor",
            ]),
        ProbeCase(probe: "terminal", outside: ["TIOCSTI", "TIOCSTI high"]),
    ]
}

@Suite("System calls of a pod", .enforced, .requires(program: "gcc"))
struct PodSystemCallTests {
    @Test("A dangerous system call works outside and not inside", arguments: ProbeCase.all)
    func probe(_ scenario: ProbeCase) async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile(scenario.probe)
            #expect(reached(Outside.run([binary]).output) == scenario.outside, "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                let report = try await pod.run(PodCall([binary]))
                #expect(report.succeeded, "the probe itself must get to its end: \(report.errorText)")
                #expect(reached(report.outputText) == scenario.inside)
            }
        }
    }

    @Test("Only local, TCP, UDP and routing sockets can be opened, of all families from 0 to 45")
    func sockets() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("sockets")
            let outside = Outside.run([binary]).output
            #expect(reached(outside).isSuperset(of: ["MPTCP", "sock_diag"]), "the control must succeed")
            #expect(outside.contains("FAMILY 40"), "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                let output = try await pod.run(PodCall([binary])).outputText
                #expect(reached(output) == [])
                let opened = Set(output.split(separator: "\n").filter { $0.hasPrefix("FAMILY") }.map(String.init))
                #expect(
                    opened == [
                        "FAMILY 1 TYPE 1", "FAMILY 1 TYPE 2", "FAMILY 1 TYPE 5", "FAMILY 2 TYPE 1", "FAMILY 2 TYPE 2",
                        "FAMILY 10 TYPE 1",
                        "FAMILY 10 TYPE 2", "FAMILY 16 TYPE 2", "FAMILY 16 TYPE 3",
                    ])
            }
        }
    }

    @Test("A terminal of its own still works inside")
    func terminal() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("terminal")
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(try await pod.run(PodCall([binary])).outputText.contains("terminal present"))
            }
        }
    }

    @Test("Every rule of the table names system calls once and says why")
    func table() {
        var seen: Set<String> = []
        for rule in SystemCallTable.rules {
            #expect(!rule.reason.isEmpty && !rule.names.isEmpty)
            for name in rule.names { #expect(seen.insert(name).inserted, "\(name) stands twice") }
        }
    }
}
