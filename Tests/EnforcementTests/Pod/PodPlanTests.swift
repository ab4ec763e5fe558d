// SPDX-License-Identifier: Apache-2.0
@testable import AgentSandbox
import Testing

/// A plan that has to be refused, with the code and a word of its message.
struct RefusedPlan: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var code: SandboxError.Code
    var change: @Sendable (inout PodPlan, PodWorkspace) -> Void

    static let all: [RefusedPlan] = [
        RefusedPlan(testDescription: "relative workspace", code: .invalidPlan) { plan, _ in plan.workspace = "work" },
        RefusedPlan(testDescription: "the root as workspace", code: .invalidPlan) { plan, _ in plan.workspace = "/" },
        RefusedPlan(testDescription: "parent in a path", code: .invalidPlan) { plan, workspace in
            plan.workspace = workspace.outside + "/../work"
        },
        RefusedPlan(testDescription: "a link as workspace", code: .invalidPlan) { plan, workspace in
            Outside.link(workspace.root + "/link", to: workspace.path)
            plan.workspace = workspace.root + "/link"
        },
        RefusedPlan(testDescription: "a missing workspace", code: .setUpFailed) { plan, workspace in
            plan.workspace = workspace.root + "/missing"
        },
        RefusedPlan(testDescription: "a file as workspace", code: .setUpFailed) { plan, workspace in
            Outside.write("", to: workspace.root + "/file")
            plan.workspace = workspace.root + "/file"
        },
        RefusedPlan(testDescription: "a missing view entry", code: .setUpFailed) { plan, workspace in
            plan.view.append(ViewEntry(workspace.root + "/missing"))
        },
        RefusedPlan(testDescription: "a Landlock version of the future", code: .enforcementUnavailable) { plan, _ in
            plan.landlockVersion = 99
        },
        RefusedPlan(testDescription: "a link to hide", code: .invalidPlan) { plan, workspace in
            Outside.link(workspace.outside + "/link", to: "/usr")
            plan.view.append(ViewEntry(workspace.outside))
            plan.hidden = [workspace.outside + "/link"]
        },
        RefusedPlan(testDescription: "the host's devices in view", code: .invalidPlan) { plan, _ in
            plan.view.append(ViewEntry("/dev/mem"))
        },
        RefusedPlan(testDescription: "the host's processes in view", code: .invalidPlan) { plan, _ in
            plan.view.append(ViewEntry("/proc"))
        },
        RefusedPlan(testDescription: "a generated file over the view's", code: .setUpFailed) { plan, workspace in
            Outside.write("x", to: workspace.outside + "/file")
            plan.view.append(ViewEntry(workspace.outside))
            plan.generatedFiles = [.init(path: workspace.outside + "/file", text: "y")]
        },
        RefusedPlan(testDescription: "a view of thousands", code: .invalidPlan) { plan, _ in
            plan.view += (0..<3000).map { ViewEntry("/nowhere/\($0)", isOptional: true) }
        },
    ]
}

@Suite("Plans of pods", .enforced)
struct PodPlanTests {
    @Test("A plan that can't be kept is refused", arguments: RefusedPlan.all)
    func refused(_ scenario: RefusedPlan) async throws {
        try await withWorkspace { workspace in
            var plan = workspace.plan
            scenario.change(&plan, workspace)
            let error = await #expect(throws: SandboxError.self) { _ = try await Pod.open(plan) }
            #expect(error?.code == scenario.code)
            #expect(error?.description.contains(workspace.root) == false, "a message shows no path of the host")
        }
    }

    @Test("A missing layer that the plan doesn't require is reported")
    func reported() async throws {
        try await withWorkspace { workspace in
            var plan = workspace.plan
            plan.landlockVersion = 99
            plan.requiredLayers = []
            try await withPod(plan) { (pod) async throws in
                #expect(pod.report.missing == [.landlock] && pod.report.tier == "incomplete")
            }
        }
    }

    @Test("As root a workspace of root's needs an unprivileged id, which is never 0", .asRoot)
    func unprivileged() async throws {
        try await withWorkspace { workspace in
            for id in [nil, PodPlan.UnprivilegedID(uid: 0, gid: 5), PodPlan.UnprivilegedID(uid: 5, gid: 0)] {
                var plan = workspace.plan
                plan.unprivilegedID = id
                let error = await #expect(throws: SandboxError.self) { _ = try await Pod.open(plan) }
                #expect(error?.code == .invalidPlan)
            }
        }
    }

    @Test(
        "As root a pod runs as the workspace's owner, and files of root and of others can be changed where the folder allows it",
        .asRoot)
    func owner() async throws {
        try await withWorkspace { workspace in
            Outside.write("root's\n", to: workspace.path + "/root")
            Outside.write("other's\n", to: workspace.path + "/other")
            Outside.write("mine\n", to: workspace.path + "/mine", mode: 0o600)
            Outside.write("private\n", to: workspace.path + "/private", mode: 0o600)
            _ = Outside.shell(
                "cd \(workspace.path) && chown 4321:4321 . mine && chown 77:88 other && chmod 600 private")
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(pod.report.uid == 4321 && pod.report.gid == 4321)
                #expect(
                    try await pod.shell("echo more >> mine; cat mine root other").outputText
                        == "mine\nmore\nroot's\nother's\n")
                #expect(try await pod.shell("cat private").succeeded == false)
                #expect(try await pod.shell("mv root a && mv other b && rm a b && ls").outputText == "mine\nprivate\n")
            }
        }
    }

    @Test("As root a workspace of root's can be read, appended to, renamed and deleted in", .asRoot)
    func rootOwned() async throws {
        try await withWorkspace { workspace in
            Outside.write("a\n", to: workspace.path + "/file", mode: 0o600)
            Outside.makeFolder(workspace.path + "/folder", mode: 0o700)
            Outside.write("b\n", to: workspace.path + "/folder/file", mode: 0o600)
            try await withPod(workspace.plan) { (pod) async throws in
                let script = "echo c >> file && cat file folder/file && mv file x && rm -r folder && ls && stat -c %u x"
                #expect(try await pod.shell(script).outputText == "a\nc\nb\nx\n65533\n")
            }
        }
    }

    @Test(
        "A workspace below the home folder or below /tmp opens at its own path",
        arguments: ["/root", "/tmp", "/var/tmp"])
    func places(_ parent: String) async throws {
        guard Outside.shell("test -w \(parent)").succeeded else { return }
        try await withWorkspace(in: parent) { workspace in
            Outside.write("x\n", to: workspace.path + "/f")
            try await withPod(workspace.plan) { (pod) async throws in
                #expect(
                    try await pod.shell("cat f; cd ..; ls; cd ..; ls -A").outputText.hasPrefix(
                        "x\nwork\nagentkit-test-"))
                #expect(try await pod.shell("ls -A \(parent) | wc -l").outputText == "1\n")
            }
        }
    }

    @Test("Where the kernel refuses, no pod opens, and the report names the layer and what to do")
    func refusedByKernel() async throws {
        try await withWorkspace { workspace in
            let root = workspace.root
            await #expect(processExitsWith: .success) { [root = root as String] in
                // A thread under Landlock may not mount, nor may the threads that it starts.
                try Confinement.refuseMounts()
                let error = await #expect(throws: SandboxError.self) {
                    _ = try await Pod.open(PodWorkspace(root: root).plan)
                }
                #expect(error?.code == .enforcementUnavailable && error?.stage.layer == .mountNamespace)
                #expect(Outside.children == "")
                // The thread may be another one after a wait.
                try Confinement.refuseMounts()
                let report = await Pod.probe(unprivilegedID: PodWorkspace.nobody, in: root)
                #expect(report.tier == "none")
                #expect(report.entries.contains { $0.layer == .mountNamespace && $0.remedy != nil })
            }
        }
    }

    @Test("What a machine can enforce is found by doing it")
    func probe() async {
        let report = await Pod.probe(unprivilegedID: PodWorkspace.nobody)
        #expect(report.tier == "full" && report.missing == [])
        let none = await Pod.probe(unprivilegedID: PodWorkspace.nobody, in: "/nowhere")
        #expect(none.tier == "none" && none.missing.count == SandboxLayer.allCases.count)
    }

    @Test("Pods open and close many times without leaving descriptors or processes")
    func leaks() async throws {
        try await withWorkspace { workspace in
            try await withPod(workspace.plan) { (pod) async throws in _ = try await pod.shell("true") }
            let marker = workspace.path
            for _ in 0..<20 {
                try await withPod(workspace.plan) { (pod) async throws in #expect(try await pod.shell("true").succeeded)
                }
            }
            #expect(Outside.processes(marked: marker) == [])
            let mounts = Outside.text("/proc/self/mounts") ?? ""
            #expect(!mounts.contains(workspace.root))
        }
    }
}
