// SPDX-License-Identifier: Apache-2.0

extension GraphQLOperation {
    /// Reads a document and expands the operations that a server could run.
    ///
    /// Never silent: what can't be told for sure gives a problem, and whatever could be read is returned along with it.
    ///
    /// - Parameters:
    ///   - document: The text of the document.
    ///   - variables: The request's variables; `nil` when it has none.
    ///   - operationName: The operation that the request names, if any. An empty name counts as none.
    ///   - limits: How much is accepted.
    /// - Returns: The named operation; all of them when that can't be told; and the reasons why the request can't be
    ///   judged.
    public static func analyse(
        document: String, variables: JSONValue? = nil, operationName: String? = nil,
        limits: GraphQLLimits = GraphQLLimits()
    ) -> (operations: [GraphQLOperation], problems: [RequestProblem]) {
        let parsed: GraphQLDocument
        do {
            parsed = try GraphQLDocument.parse(document, limits: limits)
        } catch {
            let code: RequestProblem.Code = error.code == .syntax ? .graphQLSyntax : .graphQLTooLarge
            return ([], [RequestProblem(code, error.description)])
        }
        return parsed.analyse(variables: variables, operationName: operationName, limits: limits)
    }
}

extension GraphQLDocument {
    /// Expands the operations of this document that a server could run. See `GraphQLOperation.analyse`.
    public func analyse(
        variables: JSONValue? = nil, operationName: String? = nil, limits: GraphQLLimits = GraphQLLimits()
    ) -> (operations: [GraphQLOperation], problems: [RequestProblem]) {
        var analyzer = GraphQLAnalyzer(document: self, variables: variables, limits: limits)
        let selected = analyzer.select(operationName)
        let expanded = selected.map { analyzer.expand($0) }
        return (expanded, analyzer.problems)
    }
}

struct GraphQLAnalyzer {
    private let document: GraphQLDocument
    private let limits: GraphQLLimits
    private let given: JSONObject
    private var fragments: [String: GraphQLDocument.Fragment] = [:]
    private var defaults: [String: GraphQLDocument.Literal?] = [:]
    private var openFragments: [String] = []
    private var fieldCount = 0
    // A big variable used many times would otherwise cost its size at each use.
    private var converted: [String: (value: GraphQLValue, cost: Int)] = [:]
    private var spent = 0
    private static let budget = 4 << 20
    private(set) var problems: [RequestProblem] = []

    init(document: GraphQLDocument, variables: JSONValue?, limits: GraphQLLimits) {
        self.document = document
        self.limits = limits
        switch variables {
        case nil, .null?: given = [:]
        case .object(let members)?: given = members
        default:
            given = [:]
            problems.append(RequestProblem(.graphQLVariables, "variables are not an object"))
        }
        for fragment in document.fragments {
            if fragments.updateValue(fragment, forKey: fragment.name) != nil {
                report(.graphQLDuplicateName, "a fragment is defined twice")
            }
            check(fragment.directives)
        }
    }

    /// The operation that runs, or all of them when that can't be told.
    mutating func select(_ operationName: String?) -> [GraphQLDocument.Operation] {
        let operations = document.operations
        let names = operations.compactMap(\.name)
        if Set(names).count != names.count { report(.graphQLDuplicateName, "two operations have the same name") }
        if operations.isEmpty { report(.graphQLUnknownOperation, "the document has no operation") }
        if operations.count > 1 && names.count != operations.count {
            report(.graphQLMultiple, "an operation without a name stands beside others")
            return operations
        }
        guard let operationName, !operationName.isEmpty else {
            if operations.count > 1 {
                report(.graphQLMultiple, "the document has several operations and the request names none")
            }
            return operations
        }
        let selected = operations.filter { $0.name == operationName }
        guard selected.isEmpty else { return selected }
        report(.graphQLUnknownOperation, "the request names an operation that is not in the document")
        return operations
    }

    mutating func expand(_ operation: GraphQLDocument.Operation) -> GraphQLOperation {
        defaults = [:]
        for variable in operation.variables {
            if defaults.updateValue(variable.defaultValue, forKey: variable.name) != nil {
                report(.graphQLDuplicateName, "a variable is declared twice")
            }
            check(variable.directives)
        }
        check(operation.directives)
        let fields = expand(operation.selections, conditions: [], depth: 0)
        return GraphQLOperation(kind: operation.kind, name: operation.name, rootFields: fields)
    }

    private mutating func expand(
        _ selections: [GraphQLDocument.Selection], conditions: [GraphQLField.Condition], depth: Int
    ) -> [GraphQLField] {
        guard depth <= min(limits.maximumDepth, GraphQLLimits.deepestNesting) else {
            report(.graphQLTooLarge, "fragments nest deeper than \(limits.maximumDepth) levels")
            return []
        }
        var fields: [GraphQLField] = []
        for selection in selections {
            guard fieldCount < limits.maximumFields else {
                report(.graphQLTooLarge, "fragments expand to more than \(limits.maximumFields) fields")
                return fields
            }
            fieldCount += 1
            switch selection {
            case .field(let field):
                let arguments = resolve(field.arguments)
                let all = conditions + check(field.directives)
                let inner = expand(field.selections, conditions: [], depth: depth + 1)
                fields.append(
                    GraphQLField(
                        name: field.name, alias: field.alias, arguments: arguments, conditions: all, fields: inner))
            case .inline(_, let directives, let nested):
                fields += expand(nested, conditions: conditions + check(directives), depth: depth + 1)
            case .spread(let name, let directives):
                fields += expandFragment(name, conditions: conditions + check(directives), depth: depth)
            }
        }
        return fields
    }

    private mutating func expandFragment(_ name: String, conditions: [GraphQLField.Condition], depth: Int)
        -> [GraphQLField]
    {
        guard let fragment = fragments[name] else {
            report(.graphQLUnknownFragment, "a spread names a fragment that is not there")
            return []
        }
        guard !openFragments.contains(name) else {
            report(.graphQLFragmentCycle, "fragments spread each other in a circle")
            return []
        }
        openFragments.append(name)
        defer { openFragments.removeLast() }
        return expand(fragment.selections, conditions: conditions, depth: depth + 1)
    }

    /// Reports directives that could change what runs and gives the conditions among them.
    @discardableResult
    private mutating func check(_ directives: [GraphQLDocument.Directive]) -> [GraphQLField.Condition] {
        var conditions: [GraphQLField.Condition] = []
        for directive in directives {
            switch directive.name {
            case "skip", "include":
                let value = resolve(directive.arguments).first { $0.name == "if" }?.value
                conditions.append(.init(negated: directive.name == "skip", value: value ?? .null))
            case "defer", "stream":
                _ = resolve(directive.arguments)
            default:
                // Some servers run directives of their own, for instance ones that fill variables from another
                // field's answer.
                report(.graphQLDirective, "a directive other than skip, include, defer and stream is used")
                _ = resolve(directive.arguments)
            }
        }
        return conditions
    }

    private mutating func resolve(_ arguments: [GraphQLDocument.Argument]) -> [GraphQLValue.Member] {
        var seen: Set<String> = []
        return arguments.map { argument in
            if !seen.insert(argument.name).inserted {
                report(.graphQLDuplicateName, "an argument or a member stands twice")
            }
            return GraphQLValue.Member(name: argument.name, value: resolve(argument.value))
        }
    }

    private mutating func resolve(_ literal: GraphQLDocument.Literal) -> GraphQLValue {
        switch literal {
        case .variable(let name): return resolve(variable: name)
        case .integer(let digits): return Int64(digits).map { GraphQLValue.integer($0) } ?? .number(digits)
        case .float(let digits): return .number(digits)
        case .string(let text): return .string(text)
        case .boolean(let value): return .bool(value)
        case .null: return .null
        case .enumeration(let name): return .enumeration(name)
        case .list(let elements): return .list(elements.map { resolve($0) })
        case .object(let members): return .object(resolve(members))
        }
    }

    private mutating func resolve(variable name: String) -> GraphQLValue {
        let declared = defaults[name]
        if declared == nil { report(.graphQLUndeclared, "a variable is used that the operation does not declare") }
        if let value = given[name] { return use(name, value) }
        if case .some(.some(let value)) = declared { return resolve(value) }
        report(.graphQLUnresolved, "a variable is used that has neither a value nor a default")
        return .unresolved(name)
    }

    private mutating func use(_ name: String, _ json: JSONValue) -> GraphQLValue {
        let known = converted[name] ?? (GraphQLValue(json), json.cost)
        converted[name] = known
        spent += known.cost
        guard spent <= Self.budget else {
            report(.graphQLTooLarge, "variables expand to more than \(Self.budget) bytes")
            return .unresolved(name)
        }
        return known.value
    }

    private mutating func report(_ code: RequestProblem.Code, _ detail: String) {
        let problem = RequestProblem(code, detail)
        if !problems.contains(problem) { problems.append(problem) }
    }
}

extension JSONValue {
    /// Roughly the number of bytes that the value takes.
    fileprivate var cost: Int {
        switch self {
        case .string(let text), .number(let text): 8 + text.utf8.count
        case .array(let elements): elements.reduce(8) { $0 + $1.cost }
        case .object(let members): members.reduce(8) { $0 + $1.name.utf8.count + $1.value.cost }
        default: 8
        }
    }
}
