// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// Asks Railway which environments ids live in.
///
/// There is no query for one volume: what the credential can see is enumerated, anew for each call, and an id counts as proven only
/// where it was found and every list was complete. Whatever fails leaves the id unproven.
package struct RailwayResolver: ResourceResolver {
    /// Sends one GraphQL query with its variables, and returns the whole answer, `data` and `errors` included.
    package typealias Send = @Sendable (_ query: String, _ variables: JSONValue) async throws -> JSONValue

    package let provider = "railway"
    private let labels: [String: EnvironmentLabel]
    private let send: Send
    private let maximumProjects: Int

    /// - Parameters:
    ///   - labels: The environments by the provider's exact ids.
    ///   - maximumProjects: Most projects that are looked through; beyond, nothing is proven.
    ///   - send: Sends a query with the resolver's own credential.
    package init(labels: [String: EnvironmentLabel], maximumProjects: Int = 200, send: @escaping Send) {
        self.labels = labels
        self.maximumProjects = maximumProjects
        self.send = send
    }

    package func resolve(_ queries: [ResourceQuery], environments: EnvironmentOrder) async -> [ResolvedTarget] {
        var enumeration = RailwayEnumeration(maximumProjects: maximumProjects)
        let askable = queries.filter { ["volume", "volumeInstance", "environment", "service", "project"].contains($0.type) && $0.id != "?" }
        if !askable.isEmpty {
            while let question = enumeration.next(wanted: askable) {
                do { enumeration.take(try await send(question.query, question.variables), for: question) } catch {
                    enumeration.take(nil, for: question)
                }
            }
        }
        return queries.flatMap { query -> [ResolvedTarget] in
            guard askable.contains(query) else {
                return [RailwayState.unproven(query, environments, "the request doesn't name what the provider could be asked about")]
            }
            if let failure = enumeration.failure { return [RailwayState.unproven(query, environments, failure)] }
            return enumeration.state.targets(for: query, labels: labels, order: environments)
        }
    }
}

/// The order of questions, and what the answers add up to. It does no I/O.
struct RailwayEnumeration {
    /// One question.
    struct Question: Sendable {
        enum Kind: Hashable, Sendable { case token, projects(after: String?), project(id: String), environment(id: String, project: String), backups(instance: String) }
        let kind: Kind
        let query: String
        let variables: JSONValue
    }

    private(set) var state = RailwayState(projects: [])
    /// Why nothing is proven.
    private(set) var failure: String?
    private var waiting: [Question.Kind] = [.token]
    private var asked = 0
    private var listsBackups = true
    private let maximumProjects: Int
    /// Set where the credential is bound to one environment.
    private var bound: (project: String, environment: String)?

    init(maximumProjects: Int) { self.maximumProjects = maximumProjects }

    /// The next question, or `nil` where all is known or nothing can be.
    mutating func next(wanted: [ResourceQuery]) -> Question? {
        guard failure == nil else { return nil }
        if waiting.isEmpty, listsBackups {
            listsBackups = false
            waiting = instances(touchedBy: wanted).prefix(200).map { .backups(instance: $0) }
        }
        guard !waiting.isEmpty else { return nil }
        asked += 1
        guard asked <= maximumProjects * 2 + 400 else { failure = "the provider holds more than is looked through"; return nil }
        return question(waiting.removeFirst())
    }

    private func instances(touchedBy wanted: [ResourceQuery]) -> [String] {
        state.projects.flatMap(\.volumes).flatMap { volume in
            volume.instances.filter { instance in
                wanted.contains { $0.id == volume.id || $0.id == instance.id || $0.id == instance.environmentID }
                    || state.projects.contains { project in project.volumes.contains(volume) && wanted.contains { $0.id == project.id } }
            }.map(\.id)
        }
    }

    private func question(_ kind: Question.Kind) -> Question {
        switch kind {
        case .token: Question(kind: kind, query: "query { projectToken { projectId environmentId } }", variables: .object([:]))
        case .projects(let after):
            Question(
                kind: kind, query: "query($after: String) { projects(first: 100, after: $after) { edges { node { id name } } pageInfo { hasNextPage endCursor } } }",
                variables: after.map { ["after": .string($0)] } ?? .object([:]))
        case .project(let id):
            Question(
                kind: kind,
                query: """
                    query($id: String!) { project(id: $id) { id name \
                    environments(first: 200) { edges { node { id name } } pageInfo { hasNextPage } } \
                    services(first: 200) { edges { node { id name } } pageInfo { hasNextPage } } \
                    volumes(first: 200) { edges { node { id name volumeInstances(first: 200) { edges { node { id environmentId environment { name } } } \
                    pageInfo { hasNextPage } } } } pageInfo { hasNextPage } } } }
                    """,
                variables: ["id": .string(id)])
        case .environment(let id, let project):
            Question(
                kind: kind,
                query: """
                    query($id: String!, $project: String!) { environment(id: $id, projectId: $project) { id name \
                    volumeInstances(first: 200) { edges { node { id volumeId environmentId state } } pageInfo { hasNextPage } } } }
                    """,
                variables: ["id": .string(id), "project": .string(project)])
        case .backups(let instance):
            Question(
                kind: kind, query: "query($id: String!) { volumeInstanceBackupList(volumeInstanceId: $id) { id name } }",
                variables: ["id": .string(instance)])
        }
    }

    /// Takes an answer; `nil` where sending failed.
    mutating func take(_ answer: JSONValue?, for question: Question) {
        let hasErrors = answer?["errors"].map { $0 != .array([]) && !$0.isNull } ?? false
        let data = hasErrors ? nil : answer?["data"]
        switch question.kind {
        case .token:
            guard answer != nil else { failure = "the provider could not be asked"; return }
            if let token = data?["projectToken"], let project = token["projectId"]?.stringValue, let environment = token["environmentId"]?.stringValue {
                bound = (project, environment)
                waiting.append(.project(id: project))
            } else {
                waiting.append(.projects(after: nil))
            }
        case .projects: takeProjects(data?["projects"])
        case .project(let id):
            guard let value = data?["project"], let project = Self.project(value), project.id == id else {
                // A credential of one environment may be refused the whole project.
                if let bound, bound.project == id { waiting.append(.environment(id: bound.environment, project: id)) } else {
                    failure = "the provider didn't show a project in full"
                }
                return
            }
            state.projects.append(project)
        case .environment(let id, let project): takeEnvironment(data?["environment"], id, project)
        case .backups(let instance): takeBackups(data?["volumeInstanceBackupList"], instance)
        }
    }

    private mutating func takeProjects(_ value: JSONValue?) {
        guard let value, let nodes = Self.nodes(value), let more = value["pageInfo"]?["hasNextPage"]?.boolValue else {
            failure = "the provider didn't list its projects"
            return
        }
        for node in nodes {
            guard let id = node["id"]?.stringValue else { failure = "the provider listed a project without an id"; return }
            waiting.append(.project(id: id))
        }
        if waiting.count > maximumProjects { failure = "the provider holds more projects than are looked through" }
        guard more else { return }
        guard let cursor = value["pageInfo"]?["endCursor"]?.stringValue, case let page = Question.Kind.projects(after: cursor), !nodes.isEmpty else {
            failure = "the provider listed only some of its projects"
            return
        }
        waiting.append(page)
    }

    private mutating func takeEnvironment(_ value: JSONValue?, _ id: String, _ project: String) {
        guard let value, value["id"]?.stringValue ?? id == id, let list = value["volumeInstances"], let nodes = Self.nodes(list), Self.isComplete(list) else {
            failure = "the provider didn't show the environment in full"
            return
        }
        var volumes: [RailwayState.Volume] = []
        for node in nodes {
            guard let instance = node["id"]?.stringValue, let volume = node["volumeId"]?.stringValue, let environment = node["environmentId"]?.stringValue else {
                failure = "the provider listed a volume without its ids"
                return
            }
            // Other environments' instances are out of this credential's sight, so the volume as a whole stays unproven.
            volumes.append(
                .init(id: volume, name: nil, instances: [.init(id: instance, environmentID: environment, backups: nil)], isComplete: false))
        }
        state.projects.append(
            .init(id: project, name: nil, environments: [.init(id: id, name: value["name"]?.stringValue)], services: [], volumes: volumes, isComplete: false))
    }

    private mutating func takeBackups(_ value: JSONValue?, _ instance: String) {
        guard let list = value?.arrayValue else { return }
        let ids = list.compactMap { $0["id"]?.stringValue }
        for project in state.projects.indices {
            for volume in state.projects[project].volumes.indices {
                for index in state.projects[project].volumes[volume].instances.indices
                where state.projects[project].volumes[volume].instances[index].id == instance {
                    state.projects[project].volumes[volume].instances[index].backups = ids
                }
            }
        }
    }

    // MARK: Shapes

    private static func nodes(_ connection: JSONValue) -> [JSONValue]? {
        guard let edges = connection["edges"]?.arrayValue else { return nil }
        var all: [JSONValue] = []
        for edge in edges {
            guard let node = edge["node"] else { return nil }
            all.append(node)
        }
        return all
    }

    /// A list without a word on further pages counts as partial.
    private static func isComplete(_ connection: JSONValue) -> Bool { connection["pageInfo"]?["hasNextPage"]?.boolValue == false }

    private static func project(_ value: JSONValue) -> RailwayState.Project? {
        guard let id = value["id"]?.stringValue, let environments = value["environments"], let services = value["services"], let volumes = value["volumes"],
            let environmentNodes = nodes(environments), let serviceNodes = nodes(services), let volumeNodes = nodes(volumes)
        else { return nil }
        var list: [RailwayState.Volume] = []
        for node in volumeNodes {
            guard let volume = node["id"]?.stringValue, let connection = node["volumeInstances"], let instances = nodes(connection) else { return nil }
            var all: [RailwayState.Instance] = []
            for instance in instances {
                guard let instanceID = instance["id"]?.stringValue, let environment = instance["environmentId"]?.stringValue else { return nil }
                all.append(.init(id: instanceID, environmentID: environment, backups: nil))
            }
            list.append(.init(id: volume, name: node["name"]?.stringValue, instances: all, isComplete: isComplete(connection)))
        }
        func named(_ nodes: [JSONValue]) -> [RailwayState.Named] {
            nodes.compactMap { node in node["id"]?.stringValue.map { RailwayState.Named(id: $0, name: node["name"]?.stringValue) } }
        }
        // An id that isn't in a partial list is simply not found; a partial list of environments spoils what covers them all.
        return RailwayState.Project(
            id: id, name: value["name"]?.stringValue, environments: named(environmentNodes), services: named(serviceNodes), volumes: list,
            isComplete: isComplete(environments))
    }
}
