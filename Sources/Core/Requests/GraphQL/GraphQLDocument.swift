// SPDX-License-Identifier: Apache-2.0

/// A parsed executable document: operations and fragments, as they stand in the text.
///
/// - SeeAlso: GraphQL specification, October 2021, section 2.
public struct GraphQLDocument: Sendable, Hashable {
    /// What an operation does.
    public enum OperationKind: String, Sendable, Hashable {
        /// Reads.
        case query
        /// Writes.
        case mutation
        /// Reads a stream of events.
        case subscription
    }

    package indirect enum Literal: Sendable, Hashable {
        case variable(String)
        case integer(String)
        case float(String)
        case string(String)
        case boolean(Bool)
        case null
        case enumeration(String)
        case list([Literal])
        case object([Argument])
    }

    package struct Argument: Sendable, Hashable {
        package let name: String
        package let value: Literal
    }

    package struct Directive: Sendable, Hashable {
        package let name: String
        package let arguments: [Argument]
    }

    package struct Field: Sendable, Hashable {
        package let alias: String?
        package let name: String
        package let arguments: [Argument]
        package let directives: [Directive]
        package let selections: [Selection]
    }

    package indirect enum Selection: Sendable, Hashable {
        case field(Field)
        case spread(name: String, directives: [Directive])
        case inline(type: String?, directives: [Directive], selections: [Selection])
    }

    package struct Variable: Sendable, Hashable {
        package let name: String
        /// The type as it is printed without white space.
        package let type: String
        package let defaultValue: Literal?
        package let directives: [Directive]
    }

    package struct Operation: Sendable, Hashable {
        package let kind: OperationKind
        package let name: String?
        package let variables: [Variable]
        package let directives: [Directive]
        package let selections: [Selection]
    }

    package struct Fragment: Sendable, Hashable {
        package let name: String
        package let type: String
        package let directives: [Directive]
        package let selections: [Selection]
    }

    package internal(set) var operations: [Operation] = []
    package internal(set) var fragments: [Fragment] = []

    /// Reads one executable document.
    ///
    /// Type-system definitions are refused, as servers do. Unicode escapes are read in all three forms, pairs of
    /// surrogates included; a lone surrogate is refused. Takes time linear in the text.
    ///
    /// - Throws: `GraphQLError` with the place in bytes.
    public static func parse(_ text: String, limits: GraphQLLimits = GraphQLLimits()) throws(GraphQLError)
        -> GraphQLDocument
    {
        guard text.utf8.count <= limits.maximumBytes else {
            throw GraphQLError(
                code: .tooLarge, reason: "document is over the limit of \(limits.maximumBytes) bytes", offset: 0)
        }
        var parser = GraphQLParser(bytes: Array(text.utf8), limits: limits)
        return try parser.parseDocument()
    }

    /// The document in one stable form: no comments, no needless white space, operations before fragments.
    ///
    /// Parsing the result gives an equal document.
    public func printed() -> String {
        var printer = GraphQLPrinter()
        for operation in operations { printer.write(operation) }
        for fragment in fragments { printer.write(fragment) }
        return printer.text
    }
}
