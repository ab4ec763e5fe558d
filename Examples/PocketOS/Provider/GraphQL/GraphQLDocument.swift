// SPDX-License-Identifier: Apache-2.0

/// A place in a document, both counted from one.
package struct Location: Sendable, Hashable {
    package var line: Int
    package var column: Int
}

/// An error as a GraphQL server puts it into `errors`.
package struct GraphQLError: Error, Hashable {
    package var message: String
    package var location: Location?
    package var code: String
    package var path: [JSON]

    package init(_ message: String, at location: Location? = nil, code: String = "GRAPHQL_VALIDATION_FAILED") {
        self.message = message
        self.location = location
        self.code = code
        self.path = []
    }

    /// What the provider says whether the token is wrong, missing or too narrow.
    package static let notAuthorized = GraphQLError("Not Authorized", code: "INTERNAL_SERVER_ERROR")

    /// Something asked for by id does not exist.
    package static func notFound(_ what: String) -> GraphQLError {
        GraphQLError("\(what) not found", code: "INTERNAL_SERVER_ERROR")
    }
}

/// A type as written: `[String!]!`.
package indirect enum TypeReference: Sendable, Hashable {
    case named(String)
    case list(TypeReference)
    case nonNull(TypeReference)

    /// The innermost name.
    package var name: String {
        switch self {
        case .named(let name): name
        case .list(let inner), .nonNull(let inner): inner.name
        }
    }

    /// The type as GraphQL writes it.
    package var description: String {
        switch self {
        case .named(let name): name
        case .list(let inner): "[\(inner.description)]"
        case .nonNull(let inner): "\(inner.description)!"
        }
    }
}

/// A value as written in a document.
package indirect enum Literal: Sendable, Hashable {
    case variable(String)
    case integer(String)
    case float(String)
    case string(String)
    case boolean(Bool)
    case null
    case enumeration(String)
    case list([Literal])
    case object([Entry])

    /// One field of an object literal.
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var value: Literal
    }

    /// Every variable inside.
    package var variables: [String] {
        switch self {
        case .variable(let name): [name]
        case .list(let items): items.flatMap(\.variables)
        case .object(let entries): entries.flatMap(\.value.variables)
        default: []
        }
    }
}

/// A named argument of a field or directive.
package struct ArgumentNode: Sendable, Hashable {
    package var name: String
    package var value: Literal
}

/// `@include(if: …)` and its like.
package struct DirectiveNode: Sendable, Hashable {
    package var name: String
    package var arguments: [ArgumentNode]
    package var location: Location
}

/// A field that a document selects.
package struct FieldNode: Sendable, Hashable {
    package var alias: String?
    package var name: String
    package var arguments: [ArgumentNode]
    package var directives: [DirectiveNode]
    package var selections: [Selection]
    package var location: Location

    /// The name under which the result appears.
    package var responseKey: String { alias ?? name }
}

/// One entry of a selection set.
package indirect enum Selection: Sendable, Hashable {
    case field(FieldNode)
    case spread(name: String, directives: [DirectiveNode], location: Location)
    case inline(typeCondition: String?, directives: [DirectiveNode], selections: [Selection], location: Location)
}

/// `$name: Type = default`.
package struct VariableDefinition: Sendable, Hashable {
    package var name: String
    package var type: TypeReference
    package var defaultValue: Literal?
    package var location: Location
}

/// An operation of a document.
package struct Operation: Sendable, Hashable {
    /// What an operation may be.
    package enum Kind: String, Sendable { case query, mutation, subscription }

    package var kind: Kind
    package var name: String?
    package var variables: [VariableDefinition]
    package var selections: [Selection]
    package var location: Location
}

/// A named fragment.
package struct FragmentDefinition: Sendable, Hashable {
    package var name: String
    package var typeCondition: String
    package var selections: [Selection]
    package var location: Location
}

/// An executable document.
package struct Document: Sendable, Hashable {
    package var operations: [Operation]
    package var fragments: [String: FragmentDefinition]
}
