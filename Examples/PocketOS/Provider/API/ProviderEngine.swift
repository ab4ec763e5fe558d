// SPDX-License-Identifier: Apache-2.0

/// A GraphQL request as it came in the body.
package struct GraphQLRequest: Sendable {
    package var query: String?
    package var variables: JSON?
    package var operationName: String?

    /// Takes the request out of a decoded body; nil when the body isn't an object.
    package init?(_ body: JSON) {
        guard case .object = body else { return nil }
        query = body["query"]?.text
        variables = body["variables"]
        operationName = body["operationName"]?.text
    }

    package init(query: String, variables: JSON? = nil, operationName: String? = nil) {
        self.query = query
        self.variables = variables
        self.operationName = operationName
    }
}

/// What one GraphQL request led to.
package struct GraphQLAnswer: Sendable {
    /// The body of the response.
    package var body: JSON
    /// Root fields that ran, in order.
    package var fields: [String] = []
    /// What changed, in order.
    package var effects: [String] = []
}

/// Answers GraphQL requests, one at a time.
package actor ProviderEngine {
    private let world: World
    private let mode: Mode
    private let schema: Schema
    private let now: @Sendable () -> Int
    private var traces = 0

    /// Serves a world.
    ///
    /// - Parameter now: The time in seconds since 1970; it decides when a queued deletion becomes final.
    package init(world: World, mode: Mode, now: @escaping @Sendable () -> Int) throws(GraphQLError) {
        self.world = world
        self.mode = mode
        self.now = now
        schema = try ProviderSchema.load()
    }

    /// Runs one request with what its credentials allow.
    package func answer(_ request: GraphQLRequest, credentials: Credentials) -> GraphQLAnswer {
        let context = RequestContext(
            world: world, access: Access(credentials, tokens: world.tokens()), mode: mode, now: now())
        context.sweep()
        let document: Document
        let operation: Operation
        do throws(GraphQLError) {
            guard let query = request.query, !query.isEmpty else {
                throw GraphQLError("GraphQL operations must contain a non-empty `query`.", code: "BAD_REQUEST")
            }
            document = try GraphQLParser.parse(query)
            let errors = Validator.errors(in: document, schema: schema)
            if !errors.isEmpty { return GraphQLAnswer(body: response(data: nil, errors: errors)) }
            operation = try select(request.operationName, in: document)
        } catch {
            return GraphQLAnswer(body: response(data: nil, errors: [error]))
        }
        let result = Executor.run(
            operation, of: document, schema: schema, variables: request.variables, root: context.root(operation.kind))
        return GraphQLAnswer(
            body: response(data: result.data, errors: result.errors), fields: context.fields, effects: context.effects)
    }

    private func select(_ name: String?, in document: Document) throws(GraphQLError) -> Operation {
        if let name {
            guard let operation = document.operations.first(where: { $0.name == name }) else {
                throw GraphQLError("Unknown operation named \"\(name)\".", code: "OPERATION_RESOLUTION_FAILURE")
            }
            return operation
        }
        guard let only = document.operations.first, document.operations.count == 1 else {
            throw GraphQLError(
                "Must provide operation name if query contains multiple operations.",
                code: "OPERATION_RESOLUTION_FAILURE")
        }
        return only
    }

    private func response(data: JSON?, errors: [GraphQLError]) -> JSON {
        var members: [JSON.Member] = []
        if !errors.isEmpty { members.append(.init("errors", .array(errors.map(json)))) }
        if let data { members.append(.init("data", data)) }
        return .object(members)
    }

    private func json(_ error: GraphQLError) -> JSON {
        traces += 1
        var members: [JSON.Member] = [.init("message", .string(error.message))]
        if let location = error.location {
            let place = JSON.object([
                .init("line", .integer(location.line)), .init("column", .integer(location.column)),
            ])
            members.append(.init("locations", .array([place])))
        }
        if !error.path.isEmpty { members.append(.init("path", .array(error.path))) }
        members.append(.init("extensions", .object([.init("code", .string(error.code))])))
        members.append(.init("traceId", .string(String(1_000_000 + traces))))
        return .object(members)
    }
}
