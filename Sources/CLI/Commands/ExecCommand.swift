// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentSecrets
internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import Synchronization

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
        if let resume, let reason = try await host.objection(toResuming: resume) {
            var record = CallReport(effects: [command.joined(separator: " ")], enforcement: nil)
            let code = record.refuse(reason, in: host.environment)
            try write(record, of: host)
            return code
        }
        let session = try await host.openSession()
        let code: Int32
        do { code = try await run(in: session, of: host, atMost: limit ?? .seconds(86_400)) } catch {
            await session.close()
            throw error
        }
        await session.close()
        return code
    }

    private func run(in session: Session, of host: Host, atMost limit: Duration) async throws -> Int32 {
        let forwarding = SignalForwarding(to: session)
        let counter = PassedBytes()
        // Everything passes through as it comes, so nothing of it is kept.
        let confined = ConfinedCommand(
            argv: command, input: .descriptor(0), timeout: limit, outputLimitBytes: 0)
        let attempt = try await session.execute(confined, onOutput: { stream, bytes in
            let isRead = StandardStreams.write(bytes, to: stream == .standardOutput ? 1 : 2)
            counter.add(bytes.count)
            // The reader is gone: the program hears it as it would without us.
            if !isRead { session.signal(SIGPIPE) }
        })
        forwarding.stop()
        return try await finish(attempt, in: session, of: host, passed: counter.total)
    }

    private func finish(
        _ attempt: Attempt<CommandResult>, in session: Session, of host: Host, passed: Int64
    ) async throws -> Int32 {
        var record = CallReport(effects: [command.joined(separator: " ")], enforcement: session.enforcement)
        var code = record.take(attempt) { result in
            [
                "ending": .string(Self.word(for: result.ending)), "exitCode": .integer(Int64(Self.status(of: result.ending))),
                "outputBytes": .integer(passed), "milliseconds": .integer(result.duration.wholeMilliseconds),
            ]
        }
        var failure: (any Error)?
        if case .completed(let result, _) = attempt {
            code = Self.status(of: result.ending)
            tell(result.ending)
            do { if let overruled = try await settleChanges(in: session, &record) { code = overruled } } catch { failure = error }
        }
        do { try write(record, of: host) } catch { failure = error }
        if let failure { throw failure }
        return code
    }

    private func write(_ record: CallReport, of host: Host) throws {
        guard let report else { return }
        let json = host.vault.redactor.redact(record.json, from: .message)
        guard HostFiles.writePrivate(HostFiles.absolute(report), json.serializedBytes(pretty: true), mode: 0o644) else {
            throw SessionError(.afterEffect, "the report can't be written to `\(report)`, though the call is over; name a file in a folder that exists")
        }
    }

    private func settleChanges(in session: Session, _ record: inout CallReport) async throws -> Int32? {
        switch changes {
        case .discard: return nil
        case .diff:
            let patch = try await session.changes().patch
            if !patch.isEmpty { Terminal.error(patch) }
            return nil
        case .commit:
            return try await ChangeSettlement(resumption: "the same command with --resume", refusalsFail: false).commit(in: session, &record)
        }
    }

    private static func word(for ending: CommandResult.Ending) -> String {
        switch ending {
        case .exited: "exited"
        case .signalled: "signalled"
        case .timedOut: "timedOut"
        case .cancelled: "cancelled"
        case .programNotFound: "programNotFound"
        }
    }

    private static func status(of ending: CommandResult.Ending) -> Int32 {
        switch ending {
        case .exited(let code): code
        case .signalled(let number): 128 + number
        case .timedOut: 124
        case .cancelled: 130
        case .programNotFound: ExitStatus.programNotFound
        }
    }

    private func tell(_ ending: CommandResult.Ending) {
        switch ending {
        case .timedOut: Terminal.error("agentkit: the command was killed at its time limit; --timeout and `limits.wall` set it")
        case .programNotFound:
            Terminal.error("agentkit: there is no program `\(Terminal.plain(command.first ?? ""))` in the pod; check its name and what the policy shows")
        case .exited, .signalled, .cancelled: break
        }
    }
}

/// Counts what passed through, from the pod's thread.
final class PassedBytes: Sendable {
    private let bytes = Atomic<Int64>(0)

    func add(_ count: Int) { bytes.wrappingAdd(Int64(count), ordering: .relaxed) }

    var total: Int64 { bytes.load(ordering: .relaxed) }
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
