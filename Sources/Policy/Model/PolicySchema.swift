// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// The JSON Schema of policy files, made from the same key tables that read them.
public enum PolicySchema {
    /// The schema in the dialect of draft 2020-12.
    ///
    /// It holds what editors can check: keys, kinds, and the grammar of short texts. References and examples are the reader's business.
    public static var json: JSONValue {
        var root: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "AgentKit policy",
        ]
        for member in object(of: PolicyTables.document) { root[member.name] = member.value }
        return .object(root)
    }

    private static func schema(of shape: Shape) -> JSONObject {
        switch shape {
        case .anything: return [:]
        case .text(let kind): return text(kind)
        case .integer(let range):
            return ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .list(let element, let mayBeEmpty):
            var object: JSONObject = ["type": "array", "items": .object(schema(of: element))]
            if !mayBeEmpty { object["minItems"] = 1 }
            return object
        case .table(let table): return object(of: table)
        case .named(let value, let mayBeEmpty):
            var object: JSONObject = ["type": "object", "additionalProperties": .object(schema(of: value))]
            if !mayBeEmpty { object["minProperties"] = 1 }
            return object
        case .either(let shapes): return ["oneOf": .array(shapes.map { .object(schema(of: $0)) })]
        }
    }

    private static func object(of table: KeyTable) -> JSONObject {
        var properties = JSONObject()
        for key in table.keys {
            var property = schema(of: key.shape)
            property["description"] = .string(key.summary)
            properties[key.name] = .object(property)
        }
        var object: JSONObject = ["type": "object", "additionalProperties": false, "properties": .object(properties)]
        let required = table.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        return object
    }

    private static func text(_ kind: TextKind) -> JSONObject {
        var object: JSONObject = ["type": "string"]
        switch kind {
        case .choice(let names): object["enum"] = .array(names.map { .string($0) })
        case .duration: object["pattern"] = "^[0-9]+(ms|s|m|h|d)$"
        case .size: object["pattern"] = "^[0-9]+(B|KiB|MiB|GiB|TiB)$"
        case .name: object["pattern"] = "^[A-Za-z0-9_][A-Za-z0-9._-]*$"
        case .method: object["pattern"] = "^[A-Z-]+$"
        case .place: object["pattern"] = "\\{\\}"
        case .absolutePath: object["pattern"] = "^/"
        case .environmentVariable: object["pattern"] = "^[A-Za-z_][A-Za-z0-9_]*$"
        case .urlPattern: object["pattern"] = "://"
        case .plain, .pathPattern, .hostPattern, .operationPattern, .address, .endpoint: object["minLength"] = 1
        }
        return object
    }
}
