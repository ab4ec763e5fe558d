// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// What a provider account holds, as far as environments of ids depend on it.
///
/// As JSON: `{"projects":[{"id","name","environments":[{"id","name"}],"services":[{"id","name"}],
/// "volumes":[{"id","name","instances":[{"id","environmentId","backups":["id"]}]}]}]}`.
package struct RailwayState: Hashable, Sendable {
    package struct Named: Hashable, Sendable {
        package let id: String
        package let name: String?
        package init(id: String, name: String?) { self.id = id; self.name = name }
    }
    package struct Instance: Hashable, Sendable {
        package let id: String
        package let environmentID: String
        /// Ids of its backups; `nil` where they could not be listed.
        package var backups: [String]?
        package init(id: String, environmentID: String, backups: [String]?) {
            self.id = id
            self.environmentID = environmentID
            self.backups = backups
        }
    }
    package struct Volume: Hashable, Sendable {
        package let id: String
        package let name: String?
        package var instances: [Instance]
        /// Whether all instances are known.
        package var isComplete: Bool
        package init(id: String, name: String?, instances: [Instance], isComplete: Bool = true) {
            self.id = id
            self.name = name
            self.instances = instances
            self.isComplete = isComplete
        }
    }
    package struct Project: Hashable, Sendable {
        package let id: String
        package let name: String?
        package var environments: [Named]
        package var services: [Named]
        package var volumes: [Volume]
        /// Whether all environments are known.
        package var isComplete: Bool
        package init(id: String, name: String?, environments: [Named], services: [Named], volumes: [Volume], isComplete: Bool = true) {
            self.id = id
            self.name = name
            self.environments = environments
            self.services = services
            self.volumes = volumes
            self.isComplete = isComplete
        }
    }

    package var projects: [Project]

    /// Makes a state.
    package init(projects: [Project]) { self.projects = projects }

    /// Reads a state file; `nil` where it has another shape.
    package init?(json: JSONValue) {
        guard let list = json["projects"]?.arrayValue else { return nil }
        var projects: [Project] = []
        for item in list {
            guard let project = Self.project(item) else { return nil }
            projects.append(project)
        }
        self.projects = projects
    }

    private static func named(_ value: JSONValue?) -> [Named]? {
        guard let list = value?.arrayValue else { return value == nil ? [] : nil }
        var all: [Named] = []
        for item in list {
            guard let id = item["id"]?.stringValue else { return nil }
            all.append(Named(id: id, name: item["name"]?.stringValue))
        }
        return all
    }

    private static func project(_ value: JSONValue) -> Project? {
        guard let id = value["id"]?.stringValue, let environments = named(value["environments"]), let services = named(value["services"]) else { return nil }
        var volumes: [Volume] = []
        for item in value["volumes"]?.arrayValue ?? [] {
            guard let volume = item["id"]?.stringValue, let list = item["instances"]?.arrayValue else { return nil }
            var instances: [Instance] = []
            for entry in list {
                guard let instance = entry["id"]?.stringValue, let environment = entry["environmentId"]?.stringValue else { return nil }
                instances.append(Instance(id: instance, environmentID: environment, backups: (entry["backups"]?.arrayValue ?? []).compactMap(\.stringValue)))
            }
            volumes.append(Volume(id: volume, name: item["name"]?.stringValue, instances: instances))
        }
        return Project(id: id, name: value["name"]?.stringValue, environments: environments, services: services, volumes: volumes)
    }

    // MARK: Answers

    /// The targets that answer a query: one for each environment that the id lives in.
    ///
    /// - Parameter labels: The environments by the provider's exact ids.
    package func targets(for query: ResourceQuery, labels: [String: EnvironmentLabel], order: EnvironmentOrder) -> [ResolvedTarget] {
        var found: [ResolvedTarget] = []
        for project in projects {
            switch query.type {
            case "volume":
                for volume in project.volumes where volume.id.hasSameBytes(as: query.id) {
                    found += targets(of: volume, query, labels, order)
                }
            case "volumeInstance":
                for volume in project.volumes {
                    for instance in volume.instances where instance.id.hasSameBytes(as: query.id) {
                        found.append(target(query, volume.name, instance.environmentID, Self.radius([instance]), labels, order))
                    }
                }
            case "environment":
                for environment in project.environments where environment.id.hasSameBytes(as: query.id) {
                    let instances = project.volumes.flatMap(\.instances).filter { $0.environmentID.hasSameBytes(as: environment.id) }
                    found.append(target(query, environment.name, environment.id, Self.radius(instances), labels, order))
                }
            case "service":
                for service in project.services where service.id.hasSameBytes(as: query.id) { found += whole(project, query, service.name, [], labels, order) }
            case "project":
                if project.id.hasSameBytes(as: query.id) { found += whole(project, query, project.name, Self.radius(project.volumes.flatMap(\.instances)), labels, order) }
            default: break
            }
        }
        if found.isEmpty {
            found.append(Self.unproven(query, order, "the provider knows no \(query.type) with this id, or doesn't show it to the credential that asks"))
        }
        return found
    }

    private func targets(of volume: Volume, _ query: ResourceQuery, _ labels: [String: EnvironmentLabel], _ order: EnvironmentOrder) -> [ResolvedTarget] {
        // Deleting a volume takes every instance and every backup, in whatever environment.
        let radius = Self.radius(volume.instances)
        var all = volume.instances.map { target(query, volume.name, $0.environmentID, radius, labels, order) }
        if volume.instances.isEmpty { all.append(Self.unproven(query, order, "the volume has no instance, so nothing says where it belongs")) }
        if !volume.isComplete { all.append(Self.unproven(query, order, "the provider showed only some of the volume's instances")) }
        return all
    }

    private func whole(
        _ project: Project, _ query: ResourceQuery, _ name: String?, _ radius: [String], _ labels: [String: EnvironmentLabel], _ order: EnvironmentOrder
    ) -> [ResolvedTarget] {
        var all = project.environments.map { target(query, name, $0.id, radius, labels, order) }
        if all.isEmpty || !project.isComplete { all.append(Self.unproven(query, order, "the provider showed only some of the project's environments")) }
        return all
    }

    private static func radius(_ instances: [Instance]) -> [String] {
        instances.flatMap { instance in
            [instance.id] + (instance.backups ?? ["backups of \(instance.id) that could not be listed"])
        }
    }

    private func target(
        _ query: ResourceQuery, _ name: String?, _ environment: String, _ radius: [String], _ labels: [String: EnvironmentLabel], _ order: EnvironmentOrder
    ) -> ResolvedTarget {
        guard let label = labels.first(where: { $0.key.hasSameBytes(as: environment) })?.value else {
            return ResolvedTarget(
                provider: query.provider, type: query.type, id: query.id, name: name, environment: order.mostProtected,
                proof: .unproven(why: "it lives in an environment of the provider that the policy doesn't list"), blastRadius: radius)
        }
        return ResolvedTarget(
            provider: query.provider, type: query.type, id: query.id, name: name, environment: label, proof: .provider(name: query.provider),
            blastRadius: radius)
    }

    static func unproven(_ query: ResourceQuery, _ order: EnvironmentOrder, _ why: String) -> ResolvedTarget {
        ResolvedTarget(
            provider: query.provider, type: query.type, id: query.id, environment: order.mostProtected, proof: .unproven(why: why))
    }
}

/// Answers from a state file, for policy fixtures and tests.
package struct RailwayFixtureResolver: ResourceResolver {
    package let provider = "railway"
    private let state: RailwayState
    private let labels: [String: EnvironmentLabel]

    /// - Parameters:
    ///   - state: What the provider would answer.
    ///   - labels: The environments by the provider's exact ids.
    package init(state: RailwayState, labels: [String: EnvironmentLabel]) {
        self.state = state
        self.labels = labels
    }

    package func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget] {
        queries.flatMap { state.targets(for: $0, labels: labels, order: environments) }
    }
}
