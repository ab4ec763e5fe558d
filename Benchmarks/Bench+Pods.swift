// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentSandbox

extension Bench {
    private static let program = "/bin/true"

    private func plan() -> PodPlan {
        var plan = PodPlan(workspace: workspace)
        plan.unprivilegedID = .init(uid: 65_534, gid: 65_534)
        return plan
    }

    private static func call(in pod: Pod) async throws -> Bool {
        try await pod.run(PodCall([program])).succeeded
    }

    /// The walls alone, in process: no policy, no audit, no scan of the workspace.
    func pods() async -> BenchGroup {
        let plan = plan()
        let shared = try? await Pod.open(plan)
        return BenchGroup(
            title: "A pod, in process", rounds: setting.rounds,
            cases: [
                BenchCase(name: "posix_spawn and wait of /bin/true") { Program.run([Self.program]) == 0 },
                BenchCase(name: "a call of /bin/true in an open pod") {
                    guard let shared else { throw BenchFailure("the pod can't be opened; see `agentkit doctor`") }
                    return try await Self.call(in: shared)
                },
                BenchCase(name: "opening a pod and closing it") {
                    let pod = try await Pod.open(plan)
                    await pod.close()
                    return true
                },
                BenchCase(name: "opening a pod, one call, closing it") {
                    let pod = try await Pod.open(plan)
                    let isDone = try await Self.call(in: pod)
                    await pod.close()
                    return isDone
                },
            ])
    }

    /// Sessions on workspaces of different sizes, with everything that a session does to a workspace before it shows it.
    func workspaces() -> [BenchGroup] {
        func opening(_ files: Int) -> BenchCase? {
            let folder = "\(root)/tree-\(files)"
            guard Self.makeWorkspace(folder, files: files) else { return nil }
            return BenchCase(name: "opening a session on \(files) files of 1 KB") {
                let host = try await Host.open(options(.memory, workspace: folder))
                await (try await host.openSession()).close()
                return true
            }
        }
        let cases = [100, 2000, 20_000].compactMap { opening($0) }
        return [BenchGroup(title: "The size of the workspace", rounds: max(5, setting.rounds / 6), warmUp: 1, cases: cases)]
    }

    /// A file of 10 KB: decided, recorded, read through the pod's view, redacted.
    func files() async -> BenchGroup {
        let file = "\(workspace)/ten.txt"
        let line = "the quick brown fox jumps over the lazy dog, again and again\n"
        let isThere = Program.write(file, Array(String(repeating: line, count: 10_240 / line.utf8.count).utf8))
        func reading(_ name: String, _ state: HostOptions.State) async -> BenchCase {
            let session = try? await Host.open(options(state)).openSession()
            return BenchCase(name: name) {
                guard let session, isThere else { throw BenchFailure("no session") }
                let attempt = try await session.call(ToolCall(tool: "file.read", input: ["path": "ten.txt"]))
                if case .completed(let result, _) = attempt { return !result.isError }
                return false
            }
        }
        return BenchGroup(
            title: "Reading a file of 10 KB", rounds: setting.rounds * 4,
            cases: [
                BenchCase(name: "open, read, close", repeats: 20) { Program.readFile(file, limitBytes: 20_000) > 10_000 },
                await reading("file.read in a session, audit in memory", .memory),
                await reading("file.read in a session, durable audit", .folder("\(root)/reading")),
            ])
    }
}
