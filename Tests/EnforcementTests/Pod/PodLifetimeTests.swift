// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

@Suite("Lifetime of a pod", .enforced, .requires(program: "gcc"))
struct PodLifetimeTests {
    /// A word that no other process has in its command line.
    private static func marker() -> String { "agentkit-marker-\(UInt64.random(in: .min ... .max))" }

    /// Starts daemons that ignore signals, left their session, and keep the call's streams open.
    private static func daemons(_ binary: String, _ marker: String, then rest: String) -> String {
        "\(binary) \(marker); \(binary) \(marker); \(rest)"
    }

    @Test("Outside, daemons outlive their parent: the control")
    func control() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("survivor")
            let marker = Self.marker()
            _ = Outside.shell(Self.daemons(binary, marker, then: "true"))
            let left = Outside.processes(marked: marker)
            #expect(left.count >= 2, "the control must succeed")
            for pid in left { Outside.kill(pid) }
        }
    }

    @Test("Background children die with the call and don't hold its streams")
    func background() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("survivor")
            let marker = Self.marker()
            try await withPod(workspace.plan) { (pod) async throws in
                let report = try await pod.shell(Self.daemons(binary, marker, then: "echo end"), timeout: .seconds(20))
                #expect(report.ending == .exited(0) && report.outputText.hasSuffix("end\n"))
                #expect(report.wallTime < .seconds(10))
                #expect(Outside.processes(marked: marker) == [])
            }
        }
    }

    @Test("At the end of its time the whole tree is gone")
    func timeout() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("survivor")
            let marker = Self.marker()
            try await withPod(workspace.plan) { (pod) async throws in
                let script = Self.daemons(
                    binary, marker, then: "trap '' TERM INT; echo ready; while :; do sleep 1; done")
                let report = try await pod.shell(script, timeout: .milliseconds(500))
                #expect(report.ending == .timedOut && report.outputText.contains("ready"))
                #expect(Outside.processes(marked: marker) == [])
                #expect(try await pod.shell("echo still here").outputText == "still here\n")
            }
        }
    }

    @Test("Cancelling a task kills the whole tree and waits for it")
    func cancel() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("survivor")
            let marker = Self.marker()
            try await withPod(workspace.plan) { (pod) async throws in
                let (pieces, continuation) = AsyncStream.makeStream(of: String.self)
                let script = Self.daemons(binary, marker, then: "echo ready; while :; do sleep 1; done")
                let task = Task {
                    try await pod.run(PodCall(["/bin/sh", "-c", script])) {
                        continuation.yield(String(decoding: $1, as: UTF8.self))
                    }
                }
                for await piece in pieces where piece.contains("ready") { break }
                #expect(!Outside.processes(marked: marker).isEmpty)
                task.cancel()
                #expect(try await task.value.ending == .cancelled)
                #expect(Outside.processes(marked: marker) == [])
            }
        }
    }

    @Test("Closing a pod ends its calls and leaves nothing")
    func close() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("survivor")
            let marker = Self.marker()
            let pod = try await Pod.open(workspace.plan)
            let (pieces, continuation) = AsyncStream.makeStream(of: String.self)
            let script = Self.daemons(binary, marker, then: "echo ready; while :; do sleep 1; done")
            let task = Task {
                try await pod.run(PodCall(["/bin/sh", "-c", script])) {
                    continuation.yield(String(decoding: $1, as: UTF8.self))
                }
            }
            for await piece in pieces where piece.contains("ready") { break }
            await pod.close()
            #expect(Outside.processes(marked: marker) == [])
            let ended = await #expect(throws: SandboxError.self) { _ = try await task.value }
            #expect(ended?.code == .podEnded)
            let late = await #expect(throws: SandboxError.self) { _ = try await pod.run(PodCall(["true"])) }
            #expect(late?.code == .podEnded)
            await pod.close()
        }
    }

    @Test("When the host is killed, everything in its pods ends, also where another process has inherited its sockets")
    func hostKilled() async throws {
        try await withWorkspace { workspace in
            let binary = try workspace.compile("survivor")
            let marker = Self.marker()
            // Runs beside the host, with its end of the control socket, and outlives it. In the end it sees one process: its search.
            let watcher = """
                for i in 1 2 3 4 5 6 7 8 9 10; do
                  sleep 0.3; n=$(grep -al -- \(marker) /proc/[0-9]*/cmdline 2>/dev/null | wc -l)
                  [ $n -le 1 ] && { ls -l /proc/$$/fd | grep -c socket > \(workspace.outside)/gone; exit; }
                done
                echo left > \(workspace.outside)/left
                """
            Outside.write(watcher, to: workspace.outside + "/watcher")
            let root = workspace.root
            await #expect(processExitsWith: .signal(9)) {
                [root = root as String, binary = binary as String, marker = marker as String] in
                let workspace = PodWorkspace(root: root)
                let pod = try await Pod.open(workspace.plan)
                let script = "\(binary) \(marker); echo ready; while :; do sleep 1; done"
                _ = try await pod.run(PodCall(["/bin/sh", "-c", script])) { _, bytes in
                    guard String(decoding: bytes, as: UTF8.self).contains("ready") else { return }
                    // The control: at this moment its processes are there.
                    Outside.write("\(Outside.processes(marked: marker).count)", to: workspace.outside + "/seen")
                    Outside.spawnLeakingSockets(workspace.outside + "/watcher")
                    Outside.killSelf()
                }
            }
            let (seen, gone, left) = (
                workspace.outside + "/seen", workspace.outside + "/gone", workspace.outside + "/left"
            )
            #expect((Outside.text(seen).flatMap { Int($0) } ?? 0) > 1, "the control must succeed")
            #expect(Outside.eventually { Outside.exists(gone) || Outside.exists(left) })
            #expect(!Outside.exists(left))
            let sockets = Outside.text(gone)?.filter { $0 != "\n" }
            #expect(sockets.flatMap { Int($0) } ?? 0 > 0, "the control must succeed: the watcher held a socket")
        }
    }
}
