// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Writes a whole file of the workspace's layer.
public struct FileWriteTool: Tool {
    public let name = "file.write"
    public let description = "Creates or replaces a file. The change stays in the copy-on-write layer until it is committed."
    public let inputSchema = Schema.object(
        [
            "path": Schema.string("The file, relative to the workspace."),
            "content": Schema.string("The whole new content."),
        ], required: ["path", "content"])

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.writeFile(path: try Self.read(input).path))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let (path, bytes) = try Self.read(input)
        try await invocation.writeFile(path, bytes)
        return ToolResult(text: "wrote \(bytes.count) bytes to \(path)", json: ["path": .string(path), "bytes": .integer(Int64(bytes.count))])
    }

    private static func read(_ input: JSONValue) throws(ToolError) -> (path: String, bytes: [UInt8]) {
        let input = try Input(input, allowing: ["path", "content"])
        return (try input.string("path"), Array(try input.string("content").utf8))
    }
}
