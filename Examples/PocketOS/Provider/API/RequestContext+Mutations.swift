// SPDX-License-Identifier: Apache-2.0

extension RequestContext {
    /// How long a queued deletion waits, in seconds.
    package static let grace = 48 * 3_600

    /// Resolves, and so runs, a root field of a mutation.
    package func mutate(_ name: String, _ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        switch name {
        case "volumeDelete": try volumeDelete(arguments)
        case "volumeInstanceUpdate": try volumeInstanceUpdate(arguments)
        case "volumeInstanceBackupCreate": try backupCreate(arguments)
        case "volumeInstanceBackupDelete": try backupDelete(arguments)
        case "serviceDelete": try serviceDelete(arguments)
        case "environmentDelete": try environmentDelete(arguments)
        case "projectDelete": try projectDelete(arguments)
        case "customDomainCreate": try customDomainCreate(arguments)
        case "customDomainDelete": try customDomainDelete(arguments)
        case "variableUpsert": try variableUpsert(arguments)
        case "environmentStageChanges": try stage(arguments)
        case "environmentPatchCommit": try commit(arguments, patch: arguments["patch"])
        case "environmentPatchCommitStaged": try commitStaged(arguments)
        default: throw GraphQLError("Problem processing request", code: "INTERNAL_SERVER_ERROR")
        }
    }

    /// Makes queued deletions final whose time has come.
    package func sweep() {
        for instance in world.instances() {
            guard let deleteAt = instance.deleteAt, deleteAt <= now else { continue }
            try? change("final: volume \(instance.volumeID) in \(instance.environmentID)") { () throws(WorldError) in
                try world.remove(instance)
            }
        }
        for project in world.projects() {
            for environment in world.environments(of: project.id) where (environment.deleteAt ?? .max) <= now {
                try? change("final: environment \(environment.id)") { () throws(WorldError) in
                    try world.remove(environment)
                }
            }
            if (project.deleteAt ?? .max) <= now {
                try? change("final: project \(project.id)") { () throws(WorldError) in try world.remove(project) }
            }
        }
    }

    // MARK: Volumes

    /// Deletes a volume in every environment: the call names none, and a token of one environment is enough.
    private func volumeDelete(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let volume = try volume(arguments["volumeId"]?.text)
        let instances = world.instances(of: volume.id)
        guard access.token?.kind != .reader, access.isAccount || instances.contains(where: sees) else {
            throw .notAuthorized
        }
        switch mode {
        case .incident:
            try change("deleted volume \(volume.id)") { () throws(WorldError) in try world.remove(volume: volume.id) }
        case .today: for instance in instances { try delete(instance) }
        }
        return .bool(true)
    }

    private func sees(_ instance: InstanceRecord) -> Bool { access.sees(environment: instance.environmentID) }

    private func delete(_ instance: InstanceRecord) throws(GraphQLError) {
        let what = "volume \(instance.volumeID) in \(instance.environmentID)"
        switch mode {
        case .incident: try change("deleted \(what)") { () throws(WorldError) in try world.remove(instance) }
        case .today:
            var queued = instance
            queued.state = "DELETING"
            queued.deleteAt = instance.deleteAt ?? now + Self.grace
            try change("queued \(what)") { () throws(WorldError) in try world.write(queued) }
        }
    }

    private func volumeInstanceUpdate(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let volume = try volume(arguments["volumeId"]?.text)
        var instances = world.instances(of: volume.id)
        if let environment = arguments["environmentId"]?.text {
            instances = instances.filter { $0.environmentID == environment }
            guard !instances.isEmpty else { throw .notFound("Volume instance") }
            try access.requireWriting(environment: environment)
        }
        guard access.token?.kind != .reader, access.isAccount || instances.contains(where: sees) else {
            throw .notAuthorized
        }
        let input = arguments["input"] ?? .null
        for var instance in instances {
            if input["state"]?.text == "DELETED" {
                try delete(instance)
                continue
            }
            if let path = input["mountPath"]?.text { instance.mountPath = path }
            if let service = input["serviceId"]?.text { instance.serviceID = service }
            if let state = input["state"]?.text { instance.state = state }
            try change("updated volume \(volume.id) in \(instance.environmentID)") { () throws(WorldError) in
                try world.write(instance)
            }
        }
        return .bool(true)
    }

    private func backupCreate(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let instance = try instance(arguments["volumeInstanceId"]?.text)
        try access.requireWriting(environment: instance.environmentID)
        let backup = BackupRecord(id: newID(), name: arguments["name"]?.text ?? "Manual", createdAt: now)
        try change("created backup \(backup.id)") { () throws(WorldError) in
            try world.write(backup, of: instance, dump: "-- manual backup\n" + (world.data(of: instance) ?? ""))
        }
        return workflow()
    }

    private func backupDelete(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let instance = try instance(arguments["volumeInstanceId"]?.text)
        try access.requireWriting(environment: instance.environmentID)
        let id = arguments["volumeInstanceBackupId"]?.text
        guard let backup = world.backups(of: instance).first(where: { $0.id == id }) else { throw .notFound("Backup") }
        try change("deleted backup \(backup.id)") { () throws(WorldError) in try world.remove(backup, of: instance) }
        return workflow()
    }

    private func workflow() -> Resolved {
        let id = newID()
        return .object(Entity("WorkflowId") { _, _ in .string(id) })
    }

    // MARK: Services, environments, projects

    /// Deletes a service everywhere; its volumes stay, unattached.
    private func serviceDelete(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let service = try service(arguments["id"]?.text)
        guard access.token?.kind != .reader else { throw .notAuthorized }
        if let environment = arguments["environmentId"]?.text { try access.requireWriting(environment: environment) }
        try change("deleted service \(service.id)") { () throws(WorldError) in
            try world.remove(service)
            for var instance in world.instances() where instance.serviceID == service.id {
                instance.serviceID = nil
                try world.write(instance)
            }
        }
        return .bool(true)
    }

    private func environmentDelete(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let environment = try environment(arguments["id"]?.text)
        try access.requireAccount()
        try delete(environment)
        return .bool(true)
    }

    private func delete(_ environment: EnvironmentRecord) throws(GraphQLError) {
        for instance in world.instances() where instance.environmentID == environment.id { try delete(instance) }
        switch mode {
        case .incident:
            try change("deleted environment \(environment.id)") { () throws(WorldError) in
                try world.remove(environment)
            }
        case .today:
            var queued = environment
            queued.deleteAt = now + Self.grace
            try change("queued environment \(environment.id)") { () throws(WorldError) in try world.write(queued) }
        }
    }

    private func projectDelete(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let project = try project(arguments["id"]?.text)
        try access.requireAccount()
        for environment in world.environments(of: project.id) { try delete(environment) }
        switch mode {
        case .incident:
            try change("deleted project \(project.id)") { () throws(WorldError) in try world.remove(project) }
        case .today:
            var queued = project
            queued.deleteAt = now + Self.grace
            try change("queued project \(project.id)") { () throws(WorldError) in try world.write(queued) }
        }
        return .bool(true)
    }

    // MARK: Domains and variables

    private func customDomainCreate(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let input = arguments["input"] ?? .null
        let environment = try environment(input["environmentId"]?.text)
        try access.requireWriting(environment: environment.id)
        let service = try service(input["serviceId"]?.text)
        guard environment.projectID == input["projectId"]?.text, service.projectID == environment.projectID else {
            throw .notFound("Service")
        }
        var port: Int?
        if case .integer(let given) = input["targetPort"] { port = given }
        let domain = DomainRecord(
            id: newID(), domain: input["domain"]?.text ?? "", projectID: environment.projectID,
            environmentID: environment.id, serviceID: service.id, targetPort: port, createdAt: now)
        try change("created domain \(domain.id)") { () throws(WorldError) in try world.write(domain) }
        return .object(entity(domain))
    }

    private func customDomainDelete(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let id = arguments["id"]?.text
        guard let domain = world.projects().flatMap({ world.domains(of: $0.id) }).first(where: { $0.id == id }) else {
            throw access.token == nil ? .notAuthorized : .notFound("Domain")
        }
        try access.requireWriting(environment: domain.environmentID)
        try change("deleted domain \(domain.id)") { () throws(WorldError) in try world.remove(domain) }
        return .bool(true)
    }

    private func variableUpsert(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let input = arguments["input"] ?? .null
        let environment = try environment(input["environmentId"]?.text)
        try access.requireWriting(environment: environment.id)
        guard environment.projectID == input["projectId"]?.text else { throw .notFound("Project") }
        var variables = world.variables(project: environment.projectID, environment: environment.id)
        variables[input["name"]?.text ?? ""] = input["value"]?.text
        try change("set variable in \(environment.id)") { () throws(WorldError) in
            try world.write(variables: variables, project: environment.projectID, environment: environment.id)
        }
        return .bool(true)
    }

    // MARK: Opaque patches

    private func stage(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let environment = try environment(arguments["environmentId"]?.text)
        try access.requireWriting(environment: environment.id)
        var patch = arguments["input"] ?? .object([])
        if arguments["merge"]?.truth == true,
            let earlier = world.staged(project: environment.projectID, environment: environment.id)
        {
            patch = Self.merged(earlier, patch)
        }
        let staged = patch
        try change("staged changes in \(environment.id)") { () throws(WorldError) in
            try world.write(staged: staged, project: environment.projectID, environment: environment.id)
        }
        return .object(self.patch(of: environment, staged, status: "STAGED"))
    }

    private func commitStaged(_ arguments: Entity.Arguments) throws(GraphQLError) -> Resolved {
        let environment = try environment(arguments["environmentId"]?.text)
        try access.requireWriting(environment: environment.id)
        guard let staged = world.staged(project: environment.projectID, environment: environment.id) else {
            throw GraphQLError("No staged changes", code: "INTERNAL_SERVER_ERROR")
        }
        let resolved = try commit(arguments, patch: staged)
        try change("cleared staged changes in \(environment.id)") { () throws(WorldError) in
            try world.removeStaged(project: environment.projectID, environment: environment.id)
        }
        return resolved
    }

    /// Carries out a patch: what it marks `isDeleted` goes from this environment, data and backups with it.
    private func commit(_ arguments: Entity.Arguments, patch: JSON?) throws(GraphQLError) -> Resolved {
        let environment = try environment(arguments["environmentId"]?.text)
        try access.requireWriting(environment: environment.id)
        for member in patch?["volumes"]?.members ?? [] where member.value["isDeleted"]?.truth == true {
            let instance = world.instances(of: member.name).first { $0.environmentID == environment.id }
            guard World.isIdentifier(member.name), let instance else { throw .notFound("Volume") }
            try delete(instance)
        }
        for member in patch?["services"]?.members ?? [] where member.value["isDeleted"]?.truth == true {
            _ = try serviceDelete(["id": .string(member.name)])
        }
        return .string(newID())
    }

    private static func merged(_ base: JSON, _ patch: JSON) -> JSON {
        guard var members = base.members, let changes = patch.members else { return patch }
        for change in changes {
            if let index = members.firstIndex(where: { $0.name == change.name }) {
                members[index].value = merged(members[index].value, change.value)
            } else {
                members.append(change)
            }
        }
        return .object(members)
    }
}
