// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import ArgumentParser
internal import Dispatch
internal import Glibc

struct ExecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Runs one command in a pod; streams pass through, redacted.",
        usage: "agentkit exec [<options>] -- <command> ...")

    enum Changes: String, EnumerableFlag {
        case commit, discard, diff

        static func help(for value: Changes) -> ArgumentHelp? {
            switch value {
            case .commit: "Apply the changes to the workspace afterwards and keep what they replace (see undo)."
            case .discard: "Drop the changes."
            case .diff: "Print the changes as a patch on standard error and drop them."
            }
        }
    }

    @OptionGroup var session: SessionOptions
    @Flag var changes: Changes = .commit
    @Option(help: "Wall-clock limit such as 30s or 5m; never above the policy's.") var timeout: String?
    @Option(help: "Write decision, effects, enforcement and result to this file as JSON.") var report: String?
    @Option(help: "Go on with the approved request of this id.") var resume: String?
    @Argument(parsing: .postTerminator) var command: [String] = []

    mutating func run() async throws {
        let code = try await reporting { [self] in try await carryOut() }
        throw ExitCode(code)
    }

    private func carryOut() async throws -> Int32 {
        guard !command.isEmpty else { throw HostError(.usage, "no command was given; write it after `--`") }
        let limit = try timeout.map { text throws(HostError) in try HostDuration.parse(text) }
        let host = try await Host.open(try session.hostOptions(), resuming: resume)
        let session = try await host.openSession()
        let forwarding = SignalForwarding(to: session)
        let confined = ConfinedCommand(
            argv: command, input: .descriptor(0), timeout: limit ?? .seconds(86_400), outputLimitBytes: 1 << 30)
        let attempt = try await session.execute(confined, onOutput: { stream, bytes in
            StandardStreams.write(bytes, to: stream == .standardOutput ? 1 : 2)
        })
        forwarding.stop()
        let shown = host.redacted(command.joined(separator: " "))
        let code = try await finish(attempt, shown, in: session)
        await session.close()
        return code
    }

    private func finish(_ attempt: Attempt<CommandResult>, _ shown: String, in session: Session) async throws -> Int32 {
        var record = CallReport(effects: [shown], enforcement: session.enforcement)
        var code = record.take(attempt) { ["ending": .string("\($0.ending)"), "droppedBytes": .integer(Int64($0.droppedBytes))] }
        if case .completed(let result, _) = attempt {
            code = Self.status(of: result)
            if let overruled = try await settleChanges(in: session, &record) { code = overruled }
        }
        if let report, !HostFiles.writePrivate(HostFiles.absolute(report), record.json.serializedBytes(pretty: true), mode: 0o644) {
            throw SessionError(.afterEffect, "the report could not be written to `\(report)`")
        }
        return code
    }

    private func settleChanges(in session: Session, _ record: inout CallReport) async throws -> Int32? {
        switch changes {
        case .discard: return nil
        case .diff:
            Terminal.error(try await session.changes().patch)
            return nil
        case .commit:
            let pending: LayerChanges
            do { pending = try await session.changes() } catch {
                throw SessionError(.afterEffect, "the command ran, but its changes can't be read: \(error.message)")
            }
            guard !pending.changes.isEmpty else { return nil }
            let attempt = try await session.commit()
            record.takeCommit(attempt)
            switch attempt {
            case .completed(let report, _):
                for change in report.refused { Terminal.error("agentkit: not committed: \(change.path): \(change.refusal ?? "")") }
                for path in report.conflicts { Terminal.error("agentkit: not committed: \(path)") }
                if !report.committed.isEmpty { Terminal.error("agentkit: committed \(report.committed.count) changes; `agentkit undo \(report.id)` takes them back") }
                return report.conflicts.isEmpty ? nil : ExitStatus.effectThenFailure
            case .denied(let decision):
                Terminal.error("agentkit: the changes were not committed\n\(Terminal.lines(of: decision))")
                return ExitStatus.denied
            case .waiting(let ticket, let decision):
                Terminal.error("agentkit: the changes wait for approval \(ticket.id)\n\(Terminal.lines(of: decision))")
                return ExitStatus.waiting
            case .refused(let reason, _):
                Terminal.error("agentkit: the changes were not committed: \(reason.message)")
                return ExitStatus.denied
            }
        }
    }

    private static func status(of result: CommandResult) -> Int32 {
        switch result.ending {
        case .exited(let code): return code
        case .signalled(let number): return 128 + number
        case .timedOut:
            Terminal.error("agentkit: the command was killed at its time limit")
            return 124
        case .cancelled: return 130
        case .programNotFound:
            Terminal.error("agentkit: there is no such program in the pod")
            return ExitStatus.programNotFound
        }
    }
}

/// Passes the signals of a terminal and of supervisors on to the program in the pod.
final class SignalForwarding {
    private let sources: [any DispatchSourceSignal]

    init(to session: Session) {
        sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { session.signal(number) }
            source.resume()
            return source
        }
        signal(SIGPIPE, SIG_IGN)
    }

    func stop() { for source in sources { source.cancel() } }
}
