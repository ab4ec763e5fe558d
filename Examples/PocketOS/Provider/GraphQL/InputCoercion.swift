// SPDX-License-Identifier: Apache-2.0

/// Turns literals and variables into the JSON values that resolvers see, checking them against the schema.
package struct InputCoercion {
    package let schema: Schema
    /// The coerced variables of the operation that runs.
    package var variables: [String: JSON] = [:]

    package init(schema: Schema) { self.schema = schema }

    /// Takes over the variables of an operation from a request.
    package mutating func setVariables(
        _ given: JSON?, for operation: Operation
    ) throws(GraphQLError) {
        for definition in operation.variables {
            if let value = given?[definition.name] {
                guard let coerced = coerce(value, to: definition.type) else {
                    throw GraphQLError(
                        "Variable \"$\(definition.name)\" got invalid value \(value.serialized); Expected type \"\(definition.type.description)\".",
                        at: definition.location, code: "BAD_USER_INPUT")
                }
                variables[definition.name] = coerced
            } else if let literal = definition.defaultValue {
                variables[definition.name] = try coerce(literal, to: definition.type, at: definition.location)
            } else if case .nonNull = definition.type {
                throw GraphQLError(
                    "Variable \"$\(definition.name)\" of required type \"\(definition.type.description)\" was not provided.",
                    at: definition.location, code: "BAD_USER_INPUT")
            }
        }
    }

    /// The arguments of a field as JSON; an argument that is absent stays absent.
    package func arguments(
        _ nodes: [ArgumentNode], for declared: [Schema.InputValue], at location: Location
    ) throws(GraphQLError) -> [String: JSON] {
        var result: [String: JSON] = [:]
        for input in declared {
            let literal = nodes.first { $0.name == input.name }?.value ?? input.defaultValue
            guard let literal else { continue }
            if case .variable(let name) = literal, variables[name] == nil {
                guard !input.isRequired else {
                    throw GraphQLError(
                        "Argument \"\(input.name)\" of required type \"\(input.type.description)\" was provided the variable \"$\(name)\" which was not provided a runtime value.",
                        at: location, code: "BAD_USER_INPUT")
                }
                continue
            }
            result[input.name] = try coerce(literal, to: input.type, at: location)
        }
        return result
    }

    /// The value of a literal of a type, variables put in.
    package func coerce(
        _ literal: Literal, to type: TypeReference, at location: Location
    ) throws(GraphQLError) -> JSON {
        guard let value = coerce(json(of: literal, type: type), to: type) else {
            throw GraphQLError("Expected value of type \"\(type.description)\".", at: location)
        }
        return value
    }

    private func json(of literal: Literal, type: TypeReference) -> JSON {
        switch literal {
        case .variable(let name): variables[name] ?? .null
        case .integer(let text): Int(text).map(JSON.integer) ?? Double(text).map(JSON.number) ?? .null
        case .float(let text): Double(text).map(JSON.number) ?? .null
        case .string(let text): schema.types[type.name]?.kind == .enumeration ? .null : .string(text)
        case .boolean(let value): .bool(value)
        case .null: .null
        case .enumeration(let name): schema.types[type.name]?.kind == .enumeration ? .string(name) : .null
        case .list(let items): .array(items.map { json(of: $0, type: element(of: type)) })
        case .object(let entries):
            .object(entries.map { .init($0.name, json(of: $0.value, type: field($0.name, of: type))) })
        }
    }

    private func element(of type: TypeReference) -> TypeReference {
        switch type {
        case .nonNull(let inner): element(of: inner)
        case .list(let inner): inner
        case .named: type
        }
    }

    private func field(_ name: String, of type: TypeReference) -> TypeReference {
        schema.types[type.name]?.inputs.first { $0.name == name }?.type ?? type
    }

    private func coerce(_ value: JSON, to type: TypeReference) -> JSON? {
        switch type {
        case .nonNull(let inner): return value == .null ? nil : coerce(value, to: inner)
        case .list(let inner):
            if value == .null { return .null }
            guard case .array(let elements) = value else { return coerce(value, to: inner).map { .array([$0]) } }
            let coerced = elements.compactMap { coerce($0, to: inner) }
            return coerced.count == elements.count ? .array(coerced) : nil
        case .named(let name):
            if value == .null { return .null }
            return schema.types[name].flatMap { coerce(value, to: $0) }
        }
    }

    private func coerce(_ value: JSON, to type: Schema.NamedType) -> JSON? {
        switch (type.kind, type.name, value) {
        case (.enumeration, _, .string(let text)): return type.values.contains(text) ? value : nil
        case (.scalar, "String", .string), (.scalar, "ID", .string), (.scalar, "Boolean", .bool): return value
        case (.scalar, "ID", .integer(let number)): return .string(String(number))
        case (.scalar, "Int", .integer), (.scalar, "Float", .integer), (.scalar, "Float", .number): return value
        case (.scalar, "String", _), (.scalar, "ID", _), (.scalar, "Boolean", _), (.scalar, "Int", _),
            (.scalar, "Float", _):
            return nil
        case (.scalar, _, _): return value
        case (.input, _, .object(let members)): return coerce(members, to: type)
        default: return nil
        }
    }

    private func coerce(_ members: [JSON.Member], to type: Schema.NamedType) -> JSON? {
        guard members.allSatisfy({ member in type.inputs.contains { $0.name == member.name } }) else { return nil }
        var result: [JSON.Member] = []
        for input in type.inputs {
            if let given = JSON.object(members)[input.name] {
                guard let coerced = coerce(given, to: input.type) else { return nil }
                result.append(.init(input.name, coerced))
            } else if let literal = input.defaultValue {
                result.append(.init(input.name, json(of: literal, type: input.type)))
            } else if input.isRequired {
                return nil
            }
        }
        return .object(result)
    }
}
