// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Finds a text in the files below a folder of the workspace.
public struct FileSearchTool: Tool {
    public let name = "file.search"
    public let description = "Finds lines that contain a text in the files below a folder. What is shown is what file.read shows."
    public let inputSchema = Schema.object(
        [
            "text": Schema.string("The text to find, taken literally."),
            "path": Schema.string("The folder to search; the workspace unless told."),
            "ignore_case": Schema.flag("Whether ASCII letters match in either case."),
        ], required: ["text"])

    private static let maximumMatches = 200
    private static let maximumFiles = 20_000
    private static let maximumFileBytes = 4 << 20
    private static let maximumDepth = 64
    private static let inputs: Set<String> = ["text", "path", "ignore_case"]

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        let input = try Input(input, allowing: Self.inputs)
        _ = try input.string("text")
        return [Effect(.readFile(path: try folder(of: input)))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let input = try Input(input, allowing: Self.inputs)
        let ignoreCase = try input.flag("ignore_case")
        let needle = LineSearch(try input.string("text"), ignoringCase: ignoreCase)
        var matches: [(path: String, line: Int, text: String)] = []
        var unread = 0
        var files = 0
        var pending = [(path: try folder(of: input), depth: 0)]
        while let (folder, depth) = pending.popLast(), matches.count < Self.maximumMatches, files < Self.maximumFiles {
            for entry in try await invocation.listFolder(folder).reversed() where entry.name != ".git" {
                let path = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
                if entry.kind == .folder, depth < Self.maximumDepth { pending.append((path, depth + 1)) }
                guard entry.kind == .file else { continue }
                files += 1
                guard entry.size <= Self.maximumFileBytes,
                    let content = try? await invocation.readFile(path, limitBytes: Self.maximumFileBytes), !content.isBinary
                else {
                    unread += 1
                    continue
                }
                matches += needle.lines(in: content.bytes).map { (path, $0.number, $0.text) }
            }
        }
        return Self.result(matches: Array(matches.prefix(Self.maximumMatches)), total: matches.count, unread: unread)
    }

    private func folder(of input: Input) throws(ToolError) -> String {
        let path = try input.optionalString("path") ?? ""
        return path == "." ? "" : path
    }

    private static func result(matches: [(path: String, line: Int, text: String)], total: Int, unread: Int) -> ToolResult {
        var lines = matches.map { "\($0.path):\($0.line): \($0.text)" }
        if lines.isEmpty { lines.append("[no match]") }
        if total > matches.count { lines.append("[only the first \(matches.count) matches are shown]") }
        if unread > 0 { lines.append("[\(unread) binary, large or unreadable files were not searched]") }
        let rows = matches.map { match -> JSONValue in
            ["path": .string(match.path), "line": .integer(Int64(match.line)), "text": .string(match.text)]
        }
        return ToolResult(
            text: lines.joined(separator: "\n"), json: ["matches": .array(rows), "unread": .integer(Int64(unread))])
    }
}

/// Finds a literal in the lines of a file.
struct LineSearch {
    private let needle: [UInt8]
    private let ignoringCase: Bool

    init(_ text: String, ignoringCase: Bool) {
        self.ignoringCase = ignoringCase
        needle = text.utf8.map { ignoringCase ? Self.lower($0) : $0 }
    }

    func lines(in bytes: [UInt8]) -> [(number: Int, text: String)] {
        guard !needle.isEmpty else { return [] }
        var found: [(Int, String)] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where contains(line) {
            found.append((index + 1, String(decoding: line.prefix(400), as: UTF8.self)))
        }
        return found
    }

    private func contains(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count >= needle.count else { return false }
        for start in line.startIndex...(line.endIndex - needle.count) {
            var matched = 0
            while matched < needle.count {
                let byte = line[start + matched]
                guard (ignoringCase ? Self.lower(byte) : byte) == needle[matched] else { break }
                matched += 1
            }
            if matched == needle.count { return true }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
}
