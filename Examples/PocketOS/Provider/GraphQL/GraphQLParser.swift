// SPDX-License-Identifier: Apache-2.0

/// Walks over tokens with one token of lookahead: what parsing documents and schemas has in common.
package struct TokenCursor {
    private var lexer: GraphQLLexer
    package private(set) var token: Token
    package private(set) var location: Location

    package init(_ text: String) throws(GraphQLError) {
        lexer = GraphQLLexer(text)
        (token, location) = try lexer.next()
    }

    /// The error for a token that can't stand here.
    package var unexpected: GraphQLError {
        let shown =
            switch token {
            case .end: "<EOF>"
            case .name(let name): "Name \"\(name)\""
            case .punctuator(let text): "\"\(text)\""
            case .integer(let text): "Int \"\(text)\""
            case .float(let text): "Float \"\(text)\""
            case .string: "String"
            }
        return GraphQLError("Syntax Error: Unexpected \(shown).", at: location, code: "GRAPHQL_PARSE_FAILED")
    }

    package mutating func advance() throws(GraphQLError) {
        (token, location) = try lexer.next()
    }

    package func at(_ punctuator: String) -> Bool { token == .punctuator(punctuator) }

    package mutating func take(_ punctuator: String) throws(GraphQLError) -> Bool {
        guard at(punctuator) else { return false }
        try advance()
        return true
    }

    package mutating func expect(_ punctuator: String) throws(GraphQLError) {
        guard try take(punctuator) else { throw unexpected }
    }

    package mutating func name() throws(GraphQLError) -> String {
        guard case .name(let name) = token else { throw unexpected }
        try advance()
        return name
    }

    package mutating func type() throws(GraphQLError) -> TypeReference {
        var type: TypeReference
        if try take("[") {
            type = .list(try self.type())
            try expect("]")
        } else {
            type = .named(try name())
        }
        if try take("!") { type = .nonNull(type) }
        return type
    }

    package mutating func literal(depth: Int = 0) throws(GraphQLError) -> Literal {
        guard depth < 32 else { throw unexpected }
        let start = token
        switch start {
        case .integer(let text):
            try advance()
            return .integer(text)
        case .float(let text):
            try advance()
            return .float(text)
        case .string(let text):
            try advance()
            return .string(text)
        case .name(let name):
            try advance()
            switch name {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            case "null": return .null
            default: return .enumeration(name)
            }
        default: return try compoundLiteral(depth: depth)
        }
    }

    private mutating func compoundLiteral(depth: Int) throws(GraphQLError) -> Literal {
        if try take("$") { return .variable(try name()) }
        if try take("[") {
            var items: [Literal] = []
            while try !take("]") { items.append(try literal(depth: depth + 1)) }
            return .list(items)
        }
        try expect("{")
        var entries: [Literal.Entry] = []
        while try !take("}") {
            let name = try name()
            try expect(":")
            entries.append(.init(name: name, value: try literal(depth: depth + 1)))
        }
        return .object(entries)
    }
}

/// Parses executable documents: operations and fragments, nothing else.
package struct GraphQLParser {
    private var cursor: TokenCursor

    /// Parses a document.
    ///
    /// - Throws: `GraphQLError` with the place of the first token that doesn't fit.
    package static func parse(_ text: String) throws(GraphQLError) -> Document {
        var parser = GraphQLParser(cursor: try TokenCursor(text))
        return try parser.document()
    }

    private mutating func document() throws(GraphQLError) -> Document {
        var document = Document(operations: [], fragments: [:])
        repeat {
            if cursor.token == .name("fragment") {
                let fragment = try fragment()
                guard document.fragments.updateValue(fragment, forKey: fragment.name) == nil else {
                    throw GraphQLError(
                        "There can be only one fragment named \"\(fragment.name)\".", at: fragment.location)
                }
            } else {
                document.operations.append(try operation())
            }
        } while cursor.token != .end
        return document
    }

    private mutating func operation() throws(GraphQLError) -> Operation {
        let location = cursor.location
        if cursor.at("{") {
            return Operation(
                kind: .query, name: nil, variables: [], selections: try selectionSet(depth: 0), location: location)
        }
        guard case .name(let word) = cursor.token, let kind = Operation.Kind(rawValue: word) else {
            throw cursor.unexpected
        }
        try cursor.advance()
        var name: String?
        if case .name(let given) = cursor.token {
            name = given
            try cursor.advance()
        }
        let variables = try variableDefinitions()
        _ = try directives()
        return Operation(
            kind: kind, name: name, variables: variables, selections: try selectionSet(depth: 0), location: location)
    }

    private mutating func variableDefinitions() throws(GraphQLError) -> [VariableDefinition] {
        guard try cursor.take("(") else { return [] }
        var definitions: [VariableDefinition] = []
        repeat {
            let location = cursor.location
            try cursor.expect("$")
            let name = try cursor.name()
            try cursor.expect(":")
            let type = try cursor.type()
            let defaultValue: Literal? = try cursor.take("=") ? try cursor.literal() : nil
            _ = try directives()
            definitions.append(.init(name: name, type: type, defaultValue: defaultValue, location: location))
        } while try !cursor.take(")")
        return definitions
    }

    private mutating func fragment() throws(GraphQLError) -> FragmentDefinition {
        let location = cursor.location
        try cursor.advance()
        let name = try cursor.name()
        guard name != "on", cursor.token == .name("on") else { throw cursor.unexpected }
        try cursor.advance()
        let condition = try cursor.name()
        _ = try directives()
        return FragmentDefinition(
            name: name, typeCondition: condition, selections: try selectionSet(depth: 0), location: location)
    }

    private mutating func selectionSet(depth: Int) throws(GraphQLError) -> [Selection] {
        guard depth < 32 else { throw cursor.unexpected }
        try cursor.expect("{")
        var selections: [Selection] = []
        repeat { selections.append(try selection(depth: depth)) } while try !cursor.take("}")
        return selections
    }

    private mutating func selection(depth: Int) throws(GraphQLError) -> Selection {
        let location = cursor.location
        guard try cursor.take("...") else { return .field(try field(depth: depth)) }
        if case .name(let name) = cursor.token, name != "on" {
            try cursor.advance()
            return .spread(name: name, directives: try directives(), location: location)
        }
        var condition: String?
        if cursor.token == .name("on") {
            try cursor.advance()
            condition = try cursor.name()
        }
        let directives = try directives()
        return .inline(
            typeCondition: condition, directives: directives, selections: try selectionSet(depth: depth + 1),
            location: location)
    }

    private mutating func field(depth: Int) throws(GraphQLError) -> FieldNode {
        let location = cursor.location
        var name = try cursor.name()
        var alias: String?
        if try cursor.take(":") {
            alias = name
            name = try cursor.name()
        }
        let arguments = try arguments()
        let directives = try directives()
        let selections = cursor.at("{") ? try selectionSet(depth: depth + 1) : []
        return FieldNode(
            alias: alias, name: name, arguments: arguments, directives: directives, selections: selections,
            location: location)
    }

    private mutating func arguments() throws(GraphQLError) -> [ArgumentNode] {
        guard try cursor.take("(") else { return [] }
        var arguments: [ArgumentNode] = []
        repeat {
            let name = try cursor.name()
            try cursor.expect(":")
            arguments.append(.init(name: name, value: try cursor.literal()))
        } while try !cursor.take(")")
        return arguments
    }

    private mutating func directives() throws(GraphQLError) -> [DirectiveNode] {
        var directives: [DirectiveNode] = []
        while cursor.at("@") {
            let location = cursor.location
            try cursor.advance()
            let name = try cursor.name()
            directives.append(.init(name: name, arguments: try arguments(), location: location))
        }
        return directives
    }
}
