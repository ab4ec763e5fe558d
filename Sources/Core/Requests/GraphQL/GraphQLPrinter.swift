// SPDX-License-Identifier: Apache-2.0

/// Writes documents and analysed operations in one stable form.
struct GraphQLPrinter {
    private(set) var text = ""

    mutating func write(_ operation: GraphQLDocument.Operation) {
        text += operation.kind.rawValue
        if let name = operation.name { text += " " + name }
        if !operation.variables.isEmpty {
            text += "("
            for (position, variable) in operation.variables.enumerated() {
                if position > 0 { text += "," }
                text += "$" + variable.name + ":" + variable.type
                if let value = variable.defaultValue {
                    text += "="
                    write(value)
                }
                write(variable.directives)
            }
            text += ")"
        }
        write(operation.directives)
        write(operation.selections)
    }

    mutating func write(_ fragment: GraphQLDocument.Fragment) {
        text += "fragment " + fragment.name + " on " + fragment.type
        write(fragment.directives)
        write(fragment.selections)
    }

    private mutating func write(_ selections: [GraphQLDocument.Selection]) {
        guard !selections.isEmpty else { return }
        text += "{"
        for (position, selection) in selections.enumerated() {
            if position > 0 { text += " " }
            switch selection {
            case .field(let field):
                if let alias = field.alias { text += alias + ":" }
                text += field.name
                write(field.arguments)
                write(field.directives)
                write(field.selections)
            case .spread(let name, let directives):
                text += "..." + name
                write(directives)
            case .inline(let type, let directives, let nested):
                text += "..."
                if let type { text += "on " + type }
                write(directives)
                write(nested)
            }
        }
        text += "}"
    }

    private mutating func write(_ directives: [GraphQLDocument.Directive]) {
        for directive in directives {
            text += "@" + directive.name
            write(directive.arguments)
        }
    }

    private mutating func write(_ arguments: [GraphQLDocument.Argument]) {
        guard !arguments.isEmpty else { return }
        text += "("
        writeMembers(arguments)
        text += ")"
    }

    private mutating func writeMembers(_ members: [GraphQLDocument.Argument]) {
        for (position, member) in members.enumerated() {
            if position > 0 { text += "," }
            text += member.name + ":"
            write(member.value)
        }
    }

    private mutating func write(_ literal: GraphQLDocument.Literal) {
        switch literal {
        case .variable(let name): text += "$" + name
        case .integer(let digits), .float(let digits): text += digits
        case .string(let value): writeString(value)
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        case .enumeration(let name): text += name
        case .list(let elements):
            text += "["
            for (position, element) in elements.enumerated() {
                if position > 0 { text += "," }
                write(element)
            }
            text += "]"
        case .object(let members):
            text += "{"
            writeMembers(members)
            text += "}"
        }
    }

    /// Writes a quoted string; JSON's escapes are a subset of GraphQL's.
    mutating func writeString(_ value: String) {
        var writer = JSONWriter(pretty: false)
        writer.writeString(value)
        text += String(decoding: writer.output, as: UTF8.self)
    }

    /// Writes an analysed value; members are sorted by name, since their order means nothing.
    mutating func write(_ value: GraphQLValue) {
        switch value {
        case .null: text += "null"
        case .bool(let truth): text += truth ? "true" : "false"
        case .integer(let integer): text += String(integer)
        case .number(let digits): text += digits
        case .string(let string): writeString(string)
        case .enumeration(let name): text += name
        case .unresolved(let variable): text += "$" + variable
        case .list(let elements):
            text += "["
            for (position, element) in elements.enumerated() {
                if position > 0 { text += "," }
                write(element)
            }
            text += "]"
        case .object(let members):
            text += "{"
            writeSorted(members, quoted: true)
            text += "}"
        }
    }

    /// Writes analysed fields in their order, without aliases.
    mutating func write(_ fields: [GraphQLField]) {
        guard !fields.isEmpty else { return }
        text += "{"
        for (position, field) in fields.enumerated() {
            if position > 0 { text += " " }
            text += field.name
            if !field.arguments.isEmpty {
                text += "("
                writeSorted(field.arguments, quoted: false)
                text += ")"
            }
            for condition in field.conditions {
                text += (condition.negated ? "@skip(if:" : "@include(if:")
                write(condition.value)
                text += ")"
            }
            write(field.fields)
        }
        text += "}"
    }

    private mutating func writeSorted(_ members: [GraphQLValue.Member], quoted: Bool) {
        let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (position, member) in sorted.enumerated() {
            if position > 0 { text += "," }
            // Names from a JSON variable may be any text; a quote keeps them from reading as syntax.
            if quoted { writeString(member.name) } else { text += member.name }
            text += ":"
            write(member.value)
        }
    }

    mutating func writeKeyword(_ keyword: String) { text += keyword }
}
