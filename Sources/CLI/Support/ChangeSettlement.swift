// SPDX-License-Identifier: Apache-2.0

internal import AgentKit

/// Commits what a call changed, tells the person what became of it, and knows the exit code.
struct ChangeSettlement {
    /// What the person does to go on with an approval, the id excepted.
    let resumption: String
    /// Whether a change that is refused by name is a failure. A program's own exit code matters more; a call has none.
    let refusalsFail: Bool

    /// Commits the layer.
    ///
    /// - Returns: The exit code that takes the place of the call's own; `nil` where everything went well or nothing changed.
    func commit(in session: Session, approvals: ApprovalMode = .deferred, _ record: inout CallReport) async throws -> Int32? {
        do {
            guard try await !session.changes().changes.isEmpty else { return nil }
            let attempt = try await session.commit(approvals: approvals)
            record.takeCommit(attempt)
            return tell(attempt)
        } catch {
            // The call itself is over by now, so nothing here can be a failure before the effect.
            throw SessionError(.afterEffect, "the call ended, but its changes were not committed: \(error.message)")
        }
    }

    private func tell(_ attempt: Attempt<CommitReport>) -> Int32? {
        switch attempt {
        case .completed(let report, _):
            for change in report.refused { Terminal.error("agentkit: not committed: \(change.path): \(change.refusal ?? "")") }
            for path in report.conflicts { Terminal.error("agentkit: not committed: \(path)") }
            if !report.committed.isEmpty {
                let count = report.committed.count == 1 ? "1 change" : "\(report.committed.count) changes"
                Terminal.error("agentkit: committed \(count); `agentkit undo \(report.id)` takes them back")
            }
            let isWhole = report.conflicts.isEmpty && (report.refused.isEmpty || !refusalsFail)
            return isWhole ? nil : ExitStatus.effectThenFailure
        case .denied(let decision):
            Terminal.error("agentkit: the changes were dropped, because their commit is denied\n\(Terminal.lines(of: decision))")
            return ExitStatus.denied
        case .waiting(let ticket, let decision):
            Terminal.error(
                "agentkit: the changes were dropped, because their commit waits for approval \(ticket.id)\n\(Terminal.lines(of: decision))\n"
                    + "  next: `agentkit approvals show \(ticket.id)`, then \(resumption) \(ticket.id)")
            return ExitStatus.waiting
        case .refused(let reason, _):
            Terminal.error("agentkit: the changes were dropped, because their commit was refused: \(reason.message)")
            return ExitStatus.denied
        }
    }
}
