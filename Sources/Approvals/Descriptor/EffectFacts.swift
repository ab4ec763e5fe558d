// SPDX-License-Identifier: Apache-2.0
internal import AgentCore

/// What an effect does, as facts for a descriptor: places and names in full, contents as digests.
enum EffectFacts {
    /// - Parameter isKnown: Whether the catalogue knows the operations; their canonical form then stands for the body,
    ///   so that the same operation in other white space is the same act.
    static func json(_ effect: Effect, isKnown: Bool) throws(StateError) -> JSONValue {
        switch effect.action {
        case .readFile(let path): return ["do": "read a file", "path": .string(path)]
        case .writeFile(let path): return ["do": "write a file", "path": .string(path)]
        case .execute(let execution):
            return [
                "do": "run a program", "argv": .array(execution.argv.map(JSONValue.string)),
                "folder": execution.workingDirectory.map(JSONValue.string) ?? .null,
            ]
        case .request(let request): return try json(request, isKnown: isKnown)
        case .sql(let statement):
            return [
                "do": "run a statement", "statement": .string(statement),
                "digest": .string(try Hashing.digest(Array(statement.utf8)).description),
            ]
        case .commit(let summary):
            var facts: JSONObject = [
                "do": "write the layer into the workspace", "written": .array(summary.written.map(JSONValue.string)),
                "deleted": .array(summary.deleted.map(JSONValue.string)),
                "executesElsewhere": .array(summary.executesElsewhere.map(JSONValue.string)),
                "originalsKept": .bool(summary.originalsKept),
            ]
            if !summary.contents.isEmpty { facts["contents"] = .string(summary.contents) }
            return .object(facts)
        }
    }

    private static func json(_ request: OutgoingRequest, isKnown: Bool) throws(StateError) -> JSONValue {
        // A query may hold what nobody should read, so that only its digest goes in.
        let parts = request.url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var facts: JSONObject = [
            "do": "send a request", "method": .string(request.method), "url": .string(String(parts.first ?? "")),
            "queryDigest": parts.count == 2 ? .string(try Hashing.digest(Array(parts[1].utf8)).description) : .null,
        ]
        if !isKnown { facts["bodyDigest"] = .string(try Hashing.digest(request.body).description) }
        return .object(facts)
    }
}
