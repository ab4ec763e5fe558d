// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation

/// A home with a workspace and a state folder of its own; gone after the test.
struct Bed: Sendable {
    /// The folder that holds all others; the home folder of every run.
    let root: String
    var workspace: String { "\(root)/work" }
    var state: String { "\(root)/state" }

    /// A policy that lets programs run and change the workspace; more can follow its end.
    static let policy = """
        version: 1
        environments: [staging, { name: production, protected: true }]
        session: { environment: staging, run_as: 65534 }
        rules:
          - { id: read, permit: file.read, paths: ["**"] }
          - { id: write, permit: file.write, paths: ["**"] }
          - { id: commit, permit: commit, paths: ["**"] }
          - { id: programs, permit: exec, programs: ["/usr/bin/**", "/bin/*", "/usr/lib/**", "${workspace}/**"] }

        """

    /// Runs `agentkit` in the workspace.
    func agentkit(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> Program.Outcome {
        try await run(arguments, input: input, environment: environment, in: folder)
    }

    /// Runs `agentkit` with a list of arguments in the workspace.
    func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> Program.Outcome {
        try await Program.run(
            Program.path(), arguments, in: folder ?? workspace, environment: variables(environment), input: input.map { Array($0.utf8) })
    }

    /// Starts `agentkit` in the workspace.
    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> Running {
        try Running(Program.path(), arguments, in: workspace, environment: variables(environment))
    }

    /// Runs a shell command outside of any pod.
    func shell(_ command: String, environment: [String: String] = [:]) async throws -> Program.Outcome {
        try await Program.run(
            "/bin/sh", ["-c", command], in: workspace,
            environment: variables(environment).merging(["AGENTKIT": Program.path()]) { $1 })
    }

    private func variables(_ more: [String: String]) -> [String: String] {
        ["HOME": root, "PATH": "/usr/bin:/bin", "AGENTKIT_STATE": state, "USER": "alice"].merging(more) { $1 }
    }

    /// Writes a file, its folders too; a relative path lies in the workspace.
    @discardableResult
    func write(_ path: String, _ text: String, mode: Int = 0o644) throws -> String {
        let full = path.hasPrefix("/") ? path : "\(workspace)/\(path)"
        let folder = (full as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: full))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: full)
        return full
    }

    /// Writes a policy beside the workspace, where it is found.
    @discardableResult
    func writePolicy(_ text: String = Bed.policy) throws -> String { try write("\(root)/agentkit.yaml", text) }

    /// A file's text; `nil` where there is none.
    func read(_ path: String) -> String? {
        let full = path.hasPrefix("/") ? path : "\(workspace)/\(path)"
        return FileManager.default.contents(atPath: full).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The JSON in a file.
    func json(_ path: String) throws -> JSONValue { try JSONValue.parse(Array((read(path) ?? "").utf8)) }
}

/// Gives a test a bed and takes it away afterwards.
func withBed<Value>(_ body: (Bed) async throws -> Value) async throws -> Value {
    let bed = Bed(root: "/tmp/agentkit-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
        atPath: bed.workspace, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    try bed.write("README.md", "a workspace\n")
    defer { removeTree(bed.root) }
    return try await body(bed)
}

/// Removes a bed's tree; a link is removed and never followed.
private func removeTree(_ path: String) {
    guard path.hasPrefix("/tmp/agentkit-cli-") else { return }
    let files = FileManager.default
    let facts = try? files.attributesOfItem(atPath: path)
    if facts?[.type] as? FileAttributeType == .typeDirectory {
        for name in (try? files.contentsOfDirectory(atPath: path)) ?? [] { removeTree("\(path)/\(name)") }
    }
    // What is left in a folder here is empty or no folder.
    try? files.removeItem(atPath: path)
}
