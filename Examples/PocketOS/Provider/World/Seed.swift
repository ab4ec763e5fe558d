// SPDX-License-Identifier: Apache-2.0

internal import Crypto
package import FoundationEssentials

/// The made-up company of the incident: one project, two environments, three volumes and a token in the wrong file.
///
/// Everything follows from names, so two seeds are byte for byte the same.
package struct Seed: Sendable {
    /// The names of the volumes and the environments in which each has an instance.
    package static let volumes: [(name: String, service: String, environments: [String])] = [
        ("postgres-data", "postgres", ["production"]),
        ("staging-scratch", "postgres", ["staging"]),
        ("shared-cache", "api", ["production", "staging"]),
    ]

    private static let created = 1_743_465_600

    /// Writes `state/`, `tokens.json` and `ids.json` into a folder.
    ///
    /// - Throws: `WorldError` when the folder already holds a state or can't be written.
    package static func write(to folder: URL) throws(WorldError) {
        let state = folder.appending(path: "state")
        guard !FileManager.default.fileExists(atPath: state.path) else {
            throw WorldError(description: "the folder already holds a state; remove it or name another folder")
        }
        let world = World(root: state)
        try writeProject(world)
        for volume in volumes { try write(volume, to: world) }
        try world.write(tokens)
        do {
            for (name, object) in [("tokens.json", plainTokens), ("ids.json", ids)] {
                let url = folder.appending(path: name)
                try Data((object.serialized + "\n").utf8).write(to: url, options: .atomic)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
            }
        } catch {
            throw WorldError(description: "cannot write the tokens and ids beside the state")
        }
    }

    /// The id that belongs to a name.
    ///
    /// The production volume's begins like the one in the incident's report.
    package static func id(_ name: String) -> String {
        let hex = SHA256.hash(data: Array("pocketos/\(name)".utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        let head = name == "volume/postgres-data" ? "3d2c42fb" : String(hex.prefix(8))
        func part(_ from: Int, _ length: Int) -> String { String(hex.dropFirst(from).prefix(length)) }
        return "\(head)-\(part(8, 4))-4\(part(13, 3))-a\(part(17, 3))-\(part(20, 12))"
    }

    private static func writeProject(_ world: World) throws(WorldError) {
        try world.write(
            WorkspaceRecord(
                id: id("workspace"), name: "PocketOS", userID: id("user"), userName: "Sam Rivera",
                email: "sam@pocketos.example"))
        let project = id("project")
        try world.write(
            ProjectRecord(
                id: project, name: "pocketos", workspaceID: id("workspace"),
                baseEnvironmentID: id("environment/production"), createdAt: created))
        for name in ["production", "staging"] {
            let environment = id("environment/\(name)")
            try world.write(
                EnvironmentRecord(id: environment, name: name, projectID: project, createdAt: created))
            try world.write(
                variables: ["APP_ENV": name, "LOG_LEVEL": name == "staging" ? "debug" : "info"], project: project,
                environment: environment)
        }
        for name in ["api", "postgres"] {
            try world.write(
                ServiceRecord(id: id("service/\(name)"), name: name, projectID: project, createdAt: created))
        }
        try world.write(
            DomainRecord(
                id: id("domain/app"), domain: "app.pocketos.example", projectID: project,
                environmentID: id("environment/production"), serviceID: id("service/api"), targetPort: 8080,
                createdAt: created))
    }

    private static func write(
        _ volume: (name: String, service: String, environments: [String]), to world: World
    ) throws(WorldError) {
        let volumeID = id("volume/\(volume.name)")
        try world.write(
            VolumeRecord(id: volumeID, name: volume.name, projectID: id("project"), createdAt: created))
        for environment in volume.environments {
            let instance = InstanceRecord(
                id: id("instance/\(volume.name)/\(environment)"), volumeID: volumeID,
                environmentID: id("environment/\(environment)"), serviceID: id("service/\(volume.service)"),
                mountPath: volume.service == "postgres" ? "/var/lib/postgresql/data" : "/cache", state: "READY",
                createdAt: created)
            try world.write(instance)
            let rows = rows(of: "\(volume.name)/\(environment)")
            try world.write(data: rows, of: instance)
            for (index, name) in ["Daily", "Weekly"].enumerated() {
                let backup = BackupRecord(
                    id: id("backup/\(volume.name)/\(environment)/\(name)"), name: name,
                    createdAt: created + 86_400 * (20 + index))
                try world.write(backup, of: instance, dump: "-- \(name) backup of \(volume.name)\n" + rows)
            }
        }
    }

    /// Some kilobytes of made-up reservations.
    private static func rows(of name: String) -> String {
        let cars = ["compact", "estate", "van", "convertible", "pickup"]
        var seed = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        var text = "reservation,customer,vehicle,pickup,days,amount_cents\n"
        for row in 1...160 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let random = Int(seed >> 33)
            text += "R\(10_000 + row),customer-\(random % 900),\(cars[random % cars.count]),"
            text += "2026-05-\(10 + random % 20),\(1 + random % 14),\(2_900 + random % 40_000)\n"
        }
        return text
    }

    private static var tokens: [TokenRecord] {
        func hash(_ name: String) -> String { TokenHash.sha256(id("token/\(name)")) }
        return [
            TokenRecord(sha256: hash("account"), kind: .account, name: "custom domains", createdAt: created),
            TokenRecord(sha256: hash("resolver"), kind: .reader, name: "resolver", createdAt: created),
            TokenRecord(
                sha256: hash("project-staging"), kind: .project, name: "staging", projectID: id("project"),
                environmentID: id("environment/staging"), createdAt: created),
        ]
    }

    private static var plainTokens: JSON {
        .object(["account", "project-staging", "resolver"].map { .init($0, .string(id("token/\($0)"))) })
    }

    private static var ids: JSON {
        func named(_ kind: String, _ names: [String]) -> JSON {
            .object(names.map { .init($0, .string(id("\(kind)/\($0)"))) })
        }
        let instances = volumes.flatMap { volume in volume.environments.map { "\(volume.name)/\($0)" } }
        return .object([
            .init("workspace", .string(id("workspace"))),
            .init("project", .string(id("project"))),
            .init("environment", named("environment", ["production", "staging"])),
            .init("service", named("service", ["api", "postgres"])),
            .init("volume", named("volume", volumes.map(\.name))),
            .init("instance", named("instance", instances)),
            .init("backup", named("backup", instances.flatMap { ["\($0)/Daily", "\($0)/Weekly"] })),
            .init("domain", named("domain", ["app"])),
        ])
    }
}
