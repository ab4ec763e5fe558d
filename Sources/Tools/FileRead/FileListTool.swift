// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Lists a folder of the workspace.
public struct FileListTool: Tool {
    public let name = "file.list"
    public let description = "Lists a folder of the workspace: names, kinds and sizes."
    public let inputSchema = Schema.object(["path": Schema.string("The folder; the workspace unless told.")], required: [])

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.readFile(path: try path(in: input)))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let entries = try await invocation.listFolder(try path(in: input))
        let lines = entries.map { entry in
            switch entry.kind {
            case .folder: "\(entry.name)/"
            case .link: "\(entry.name) (link)"
            case .file: "\(entry.name)  \(entry.size)"
            case .other: "\(entry.name) (special)"
            }
        }
        let rows = entries.map { entry -> JSONValue in
            ["name": .string(entry.name), "kind": .string(entry.kind.rawValue), "size": .integer(entry.size)]
        }
        return ToolResult(text: lines.isEmpty ? "[empty]" : lines.joined(separator: "\n"), json: ["entries": .array(rows)])
    }

    private func path(in input: JSONValue) throws(ToolError) -> String {
        let path = try Input(input, allowing: ["path"]).optionalString("path") ?? "."
        return path.isEmpty ? "." : path
    }
}
