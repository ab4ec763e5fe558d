// SPDX-License-Identifier: Apache-2.0

internal import AgentKit

/// Reads a tool's JSON input with errors that a model can act on.
struct Input {
    private let members: JSONObject

    init(_ value: JSONValue, allowing names: Set<String>) throws(ToolError) {
        guard let members = value.objectValue else {
            throw ToolError(.invalidInput, "the input must be a JSON object")
        }
        if let stranger = members.names.first(where: { !names.contains($0) }) {
            throw ToolError(
                .invalidInput, "unknown input `\(stranger)`; this tool takes: \(names.sorted().joined(separator: ", "))")
        }
        self.members = members
    }

    func string(_ name: String) throws(ToolError) -> String {
        guard let value = try optionalString(name) else { throw ToolError(.invalidInput, "the input `\(name)` is missing") }
        return value
    }

    func optionalString(_ name: String) throws(ToolError) -> String? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw ToolError(.invalidInput, "the input `\(name)` must be a string") }
        guard !text.utf8.contains(0) else { throw ToolError(.invalidInput, "the input `\(name)` holds a NUL byte") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(ToolError) -> Int64? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let number = value.integerValue, range.contains(number) else {
            throw ToolError(
                .invalidInput, "the input `\(name)` must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws(ToolError) -> Bool {
        guard let value = members[name], !value.isNull else { return false }
        guard let flag = value.boolValue else { throw ToolError(.invalidInput, "the input `\(name)` must be true or false") }
        return flag
    }

    func strings(_ name: String) throws(ToolError) -> [String]? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let elements = value.arrayValue else { throw ToolError(.invalidInput, "the input `\(name)` must be a list of strings") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.stringValue, !text.utf8.contains(0) else {
                throw ToolError(.invalidInput, "the input `\(name)` must be a list of strings without NUL bytes")
            }
            texts.append(text)
        }
        return texts
    }

    /// Header fields, given as an object of strings.
    func headers(_ name: String) throws(ToolError) -> [OutgoingRequest.Header] {
        guard let value = members[name], !value.isNull else { return [] }
        guard let object = value.objectValue else { throw ToolError(.invalidInput, "the input `\(name)` must be an object of strings") }
        var headers: [OutgoingRequest.Header] = []
        for member in object {
            guard let text = member.value.stringValue else {
                throw ToolError(.invalidInput, "the header `\(member.name)` must be a string")
            }
            headers.append(OutgoingRequest.Header(member.name, text))
        }
        return headers
    }

    subscript(name: String) -> JSONValue? { members[name] }
}

/// Writes JSON Schemas tersely.
enum Schema {
    static func object(_ properties: JSONObject, required: [String]) -> JSONValue {
        [
            "type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) }),
            "additionalProperties": false,
        ]
    }

    static func string(_ description: String) -> JSONValue { ["type": "string", "description": .string(description)] }
    static func integer(_ description: String) -> JSONValue { ["type": "integer", "description": .string(description)] }
    static func flag(_ description: String) -> JSONValue { ["type": "boolean", "description": .string(description)] }
}
