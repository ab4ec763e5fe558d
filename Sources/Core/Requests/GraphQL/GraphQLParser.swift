// SPDX-License-Identifier: Apache-2.0

/// A recursive descent over tokens; the depth limit bounds the stack.
struct GraphQLParser {
    private var lexer: GraphQLLexer
    private let limits: GraphQLLimits
    private let depthLimit: Int
    private var token = GraphQLLexer.Token(kind: .end, start: 0, end: 0)
    private var tokens = 0
    private var depth = 0

    init(bytes: [UInt8], limits: GraphQLLimits) {
        lexer = GraphQLLexer(bytes: bytes)
        self.limits = limits
        depthLimit = min(limits.maximumDepth, GraphQLLimits.deepestNesting)
    }

    mutating func parseDocument() throws(GraphQLError) -> GraphQLDocument {
        var document = GraphQLDocument()
        try advance()
        repeat {
            if token.kind == .punctuator(UInt8(ascii: "{")) {
                let selections = try parseSelections()
                document.operations.append(
                    .init(kind: .query, name: nil, variables: [], directives: [], selections: selections))
                continue
            }
            let keyword = token.kind == .name ? lexer.text(token) : ""
            if keyword == "fragment" {
                document.fragments.append(try parseFragment())
            } else if let kind = GraphQLDocument.OperationKind(rawValue: keyword) {
                document.operations.append(try parseOperation(kind))
            } else {
                throw failure("expected an operation or a fragment")
            }
        } while token.kind != .end
        return document
    }

    private mutating func parseOperation(_ kind: GraphQLDocument.OperationKind) throws(GraphQLError)
        -> GraphQLDocument.Operation
    {
        try advance()
        let name = token.kind == .name ? try parseName() : nil
        var variables: [GraphQLDocument.Variable] = []
        if try accept("(") {
            repeat { variables.append(try parseVariableDefinition()) } while try !accept(")")
        }
        let directives = try parseDirectives()
        let selections = try parseSelections()
        return .init(kind: kind, name: name, variables: variables, directives: directives, selections: selections)
    }

    private mutating func parseVariableDefinition() throws(GraphQLError) -> GraphQLDocument.Variable {
        try expect("$")
        let name = try parseName()
        try expect(":")
        let type = try parseType()
        let value = try accept("=") ? try parseValue(constant: true) : nil
        return .init(name: name, type: type, defaultValue: value, directives: try parseDirectives(constant: true))
    }

    private mutating func parseType() throws(GraphQLError) -> String {
        var type: String
        if try accept("[") {
            try enter()
            type = "[" + (try parseType()) + "]"
            depth -= 1
            try expect("]")
        } else {
            type = try parseName()
        }
        if try accept("!") { type += "!" }
        return type
    }

    private mutating func parseFragment() throws(GraphQLError) -> GraphQLDocument.Fragment {
        try advance()
        let name = try parseName()
        guard name != "on", try parseName() == "on" else { throw failure("expected a fragment name and `on`") }
        let type = try parseName()
        let directives = try parseDirectives()
        return .init(name: name, type: type, directives: directives, selections: try parseSelections())
    }

    private mutating func parseSelections() throws(GraphQLError) -> [GraphQLDocument.Selection] {
        try enter()
        try expect("{")
        var selections: [GraphQLDocument.Selection] = []
        repeat { selections.append(try parseSelection()) } while try !accept("}")
        depth -= 1
        return selections
    }

    private mutating func parseSelection() throws(GraphQLError) -> GraphQLDocument.Selection {
        guard token.kind == .spread else { return .field(try parseField()) }
        try advance()
        if token.kind == .name {
            let name = try parseName()
            if name != "on" { return .spread(name: name, directives: try parseDirectives()) }
            let type = try parseName()
            let directives = try parseDirectives()
            return .inline(type: type, directives: directives, selections: try parseSelections())
        }
        let directives = try parseDirectives()
        return .inline(type: nil, directives: directives, selections: try parseSelections())
    }

    private mutating func parseField() throws(GraphQLError) -> GraphQLDocument.Field {
        var name = try parseName()
        var alias: String?
        if try accept(":") {
            alias = name
            name = try parseName()
        }
        let arguments = try parseArguments()
        let directives = try parseDirectives()
        let selections = token.kind == .punctuator(UInt8(ascii: "{")) ? try parseSelections() : []
        return .init(alias: alias, name: name, arguments: arguments, directives: directives, selections: selections)
    }

    private mutating func parseArguments(constant: Bool = false) throws(GraphQLError) -> [GraphQLDocument.Argument] {
        guard try accept("(") else { return [] }
        var arguments: [GraphQLDocument.Argument] = []
        repeat { arguments.append(try parseArgument(constant: constant)) } while try !accept(")")
        return arguments
    }

    private mutating func parseArgument(constant: Bool) throws(GraphQLError) -> GraphQLDocument.Argument {
        let name = try parseName()
        try expect(":")
        return .init(name: name, value: try parseValue(constant: constant))
    }

    private mutating func parseDirectives(constant: Bool = false) throws(GraphQLError) -> [GraphQLDocument.Directive] {
        var directives: [GraphQLDocument.Directive] = []
        while try accept("@") {
            let name = try parseName()
            directives.append(.init(name: name, arguments: try parseArguments(constant: constant)))
        }
        return directives
    }

    private mutating func parseValue(constant: Bool) throws(GraphQLError) -> GraphQLDocument.Literal {
        let current = token
        switch current.kind {
        case .punctuator(UInt8(ascii: "[")), .punctuator(UInt8(ascii: "{")):
            return try parseContainer(constant: constant)
        case .punctuator(UInt8(ascii: "$")) where !constant:
            try advance()
            return .variable(try parseName())
        case .integer:
            try advance()
            return .integer(lexer.text(current))
        case .float:
            try advance()
            return .float(lexer.text(current))
        case .string:
            let value = try lexer.value(ofString: current)
            try advance()
            return .string(value)
        case .blockString:
            try advance()
            return .string(lexer.value(ofBlockString: current))
        case .name:
            try advance()
            switch lexer.text(current) {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            case "null": return .null
            case let name: return .enumeration(name)
            }
        default: throw failure("expected a value")
        }
    }

    private mutating func parseContainer(constant: Bool) throws(GraphQLError) -> GraphQLDocument.Literal {
        try enter()
        defer { depth -= 1 }
        if try accept("[") {
            var elements: [GraphQLDocument.Literal] = []
            while try !accept("]") { elements.append(try parseValue(constant: constant)) }
            return .list(elements)
        }
        try expect("{")
        var members: [GraphQLDocument.Argument] = []
        while try !accept("}") { members.append(try parseArgument(constant: constant)) }
        return .object(members)
    }

    private mutating func parseName() throws(GraphQLError) -> String {
        guard token.kind == .name else { throw failure("expected a name") }
        let name = lexer.text(token)
        try advance()
        return name
    }

    private mutating func enter() throws(GraphQLError) {
        depth += 1
        if depth > depthLimit {
            throw GraphQLError(code: .tooDeep, reason: "nested deeper than \(depthLimit) levels", offset: token.start)
        }
    }

    private mutating func accept(_ punctuator: Unicode.Scalar) throws(GraphQLError) -> Bool {
        guard token.kind == .punctuator(UInt8(ascii: punctuator)) else { return false }
        try advance()
        return true
    }

    private mutating func expect(_ punctuator: Unicode.Scalar) throws(GraphQLError) {
        guard try accept(punctuator) else { throw failure("expected `\(punctuator)`") }
    }

    private mutating func advance() throws(GraphQLError) {
        tokens += 1
        if tokens > limits.maximumTokens {
            throw GraphQLError(code: .tooLarge, reason: "more than \(limits.maximumTokens) tokens", offset: token.start)
        }
        token = try lexer.next()
    }

    private func failure(_ reason: String) -> GraphQLError { lexer.failure(reason, at: token.start) }
}
