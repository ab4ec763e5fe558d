// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// The field of a type, the meta fields of the query root included.
    package func field(_ name: String, of type: NamedType) -> Field? {
        if type.name == "Query" {
            switch name {
            case "__schema": return Field(name: name, arguments: [], type: .nonNull(.named("__Schema")))
            case "__type":
                let argument = InputValue(name: "name", type: .nonNull(.named("String")), defaultValue: nil)
                return Field(name: name, arguments: [argument], type: .named("__Type"))
            default: break
            }
        }
        return type.field(name)
    }

    /// Resolves the meta fields of the query root; nil for any other field.
    package func introspect(_ name: String, _ arguments: Entity.Arguments, on typeName: String) -> Resolved? {
        guard typeName == "Query" else { return nil }
        switch name {
        case "__schema": return .object(schemaEntity)
        case "__type":
            guard let asked = arguments["name"]?.text, types[asked] != nil else { return .null }
            return type(.named(asked))
        default: return nil
        }
    }

    private var schemaEntity: Entity {
        Entity("__Schema") { field, _ in
            switch field {
            case "queryType": self.type(.named("Query"))
            case "mutationType": self.type(.named("Mutation"))
            case "types": .list(self.types.keys.sorted().map { self.type(.named($0)) })
            case "directives": .list([])
            default: .null
            }
        }
    }

    private func type(_ reference: TypeReference) -> Resolved {
        switch reference {
        case .nonNull(let inner): return wrapper("NON_NULL", of: inner)
        case .list(let inner): return wrapper("LIST", of: inner)
        case .named(let name):
            guard let type = types[name] else { return .null }
            return .object(Entity("__Type") { field, _ in self.resolve(field, of: type) })
        }
    }

    private func wrapper(_ kind: String, of inner: TypeReference) -> Resolved {
        .object(
            Entity("__Type") { field, _ in
                switch field {
                case "kind": .string(kind)
                case "ofType": self.type(inner)
                default: .null
                }
            })
    }

    private func resolve(_ field: String, of type: NamedType) -> Resolved {
        switch field {
        case "kind": .string(type.kind.rawValue)
        case "name": .string(type.name)
        case "fields": type.isComposite ? .list(type.fields.map(entity)) : .null
        case "inputFields": type.kind == .input ? .list(type.inputs.map(entity)) : .null
        case "interfaces": type.kind == .object ? .list(type.interfaces.map { self.type(.named($0)) }) : .null
        case "possibleTypes":
            type.kind == .interface
                ? .list(
                    types.values.filter { $0.interfaces.contains(type.name) }.map(\.name).sorted()
                        .map { self.type(.named($0)) }) : .null
        case "enumValues": type.kind == .enumeration ? .list(type.values.map(value)) : .null
        default: .null
        }
    }

    private func entity(_ definition: Field) -> Resolved {
        .object(
            Entity("__Field") { field, _ in
                switch field {
                case "name": .string(definition.name)
                case "args": .list(definition.arguments.map(self.entity))
                case "type": self.type(definition.type)
                case "isDeprecated": .bool(false)
                default: .null
                }
            })
    }

    private func entity(_ input: InputValue) -> Resolved {
        .object(
            Entity("__InputValue") { field, _ in
                switch field {
                case "name": .string(input.name)
                case "type": self.type(input.type)
                default: .null
                }
            })
    }

    private func value(_ name: String) -> Resolved {
        .object(
            Entity("__EnumValue") { field, _ in
                switch field {
                case "name": .string(name)
                case "isDeprecated": .bool(false)
                default: .null
                }
            })
    }
}
