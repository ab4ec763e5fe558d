// SPDX-License-Identifier: Apache-2.0

/// What a resolver gives back.
package enum Resolved {
    case null
    case leaf(JSON)
    case list([Resolved])
    case object(Entity)

    /// A string or null.
    package static func string(_ text: String?) -> Resolved { text.map { .leaf(.string($0)) } ?? .null }
    /// A truth value.
    package static func bool(_ value: Bool) -> Resolved { .leaf(.bool(value)) }
}

/// An object whose fields are resolved when they are asked for.
package struct Entity {
    package typealias Arguments = [String: JSON]

    /// The object type's name.
    package let typeName: String
    /// Resolves one field.
    package let resolve: (String, Arguments) throws(GraphQLError) -> Resolved

    package init(_ typeName: String, resolve: @escaping (String, Arguments) throws(GraphQLError) -> Resolved) {
        self.typeName = typeName
        self.resolve = resolve
    }
}

/// Runs one operation. Root fields of a mutation run one after another; an error undoes nothing that ran before it.
package struct Executor {
    private let schema: Schema
    private let document: Document
    private let input: InputCoercion
    private var errors: [GraphQLError] = []

    /// Runs `operation` over the root entity.
    ///
    /// - Returns: The response: `data` and, where something failed, `errors`.
    package static func run(
        _ operation: Operation, of document: Document, schema: Schema, variables: JSON?, root: Entity
    ) -> (data: JSON?, errors: [GraphQLError]) {
        var input = InputCoercion(schema: schema)
        do {
            try input.setVariables(variables, for: operation)
        } catch {
            return (nil, [error])
        }
        var executor = Executor(schema: schema, document: document, input: input)
        let data = executor.complete(operation.selections, of: root, path: [])
        return (data ?? .null, executor.errors)
    }

    private init(schema: Schema, document: Document, input: InputCoercion) {
        self.schema = schema
        self.document = document
        self.input = input
    }

    /// The object's fields; nil when a field that must not be null failed.
    private mutating func complete(_ selections: [Selection], of entity: Entity, path: [JSON]) -> JSON? {
        guard let type = schema.types[entity.typeName] else { return nil }
        var members: [JSON.Member] = []
        for (key, fields) in collect(selections, on: entity.typeName) {
            guard let field = fields.first else { continue }
            if field.name == "__typename" {
                members.append(.init(key, .string(entity.typeName)))
                continue
            }
            guard let definition = schema.field(field.name, of: type) else { return nil }
            let inner = fields.flatMap(\.selections)
            guard let value = run(field, as: definition, inner: inner, of: entity, path: path + [.string(key)]) else {
                return nil
            }
            members.append(.init(key, value))
        }
        return .object(members)
    }

    private mutating func run(
        _ field: FieldNode, as definition: Schema.Field, inner: [Selection], of entity: Entity, path: [JSON]
    ) -> JSON? {
        do throws(GraphQLError) {
            let arguments = try input.arguments(field.arguments, for: definition.arguments, at: field.location)
            let meta = schema.introspect(field.name, arguments, on: entity.typeName)
            let resolved = if let meta { meta } else { try entity.resolve(field.name, arguments) }
            return complete(resolved, as: definition.type, inner: inner, field: field, path: path)
        } catch {
            report(error, at: field.location, path: path)
            if case .nonNull = definition.type { return nil }
            return .null
        }
    }

    private mutating func report(_ error: GraphQLError, at location: Location, path: [JSON]) {
        var error = error
        error.location = error.location ?? location
        error.path = path
        errors.append(error)
    }

    private mutating func complete(
        _ value: Resolved, as type: TypeReference, inner: [Selection], field: FieldNode, path: [JSON]
    ) -> JSON? {
        if case .nonNull(let wrapped) = type {
            guard let value = complete(value, as: wrapped, inner: inner, field: field, path: path) else { return nil }
            if value == .null, errors.isEmpty {
                report(
                    GraphQLError(
                        "Cannot return null for non-nullable field \(field.name).", code: "INTERNAL_SERVER_ERROR"),
                    at: field.location, path: path)
            }
            return value == .null ? nil : value
        }
        switch value {
        case .null: return .null
        case .leaf(let json): return json
        case .object(let entity): return complete(inner, of: entity, path: path) ?? .null
        case .list(let items):
            guard case .list(let element) = type else { return .null }
            var values: [JSON] = []
            for (index, item) in items.enumerated() {
                let path = path + [.integer(index)]
                guard let value = complete(item, as: element, inner: inner, field: field, path: path) else {
                    return .null
                }
                values.append(value)
            }
            return .array(values)
        }
    }

    // MARK: Selections

    private func collect(_ selections: [Selection], on typeName: String) -> [(key: String, fields: [FieldNode])] {
        var groups: [(key: String, fields: [FieldNode])] = []
        collect(selections, on: typeName, into: &groups)
        return groups
    }

    private func collect(
        _ selections: [Selection], on typeName: String, into groups: inout [(key: String, fields: [FieldNode])]
    ) {
        for selection in selections {
            switch selection {
            case .field(let field):
                guard included(field.directives) else { continue }
                if let index = groups.firstIndex(where: { $0.key == field.responseKey }) {
                    groups[index].fields.append(field)
                } else {
                    groups.append((field.responseKey, [field]))
                }
            case .inline(let condition, let directives, let inner, _):
                guard included(directives), condition.map({ schema.object(typeName, fits: $0) }) ?? true else {
                    continue
                }
                collect(inner, on: typeName, into: &groups)
            case .spread(let name, let directives, _):
                guard included(directives), let fragment = document.fragments[name],
                    schema.object(typeName, fits: fragment.typeCondition)
                else { continue }
                collect(fragment.selections, on: typeName, into: &groups)
            }
        }
    }

    private func included(_ directives: [DirectiveNode]) -> Bool {
        directives.allSatisfy { directive in
            guard let literal = directive.arguments.first?.value else { return true }
            let value =
                switch literal {
                case .boolean(let value): value
                case .variable(let name): input.variables[name]?.truth ?? false
                default: false
                }
            return directive.name == "skip" ? !value : value
        }
    }
}
