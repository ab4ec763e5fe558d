// SPDX-License-Identifier: Apache-2.0

extension RequestContext {
    /// Resolves a root field of a query.
    package func query(_ name: String, _ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        switch name {
        case "me", "apiToken", "projectToken", "projects": try tokenQuery(name, arguments)
        case "project": .object(entity(try project(arguments["id"]?.text)))
        case "environments":
            environments(
                of: try project(arguments["projectId"]?.text), "QueryEnvironmentsConnection", arguments)
        case "environment": .object(entity(try environment(of: arguments["projectId"]?.text, arguments["id"]?.text)))
        case "environmentStagedChanges": try stagedChanges(arguments)
        case "service": .object(entity(try service(arguments["id"]?.text)))
        case "volumeInstance": .object(entity(try instance(arguments["id"]?.text)))
        case "volumeInstanceBackupList":
            .list(world.backups(of: try instance(arguments["volumeInstanceId"]?.text)).map { .object(entity($0)) })
        case "domains": try domains(arguments)
        case "customDomain": try customDomain(arguments)
        case "variables": try variables(arguments)
        default: throw GraphQLError("Problem processing request", code: "INTERNAL_SERVER_ERROR")
        }
    }

    private func tokenQuery(_ name: String, _ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        guard let workspace = world.workspace(), let token = access.token else { throw .notAuthorized }
        switch (name, token.kind) {
        case ("me", .account): return .object(user(workspace))
        case ("apiToken", .account), ("apiToken", .reader):
            let reach = Entity("ApiTokenWorkspace") { field, _ in
                .string(field == "id" ? workspace.id : workspace.name)
            }
            return .object(Entity("ApiTokenContext") { _, _ in .list([.object(reach)]) })
        case ("projects", .account), ("projects", .reader):
            if let asked = arguments["workspaceId"]?.text, asked != workspace.id { throw .notAuthorized }
            return connection("QueryProjectsConnection", world.projects().map(entity), arguments)
        case ("projectToken", .project): return .object(try entity(token))
        default: throw .notAuthorized
        }
    }

    private func entity(_ token: TokenRecord) throws(GraphQLError) -> Entity {
        let project = try project(token.projectID)
        let environment = try environment(token.environmentID)
        return Entity("ProjectToken") { field, _ in
            switch field {
            case "id": .string(Seed.id("token-record/" + token.name))
            case "name": .string(token.name)
            case "displayToken": .string("****")
            case "createdAt": Self.date(token.createdAt)
            case "projectId": .string(project.id)
            case "environmentId": .string(environment.id)
            case "project": .object(self.entity(project))
            default: .object(self.entity(environment))
            }
        }
    }

    private func environment(of project: String?, _ id: String?) throws(GraphQLError) -> EnvironmentRecord {
        let record = try environment(id)
        guard project == nil || project == record.projectID else { throw .notFound("Environment") }
        return record
    }

    private func stagedChanges(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let record = try environment(arguments["environmentId"]?.text)
        let staged = world.staged(project: record.projectID, environment: record.id)
        return .object(patch(of: record, staged, status: "STAGED"))
    }

    private func domains(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let record = try environment(of: arguments["projectId"]?.text, arguments["environmentId"]?.text)
        let service = arguments["serviceId"]?.text
        let domains = world.domains(of: record.projectID).filter {
            $0.environmentID == record.id && $0.serviceID == service
        }
        return .object(Entity("AllDomains") { _, _ in .list(domains.map { .object(self.entity($0)) }) })
    }

    private func customDomain(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let project = try project(arguments["projectId"]?.text)
        let id = arguments["id"]?.text
        guard let domain = world.domains(of: project.id).first(where: { $0.id == id }) else {
            throw .notFound("Domain")
        }
        try access.requireReading(environment: domain.environmentID)
        return .object(entity(domain))
    }

    private func variables(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let record = try environment(of: arguments["projectId"]?.text, arguments["environmentId"]?.text)
        let variables = world.variables(project: record.projectID, environment: record.id)
        return .leaf(.object(variables.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
    }
}
