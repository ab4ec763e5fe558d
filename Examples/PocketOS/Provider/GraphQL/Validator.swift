// SPDX-License-Identifier: Apache-2.0

/// Checks a whole document before anything of it runs, as a GraphQL server does.
package struct Validator {
    private let schema: Schema
    private let document: Document
    private var errors: [GraphQLError] = []
    private var usedFragments: Set<String> = []
    private var usedVariables: Set<String> = []
    private var declared: Set<String> = []
    private var open: [String] = []

    /// The errors of a document, in the order found; empty when it may run.
    package static func errors(in document: Document, schema: Schema) -> [GraphQLError] {
        var validator = Validator(schema: schema, document: document)
        validator.validate()
        return validator.errors
    }

    private init(schema: Schema, document: Document) {
        self.schema = schema
        self.document = document
    }

    private mutating func validate() {
        if document.operations.count > 1, let anonymous = document.operations.first(where: { $0.name == nil }) {
            report("This anonymous operation must be the only defined operation.", at: anonymous.location)
        }
        var names: Set<String> = []
        for operation in document.operations {
            if let name = operation.name, !names.insert(name).inserted {
                report("There can be only one operation named \"\(name)\".", at: operation.location)
            }
            validate(operation)
        }
        for fragment in document.fragments.values.sorted(by: { $0.name < $1.name })
        where !usedFragments.contains(fragment.name) {
            report("Fragment \"\(fragment.name)\" is never used.", at: fragment.location)
        }
    }

    private mutating func validate(_ operation: Operation) {
        usedVariables = []
        declared = Set(operation.variables.map(\.name))
        for variable in operation.variables {
            let kind = schema.types[variable.type.name]?.kind
            if kind == nil { report("Unknown type \"\(variable.type.name)\".", at: variable.location) }
            if kind == .object || kind == .interface {
                report("Variable \"$\(variable.name)\" cannot be non-input type.", at: variable.location)
            }
        }
        guard let root = schema.types[operation.kind.rootType] else {
            report("Schema is not configured to execute \(operation.kind.rawValue) operation.", at: operation.location)
            return
        }
        check(operation.selections, on: root)
        for variable in operation.variables where !usedVariables.contains(variable.name) {
            report("Variable \"$\(variable.name)\" is never used.", at: variable.location)
        }
    }

    private mutating func report(_ message: String, at location: Location) {
        if errors.count < 20 { errors.append(GraphQLError(message, at: location)) }
    }

    private mutating func check(_ selections: [Selection], on type: Schema.NamedType) {
        var seen: [String: FieldNode] = [:]
        for selection in selections {
            switch selection {
            case .field(let field):
                if let other = seen[field.responseKey], other.name != field.name || other.arguments != field.arguments {
                    report(
                        "Fields \"\(field.responseKey)\" conflict because they differ. Use different aliases on the fields to fetch both if this was intentional.",
                        at: field.location)
                }
                seen[field.responseKey] = field
                check(field, on: type)
            case .inline(let condition, let directives, let inner, let location):
                check(directives)
                guard let target = condition.map({ schema.types[$0] }) ?? type, target.isComposite else {
                    report("Unknown type \"\(condition ?? "")\".", at: location)
                    continue
                }
                check(inner, on: target)
            case .spread(let name, let directives, let location):
                check(directives)
                checkSpread(name, at: location)
            }
        }
    }

    private mutating func checkSpread(_ name: String, at location: Location) {
        guard let fragment = document.fragments[name] else {
            report("Unknown fragment \"\(name)\".", at: location)
            return
        }
        usedFragments.insert(name)
        guard !open.contains(name) else {
            report("Cannot spread fragment \"\(name)\" within itself.", at: location)
            return
        }
        guard let target = schema.types[fragment.typeCondition], target.isComposite else {
            report("Unknown type \"\(fragment.typeCondition)\".", at: fragment.location)
            return
        }
        open.append(name)
        check(fragment.selections, on: target)
        open.removeLast()
    }

    private mutating func check(_ field: FieldNode, on type: Schema.NamedType) {
        check(field.directives)
        if field.name == "__typename" { return }
        guard let definition = schema.field(field.name, of: type) else {
            report("Cannot query field \"\(field.name)\" on type \"\(type.name)\".", at: field.location)
            return
        }
        check(field.arguments, of: definition, on: type, at: field.location)
        guard let result = schema.types[definition.type.name] else { return }
        if result.isComposite, field.selections.isEmpty {
            report(
                "Field \"\(field.name)\" of type \"\(definition.type.description)\" must have a selection of subfields.",
                at: field.location)
        }
        if !result.isComposite, !field.selections.isEmpty {
            report(
                "Field \"\(field.name)\" must not have a selection since type \"\(definition.type.description)\" has no subfields.",
                at: field.location)
        }
        if result.isComposite { check(field.selections, on: result) }
    }

    private mutating func check(
        _ arguments: [ArgumentNode], of definition: Schema.Field, on type: Schema.NamedType, at location: Location
    ) {
        for argument in arguments {
            use(argument.value.variables, at: location)
            guard let input = definition.arguments.first(where: { $0.name == argument.name }) else {
                report(
                    "Unknown argument \"\(argument.name)\" on field \"\(type.name).\(definition.name)\".", at: location)
                continue
            }
            if argument.value.variables.isEmpty {
                do {
                    _ = try InputCoercion(schema: schema).coerce(argument.value, to: input.type, at: location)
                } catch { errors.append(error) }
            }
        }
        if Set(arguments.map(\.name)).count != arguments.count {
            report("There can be only one argument of each name.", at: location)
        }
        for input in definition.arguments
        where input.isRequired && !arguments.contains(where: { $0.name == input.name }) {
            report(
                "Field \"\(definition.name)\" argument \"\(input.name)\" of type \"\(input.type.description)\" is required, but it was not provided.",
                at: location)
        }
    }

    private mutating func check(_ directives: [DirectiveNode]) {
        for directive in directives {
            for argument in directive.arguments { use(argument.value.variables, at: directive.location) }
            if !["include", "skip"].contains(directive.name) {
                report("Unknown directive \"@\(directive.name)\".", at: directive.location)
            } else if directive.arguments.map(\.name) != ["if"] {
                report("Directive \"@\(directive.name)\" argument \"if\" is required.", at: directive.location)
            }
        }
    }

    private mutating func use(_ names: [String], at location: Location) {
        for name in names {
            usedVariables.insert(name)
            if !declared.contains(name) { report("Variable \"$\(name)\" is not defined.", at: location) }
        }
    }
}

extension Operation.Kind {
    /// The root type's name.
    package var rootType: String {
        switch self {
        case .query: "Query"
        case .mutation: "Mutation"
        case .subscription: "Subscription"
        }
    }
}
