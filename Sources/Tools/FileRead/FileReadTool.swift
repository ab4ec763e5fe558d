// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Reads a text file of the workspace, or a part of it.
public struct FileReadTool: Tool {
    public let name = "file.read"
    public let description = "Reads a text file. Secrets in it appear as placeholders. Binary files are named, not shown."
    public let inputSchema = Schema.object(
        [
            "path": Schema.string("The file, relative to the workspace."),
            "offset": Schema.integer("First byte to read, from 0."),
            "limit": Schema.integer("Most bytes to read; 262144 unless told."),
        ], required: ["path"])

    /// Most bytes that one call returns.
    public static let maximumBytes: Int64 = 1 << 20

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.readFile(path: try Part(input).path))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let part = try Part(input)
        let (path, offset) = (part.path, part.offset)
        let content = try await invocation.readFile(path, offset: offset, limitBytes: part.limitBytes)
        let facts: JSONObject = [
            "path": .string(path), "offset": .integer(offset), "bytes": .integer(Int64(content.bytes.count)),
            "totalBytes": .integer(content.totalBytes), "binary": .bool(content.isBinary),
        ]
        guard !content.isBinary else {
            return ToolResult(text: "[\(path) is a binary file of \(content.totalBytes) bytes]", json: .object(facts))
        }
        let text = String(decoding: content.bytes, as: UTF8.self)
        var shown = facts
        shown["text"] = .string(text)
        let rest = content.totalBytes - offset - Int64(content.bytes.count)
        let note = rest > 0 ? "\n[\(rest) more bytes; go on at offset \(offset + Int64(content.bytes.count))]" : ""
        return ToolResult(text: text + note, json: .object(shown))
    }

    private struct Part {
        let path: String
        let offset: Int64
        let limitBytes: Int

        init(_ input: JSONValue) throws(ToolError) {
            let input = try Input(input, allowing: ["path", "offset", "limit"])
            path = try input.string("path")
            offset = try input.integer("offset", in: 0...(1 << 53)) ?? 0
            limitBytes = Int(try input.integer("limit", in: 1...FileReadTool.maximumBytes) ?? 262_144)
        }
    }
}
