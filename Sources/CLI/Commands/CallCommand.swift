// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentSecrets
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
        if let resume, let reason = try await host.objection(toResuming: resume) {
            var record = CallReport(effects: [tool], enforcement: nil)
            let code = record.refuse(reason, in: host.environment)
            Terminal.print(record.json)
            return code
        }
        let session = try await host.openSession()
        do {
            let code = try await run(ToolCall(tool: tool, input: value), in: session, of: host, mode)
            await session.close()
            return code
        } catch {
            await session.close()
            throw error
        }
    }

    private func run(_ call: ToolCall, in session: Session, of host: Host, _ mode: ApprovalMode) async throws -> Int32 {
        let attempt = try await session.call(call, approvals: mode)
        var record = CallReport(effects: [tool], enforcement: session.enforcement)
        var code = record.take(attempt) { $0.json }
        var failure: (any Error)?
        if case .completed(let result, _) = attempt {
            // Where a program ran its code is passed on, as by `exec`.
            if let own = result.json["exitCode"]?.integerValue.flatMap({ Int32(exactly: $0) }) { code = own }
            if commit {
                let settlement = ChangeSettlement(resumption: "the same call with --resume", refusalsFail: true)
                do { if let overruled = try await settlement.commit(in: session, approvals: mode, &record) { code = overruled } } catch {
                    failure = error
                }
            }
        }
        Terminal.print(host.vault.redactor.redact(record.json, from: .message))
        if let failure { throw failure }
        return code
    }
}
