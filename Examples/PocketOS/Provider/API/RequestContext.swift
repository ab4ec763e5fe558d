// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Resolves the fields of one request against the files, as far as its token reaches.
package final class RequestContext {
    package let world: World
    package let access: Access
    package let mode: Mode
    /// Seconds since 1970.
    package let now: Int
    /// What the request changed, in order, for the log.
    package var effects: [String] = []
    /// Root fields that ran, in order, for the log.
    package var fields: [String] = []

    package init(world: World, access: Access, mode: Mode, now: Int) {
        self.world = world
        self.access = access
        self.mode = mode
        self.now = now
    }

    /// The root of an operation.
    package func root(_ kind: Operation.Kind) -> Entity {
        Entity(kind.rootType) { name, arguments throws(GraphQLError) in
            self.fields.append(name)
            return kind == .mutation ? try self.mutate(name, arguments) : try self.query(name, arguments)
        }
    }

    /// Runs a change of the files; a failure becomes the provider's answer.
    package func change(_ effect: String, _ body: () throws(WorldError) -> Void) throws(GraphQLError) {
        do {
            try body()
            effects.append(effect)
        } catch {
            throw GraphQLError("Problem processing request", code: "INTERNAL_SERVER_ERROR")
        }
    }

    /// A new id.
    package func newID() -> String { UUID().uuidString.lowercased() }

    /// A time as the API writes it.
    package static func date(_ seconds: Int) -> Resolved {
        .string(Date(timeIntervalSince1970: Double(seconds)).ISO8601Format())
    }

    // MARK: Looking up

    package func project(_ id: String?) throws(GraphQLError) -> ProjectRecord {
        guard let record = world.project(id ?? "") else { throw denied("Project") }
        try access.requireReading(project: record.id)
        return record
    }

    package func environment(_ id: String?) throws(GraphQLError) -> EnvironmentRecord {
        guard let record = world.environment(id ?? "") else { throw denied("Environment") }
        try access.requireReading(environment: record.id)
        return record
    }

    package func service(_ id: String?) throws(GraphQLError) -> ServiceRecord {
        guard let record = world.service(id ?? "") else { throw denied("Service") }
        try access.requireReading(project: record.projectID)
        return record
    }

    package func instance(_ id: String?) throws(GraphQLError) -> InstanceRecord {
        guard let record = world.instances().first(where: { $0.id == id }) else { throw denied("Volume instance") }
        try access.requireReading(environment: record.environmentID)
        return record
    }

    package func volume(_ id: String?) throws(GraphQLError) -> VolumeRecord {
        guard let record = world.volume(id ?? "") else { throw denied("Volume") }
        try access.requireReading(project: record.projectID)
        return record
    }

    /// What a caller learns of something that doesn't exist: without a token nothing.
    private func denied(_ what: String) -> GraphQLError {
        access.token == nil ? .notAuthorized : .notFound(what)
    }
}
