// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// A tool call as harnesses write it, turned into the effect that it proposes.
public enum ToolInput {
    /// Why a call can't be read.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong and what to do about it, in one line.
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// The names of the tools that are understood.
    public static let tools = ["shell", "file.read", "file.write", "http.request", "graphql", "sql"]

    /// Reads a call.
    ///
    /// - Throws: `Failure` for an unknown tool, and for input that is missing, of another kind, or says one thing twice.
    public static func effect(tool: String, input: JSONValue) throws(Failure) -> Effect {
        guard input.objectValue != nil else { throw Failure("`input` must be an object") }
        switch tool {
        case "shell": return Effect(.execute(try execution(input)))
        case "file.read": return Effect(.readFile(path: try string("path", input)))
        case "file.write": return Effect(.writeFile(path: try string("path", input)))
        case "http.request": return Effect(.request(try request(input)))
        case "graphql": return Effect(.request(try graphQL(input)))
        case "sql": return Effect(.sql(statement: try string("statement", input)))
        default:
            let shown = ShapeChecker.shown(tool)
            throw Failure(
                "unknown tool `\(shown)`\(NearestName.hint(tool, in: tools)); known are \(tools.joined(separator: ", "))"
            )
        }
    }

    private static func execution(_ input: JSONValue) throws(Failure) -> Execution {
        let folder = try optionalString("cwd", input)
        switch (input["command"], input["argv"]) {
        case (let command?, nil):
            guard let text = command.stringValue, !text.isEmpty else {
                throw Failure("`command` must be text that isn't empty")
            }
            return Execution(shell: text, workingDirectory: folder)
        case (nil, let argv?):
            let words = (argv.arrayValue ?? []).compactMap(\.stringValue)
            guard !words.isEmpty, words.count == argv.arrayValue?.count else {
                throw Failure("`argv` must be a list of texts that isn't empty")
            }
            return Execution(argv: words, workingDirectory: folder)
        default: throw Failure("`shell` takes exactly one of `command` and `argv`")
        }
    }

    private static func request(_ input: JSONValue) throws(Failure) -> OutgoingRequest {
        let body: [UInt8]
        switch input["body"] {
        case nil, .null?: body = []
        case .string(let text)?: body = Array(text.utf8)
        case let value?: body = value.serializedBytes()
        }
        var headers = try headers(input["headers"])
        if input["body"]?.objectValue != nil || input["body"]?.arrayValue != nil,
            !headers.contains(where: { $0.name.lowercased() == "content-type" })
        {
            headers.append(OutgoingRequest.Header("Content-Type", "application/json"))
        }
        return OutgoingRequest(
            method: try optionalString("method", input) ?? "GET", url: try string("url", input), headers: headers,
            body: body,
            credential: try optionalString("credential", input))
    }

    private static func graphQL(_ input: JSONValue) throws(Failure) -> OutgoingRequest {
        var body: JSONObject = ["query": .string(try string("query", input))]
        if let variables = input["variables"], !variables.isNull { body["variables"] = variables }
        if let name = try optionalString("operationName", input) { body["operationName"] = .string(name) }
        var headers = try headers(input["headers"])
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            headers.append(OutgoingRequest.Header("Content-Type", "application/json"))
        }
        return OutgoingRequest(
            method: "POST", url: try string("url", input), headers: headers,
            body: JSONValue.object(body).serializedBytes(),
            credential: try optionalString("credential", input))
    }

    /// Headers as an object of names, or as a list of pairs or of `{name, value}`.
    private static func headers(_ value: JSONValue?) throws(Failure) -> [OutgoingRequest.Header] {
        var headers: [OutgoingRequest.Header] = []
        switch value {
        case nil, .null?: break
        case .object(let members)?:
            for member in members {
                let values = member.value.arrayValue ?? [member.value]
                for value in values {
                    guard let text = value.stringValue else { throw Failure("a header's value must be text") }
                    headers.append(OutgoingRequest.Header(member.name, text))
                }
            }
        case .array(let elements)?:
            for element in elements {
                let pair = element.arrayValue
                guard let name = element["name"]?.stringValue ?? pair?.first?.stringValue,
                    let text = element["value"]?.stringValue ?? (pair?.count == 2 ? pair?.last?.stringValue : nil)
                else { throw Failure("a header must be a pair of texts") }
                headers.append(OutgoingRequest.Header(name, text))
            }
        default: throw Failure("`headers` must be an object")
        }
        return headers
    }

    private static func string(_ name: String, _ input: JSONValue) throws(Failure) -> String {
        guard let text = try optionalString(name, input) else { throw Failure("`input` lacks `\(name)`") }
        return text
    }

    private static func optionalString(_ name: String, _ input: JSONValue) throws(Failure) -> String? {
        guard let value = input[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw Failure("`\(name)` must be text") }
        return text
    }
}
