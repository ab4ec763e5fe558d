// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

/// Scores against labelled samples, if the folder that `AGENTKIT_CORPORA` names has them. Every third row by a hash of
/// its id is held out: rules were written looking at the others only, and both figures are printed.
@Suite("Labelled samples", .enabled(if: Corpus.folder != nil))
struct CorpusTests {
    @Test("Secrets are covered whole, byte by byte, as often as promised")
    func coverage() throws {
        let rows = try Corpus.rows(#require(Corpus.folder))
        let detector = SecretDetector()
        var scores: [String: Corpus.Score] = [:]
        for row in rows where !row.values.isEmpty {
            let bytes = Array(row.text.utf8)
            let findings = detector.findings(in: bytes)
            guard let covered = Corpus.isCovered(row, bytes, findings) else { continue }
            scores[row.group, default: Corpus.Score()].count(covered, isHeldOut: row.isHeldOut)
        }
        for (group, score) in scores.sorted(by: { $0.key < $1.key }) { print("\(group): \(score)") }
        let own = try #require(scores["plain, self-identifying"])
        #expect(own.share(heldOut: true) >= 0.97 && own.share(heldOut: false) >= 0.97)
        let context = try #require(scores["plain, context only"])
        #expect(context.share(heldOut: true) >= 0.90 && context.share(heldOut: false) >= 0.90)
    }
}

enum Corpus {
    struct Row {
        let text: String
        let values: [String]
        let group: String
        let isHeldOut: Bool
    }

    struct Score: CustomStringConvertible {
        private var seen = (own: 0, held: 0)
        private var hit = (own: 0, held: 0)

        mutating func count(_ covered: Bool, isHeldOut: Bool) {
            if isHeldOut {
                seen.held += 1
                hit.held += covered ? 1 : 0
            } else {
                seen.own += 1
                hit.own += covered ? 1 : 0
            }
        }

        func share(heldOut: Bool) -> Double {
            heldOut ? Double(hit.held) / Double(max(1, seen.held)) : Double(hit.own) / Double(max(1, seen.own))
        }

        var description: String { "\(hit.own) of \(seen.own), held out \(hit.held) of \(seen.held)" }
    }

    static var folder: String? { environment("AGENTKIT_CORPORA") }

    static func rows(_ folder: String) throws -> [Row] {
        let bytes = try SecretScanner.read(folder + "/secrets-dev.jsonl")
        return bytes.split(separator: 0x0a).compactMap { line in
            guard let row = try? JSONValue.parse(line), row["source"]?.stringValue == "synthetic",
                let id = row["id"]?.stringValue,
                let text = row["text"]?.stringValue, let kind = row["kind"]?.stringValue
            else { return nil }
            let values = (row["encoded_values"] ?? row["values"])?.arrayValue?.compactMap(\.stringValue) ?? []
            let own = row["self_identifying"]?.boolValue == true
            let channel = row["channel"]?.stringValue ?? ""
            let group =
                kind == "synthetic_plain"
                ? "plain, \(own ? "self-identifying" : "context only")" : "encoded, \(channel)"
            var hash: UInt64 = 14_695_981_039_346_656_037
            for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
            return Row(text: text, values: values, group: group, isHeldOut: hash % 3 == 0)
        }
    }

    /// Whether no byte of a value survives; `nil` where the value can't be located in the text (dumps, wrapped text).
    static func isCovered(_ row: Row, _ bytes: [UInt8], _ findings: [Finding]) -> Bool? {
        var places: [Range<Int>] = []
        for value in row.values {
            places += occurrences(of: Array(value.utf8), in: bytes)
            places += occurrences(of: value.utf8.flatMap { [$0, 0] }, in: bytes)
        }
        guard !places.isEmpty else { return nil }
        return places.allSatisfy { place in place.allSatisfy { index in findings.contains { $0.range.contains(index) } }
        }
    }

    private static func occurrences(of needle: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
        guard let first = needle.first, needle.count <= bytes.count else { return [] }
        return (0...(bytes.count - needle.count)).filter {
            bytes[$0] == first && bytes[$0..<($0 + needle.count)].elementsEqual(needle)
        }
        .map { $0..<($0 + needle.count) }
    }
}
