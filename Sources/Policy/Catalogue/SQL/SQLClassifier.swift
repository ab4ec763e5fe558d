// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Says what one statement does, from its tokens.
struct SQLClassifier {
    private let tokens: [SQLToken]
    private var result = SQLStatement()

    init(_ tokens: [SQLToken]) { self.tokens = tokens }

    mutating func classify() -> SQLStatement {
        classify(from: 0)
        return result
    }

    private func token(_ index: Int) -> SQLToken? { tokens.indices.contains(index) ? tokens[index] : nil }
    private func word(_ index: Int) -> String { tokens.indices.contains(index) && tokens[index].kind == .word ? tokens[index].text : "" }
    private func has(_ word: String, from: Int = 0) -> Bool { tokens.dropFirst(from).contains { $0.is(word) } }
    private func symbol(_ index: Int) -> String { tokens.indices.contains(index) && tokens[index].kind == .symbol ? tokens[index].text : "" }

    private mutating func classify(from start: Int) {
        var index = start
        while symbol(index) == "(" { index += 1 }
        switch word(index) {
        case "SELECT", "TABLE", "VALUES", "FROM": select(index)
        case "WITH": common(index)
        case "INSERT", "REPLACE", "UPSERT": insert(index)
        case "UPDATE": update(index)
        case "DELETE": delete(index)
        case "MERGE": merge(index)
        case "EXPLAIN", "DESC", "DESCRIBE": explain(index)
        case "TRUNCATE":
            result.effects.insert(.schemaDestroy)
            result.find("truncate", .irreversible, "empties tables")
        case "DROP": drop(index)
        case "CREATE": create(index)
        case "ALTER": alter(index)
        case "COPY": copy(index)
        case "GRANT", "REVOKE", "REASSIGN": privilege("changes who may do what")
        case "SECURITY": privilege("changes security labels")
        default: other(index)
        }
    }

    // MARK: Queries and changes of rows

    private mutating func select(_ index: Int) {
        result.add(.read, .read)
        functions(from: index)
        if let into = tokens.indices.first(where: { $0 > index && tokens[$0].is("INTO") }), !has("INSERT"), !has("MERGE") {
            if ["OUTFILE", "DUMPFILE"].contains(word(into + 1)) {
                result.effects.remove(.read)
                result.effects.insert(.unsafeIO)
                result.find("selectIntoFile", .unknown, "writes a file on the server")
            } else {
                result.effects.remove(.read)
                result.add(.schemaCreate, .reversible)
            }
        }
        nested(from: index + 1)
    }

    /// Data-modifying parts inside a query.
    private mutating func nested(from start: Int) {
        for index in tokens.indices where index >= start && symbol(index - 1) == "(" {
            switch word(index) {
            case "INSERT": insert(index)
            case "UPDATE": update(index)
            case "DELETE": delete(index)
            case "MERGE": merge(index)
            default: continue
            }
        }
    }

    private mutating func common(_ index: Int) {
        // The main statement is the first one outside brackets.
        var level = 0
        var main: Int?
        for position in tokens.indices where position > index {
            if symbol(position) == "(" { level += 1 }
            if symbol(position) == ")" { level -= 1 }
            if level == 0, ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"].contains(word(position)) {
                main = position
                break
            }
        }
        guard let main else { unknown("a `WITH` has no statement"); return }
        switch word(main) {
        case "INSERT": insert(main)
        case "UPDATE": update(main)
        case "DELETE": delete(main)
        case "MERGE": merge(main)
        default:
            result.add(.read, .read)
            functions(from: index)
        }
        nested(from: index + 1)
    }

    private mutating func insert(_ index: Int) {
        result.add(.write, .reversible)
        if word(index) == "REPLACE" { result.find("replace", .unknown, "replaces rows") }
        if hasConflictUpdate(index) {
            result.effects.insert(.modify)
            result.find("upsert", .unknown, "overwrites rows that are there")
        }
        if word(index + 1) == "OVERWRITE" { result.find("insertOverwrite", .irreversible, "replaces a table's rows") }
        functions(from: index)
    }

    private func hasConflictUpdate(_ index: Int) -> Bool {
        for position in tokens.indices where position > index {
            if word(position) == "CONFLICT", has("DO", from: position), has("UPDATE", from: position) { return true }
            if word(position) == "DUPLICATE", word(position + 1) == "KEY" { return true }
        }
        return false
    }

    private mutating func update(_ index: Int) {
        result.add(.modify, .reversible)
        if !isNarrowed(from: index) { result.find("updateAll", .irreversible, "changes every row of a table") } else {
            result.find("update", .reversible, "changes the rows that a condition names")
        }
        functions(from: index)
    }

    private mutating func delete(_ index: Int) {
        result.add(.delete, .reversible)
        if !isNarrowed(from: index) { result.find("deleteAll", .irreversible, "deletes every row of a table") } else {
            result.find("delete", .reversible, "deletes the rows that a condition names")
        }
        functions(from: index)
    }

    private mutating func merge(_ index: Int) {
        result.add(.modify, .unknown)
        result.find("merge", .unknown, "changes or deletes rows by what another table holds")
        functions(from: index)
    }

    /// Whether a `WHERE` stands at this level, and says more than that everything is meant.
    private func isNarrowed(from index: Int) -> Bool {
        var level = 0
        var condition: [SQLToken]?
        for token in tokens[index...] {
            if token.kind == .symbol, token.text == "(" { level += 1 }
            if token.kind == .symbol, token.text == ")" {
                level -= 1
                if level < 0 { break }
            }
            if condition != nil {
                if level == 0, token.is("RETURNING") || token.is("LIMIT") { break }
                condition?.append(token)
            } else if level == 0, token.is("WHERE") {
                condition = []
            }
        }
        guard let condition, !condition.isEmpty else { return false }
        return !Self.isAlwaysTrue(condition)
    }

    /// Whether a condition holds for every row, in the shapes that people write: `true`, `1`, `1=1`, `x = x`, `… OR 1=1`.
    static func isAlwaysTrue(_ condition: [SQLToken]) -> Bool {
        var alternatives: [[SQLToken]] = [[]]
        for token in condition {
            if token.is("OR") { alternatives.append([]) } else { alternatives[alternatives.count - 1].append(token) }
        }
        return alternatives.contains { alternative in
            let terms = alternative.split { $0.is("AND") }
            return !terms.isEmpty && terms.allSatisfy { term in
                var bare = term.filter { !($0.kind == .symbol && ($0.text == "(" || $0.text == ")")) }[...]
                if bare.count == 2, bare.first?.is("NOT") == true, let last = bare.last { return last.is("FALSE") || last.text == "0" }
                if bare.count == 1, let only = bare.first { return only.is("TRUE") || (only.kind == .number && only.text != "0") || only.text.lowercased() == "t" && only.kind == .string || only.text.lowercased() == "true" }
                if bare.count == 3, let first = bare.popFirst(), let sign = bare.popFirst(), let last = bare.popFirst(), sign.kind == .symbol {
                    if sign.text == "=" { return first == last }
                    if first.kind == .number, last.kind == .number, let one = Double(first.text), let other = Double(last.text) {
                        return sign.text == "<" ? one < other : (sign.text == ">" ? one > other : false)
                    }
                }
                if term.count == 4, let first = term.first, let last = term.last, first.kind == .number, last.kind == .number {
                    return term.dropFirst().dropLast().map(\.text).joined() == "<>" ? first != last : first == last
                }
                if term.count >= 3, let last = term.last, last.is("NULL"), term.contains(where: { $0.is("NOT") }), term.contains(where: { $0.is("ID") }) { return true }
                return term.contains { $0.is("LIKE") } && term.last?.kind == .string && term.last?.text.allSatisfy { $0 == "%" } == true
            }
        }
    }

    private mutating func explain(_ index: Int) {
        var main = index + 1
        var runs = false
        if symbol(main) == "(" {
            while main < tokens.count, symbol(main) != ")" {
                if word(main) == "ANALYZE", !["FALSE", "OFF", "0"].contains(word(main + 1)) { runs = true }
                main += 1
            }
            main += 1
        }
        while ["ANALYZE", "ANALYSE", "VERBOSE", "FORMAT", "EXTENDED", "QUERY", "PLAN"].contains(word(main)) {
            if word(main).hasPrefix("ANALY") { runs = true }
            main += 1
        }
        if runs { classify(from: main) } else { result.add(.read, .read) }
    }

    // MARK: Schema

    private mutating func drop(_ index: Int) {
        let kind = word(index + 1)
        switch kind {
        case "OWNED":
            result.effects.formUnion([.schemaDestroy])
            result.find("dropOwned", .irreversible, "drops everything that a role owns")
        case "USER" where word(index + 2) != "MAPPING": privilege("removes a user")
        case "ROLE", "POLICY", "GROUP":
            privilege("removes a role or policy")
        case "SUBSCRIPTION", "SERVER", "USER": unsafe("drops a connection to another server")
        case "FOREIGN" where word(index + 2) == "DATA": unsafe("drops a connection to another server")
        default:
            result.effects.insert(.schemaDestroy)
            let grave = !["INDEX", "VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "RULE", "CAST", "OPERATOR", "AGGREGATE", "ROUTINE"].contains(kind)
            result.find("drop" + (kind.isEmpty ? "" : "." + kind.lowercased()), .irreversible, grave ? "drops data with its structure" : "drops a definition")
        }
    }

    private mutating func create(_ index: Int) {
        var kind = index + 1
        let replaces = word(kind) == "OR" && word(kind + 1) == "REPLACE"
        if replaces { kind += 2 }
        while ["TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "UNIQUE", "MATERIALIZED", "RECURSIVE", "TRUSTED", "PROCEDURAL", "CONSTRAINT", "DEFAULT", "EVENT", "VIRTUAL"].contains(word(kind)) { kind += 1 }
        switch word(kind) {
        case "USER" where word(kind + 1) != "MAPPING": privilege("creates a user")
        case "ROLE", "GROUP", "POLICY": privilege("creates a role or policy")
        case "SUBSCRIPTION", "SERVER", "USER": unsafe("connects to another server")
        case "FOREIGN" where ["DATA", "TABLE"].contains(word(kind + 1)): unsafe("connects to another server")
        case "EXTENSION", "LANGUAGE":
            result.add(.schemaCreate, .reversible)
            result.find("extension", .unknown, "loads code into the server")
        default:
            result.add(.schemaCreate, .reversible)
            if replaces { result.find("createOrReplace", .unknown, "replaces a definition") }
            functions(from: index, onlyHarmful: true)
        }
    }

    private mutating func alter(_ index: Int) {
        switch word(index + 1) {
        case "SYSTEM": privilege("changes the server's settings")
        case "USER" where word(index + 2) != "MAPPING": privilege("changes a user")
        case "ROLE", "GROUP", "POLICY", "DEFAULT": privilege("changes a role, policy or default right")
        case "SERVER", "SUBSCRIPTION", "USER": unsafe("changes a connection to another server")
        case "FOREIGN" where word(index + 2) == "DATA": unsafe("changes a connection to another server")
        default:
            result.add(.schemaAlter, .reversible)
            if has("OWNER", from: index) { result.find("alterOwner", .unknown, "changes who owns something") }
            alterDrops(index)
            if has("TYPE", from: index + 2), has("COLUMN", from: index) || has("ALTER", from: index + 1) {
                result.find("alterType", .unknown, "changes a column's type, which may lose what it holds")
            }
        }
    }

    private mutating func alterDrops(_ index: Int) {
        for position in tokens.indices where position > index + 1 && word(position) == "DROP" {
            switch word(position + 1) {
            case "CONSTRAINT", "DEFAULT", "NOT", "INDEX", "KEY", "FOREIGN", "PRIMARY", "CHECK", "IDENTITY", "EXPRESSION", "STATISTICS": continue
            case "PARTITION": result.find("dropPartition", .irreversible, "drops a partition with its rows")
            default: result.find("dropColumn", .irreversible, "drops a column with what it holds")
            }
        }
    }

    private mutating func copy(_ index: Int) {
        var level = 0
        for position in tokens.indices where position > index {
            if symbol(position) == "(" { level += 1 }
            if symbol(position) == ")" { level -= 1 }
            guard level == 0, ["TO", "FROM"].contains(word(position)) else { continue }
            let next = token(position + 1)
            if next?.is("PROGRAM") == true {
                unsafe("runs a program on the server")
            } else if next?.kind == .string {
                unsafe("reads or writes a file on the server")
            } else if word(position) == "TO" {
                result.add(.bulkExport, .read)
                nested(from: index)
            } else {
                result.add(.bulkLoad, .reversible)
            }
            return
        }
        unknown("a `COPY` has no direction")
    }

    private mutating func privilege(_ summary: String) {
        result.effects.insert(.privilege)
        result.find("privilege", .unknown, summary)
    }

    private mutating func unsafe(_ summary: String) {
        result.effects.insert(.unsafeIO)
        result.find("unsafeIO", .unknown, summary)
    }

    private mutating func unknown(_ summary: String) {
        result.effects.insert(.unknown)
        result.find("unknown", .unknown, summary)
    }

    // MARK: The rest

    private mutating func other(_ index: Int) {
        switch word(index) {
        case "CALL", "DO", "EXEC", "EXECUTE":
            result.effects.insert(.procedural)
            result.find("procedural", .unknown, "runs code in the server that is not read here")
        case "PREPARE":
            if word(index + 1) == "TRANSACTION" { result.add(.transaction, .reversible); return }
            if let position = tokens.indices.first(where: { $0 > index && tokens[$0].is("AS") }) { classify(from: position + 1) } else {
                result.add(.session, .read)
            }
        case "DECLARE":
            if let position = tokens.indices.first(where: { $0 > index && tokens[$0].is("FOR") }) { classify(from: position + 1) } else { unknown("a cursor has no query") }
        case "FETCH", "MOVE", "CLOSE": result.add(word(index) == "CLOSE" ? .session : .read, .read)
        case "VACUUM", "ANALYZE", "REINDEX", "CLUSTER", "CHECKPOINT", "REFRESH", "OPTIMIZE", "PRAGMA": result.add(.maintenance, .reversible)
        case "LISTEN", "NOTIFY", "UNLISTEN": result.add(.notify, .reversible)
        case "LOCK", "UNLOCK": result.add(.lock, .reversible)
        case "SET":
            if ["ROLE", "PASSWORD", "GLOBAL"].contains(word(index + 1)) || word(index + 2) == "AUTHORIZATION" {
                result.effects.insert(word(index + 1) == "ROLE" || word(index + 2) == "AUTHORIZATION" ? .privilege : .session)
                result.find("setRole", .unknown, "acts as another role or changes the server's settings")
            } else if word(index + 1) == "TRANSACTION" || word(index + 1) == "CONSTRAINTS" || has("CHARACTERISTICS") { result.add(.transaction, .read) } else { result.add(.session, .read) }
        case "RESET", "SHOW", "DISCARD", "DEALLOCATE", "USE", "HELP": result.add(.session, .read)
        case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE": result.add(.transaction, .read)
        case "COMMENT": result.add(.schemaAlter, .reversible)
        case "IMPORT": unsafe("reads the schema of another server")
        case "LOAD", "UNLOAD", "BACKUP", "RESTORE", "ATTACH", "DETACH", "INSTALL": unsafe("reads or writes outside the database")
        case "RENAME": result.add(.schemaAlter, .reversible)
        case "FLUSH", "PURGE", "KILL", "SHUTDOWN": result.effects.insert(.unknown); result.find(word(index).lowercased(), .irreversible, "stops sessions or drops logs")
        case "": unknown("a statement doesn't begin with a word")
        default: unknown("a statement begins with a word that is not known")
        }
    }

    /// Adds what called functions do.
    private mutating func functions(from start: Int, onlyHarmful: Bool = false) {
        for index in tokens.indices where index >= start && symbol(index + 1) == "(" {
            guard tokens[index].kind == .word || tokens[index].kind == .quotedName else { continue }
            let name = tokens[index].text.lowercased()
            if let effect = SQLFunctions.harmful(name) {
                if effect == .read { continue }
                result.effects.insert(effect)
                if effect != .read, effect == .unsafeIO || effect == .unknown { result.effects.remove(.read) }
                result.find("function." + name, SQLFunctions.destroying.contains(name) ? .irreversible : .unknown, "calls `\(name)`, which reaches beyond a query")
                continue
            }
            if onlyHarmful || SQLFunctions.isHarmless(name) || isName(at: index) { continue }
            result.effects.insert(.unknown)
            result.effects.remove(.read)
            result.find("function", .unknown, "calls a function that is not known to only read")
        }
    }

    /// Whether the word before a bracket names a table, alias or expression rather than a function.
    private func isName(at index: Int) -> Bool {
        var before = index - 1
        while symbol(before) == "." { before -= 2 }
        let previous = word(before)
        if ["INTO", "WITH", "RECURSIVE", "AS", "TABLE", "UPDATE", "OVERWRITE"].contains(previous) { return true }
        if symbol(before) == ",", tokens.first?.is("WITH") == true, let close = tokens[index...].firstIndex(where: { $0.kind == .symbol && $0.text == ")" }), word(close + 1) == "AS" { return true }
        // `FROM f (…)` calls; `FROM t alias (…)` names columns.
        return token(before)?.kind == .word && !SQLFunctions.isKeyword(previous) && symbol(before) == "" && previous != ""
    }
}
