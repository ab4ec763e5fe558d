// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Fills in the references of a script: `${name}` and `${last.match:REGEX}`.
struct ScriptReferences {
    let values: [String: String]
    /// What tools answered, newest first.
    let results: [String]

    /// What stands where an expression matches nothing: the model saw nothing to copy.
    static let nothing = "nothing-found"

    /// Fills in every string of a value.
    func fill(_ value: JSONValue) throws(ModelError) -> JSONValue {
        switch value {
        case .string(let text): return .string(try fill(text))
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements { filled.append(try fill(element)) }
            return .array(filled)
        case .object(let members):
            var filled = JSONObject()
            for member in members { filled[member.name] = try fill(member.value) }
            return .object(filled)
        default: return value
        }
    }

    /// Fills in a text. Braces inside a reference have to be balanced; `$${` stands for `${` itself.
    func fill(_ text: String) throws(ModelError) -> String {
        var out = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            if before.last == "$" {
                out += before.dropLast() + "${"
                continue
            }
            out += before
            guard let end = Self.end(of: rest) else { throw Self.malformed("a reference has no end") }
            out += try resolve(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }

    private static func end(of text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "{": depth += 1
            case "}" where depth == 0: return index
            case "}": depth -= 1
            default: break
            }
        }
        return nil
    }

    private func resolve(_ reference: Substring) throws(ModelError) -> String {
        let prefix = "last.match:"
        guard reference.hasPrefix(prefix) else {
            guard let value = values[String(reference)] else { throw Self.malformed("`\(reference)` has no value") }
            return value
        }
        guard let expression = try? Regex(String(reference.dropFirst(prefix.count))) else {
            throw Self.malformed("`\(reference)` holds no regular expression")
        }
        for result in results {
            guard let match = result.firstMatch(of: expression) else { continue }
            let captured = match.output.count > 1 ? match.output[1].substring : nil
            return String(captured ?? result[match.range])
        }
        return Self.nothing
    }

    private static func malformed(_ what: String) -> ModelError {
        ModelError(.malformedScript, stage: .prepare, reason: "the script can't be played: \(what)")
    }
}
