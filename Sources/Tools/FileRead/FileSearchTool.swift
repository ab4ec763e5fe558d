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

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.readFile(path: try Search(input).folder))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let search = try Search(input)
        let needle = LineSearch(search.text, ignoringCase: search.ignoresCase)
        var matches: [(path: String, line: Int, text: String)] = []
        var unread = 0
        var files = 0
        var pending = [(path: search.folder, depth: 0)]
        while matches.count <= Self.maximumMatches, files < Self.maximumFiles, let (folder, depth) = pending.popLast() {
            // The folder that was asked for must be there; one below it that can't be listed is one more that was not searched.
            let entries = depth == 0 ? try await invocation.listFolder(folder) : try? await invocation.listFolder(folder)
            if entries == nil { unread += 1 }
            var folders: [(path: String, depth: Int)] = []
            for entry in entries ?? [] where entry.name != ".git" && matches.count <= Self.maximumMatches {
                let path = folder == "." ? entry.name : "\(folder)/\(entry.name)"
                if entry.kind == .folder, depth < Self.maximumDepth { folders.append((path, depth + 1)) }
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
            pending += folders.reversed()
        }
        return Self.result(
            matches: Array(matches.prefix(Self.maximumMatches)), unread: unread,
            isPartial: matches.count > Self.maximumMatches || !pending.isEmpty)
    }

    private struct Search {
        let text: String
        let folder: String
        let ignoresCase: Bool

        init(_ input: JSONValue) throws(ToolError) {
            let input = try Input(input, allowing: ["text", "path", "ignore_case"])
            text = try input.string("text")
            guard !text.isEmpty else { throw ToolError(.invalidInput, "`text` is empty; give the text to find") }
            let path = try input.optionalString("path") ?? "."
            folder = path.isEmpty ? "." : path
            ignoresCase = try input.flag("ignore_case")
        }
    }

    private static func result(matches: [(path: String, line: Int, text: String)], unread: Int, isPartial: Bool) -> ToolResult {
        var lines = matches.map { "\($0.path):\($0.line): \($0.text)" }
        if lines.isEmpty { lines.append("[no match]") }
        if isPartial { lines.append("[the search stopped at its limit; search a folder below, or for a longer text]") }
        if unread > 0 { lines.append("[\(unread) binary, large or unreadable files or folders were not searched]") }
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
