// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A file of the stand-in's state that can't be written or removed.
package struct WorldError: Error, CustomStringConvertible {
    package var description: String
}

/// The provider's state as files, read anew for every request, so that what is gone from disk is gone.
///
/// ```
/// workspace.json  tokens.json
/// projects/<id>/project.json  environments/<id>/{environment,variables,staged}.json  services/<id>.json  domains/<id>.json
/// volumes/<id>/volume.json  <environment>/{instance.json,data.db}  <environment>/backups/<id>.{json,dump}
/// ```
package struct World: Sendable {
    /// The folder that holds the state.
    package let root: URL

    /// Names the state in a folder; nothing is read yet.
    package init(root: URL) { self.root = root }

    /// Whether a string is an id, and so may become part of a path.
    package static func isIdentifier(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.joined().allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
    }

    // MARK: Reading

    package func workspace() -> WorkspaceRecord? { read("workspace.json") }
    package func tokens() -> [TokenRecord] { read("tokens.json") ?? [] }
    package func projects() -> [ProjectRecord] {
        folders("projects").compactMap { read("projects/\($0)/project.json") }
    }

    package func project(_ id: String) -> ProjectRecord? {
        Self.isIdentifier(id) ? read("projects/\(id)/project.json") : nil
    }

    package func environments(of project: String) -> [EnvironmentRecord] {
        folders("projects/\(project)/environments").compactMap {
            read("projects/\(project)/environments/\($0)/environment.json")
        }
    }

    package func environment(_ id: String) -> EnvironmentRecord? {
        projects().lazy.flatMap { environments(of: $0.id) }.first { $0.id == id }
    }

    package func services(of project: String) -> [ServiceRecord] {
        records("projects/\(project)/services")
    }

    package func service(_ id: String) -> ServiceRecord? {
        projects().lazy.flatMap { services(of: $0.id) }.first { $0.id == id }
    }

    package func domains(of project: String) -> [DomainRecord] { records("projects/\(project)/domains") }

    package func volumes() -> [VolumeRecord] { folders("volumes").compactMap { read("volumes/\($0)/volume.json") } }

    package func volume(_ id: String) -> VolumeRecord? {
        Self.isIdentifier(id) ? read("volumes/\(id)/volume.json") : nil
    }

    package func instances(of volume: String) -> [InstanceRecord] {
        folders("volumes/\(volume)").compactMap { read("volumes/\(volume)/\($0)/instance.json") }
    }

    package func instances() -> [InstanceRecord] { volumes().flatMap { instances(of: $0.id) } }

    package func backups(of instance: InstanceRecord) -> [BackupRecord] {
        records(Self.path(of: instance) + "/backups")
    }

    package func variables(project: String, environment: String) -> [String: String] {
        read("projects/\(project)/environments/\(environment)/variables.json") ?? [:]
    }

    package func staged(project: String, environment: String) -> JSON? {
        let url = root.appending(path: "projects/\(project)/environments/\(environment)/staged.json")
        guard let data = try? Data(contentsOf: url) else { return nil }
        return try? JSONReader.read(data)
    }

    // MARK: Writing

    package func write(_ record: WorkspaceRecord) throws(WorldError) { try write(record, to: "workspace.json") }
    package func write(_ tokens: [TokenRecord]) throws(WorldError) { try write(tokens, to: "tokens.json") }

    package func write(_ record: ProjectRecord) throws(WorldError) {
        try write(record, to: "projects/\(record.id)/project.json")
    }

    package func write(_ record: EnvironmentRecord) throws(WorldError) {
        try write(record, to: "projects/\(record.projectID)/environments/\(record.id)/environment.json")
    }

    package func write(_ record: ServiceRecord) throws(WorldError) {
        try write(record, to: "projects/\(record.projectID)/services/\(record.id).json")
    }

    package func write(_ record: DomainRecord) throws(WorldError) {
        try write(record, to: "projects/\(record.projectID)/domains/\(record.id).json")
    }

    package func write(_ record: VolumeRecord) throws(WorldError) {
        try write(record, to: "volumes/\(record.id)/volume.json")
    }

    package func write(_ record: InstanceRecord) throws(WorldError) {
        try write(record, to: Self.path(of: record) + "/instance.json")
    }

    package func write(_ record: BackupRecord, of instance: InstanceRecord, dump: String) throws(WorldError) {
        let path = Self.path(of: instance) + "/backups/\(record.id)"
        try write(record, to: path + ".json")
        try write(text: dump, to: path + ".dump")
    }

    package func write(data text: String, of instance: InstanceRecord) throws(WorldError) {
        try write(text: text, to: Self.path(of: instance) + "/data.db")
    }

    package func data(of instance: InstanceRecord) -> String? {
        guard let data = try? Data(contentsOf: root.appending(path: Self.path(of: instance) + "/data.db")) else {
            return nil
        }
        return String(decoding: data, as: UTF8.self)
    }

    package func write(variables: [String: String], project: String, environment: String) throws(WorldError) {
        try write(variables, to: "projects/\(project)/environments/\(environment)/variables.json")
    }

    package func write(staged: JSON, project: String, environment: String) throws(WorldError) {
        try write(text: staged.serialized, to: "projects/\(project)/environments/\(environment)/staged.json")
    }

    // MARK: Removing

    /// Removes a volume with the data and the backups of all its instances.
    package func remove(volume id: String) throws(WorldError) { try remove("volumes/\(id)") }

    /// Removes an instance with its data and backups, and the volume once it has no instance left.
    package func remove(_ instance: InstanceRecord) throws(WorldError) {
        try remove(Self.path(of: instance))
        if instances(of: instance.volumeID).isEmpty { try remove(volume: instance.volumeID) }
    }

    package func remove(_ backup: BackupRecord, of instance: InstanceRecord) throws(WorldError) {
        try remove(Self.path(of: instance) + "/backups/\(backup.id).dump")
        try remove(Self.path(of: instance) + "/backups/\(backup.id).json")
    }

    package func remove(_ service: ServiceRecord) throws(WorldError) {
        try remove("projects/\(service.projectID)/services/\(service.id).json")
    }

    package func remove(_ domain: DomainRecord) throws(WorldError) {
        try remove("projects/\(domain.projectID)/domains/\(domain.id).json")
    }

    package func remove(_ environment: EnvironmentRecord) throws(WorldError) {
        try remove("projects/\(environment.projectID)/environments/\(environment.id)")
    }

    package func remove(_ project: ProjectRecord) throws(WorldError) { try remove("projects/\(project.id)") }

    package func removeStaged(project: String, environment: String) throws(WorldError) {
        try remove("projects/\(project)/environments/\(environment)/staged.json")
    }

    // MARK: Files

    private static func path(of instance: InstanceRecord) -> String {
        "volumes/\(instance.volumeID)/\(instance.environmentID)"
    }

    private func folders(_ path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)) ?? []
        return names.filter(Self.isIdentifier).sorted()
    }

    private func records<Record: Decodable>(_ path: String) -> [Record] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { read("\(path)/\($0)") }
    }

    private func read<Record: Decodable>(_ path: String) -> Record? {
        guard let data = try? Data(contentsOf: root.appending(path: path)) else { return nil }
        return try? JSONDecoder().decode(Record.self, from: data)
    }

    private func write(_ record: some Encodable, to path: String) throws(WorldError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(record) else { throw WorldError(description: "cannot encode `\(path)`") }
        try write(text: String(decoding: data, as: UTF8.self) + "\n", to: path)
    }

    private func write(text: String, to path: String) throws(WorldError) {
        let url = root.appending(path: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw WorldError(description: "cannot write `\(path)`")
        }
    }

    private func remove(_ path: String) throws(WorldError) {
        do {
            try FileManager.default.removeItem(at: root.appending(path: path))
        } catch {
            throw WorldError(description: "cannot remove `\(path)`")
        }
    }
}
