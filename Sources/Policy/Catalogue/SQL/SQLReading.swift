// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// What kind of thing a statement does.
package enum SQLEffect: String, Hashable, Sendable, CaseIterable {
    case read, write, modify, delete
    case schemaCreate = "schema_create"
    case schemaAlter = "schema_alter"
    case schemaDestroy = "schema_destroy"
    case privilege, procedural
    case bulkLoad = "bulk_load"
    case bulkExport = "bulk_export"
    case maintenance, lock, notify, session, transaction
    /// Files, programs or other hosts from inside SQL.
    case unsafeIO = "unsafe_io"
    case unknown
}

/// What one statement does, as far as its text tells.
package struct SQLStatement: Hashable, Sendable {
    package var effects: Set<SQLEffect> = []
    package var effectClass: EffectClass = .read
    /// What can't be undone, in plain words, with the catalogue's id.
    package var findings: [Finding] = []

    /// One ground for a class.
    package struct Finding: Hashable, Sendable {
        package let id: String
        package let effectClass: EffectClass
        package let summary: String
    }

    mutating func find(_ id: String, _ effectClass: EffectClass, _ summary: String) {
        self.effectClass = self.effectClass.combined(with: effectClass)
        let finding = Finding(id: "sql." + id, effectClass: effectClass, summary: summary)
        if !findings.contains(finding) { findings.append(finding) }
    }

    mutating func add(_ effect: SQLEffect, _ effectClass: EffectClass) {
        effects.insert(effect)
        self.effectClass = self.effectClass.combined(with: effectClass)
    }
}

/// SQL text, read statement by statement without a server. Whatever isn't understood is `unknown`.
package struct SQLReading: Hashable, Sendable {
    /// The statements in order.
    package let statements: [SQLStatement]
    /// Why a server may read the text differently.
    package let doubts: [String]

    /// Reads text; more than a mebibyte is unknown.
    package init(_ text: String) {
        guard text.utf8.count <= 1 << 20 else {
            statements = []
            doubts = ["the text is longer than is read"]
            return
        }
        var tokenizer = SQLTokenizer(text)
        statements = tokenizer.statements().map { tokens in
            var classifier = SQLClassifier(tokens)
            return classifier.classify()
        }
        doubts = tokenizer.doubts
    }

    /// All effects.
    package var effects: Set<SQLEffect> { statements.reduce(into: []) { $0.formUnion($1.effects) } }

    /// How bad the whole is.
    package var effectClass: EffectClass {
        statements.reduce(doubts.isEmpty ? .read : .unknown) { $0.combined(with: $1.effectClass) }
    }

    /// The operations, one for each ground.
    package var operations: [EffectAnalysis.Operation] {
        var all: [EffectAnalysis.Operation] = []
        for statement in statements {
            for finding in statement.findings {
                let operation = EffectAnalysis.Operation(id: finding.id, effectClass: finding.effectClass, summary: finding.summary)
                if !all.contains(operation) { all.append(operation) }
            }
            if statement.findings.isEmpty, let effect = statement.effects.map(\.rawValue).sorted().first {
                let operation = EffectAnalysis.Operation(
                    id: "sql." + effect, effectClass: statement.effectClass, summary: "runs a statement of the kind `\(effect)`")
                if !all.contains(operation) { all.append(operation) }
            }
        }
        for doubt in doubts {
            all.append(EffectAnalysis.Operation(id: "sql.ambiguous", effectClass: .unknown, summary: "holds text that servers read differently: " + doubt))
        }
        return all
    }
}

extension Catalogue {
    /// The operations of SQL text.
    package func operations(sql: String) -> [EffectAnalysis.Operation] { SQLReading(sql).operations }

    /// A verdict on SQL text, known in full or in part.
    func judge(sql word: CommandWord) -> CommandVerdict {
        let reading = SQLReading(word.text)
        var verdict = CommandVerdict(effectClass: reading.effectClass, operations: reading.operations)
        if !word.isKnown { verdict.add(.unknown("sql.computed", "runs a statement of which part is only known when it runs")) }
        return verdict
    }
}
