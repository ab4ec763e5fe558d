// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import ArgumentParser

struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Runs one tool call by name and prints decision and result as JSON.")

    @OptionGroup var session: SessionOptions
    @Option(help: "The tool: shell, file.read, file.write, file.edit, file.list, file.search, http.request, graphql.") var tool: String
    @Option(help: "The input as JSON, or - for standard input.") var input: String = "-"
    @Flag(help: "Apply changes to the workspace afterwards; they are dropped unless told.") var commit = false
    @Option(help: "Go on with the approved request of this id.") var resume: String?
    @Option(help: "Wait this long for an approval, such as 2m.") var wait: String?

    mutating func run() async throws {
        let code = try await reporting { [self] in try await carryOut() }
        throw ExitCode(code)
    }

    private func carryOut() async throws -> Int32 {
        let bytes = input == "-" ? StandardStreams.readAll(from: 0, limitBytes: 16 << 20) : Array(input.utf8)
        guard let bytes, let value = try? JSONValue.parse(bytes) else {
            throw HostError(.usage, "the input is not JSON; give an object such as {\"path\":\"README.md\"}")
        }
        let mode = try wait.map { text throws(HostError) in ApprovalMode.wait(atMost: try HostDuration.parse(text)) } ?? .deferred
        let host = try await Host.open(try session.hostOptions(), resuming: resume)
        let session = try await host.openSession()
        let attempt: Attempt<ToolResult>
        do { attempt = try await session.call(ToolCall(tool: tool, input: value), approvals: mode) } catch {
            await session.close()
            throw error
        }
        var record = CallReport(effects: [tool], enforcement: session.enforcement)
        var code = record.take(attempt) { $0.json }
        if case .completed = attempt, commit {
            let committed = try await session.commit(approvals: mode)
            record.takeCommit(committed)
            switch committed {
            case .completed(let report, _): if !report.conflicts.isEmpty || !report.refused.isEmpty { code = ExitStatus.effectThenFailure }
            case .waiting: code = ExitStatus.waiting
            case .denied, .refused: code = ExitStatus.denied
            }
        }
        await session.close()
        Terminal.print(record.json)
        return code
    }
}
