// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Replaces one exact text in a file of the workspace's layer.
public struct FileEditTool: Tool {
    public let name = "file.edit"
    public let description = "Replaces a text that occurs exactly once in a file (or every occurrence, if asked) by another."
    public let inputSchema = Schema.object(
        [
            "path": Schema.string("The file, relative to the workspace."),
            "old": Schema.string("The text to replace, exactly as file.read shows it."),
            "new": Schema.string("The text that takes its place."),
            "all": Schema.flag("Whether every occurrence is replaced."),
        ], required: ["path", "old", "new"])

    private static let maximumBytes = 8 << 20

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        let path = try Edit(input).path
        return [Effect(.readFile(path: path)), Effect(.writeFile(path: path))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let edit = try Edit(input)
        let (path, old, new) = (edit.path, edit.old, edit.new)
        let content = try await invocation.readFile(path, limitBytes: Self.maximumBytes)
        guard content.totalBytes == Int64(content.bytes.count) else {
            throw ToolError(.failed, "the file is larger than \(Self.maximumBytes) bytes; edit it with a program instead")
        }
        let places = Self.occurrences(of: old, in: content.bytes)
        guard !places.isEmpty else { throw ToolError(.failed, "`old` does not occur in \(path); read the file again") }
        guard places.count == 1 || edit.all else {
            throw ToolError(.failed, "`old` occurs \(places.count) times in \(path); make it longer, or set `all`")
        }
        var edited: [UInt8] = []
        var position = 0
        for place in places {
            edited += content.bytes[position..<place] + new
            position = place + old.count
        }
        edited += content.bytes[position...]
        try await invocation.writeFile(path, edited)
        return ToolResult(text: "replaced \(places.count) in \(path)", json: ["path": .string(path), "replaced": .integer(Int64(places.count))])
    }

    private struct Edit {
        let path: String
        let old: [UInt8]
        let new: [UInt8]
        let all: Bool

        init(_ input: JSONValue) throws(ToolError) {
            let input = try Input(input, allowing: ["path", "old", "new", "all"])
            path = try input.string("path")
            old = Array(try input.string("old").utf8)
            new = Array(try input.string("new").utf8)
            all = try input.flag("all")
            guard !old.isEmpty else { throw ToolError(.invalidInput, "`old` is empty; give the text to replace") }
        }
    }

    private static func occurrences(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var start = 0
        while start + needle.count <= bytes.count {
            if bytes[start..<(start + needle.count)].elementsEqual(needle) {
                places.append(start)
                start += needle.count
            } else {
                start += 1
            }
        }
        return places
    }
}
