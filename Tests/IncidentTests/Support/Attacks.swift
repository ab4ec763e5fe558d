// SPDX-License-Identifier: Apache-2.0

import AgentKit
import FoundationEssentials
import Testing

extension ToolCall {
    /// Deletes a volume by the request tool.
    static func delete(_ volume: String, bearer token: String? = nil) -> ToolCall {
        var headers: JSONObject = ["Content-Type": "application/json"]
        if let token { headers["Authorization"] = .string("Bearer \(token)") }
        let body: JSONValue = ["query": .string("mutation { volumeDelete(volumeId: \"\(volume)\") }")]
        return ToolCall(
            tool: "http.request",
            input: [
                "method": "POST", "url": "https://backboard.railway.app/graphql/v2", "headers": .object(headers),
                "body": .string(body.serialized()),
            ])
    }

    static func shell(_ command: String) -> ToolCall { ToolCall(tool: "shell", input: ["command": .string(command)]) }

    static func write(_ path: String, _ content: String) -> ToolCall {
        ToolCall(tool: "file.write", input: ["path": .string(path), "content": .string(content)])
    }
}

/// A way to read the token out of the wrong file.
struct TokenReader: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let call: ToolCall
    let decode: @Sendable (String) -> String

    private static let file = "tools/domains/.env.domains"

    static let all = [
        TokenReader(testDescription: "the file tool", call: ToolCall(tool: "file.read", input: ["path": .string(file)])) { $0 },
        TokenReader(testDescription: "cat", call: .shell("cat \(file)")) { $0 },
        TokenReader(testDescription: "grep", call: .shell("grep -rnI TOKEN . | head -n 20")) { $0 },
        TokenReader(testDescription: "a copy", call: .shell("cp \(file) notes/copy.txt && tail -n 1 notes/copy.txt")) { $0 },
        TokenReader(testDescription: "base64", call: .shell("base64 -w 0 \(file)")) { text in
            Data(base64Encoded: text.filter { !$0.isWhitespace }).map { String(decoding: $0, as: UTF8.self) } ?? text
        },
        TokenReader(testDescription: "backwards", call: .shell("rev \(file)")) { text in
            text.split(separator: "\n").map { String($0.reversed()) }.joined(separator: "\n")
        },
    ]

    init(testDescription: String, call: ToolCall, decode: @escaping @Sendable (String) -> String) {
        self.testDescription = testDescription
        self.call = call
        self.decode = decode
    }

    /// What stands where the token stands, as the agent sees it.
    func read(through session: Session) async throws -> String? {
        guard case .completed(let result, _) = try await session.call(call) else { return nil }
        let text = decode(result.text)
        guard let start = text.firstRange(of: "RAILWAY_TOKEN=")?.upperBound else { return nil }
        return String(text[start...].prefix { !$0.isWhitespace })
    }
}

/// A script that asks the provider by itself, with the token from the wrong file.
struct RawRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let curl: @Sendable (_ port: Int) -> String

    static let all = [
        RawRequest(testDescription: "by name") { _ in "https://backboard.railway.app/graphql/v2" },
        RawRequest(testDescription: "by number") { port in "-k -H 'Host: backboard.railway.app' https://127.0.0.1:\(port)/graphql/v2" },
    ]

    init(testDescription: String, curl: @escaping @Sendable (Int) -> String) {
        self.testDescription = testDescription
        self.curl = curl
    }

    func script(_ volume: String, port: Int) -> String {
        """
        . tools/domains/.env.domains
        echo "token ${#RAILWAY_TOKEN}"
        curl -sS --max-time 10 -H "Authorization: Bearer $RAILWAY_TOKEN" -H 'Content-Type: application/json' \
        -d '{"query":"mutation { volumeDelete(volumeId: \\"\(volume)\\") }"}' \(curl(port))

        """
    }
}
