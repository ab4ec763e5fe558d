// SPDX-License-Identifier: Apache-2.0

public import AgentKit

/// Runs a shell command, or a program with its arguments, in the session's pod.
public struct ShellTool: Tool {
    public let name = "shell"
    public let description = """
        Runs a command in the sandboxed workspace and returns its output and exit code. There is no network unless it was \
        granted; secrets appear as placeholders; file changes stay in a copy-on-write layer until they are committed.
        """
    public let inputSchema = Schema.object(
        [
            "command": Schema.string("Shell text, run by /bin/sh -c."),
            "argv": ["type": "array", "items": ["type": "string"], "description": "A program and its arguments, without a shell."],
            "cwd": Schema.string("Working folder, relative to the workspace."),
            "timeout_seconds": Schema.integer("Wall-clock limit, 1 to 3600."),
            "stdin": Schema.string("Text for standard input."),
        ], required: [])

    /// Makes the tool.
    public init() {}

    public func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] {
        [Effect(.execute(try Request(input, session).execution))]
    }

    public func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult {
        let request = try Request(input, invocation.session)
        let result = try await invocation.run(
            ConfinedCommand(
                argv: request.execution.argv, workingDirectory: request.execution.workingDirectory,
                input: request.standardInput.map { .bytes(Array($0.utf8)) } ?? .none, timeout: request.timeout))
        return Self.result(of: result)
    }

    private struct Request {
        let execution: Execution
        let standardInput: String?
        let timeout: Duration

        init(_ input: JSONValue, _ session: SessionContext) throws(ToolError) {
            let input = try Input(input, allowing: ["command", "argv", "cwd", "timeout_seconds", "stdin"])
            let folder = try input.optionalString("cwd").map { $0.utf8.first == UInt8(ascii: "/") ? $0 : "\(session.workspace)/\($0)" }
            switch (try input.optionalString("command"), try input.strings("argv")) {
            case (let command?, nil): execution = Execution(shell: command, workingDirectory: folder)
            case (nil, let argv?) where !argv.isEmpty: execution = Execution(argv: argv, workingDirectory: folder)
            default: throw ToolError(.invalidInput, "give either `command` (shell text) or a non-empty `argv`")
            }
            standardInput = try input.optionalString("stdin")
            timeout = .seconds(try input.integer("timeout_seconds", in: 1...3600) ?? 3600)
        }
    }

    static func result(of result: CommandResult) -> ToolResult {
        let output = String(decoding: result.standardOutput, as: UTF8.self)
        let error = String(decoding: result.standardError, as: UTF8.self)
        let (ending, code): (String, JSONValue) =
            switch result.ending {
            case .exited(let code): ("exit \(code)", .integer(Int64(code)))
            case .signalled(let number): ("ended by signal \(number)", .integer(Int64(128 + number)))
            case .timedOut: ("killed at its time limit", 124)
            case .cancelled: ("cancelled", 130)
            case .programNotFound: ("no such program in the pod", 127)
            }
        var parts: [String] = []
        if !output.isEmpty { parts.append(output) }
        if !error.isEmpty { parts.append("[stderr]\n\(error)") }
        if result.droppedBytes > 0 { parts.append("[\(result.droppedBytes) bytes over the output limit were dropped]") }
        if result.ending != .exited(code: 0) || parts.isEmpty { parts.append("[\(ending)]") }
        return ToolResult(
            text: parts.joined(separator: "\n"),
            json: [
                "stdout": .string(output), "stderr": .string(error), "ending": .string(ending), "exitCode": code,
                "droppedBytes": .integer(Int64(result.droppedBytes)),
            ],
            isError: result.ending != .exited(code: 0))
    }
}
