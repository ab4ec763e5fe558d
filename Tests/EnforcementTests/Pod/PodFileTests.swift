// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

/// A way to a file of the host that is outside the view. `SECRET` and `WORK` stand for paths.
struct EscapeCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Prints the secret outside.
    var script: String

    static let reading: [EscapeCase] = [
        EscapeCase(testDescription: "by its path", script: "cat SECRET"),
        EscapeCase(testDescription: "by parent folders", script: "cd WORK; cat ../outside/secret"),
        EscapeCase(testDescription: "by a link of the host's", script: "cat WORK/link"),
        EscapeCase(testDescription: "by a new link", script: "ln -s SECRET WORK/new; cat WORK/new; rm -f WORK/new"),
        EscapeCase(
            testDescription: "by a link to the folder above", script: "ln -sfn .. WORK/up; cat WORK/up/outside/secret"),
        EscapeCase(testDescription: "by a hard link", script: "ln SECRET WORK/hard && cat WORK/hard; rm -f WORK/hard"),
        EscapeCase(testDescription: "by the root of a process", script: "cat /proc/self/root/SECRET"),
        EscapeCase(testDescription: "by the root of another process", script: "cat /proc/$PPID/root/SECRET"),
        EscapeCase(testDescription: "by a working directory", script: "cd WORK; cat /proc/self/cwd/../outside/secret"),
    ]
}

@Suite("Files of a pod", .enforced)
struct PodFileTests {
    @Test("A secret outside the view can't be read", arguments: EscapeCase.reading)
    func read(_ scenario: EscapeCase) async throws {
        try await withWorkspace { workspace in
            let secret = workspace.outside + "/secret"
            Outside.write("top secret", to: secret)
            Outside.link(workspace.path + "/link", to: secret)
            let script = scenario.script.replacing("SECRET", with: secret).replacing("WORK", with: workspace.path)
            #expect(Outside.shell(script).output.contains("top secret"), "the control must succeed")
            try await withPod(workspace.plan) { (pod) async throws in
                let report = try await pod.shell(script)
                #expect(!report.outputText.contains("top secret"))
            }
        }
    }

    @Test(
        "Nothing outside the workspace changes",
        arguments: [
            "echo changed > SECRET", "rm -f SECRET", "mv SECRET WORK/taken",
            "ln -s SECRET WORK/out; echo changed > WORK/out",
            "chmod 777 SECRET", "mkdir -p OUTSIDE; echo new > OUTSIDE/new", "rm -rf OUTSIDE", "mv WORK OUTSIDE/moved",
        ])
    func write(_ script: String) async throws {
        func state(_ workspace: PodWorkspace) -> String {
            Outside.shell("cd \(workspace.root) && find . -printf '%p %m %y\\n' | sort && cat outside/* work/file")
                .output
        }
        func prepare(_ workspace: PodWorkspace) -> (String, String) {
            Outside.write("top secret", to: workspace.outside + "/secret")
            Outside.write("content", to: workspace.path + "/file")
            let ready = script.replacing("SECRET", with: workspace.outside + "/secret").replacing(
                "WORK", with: workspace.path
            )
            .replacing("OUTSIDE", with: workspace.outside)
            return (ready, state(workspace))
        }
        try await withWorkspace { workspace in
            let (ready, before) = prepare(workspace)
            _ = Outside.shell(ready)
            #expect(state(workspace) != before, "the control must succeed")
        }
        try await withWorkspace { workspace in
            let (ready, before) = prepare(workspace)
            try await withPod(workspace.plan) { (pod) async throws in _ = try await pod.shell(ready) }
            #expect(state(workspace) == before)
        }
    }

    @Test("Changes to the workspace are seen inside, land in the layer, and leave the host's files as they are")
    func layer() async throws {
        try await withWorkspace { workspace in
            Outside.write("old\n", to: workspace.path + "/kept", mode: 0o600)
            Outside.write("gone\n", to: workspace.path + "/removed", mode: 0o600)
            Outside.makeFolder(workspace.path + "/folder", mode: 0o700)
            Outside.write("inner\n", to: workspace.path + "/folder/file", mode: 0o600)
            try await withPod(workspace.plan) { (pod) async throws in
                let script = "echo new >> kept; rm removed; mv folder/file moved; rmdir folder; cat kept moved; ls"
                let report = try await pod.shell(script)
                #expect(report.outputText == "old\nnew\ninner\nkept\nmoved\n")
                #expect(report.errorText == "")
                #expect(Outside.text(workspace.path + "/kept") == "old\n")
                #expect(Outside.exists(workspace.path + "/removed") && Outside.exists(workspace.path + "/folder/file"))
                #expect(Outside.text("/proc/self/fd/\(pod.upper.rawValue)/kept") == "old\nnew\n")
                #expect(Outside.text("/proc/self/fd/\(pod.merged.rawValue)/moved") == "inner\n")
                #expect(!Outside.exists("/proc/self/fd/\(pod.merged.rawValue)/removed"))
            }
        }
    }

    @Test("The layer can be read after the pod has ended")
    func layerAfterEnd() async throws {
        try await withWorkspace { workspace in
            let pod = try await Pod.open(workspace.plan)
            _ = try await pod.shell("echo kept > file")
            await pod.close()
            #expect(Outside.text("/proc/self/fd/\(pod.upper.rawValue)/file") == "kept\n")
            #expect(Outside.shell("ls -A \(workspace.path)").output == "")
        }
    }

    @Test("The host can write through the merged view, as the pod's user")
    func hostWrites() async throws {
        try await withWorkspace { workspace in
            Outside.write("old\n", to: workspace.path + "/file")
            try await withPod(workspace.plan) { (pod) async throws in
                try pod.withFileIdentity {
                    Outside.write("by the host\n", to: "/proc/self/fd/\(pod.merged.rawValue)/file")
                    Outside.write("new\n", to: "/proc/self/fd/\(pod.merged.rawValue)/new")
                }
                #expect(
                    try await pod.shell("cat file new; echo more >> new; rm file").outputText == "by the host\nnew\n")
                #expect(Outside.text(workspace.path + "/file") == "old\n")
            }
        }
    }

    @Test("What the mask layer holds replaces the workspace's file, and can be edited, moved and removed")
    func mask() async throws {
        try await withWorkspace { workspace in
            Outside.write("token=real\n", to: workspace.path + "/secrets.env")
            var plan = workspace.plan
            plan.populateMask = { mask in
                Outside.write("token=placeholder\n", to: "/proc/self/fd/\(mask)/secrets.env")
            }
            try await withPod(plan) { (pod) async throws in
                #expect(try await pod.shell("cat secrets.env").outputText == "token=placeholder\n")
                let script =
                    "sed -i s/placeholder/edited/ secrets.env && cat secrets.env && mv secrets.env a && rm a && ls"
                #expect(try await pod.shell(script).outputText == "token=edited\n")
                #expect(Outside.text(workspace.path + "/secrets.env") == "token=real\n")
            }
        }
    }

    @Test("A mask that can't be filled keeps the pod closed")
    func failingMask() async throws {
        struct Refusal: Error {}
        try await withWorkspace { workspace in
            var plan = workspace.plan
            plan.populateMask = { _ in throw Refusal() }
            let error = await #expect(throws: SandboxError.self) { try await Pod.open(plan) }
            #expect(error?.code == .setUpFailed && error?.stage.description == "mask")
        }
    }

    @Test("The folders above the workspace show nothing else")
    func siblings() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(try await pod.shell("ls -A \(workspace.root)").outputText == "work\n")
                let others = ["/home", "/root", "/srv", "/sys", "/run", "/mnt"].filter {
                    !workspace.root.hasPrefix($0 + "/")
                }
                #expect(try await pod.shell("ls -A \(others.joined(separator: " ")) 2>/dev/null").outputText == "")
            }
        }
    }

    @Test("A view entry can be read and not changed; a hidden one is empty")
    func view() async throws {
        try await withWorkspace { workspace in
            Outside.makeFolder(workspace.outside + "/hidden")
            Outside.write("open\n", to: workspace.outside + "/open")
            Outside.write("hidden\n", to: workspace.outside + "/hidden/file")
            Outside.write("hidden\n", to: workspace.outside + "/file")
            var plan = workspace.plan
            plan.view.append(ViewEntry(workspace.outside))
            plan.hidden = [workspace.outside + "/hidden", workspace.outside + "/file"]
            plan.generatedFiles = [.init(path: "/etc/agent.conf", text: "made\n")]
            try await withPod(plan) { (pod) async throws in
                let report = try await pod.shell(
                    "cd \(workspace.outside); cat open file hidden/file /etc/agent.conf; ls hidden; echo x > open")
                #expect(report.outputText == "open\nmade\n")
                #expect(report.errorText.contains("Read-only file system"))
                #expect(Outside.text(workspace.outside + "/open") == "open\n")
            }
        }
    }

    @Test("Executing can be narrowed to named files")
    func executable() async throws {
        try await withWorkspace { workspace in
            var plan = workspace.plan
            plan.executable = ["/usr/bin/dash", "/usr/bin/cat", "/usr/lib"]
            try await withPod(plan) { (pod) async throws in
                #expect(try await pod.shell("cat /etc/hostname").outputText == "pod\n")
                #expect(try await pod.shell("id").ending == .exited(126))
                #expect(
                    try await pod.shell("cat /usr/bin/cat > mine; chmod +x mine; ./mine /etc/hostname").ending
                        == .exited(126))
            }
        }
    }

    @Test("No device can be made, and what the pod's memory holds is limited")
    func limits() async throws {
        try await withWorkspace { workspace in
            var plan = workspace.plan
            plan.limits.layerBytes = 4 << 20
            plan.limits.temporaryBytes = 4 << 20
            plan.limits.temporaryFiles = 50
            try await withPod(plan) { (pod) async throws in
                #expect(try await pod.shell("mknod d c 1 3").succeeded == false)
                #expect(try await pod.shell("head -c 8000000 /dev/zero > file").errorText.contains("No space"))
                #expect(try await pod.shell("head -c 8000000 /dev/zero > /tmp/file").errorText.contains("No space"))
                let files = try await pod.shell("rm /tmp/file; for i in $(seq 99); do : > /tmp/$i || exit 3; done")
                #expect(files.errorText.contains("No space"))
                #expect(try await pod.shell("mkfifo p && rm p && head -c 9 /dev/urandom | wc -c").outputText == "9\n")
            }
        }
    }
}
