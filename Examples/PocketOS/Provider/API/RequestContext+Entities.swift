// SPDX-License-Identifier: Apache-2.0

extension RequestContext {
    /// A Relay connection over objects, cut by `first` and `after`.
    package func connection(_ typeName: String, _ nodes: [Entity], _ arguments: Entity.Arguments) -> Resolved {
        var start = 0
        if let cursor = arguments["after"]?.text, let after = Int(cursor) {
            start = min(max(after + 1, 0), nodes.count)
        }
        var end = nodes.count
        if case .integer(let first) = arguments["first"] { end = min(end, start + max(first, 0)) }
        let page = start..<end
        return .object(
            Entity(typeName) { field, _ in
                field == "edges"
                    ? .list(page.map { .object(Self.edge("\(typeName)Edge", nodes[$0], cursor: $0)) })
                    : .object(Self.pageInfo(page, of: nodes.count))
            })
    }

    private static func edge(_ typeName: String, _ node: Entity, cursor: Int) -> Entity {
        Entity(typeName) { field, _ in field == "node" ? .object(node) : .string(String(cursor)) }
    }

    private static func pageInfo(_ page: Range<Int>, of count: Int) -> Entity {
        Entity("PageInfo") { field, _ in
            switch field {
            case "hasNextPage": .bool(page.upperBound < count)
            case "hasPreviousPage": .bool(page.lowerBound > 0)
            case "startCursor": .string(page.isEmpty ? nil : String(page.lowerBound))
            default: .string(page.isEmpty ? nil : String(page.upperBound - 1))
            }
        }
    }

    package func entity(_ record: WorkspaceRecord) -> Entity {
        Entity("Workspace") { field, arguments in
            switch field {
            case "id": .string(record.id)
            case "name": .string(record.name)
            default:
                self.connection("WorkspaceProjectsConnection", self.world.projects().map(self.entity), arguments)
            }
        }
    }

    package func user(_ record: WorkspaceRecord) -> Entity {
        Entity("User") { field, _ in
            switch field {
            case "id": .string(record.userID)
            case "email": .string(record.email)
            case "workspaces": .list([.object(self.entity(record))])
            default: .string(record.userName)
            }
        }
    }

    package func entity(_ record: ProjectRecord) -> Entity {
        Entity("Project") { field, arguments in
            switch field {
            case "id": .string(record.id)
            case "name": .string(record.name)
            case "workspaceId": .string(record.workspaceID)
            case "workspace":
                self.access.reachesWorkspace ? self.world.workspace().map { .object(self.entity($0)) } ?? .null : .null
            case "baseEnvironmentId": .string(record.baseEnvironmentID)
            case "createdAt", "updatedAt": Self.date(record.createdAt)
            case "deletedAt": record.deleteAt.map(Self.date) ?? .null
            case "environments": self.environments(of: record, "ProjectEnvironmentsConnection", arguments)
            case "services":
                self.connection(
                    "ProjectServicesConnection", self.world.services(of: record.id).map(self.entity), arguments)
            case "volumes":
                self.connection(
                    "ProjectVolumesConnection",
                    self.world.volumes().filter { $0.projectID == record.id }.map(self.entity), arguments)
            default: .null
            }
        }
    }

    package func environments(
        of project: ProjectRecord, _ typeName: String, _ arguments: Entity.Arguments
    ) -> Resolved {
        connection(typeName, world.environments(of: project.id).map(entity), arguments)
    }

    package func entity(_ record: EnvironmentRecord) -> Entity {
        Entity("Environment") { field, arguments throws(GraphQLError) in
            switch field {
            case "id": return .string(record.id)
            case "name": return .string(record.name)
            case "projectId": return .string(record.projectID)
            case "createdAt", "updatedAt": return Self.date(record.createdAt)
            case "deletedAt": return record.deleteAt.map(Self.date) ?? .null
            case "isEphemeral": return .bool(false)
            case "canAccess": return .bool(self.access.sees(environment: record.id))
            case "config":
                try self.access.requireReading(environment: record.id)
                return .leaf(self.configuration(of: record))
            case "volumeInstances":
                try self.access.requireReading(environment: record.id)
                let instances = self.world.instances().filter { $0.environmentID == record.id }
                return self.connection("EnvironmentVolumeInstancesConnection", instances.map(self.entity), arguments)
            default: return .null
            }
        }
    }

    /// The environment's configuration as the opaque scalar shows it.
    package func configuration(of record: EnvironmentRecord) -> JSON {
        let volumes = world.instances().filter { $0.environmentID == record.id }
        let services = world.services(of: record.projectID)
        return .object([
            .init("services", .object(services.map { .init($0.id, .object([.init("name", .string($0.name))])) })),
            .init(
                "volumes",
                .object(volumes.map { .init($0.volumeID, .object([.init("mountPath", .string($0.mountPath))])) })),
        ])
    }

    package func entity(_ record: ServiceRecord) -> Entity {
        Entity("Service") { field, _ in
            switch field {
            case "id": .string(record.id)
            case "name": .string(record.name)
            case "projectId": .string(record.projectID)
            case "project": self.world.project(record.projectID).map { .object(self.entity($0)) } ?? .null
            case "createdAt", "updatedAt": Self.date(record.createdAt)
            default: .null
            }
        }
    }

    package func entity(_ record: VolumeRecord) -> Entity {
        Entity("Volume") { field, arguments in
            switch field {
            case "id": .string(record.id)
            case "name": .string(record.name)
            case "projectId": .string(record.projectID)
            case "project": self.world.project(record.projectID).map { .object(self.entity($0)) } ?? .null
            case "createdAt": Self.date(record.createdAt)
            default:
                // A project token sees only what lies in its environment: a volume may have more instances than it shows.
                self.connection(
                    "VolumeVolumeInstancesConnection",
                    self.world.instances(of: record.id).filter { self.access.sees(environment: $0.environmentID) }
                        .map(self.entity), arguments)
            }
        }
    }

    package func entity(_ record: InstanceRecord) -> Entity {
        Entity("VolumeInstance") { field, _ in
            switch field {
            case "id": .string(record.id)
            case "volumeId": .string(record.volumeID)
            case "environmentId": .string(record.environmentID)
            case "serviceId": .string(record.serviceID)
            case "mountPath": .string(record.mountPath)
            case "region": .string("us-west1")
            case "state": .string(record.state)
            case "isPendingDeletion": .bool(record.deleteAt != nil)
            case "currentSizeMB": .leaf(.number(11.5))
            case "sizeMB": .leaf(.integer(5_000))
            case "createdAt": Self.date(record.createdAt)
            case "externalId": .string("vol_" + record.id.prefix(8))
            case "volume": self.world.volume(record.volumeID).map { .object(self.entity($0)) } ?? .null
            case "environment": self.world.environment(record.environmentID).map { .object(self.entity($0)) } ?? .null
            case "service": record.serviceID.flatMap(self.world.service).map { .object(self.entity($0)) } ?? .null
            default: .null
            }
        }
    }

    package func entity(_ record: BackupRecord) -> Entity {
        Entity("VolumeInstanceBackup") { field, _ in
            switch field {
            case "id": .string(record.id)
            case "name": .string(record.name)
            case "createdAt": Self.date(record.createdAt)
            case "externalId": .string("bak_" + record.id.prefix(8))
            case "usedMB", "referencedMB": .leaf(.integer(12))
            case "volumeInstanceSizeMB": .leaf(.integer(5_000))
            default: .null
            }
        }
    }

    package func entity(_ record: DomainRecord) -> Entity {
        Entity("CustomDomain") { field, _ in
            switch field {
            case "id": .string(record.id)
            case "domain": .string(record.domain)
            case "projectId": .string(record.projectID)
            case "environmentId": .string(record.environmentID)
            case "serviceId": .string(record.serviceID)
            case "targetPort": record.targetPort.map { .leaf(.integer($0)) } ?? .null
            case "createdAt", "updatedAt": Self.date(record.createdAt)
            default: .null
            }
        }
    }

    package func patch(of record: EnvironmentRecord, _ patch: JSON?, status: String) -> Entity {
        Entity("EnvironmentPatch") { field, _ in
            switch field {
            case "id", "environmentId": .string(record.id)
            case "environment": .object(self.entity(record))
            case "status": .string(status)
            case "patch": .leaf(patch ?? .object([]))
            case "createdAt", "updatedAt": Self.date(self.now)
            default: .null
            }
        }
    }
}
