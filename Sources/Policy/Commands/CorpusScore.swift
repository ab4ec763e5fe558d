// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// How well the reader does on a table of labelled cases.
package struct CorpusScore: Hashable, Sendable {
    /// One class of cases.
    package struct Row: Hashable, Sendable {
        /// The label and class, such as `block destroy-git`.
        package let name: String
        package var cases = 0
        package var agreed = 0
    }

    /// One row for each class, by name.
    package private(set) var rows: [Row] = []
    /// The cases that came out differently, with what they came out as.
    package private(set) var misses: [String] = []

    /// Which part of a table is scored. A case belongs to the held-out third by a hash of its text.
    package enum Part: Hashable, Sendable { case developed, heldOut, all }

    /// Scores a table with the columns `label class category source command`.
    ///
    /// A `block` row agrees where it comes out irreversible or unknown, an `allow` row where it comes out read or reversible.
    package static func commands(_ table: String, part: Part = .all) -> CorpusScore {
        var score = CorpusScore()
        for columns in rows(of: table) where columns.count >= 5 && includes(columns[columns.count - 1], part) {
            let command = unescaped(columns[4])
            let effectClass = CommandReader.read(command).effectClass
            let isGrave = effectClass == .irreversible || effectClass == .unknown
            score.add("\(columns[0]) \(columns[1])", isGrave == (columns[0] == "block"), "\(effectClass.rawValue)\t\(columns[4])")
        }
        return score
    }

    /// Scores a table with the columns `groups sample_verb case sql`: an agreement is the same set of groups.
    package static func statements(_ table: String, part: Part = .all) -> CorpusScore {
        var score = CorpusScore()
        for columns in rows(of: table) where columns.count >= 4 && includes(columns[columns.count - 1], part) {
            let wanted = Set(columns[0].split(separator: ",").map(String.init))
            let given = Set(SQLReading(unescaped(columns[3])).effects.map(\.rawValue))
            score.add("sql", wanted == given, "\(given.sorted()) for \(wanted.sorted())\t\(columns[3])")
        }
        return score
    }

    /// The cases and agreements of all rows whose name starts so.
    package func total(_ prefix: String) -> (cases: Int, agreed: Int) {
        rows.filter { $0.name.hasPrefix(prefix) }.reduce((0, 0)) { ($0.0 + $1.cases, $0.1 + $1.agreed) }
    }

    /// The table as text: name, cases, agreements, per cent.
    package var text: String {
        rows.sorted { $0.name < $1.name }
            .map { "\($0.name)\t\($0.cases)\t\($0.agreed)\t\(Double($0.agreed * 1000 / max(1, $0.cases)) / 10) %" }
            .joined(separator: "\n")
    }

    private mutating func add(_ name: String, _ agreed: Bool, _ detail: @autoclosure () -> String) {
        let index = rows.firstIndex { $0.name == name } ?? rows.count
        if index == rows.count { rows.append(Row(name: name)) }
        rows[index].cases += 1
        if agreed { rows[index].agreed += 1 } else { misses.append("\(name)\t\(detail())") }
    }

    private static func rows(of table: String) -> [[String]] {
        table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    /// FNV-1a, so that the split is the same everywhere.
    private static func includes(_ text: String, _ part: Part) -> Bool {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let isHeldOut = (hash >> 17) % 3 == 0
        return part == .all || isHeldOut == (part == .heldOut)
    }

    private static func unescaped(_ text: String) -> String {
        var result = ""
        var escaped = false
        for character in text {
            if escaped {
                result.append(character == "n" ? "\n" : character == "t" ? "\t" : character == "r" ? "\r" : character)
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
