// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import AgentHost
internal import AgentPolicy
internal import AgentSecrets

/// The scores on a folder of labelled samples: commands, statements, secrets.
struct CorpusReport {
    let folder: String

    func show() {
        if let table = text("commands-dev.tsv") {
            print("Commands: label, class, cases, agreed")
            print(CorpusScore.commands(table).text)
            let (block, allow) = (CorpusScore.commands(table).total("block"), CorpusScore.commands(table).total("allow"))
            print("all block\t\(Self.share(block.agreed, block.cases))\nall allow\t\(Self.share(allow.agreed, allow.cases))")
        }
        if let table = text("sql-dev.tsv") {
            print("\nSQL: statements with exactly the labelled groups")
            print(CorpusScore.statements(table).text)
        }
        if let lines = HostFiles.read("\(folder)/secrets-dev.jsonl", limitBytes: 64 << 20) {
            secrets(lines)
        } else {
            print("secrets-dev.jsonl can't be read; its scores are missing")
        }
    }

    private func text(_ name: String) -> String? {
        guard let bytes = HostFiles.read("\(folder)/\(name)", limitBytes: 64 << 20) else {
            print("\(name) can't be read; its scores are missing")
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What was seen of one group of rows.
    private struct Tally {
        var rows = 0
        var found = 0
        var valueBytes = 0
        var survivingBytes = 0
    }

    private func secrets(_ lines: [UInt8]) {
        let detector = SecretDetector()
        var tallies: [String: Tally] = [:]
        for line in lines.split(separator: 0x0a) {
            guard let row = try? JSONValue.parse(line), let text = row["text"]?.stringValue, let name = Self.name(of: row) else { continue }
            let bytes = Array(text.utf8)
            let findings = detector.findings(in: bytes)
            tallies[name, default: Tally()].rows += 1
            if !findings.isEmpty { tallies[name, default: Tally()].found += 1 }
            let values = (row["encoded_values"] ?? row["values"])?.arrayValue?.compactMap(\.stringValue) ?? []
            for place in values.flatMap({ Self.places(of: Array($0.utf8), in: bytes) }) {
                tallies[name, default: Tally()].valueBytes += place.count
                tallies[name, default: Tally()].survivingBytes += place.count { index in !findings.contains { $0.range.contains(index) } }
            }
        }
        print("\nSecrets: group, rows with a find, bytes of the values that survive masking (where a value can be located)")
        for (name, tally) in tallies.sorted(by: { $0.key < $1.key }) {
            let bytes = tally.valueBytes == 0 ? "-" : Self.share(tally.survivingBytes, tally.valueBytes)
            print("\(name)\t\(Self.share(tally.found, tally.rows))\t\(bytes)")
        }
    }

    private static func name(of row: JSONValue) -> String? {
        guard let source = row["source"]?.stringValue, let label = row["label"]?.stringValue, let kind = row["kind"]?.stringValue else { return nil }
        guard label == "secret" else { return "natural negatives, \(source)" }
        guard source == "synthetic" else { return "secret, \(source)" }
        if kind == "synthetic_plain" {
            return "secret, plain, \(row["self_identifying"]?.boolValue == true ? "self-identifying" : "context only")"
        }
        return "secret, encoded, \(row["channel"]?.stringValue ?? "")"
    }

    private static func share(_ part: Int, _ whole: Int) -> String {
        "\(part) of \(whole) (\(Table.decimal(Double(part) * 100 / Double(max(1, whole)))) %)"
    }

    private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
        guard let first = needle.first, needle.count <= bytes.count else { return [] }
        return (0...(bytes.count - needle.count))
            .filter { bytes[$0] == first && bytes[$0..<($0 + needle.count)].elementsEqual(needle) }
            .map { $0..<($0 + needle.count) }
    }
}
