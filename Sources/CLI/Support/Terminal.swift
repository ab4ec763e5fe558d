// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit

/// What the program says, and how it looks.
enum Terminal {
    static func print(_ text: String) { StandardStreams.write(Array((harmless(text) + "\n").utf8), to: 1) }

    static func print(_ value: JSONValue) { StandardStreams.write(value.serializedBytes() + [UInt8(ascii: "\n")], to: 1) }

    static func error(_ text: String) { StandardStreams.write(Array((harmless(text) + "\n").utf8), to: 2) }

    /// The text with everything visible that a terminal would obey or that would change what a reader sees: a model's words, file names
    /// and answers of servers all end up here.
    static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                safe += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\n" || scalar == "\t" { return false }
        if scalar.value < 0x20 || scalar.value == 0x7F { return true }
        guard scalar.value > 0x7F else { return false }
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Columns padded to their widest cell.
    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A text in one line, without what a terminal would obey.
    static func plain(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 32 || (127..<160).contains($0.value) ? " " : Character($0) }.prefix(200))
    }

    /// What a person reads of a decision.
    static func lines(of decision: Decision) -> String {
        let head = "\(decision.outcome.rawValue): class \(decision.effectClass.rawValue), environment \(decision.environment)"
        return ([head] + decision.reasons.map { reason in
            "  \(reason.id): \(reason.message)" + (reason.location.map { " (\($0))" } ?? "")
        }).joined(separator: "\n")
    }
}
