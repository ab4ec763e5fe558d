// SPDX-License-Identifier: Apache-2.0

/// The types that the stand-in serves, read from the schema text in `ProviderSchema.swift`.
package struct Schema: Sendable {
    /// What a named type is.
    package enum Kind: String, Sendable {
        case scalar = "SCALAR"
        case object = "OBJECT"
        case interface = "INTERFACE"
        case enumeration = "ENUM"
        case input = "INPUT_OBJECT"
    }

    /// An argument of a field, or a field of an input type.
    package struct InputValue: Sendable, Hashable {
        package var name: String
        package var type: TypeReference
        package var defaultValue: Literal?

        /// Whether a caller must give it.
        package var isRequired: Bool {
            if case .nonNull = type { defaultValue == nil } else { false }
        }
    }

    /// A field of an object or interface.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var arguments: [InputValue]
        package var type: TypeReference
    }

    /// A named type.
    package struct NamedType: Sendable {
        package var name: String
        package var kind: Kind
        package var fields: [Field] = []
        package var inputs: [InputValue] = []
        package var values: [String] = []
        package var interfaces: [String] = []

        /// The field of this name.
        package func field(_ name: String) -> Field? { fields.first { $0.name == name } }
        /// Whether a selection set must follow.
        package var isComposite: Bool { kind == .object || kind == .interface }
    }

    /// All types by name.
    package let types: [String: NamedType]

    /// Reads a schema.
    package init(parsing text: String) throws(GraphQLError) {
        var types: [String: NamedType] = [:]
        for name in ["String", "ID", "Int", "Float", "Boolean"] { types[name] = NamedType(name: name, kind: .scalar) }
        var cursor = try TokenCursor(text)
        while cursor.token != .end {
            let type = try Self.definition(&cursor)
            types[type.name] = type
        }
        self.types = types
    }

    /// Whether a value of the object type `name` fits the type condition.
    package func object(_ name: String, fits condition: String) -> Bool {
        name == condition || types[name]?.interfaces.contains(condition) == true
    }

    private static func definition(_ cursor: inout TokenCursor) throws(GraphQLError) -> NamedType {
        let keyword = try cursor.name()
        let name = try cursor.name()
        switch keyword {
        case "scalar": return NamedType(name: name, kind: .scalar)
        case "enum":
            var type = NamedType(name: name, kind: .enumeration)
            try cursor.expect("{")
            while try !cursor.take("}") { type.values.append(try cursor.name()) }
            return type
        case "input":
            var type = NamedType(name: name, kind: .input)
            try cursor.expect("{")
            type.inputs = try inputValues(&cursor, until: "}")
            return type
        case "type", "interface":
            var type = NamedType(name: name, kind: keyword == "type" ? .object : .interface)
            if cursor.token == .name("implements") {
                try cursor.advance()
                type.interfaces.append(try cursor.name())
            }
            try cursor.expect("{")
            while try !cursor.take("}") {
                let field = try cursor.name()
                let arguments = try cursor.take("(") ? try inputValues(&cursor, until: ")") : []
                try cursor.expect(":")
                type.fields.append(Field(name: field, arguments: arguments, type: try cursor.type()))
            }
            return type
        default: throw cursor.unexpected
        }
    }

    private static func inputValues(
        _ cursor: inout TokenCursor, until end: String
    ) throws(GraphQLError) -> [InputValue] {
        var values: [InputValue] = []
        while try !cursor.take(end) {
            let name = try cursor.name()
            try cursor.expect(":")
            let type = try cursor.type()
            values.append(
                InputValue(name: name, type: type, defaultValue: try cursor.take("=") ? try cursor.literal() : nil))
        }
        return values
    }
}
