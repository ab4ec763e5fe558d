// SPDX-License-Identifier: Apache-2.0

/// Statements of databases that stand where a command should: harnesses offer tools that take both.
enum BareStatement {
    /// Adds what a database would do with the text.
    static func add(_ text: String, to reading: inout CommandReading) {
        let start = text.utf8.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
        guard let first = start.first, let second = start.dropFirst().first else { return }
        // Two letters tell most commands apart at no cost.
        switch (first | 0x20, second | 0x20) {
        case (0x61, 0x6C), (0x64, 0x62), (0x64, 0x65), (0x64, 0x72), (0x67, 0x72), (0x69, 0x6E), (0x73, 0x65), (0x74, 0x72), (0x75, 0x70), (0x77, 0x69): break
        default: return
        }
        let words = text.prefix(200).split(maxSplits: 3, whereSeparator: \.isWhitespace).map { $0.uppercased() }
        guard let verb = words.first else { return }
        if verb.hasPrefix("DB."), verb.contains("(") {
            replace(&reading, ["mongosh", "--eval", text.lowercased().contains("dropdatabase") ? "db.dropDatabase()" : text])
        } else if words.count > 1, isStatement(verb, words[1]) {
            replace(&reading, ["psql", "-c", text])
        }
    }

    private static func isStatement(_ verb: String, _ next: String) -> Bool {
        let kinds: Set<String> = ["TABLE", "DATABASE", "SCHEMA", "INDEX", "VIEW", "ROLE", "USER", "SEQUENCE", "FUNCTION", "TRIGGER", "TYPE", "EXTENSION", "OWNED", "MATERIALIZED", "COLUMN", "POLICY", "KEYSPACE"]
        switch verb {
        case "DROP", "ALTER": return kinds.contains(next)
        case "TRUNCATE": return next == "TABLE"
        case "DELETE": return next == "FROM"
        case "INSERT": return next == "INTO"
        case "UPDATE", "SELECT", "GRANT", "WITH": return next.first != "-"
        default: return false
        }
    }

    private static func replace(_ reading: inout CommandReading, _ argv: [String]) {
        // As shell text it mostly breaks the grammar, which says nothing about the database.
        reading.unknowns.removeAll { $0.id == "command.syntax" || $0.id == "command.recursion" }
        reading.commands.removeAll { command in command.argv.first.map { $0.isPattern || $0.text.isEmpty } ?? false }
        if !argv[argv.count - 1].contains("$"), !argv[argv.count - 1].contains("`") { reading.unknowns.removeAll { $0.id == "command.computed" } }
        reading.programs.append(argv[0])
        reading.commands.append(ReadCommand(argv: argv.map { CommandWord($0) }))
    }
}
