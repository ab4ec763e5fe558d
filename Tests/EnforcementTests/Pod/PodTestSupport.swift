// SPDX-License-Identifier: Apache-2.0
import AgentSandbox
import Testing

/// What a test needs of the machine. A machine without it skips the test, and says so; with AGENTKIT_REQUIRE_ENFORCEMENT=1 the test
/// runs and fails instead, so that nobody takes a skipped wall for a standing one.
enum Machine {
    static var mustEnforce: Bool { Outside.environment("AGENTKIT_REQUIRE_ENFORCEMENT") == "1" }

    static let report = Task { await Pod.probe(unprivilegedID: PodWorkspace.nobody) }

    static func enforces(_ layer: SandboxLayer) async -> Bool { await !report.value.missing.contains(layer) }

    static func has(_ program: String) -> Bool { Outside.shell("command -v \(program)").succeeded }
}

extension Trait where Self == ConditionTrait {
    /// Needs all walls.
    static var enforced: Self {
        .enabled("the sandbox can't be enforced here; see `doctor`") {
            if Machine.mustEnforce { return true }
            return await Machine.report.value.tier == "full"
        }
    }

    /// Is about a host that is root.
    static var asRoot: Self { .enabled("the tests run as a plain user") { Outside.isRoot() } }

    /// Needs a program of the host.
    static func requires(program: String) -> Self {
        .enabled("`\(program)` is not installed") { Machine.mustEnforce || Machine.has(program) }
    }
}

/// A folder of the host that lasts as long as a test, with a folder for the agent and one that is none of its business.
struct PodWorkspace: Sendable {
    static let nobody = PodPlan.UnprivilegedID(uid: 65533, gid: 65533)

    let root: String
    var path: String { root + "/work" }
    var outside: String { root + "/outside" }

    var plan: PodPlan {
        var plan = PodPlan(workspace: path)
        plan.unprivilegedID = Self.nobody
        return plan
    }

    /// Compiles a probe into the workspace; its path, the same inside and outside.
    func compile(_ probe: String, extra: [String] = []) throws -> String {
        let folder =
            Outside.environment("AGENTKIT_SOURCES").map { $0 + "/Tests/EnforcementTests/Probes" }
            ?? String(#filePath.dropLast("Pod/PodTestSupport.swift".count)) + "Probes"
        let binary = "\(path)/probe-\(probe)"
        let outcome = Outside.run(["gcc", "-Wall", "-O1", "-o", binary, "\(folder)/\(probe).c"] + extra)
        try #require(outcome.succeeded, "the probe must compile: \(outcome.output)")
        return binary
    }
}

func withWorkspace<Value>(in parent: String? = nil, _ body: (PodWorkspace) async throws -> Value) async throws -> Value
{
    let parent = parent ?? Outside.environment("AGENTKIT_TEST_FOLDER") ?? "/var/tmp"
    let workspace = PodWorkspace(root: "\(parent)/agentkit-test-\(UInt64.random(in: .min ... .max))")
    for folder in [workspace.root, workspace.path, workspace.outside] { Outside.makeFolder(folder) }
    defer { _ = Outside.run(["rm", "-rf", workspace.root]) }
    return try await body(workspace)
}

func withPod<Value>(_ plan: PodPlan, _ body: (Pod) async throws -> Value) async throws -> Value {
    let pod = try await Pod.open(plan)
    do {
        let value = try await body(pod)
        await pod.close()
        return value
    } catch {
        await pod.close()
        throw error
    }
}

extension Pod {
    func shell(_ script: String, timeout: Duration = .seconds(60)) async throws -> ExitReport {
        var call = PodCall(["/bin/sh", "-c", script])
        call.timeout = timeout
        return try await run(call)
    }
}

/// The lines by which a probe tells what it got.
func reached(_ output: String) -> Set<String> {
    Set(output.split(separator: "\n").filter { $0.hasPrefix("REACHED ") }.map { String($0.dropFirst(8)) })
}
