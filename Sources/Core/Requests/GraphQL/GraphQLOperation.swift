// SPDX-License-Identifier: Apache-2.0

/// A field that an operation asks for, with fragments expanded and variables put in.
public struct GraphQLField: Sendable, Hashable {
    /// One `@skip` or `@include` on the field or on a fragment around it.
    public struct Condition: Sendable, Hashable {
        /// Whether it is `@skip`.
        public let negated: Bool
        /// The value of `if`, variables put in.
        public let value: GraphQLValue

        /// Whether the value says that the field is left out; `false` when the value is not known.
        public var excludes: Bool { value == .bool(negated) }
    }

    /// The field's name in the server's schema.
    public let name: String
    /// The name the caller gave to the answer. It changes nothing about what happens.
    public let alias: String?
    /// The arguments in their order, variables and defaults put in.
    public let arguments: [GraphQLValue.Member]
    /// The conditions under which the server runs the field. The field counts as present whatever they say.
    public let conditions: [Condition]
    /// The fields asked of its answer.
    public let fields: [GraphQLField]

    /// Whether a condition stands on the field.
    public var isConditional: Bool { !conditions.isEmpty }
    /// Whether the conditions, as far as they are known, leave the field out.
    public var isExcluded: Bool { conditions.contains(where: \.excludes) }

    /// The argument with this name, or `nil`.
    public subscript(argument name: String) -> GraphQLValue? { arguments.first { $0.name == name }?.value }

    /// The arguments as one JSON object.
    public var argumentsJSON: JSONValue { GraphQLValue.object(arguments).json }

    /// The dotted paths of all fields below this one, each once, in order.
    public var selectionPaths: [String] {
        var seen: Set<String> = []
        var paths: [String] = []
        func collect(_ fields: [GraphQLField], _ prefix: String) {
            for field in fields {
                let path = prefix + field.name
                if seen.insert(path).inserted { paths.append(path) }
                collect(field.fields, path + ".")
            }
        }
        collect(fields, "")
        return paths
    }

    /// Visits this field and all below it, each with its dotted path from here.
    public func forEachField(_ visit: (_ path: String, _ field: GraphQLField) -> Void) {
        func descend(_ field: GraphQLField, _ path: String) {
            visit(path, field)
            for inner in field.fields { descend(inner, path + "." + inner.name) }
        }
        descend(self, name)
    }
}

/// One operation of a GraphQL request as the server would run it, as far as a reader without a schema can tell.
///
/// It errs towards more: conditional fields count as present, fragments count whatever type they are on.
public struct GraphQLOperation: Sendable, Hashable {
    /// A field on the root type.
    public typealias RootField = GraphQLField

    /// What it does.
    public let kind: GraphQLDocument.OperationKind
    /// Its name, or `nil` for an anonymous one.
    public let name: String?
    /// The fields on the root type in the order in which a server runs them.
    public let rootFields: [RootField]

    /// Whether it only asks about the schema.
    public var isIntrospection: Bool {
        kind == .query && !rootFields.isEmpty
            && rootFields.allSatisfy { ["__schema", "__type", "__typename"].contains($0.name) }
    }

    /// The bytes that stand for what the operation does, for a digest.
    ///
    /// Two requests that do the same have the same bytes whatever their white space, comments, aliases, operation
    /// name, order of arguments, use of fragments and use of variables. Field order stays, since a server runs
    /// mutations in order. Conditions stay.
    public var canonicalBytes: [UInt8] {
        var printer = GraphQLPrinter()
        printer.writeKeyword(kind.rawValue)
        printer.write(rootFields)
        return Array(printer.text.utf8)
    }
}
