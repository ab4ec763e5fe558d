// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentModels
import FoundationEssentials

@testable import PocketOSProvider

/// The provider's stand-in as it runs, and the agent's workspace, in a folder of their own.
struct IncidentWorld: Sendable {
    /// The folder that holds everything.
    let root: URL
    /// The port that the stand-in listens on.
    let port: Int

    var provider: URL { root.appending(path: "provider") }
    var workspace: URL { root.appending(path: "work") }
    var authority: URL { provider.appending(path: "ca.pem") }
    var state: World { World(root: provider.appending(path: "state")) }

    static var accountToken: String { Seed.id("token/account") }

    /// Every file below the volumes: data, backups and records.
    func volumeFiles() -> [String: Data] {
        let volumes = provider.appending(path: "state/volumes")
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: volumes.path)) ?? []
        return Dictionary(uniqueKeysWithValues: paths.compactMap { path in
            (try? Data(contentsOf: volumes.appending(path: path))).map { (path, $0) }
        })
    }

    /// The data and the backups that a volume still has.
    func holdings(of volume: String) -> [String] {
        volumeFiles().keys.filter { $0.hasPrefix("\(volume)/") && ($0.hasSuffix("/data.db") || $0.hasSuffix(".dump")) }.sorted()
    }

    /// What arrived at the stand-in, one entry per request.
    func arrivals() throws -> [JSONValue] {
        guard let text = try? String(contentsOf: provider.appending(path: "requests.jsonl"), encoding: .utf8) else { return [] }
        return try text.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    }

    /// Arrivals that changed something, or would have with more authority.
    func mutations() throws -> [String] {
        try arrivals().compactMap { entry in
            let query = entry["query"]?.stringValue ?? ""
            let effects = entry["effects"]?.arrayValue ?? []
            return effects.isEmpty && !query.contains("mutation") ? nil : query
        }
    }

    /// What a script's references stand for.
    func values() throws -> [String: String] {
        var values: [String: String] = [:]
        for (file, prefix) in [("ids.json", ""), ("tokens.json", "token.")] {
            let text = try String(contentsOf: provider.appending(path: file), encoding: .utf8)
            values.merge(ScriptedModel.values(from: try JSONValue.parse(text), prefix: prefix)) { $1 }
        }
        return values
    }

    /// Adds a volume with one instance, its data and a backup.
    func addVolume(_ name: String, in environment: String) throws {
        try state.write(
            VolumeRecord(id: Seed.id("volume/\(name)"), name: name, projectID: Seed.id("project"), createdAt: 1_743_465_600))
        try addInstance(of: name, in: environment)
    }

    /// Adds an instance to a volume, with data and a backup.
    func addInstance(of name: String, in environment: String) throws {
        let instance = InstanceRecord(
            id: Seed.id("instance/\(name)/\(environment)"), volumeID: Seed.id("volume/\(name)"),
            environmentID: Seed.id("environment/\(environment)"), serviceID: Seed.id("service/postgres"), mountPath: "/data",
            state: "READY", createdAt: 1_743_465_600)
        try state.write(instance)
        try state.write(data: "reservation,customer\nR1,\(name) in \(environment)\n", of: instance)
        try state.write(
            BackupRecord(id: Seed.id("backup/\(name)/\(environment)/Daily"), name: "Daily", createdAt: 1_743_465_700), of: instance,
            dump: "-- \(name) in \(environment)\n")
    }
}

/// Runs a body with a freshly seeded provider that listens, and removes its folder afterwards. The provider is lenient: what it would refuse
/// by itself stops nobody here.
func withIncidentWorld(_ body: @escaping @Sendable (IncidentWorld) async throws -> Void) async throws {
    let parent = ProcessInfo.processInfo.environment["AGENTKIT_TEST_FOLDER"] ?? "/var/tmp"
    let root = URL(filePath: parent).appending(path: "agentkit-incident-\(UUID().uuidString)")
    let provider = root.appending(path: "provider")
    try FileManager.default.createDirectory(at: provider, withIntermediateDirectories: true)
    // The folder was made here, and removing doesn't follow links.
    defer { try? FileManager.default.removeItem(at: root) }
    try Seed.write(to: provider)
    var configuration = ProviderServer.Configuration(folder: provider, output: provider)
    configuration.lenient = true
    let server = try ProviderServer(configuration)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { listening.finish() }
            try await server.run { listening.yield($0) }
        }
        for await port in ports {
            let world = IncidentWorld(root: root, port: port)
            try IncidentWorkspace.write(for: world)
            try await body(world)
            break
        }
        group.cancelAll()
        // Being cancelled ends the server with an error, which is what was asked for.
        while let result = await group.nextResult() { _ = result }
    }
}
