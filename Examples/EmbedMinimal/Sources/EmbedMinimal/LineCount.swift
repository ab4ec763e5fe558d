// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// A tool of one's own: it proposes to read a file, and under the authority it gets for that counts the lines.
struct LineCount: Tool {
    let name = "line.count"
    let description = "Counts the lines of a file."
    let inputSchema: JSONValue = ["type": "object", "properties": ["path": ["type": "string"]], "required": ["path"]]

    func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        guard let path = input["path"]?.stringValue else { throw ToolError(.invalidInput, "give `path`") }
        return [Effect(.readFile(path: path))]
    }

    func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let content = try await invocation.readFile(input["path"]?.stringValue ?? "", limitBytes: 1 << 20)
        return ToolResult(text: "\(content.bytes.count { $0 == UInt8(ascii: "\n") })")
    }
}
