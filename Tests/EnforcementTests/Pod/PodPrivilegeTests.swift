// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

@Suite("Privileges of a pod", .enforced)
struct PodPrivilegeTests {
    @Test("A program inside has no capability, can get none, and isn't the host's root")
    func status() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                let status = try await pod.shell("cat /proc/self/status").outputText
                for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
                    #expect(status.contains("\(set):\t0000000000000000"))
                }
                #expect(status.contains("NoNewPrivs:\t1"))
                #expect(status.contains("Seccomp:\t2"))
                #expect(pod.report.tier == "full")
                #expect(pod.report.uid != 0 && pod.report.gid != 0)
                #expect(try await pod.shell("id -u; id -g").outputText == "\(pod.report.uid)\n\(pod.report.gid)\n")
            }
        }
    }

    @Test("No id inside maps to the host's root")
    func maps() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                for map in ["uid_map", "gid_map"] {
                    // Read from a sibling namespace's view the second column is the outer id.
                    let lines = try await pod.shell("cat /proc/self/\(map)").outputText.split(separator: "\n")
                    #expect(!lines.isEmpty)
                    for line in lines {
                        let fields = line.split(separator: " ").compactMap { UInt64($0) }
                        #expect(fields.count == 3 && fields[0] != 0 && fields[1] != 0)
                    }
                }
            }
        }
    }

    @Test(
        "Host-wide settings can't be opened for writing",
        arguments: [
            "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/self/uid_map",
        ])
    func settings(_ path: String) async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                let script = "import os,sys\nos.open(sys.argv[1], os.O_WRONLY)\nprint('REACHED')"
                if Outside.isRoot(), path == "/proc/sys/kernel/core_pattern" {
                    #expect(
                        Outside.run(["/usr/bin/python3", "-c", script, path]).output.contains("REACHED"),
                        "the control must succeed")
                }
                let report = try await pod.run(PodCall(["python3", "-c", script, path]))
                #expect(!report.outputText.contains("REACHED") && report.errorText.contains("Error"))
            }
        }
    }

    @Test("A call has a session, a keyring, a terminal and limits of its own")
    func session() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(try await pod.shell("cut -d' ' -f6 /proc/self/stat").outputText == "2\n")
                #expect(try await pod.shell("ulimit -c").outputText == "0\n")
                #expect(try await pod.shell("true < /dev/tty").succeeded == false)
                var call = PodCall(["/bin/sh", "-c", "ulimit -n; ulimit -f"])
                call.limits.descriptors = 77
                call.limits.fileBytes = 1 << 20
                #expect(try await pod.run(call).outputText == "77\n2048\n")
            }
        }
    }

    @Test("Nothing of the host's environment and none of its descriptors come in")
    func inheritance() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("descriptors")
            let secret = workspace.outside + "/secret"
            Outside.write("top secret", to: secret)
            let leak = Outside.openLeaking(secret)
            defer { Outside.closeLeaking(leak) }
            #expect(
                reached(Outside.run([binary]).output).contains { $0.hasSuffix("top secret") },
                "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(try await pod.run(PodCall([binary])).outputText == "")
                let environment = try await pod.run(PodCall(["env"])).outputText.split(separator: "\n").map {
                    String($0.prefix { $0 != "=" })
                }
                #expect(Set(environment) == ["HOME", "LANG", "LOGNAME", "PATH", "TMPDIR", "USER"])
            }
        }
    }
}
