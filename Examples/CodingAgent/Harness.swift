// SPDX-License-Identifier: Apache-2.0

#if Examples
internal import AgentApprovals
internal import AgentHost
internal import AgentKit
internal import AgentTools
internal import ArgumentParser
internal import Glibc

/// What became of a call.
struct Answer: Sendable {
    /// How it ended.
    enum Kind: Sendable { case done, denied, waiting, failed }

    let kind: Kind
    /// What the model reads.
    let text: String
    let isError: Bool
    let decision: Decision?
}

/// Runs calls, one way or another.
protocol Harness: Sendable {
    var tools: [any Tool] { get }
    func call(_ call: ToolCall, _ console: Console) async -> Answer
    func close(committing: Bool, _ console: Console) async
}

/// The harness that this project is about.
struct GuardedHarness: Harness {
    let session: Session
    let host: Host
    let mode: ApprovalMode
    let approver: Approver?

    var tools: [any Tool] { session.toolDescriptions }

    func call(_ call: ToolCall, _ console: Console) async -> Answer {
        do throws(SessionError) {
            var attempt = try await session.call(call)
            if case .waiting(let ticket, let decision) = attempt {
                console.waiting(ticket, decision)
                await approver?.ask(about: ticket, host.approvals, console)
                attempt = try await session.call(call, approvals: approver == nil ? mode : .deferred)
            }
            return Self.answer(to: attempt)
        } catch {
            return Answer(kind: .failed, text: error.message, isError: true, decision: nil)
        }
    }

    func close(committing: Bool, _ console: Console) async {
        if let changes = try? await session.changes(), !changes.changes.isEmpty {
            console.changes(changes)
            if committing {
                do { console.committed(try await session.commit()) } catch { console.note("not committed: \(error)") }
            }
        }
        await session.close()
    }

    private static func answer(to attempt: Attempt<ToolResult>) -> Answer {
        func words(_ decision: Decision) -> String { decision.reasons.map { "- \($0.id): \($0.message)" }.joined(separator: "\n") }
        switch attempt {
        case .completed(let result, let decision):
            return Answer(kind: .done, text: result.text, isError: result.isError, decision: decision)
        case .denied(let decision):
            return Answer(kind: .denied, text: "Denied; nothing was done.\n\(words(decision))", isError: true, decision: decision)
        case .waiting(let ticket, let decision):
            return Answer(
                kind: .waiting, text: "Not done: it waits for a person's approval (request \(ticket.id)).\n\(words(decision))",
                isError: true, decision: decision)
        case .refused(let reason, let decision):
            return Answer(kind: .denied, text: "Refused; nothing was done: \(reason.message)", isError: true, decision: decision)
        }
    }
}

/// Shows a request on the terminal and signs it, if the person there says so.
struct Approver: Sendable {
    private let key: SigningKey

    init(keyFile: String) throws {
        guard let bytes = HostFiles.read(keyFile, limitBytes: 1 << 20) else { throw ValidationError("the key file can't be read") }
        key = try SigningKey(privateFile: String(decoding: bytes, as: UTF8.self))
    }

    func ask(about ticket: ApprovalTicket, _ approvals: ApprovalService, _ console: Console) async {
        guard StandardStreams.isTerminal(0), let row = try? await approvals.current(ticket.id),
            let descriptor = try? JSONValue.parse(row.descriptor), let rendering = try? ApprovalRendering(descriptor)
        else { return console.note("there is no terminal to ask on; approve with `agentkit approvals approve \(ticket.id)`") }
        console.note(rendering.text)
        console.note("digest \(row.digest). Type `approve` to sign, anything else to leave it:")
        let line = String(decoding: StandardStreams.read(from: 0), as: UTF8.self)
        guard line.split(whereSeparator: \.isWhitespace) == ["approve"] else { return console.note("not signed") }
        do {
            let signature = try key.sign(row.descriptor)
            if case .rejected(let reason) = try await approvals.approve(ticket.id, signature) { console.note("the signature does not count: \(reason.message)") }
        } catch {
            console.note("\(error)")
        }
    }
}
#endif
