// SPDX-License-Identifier: Apache-2.0

internal import AgentKit

/// What `--report` and `agentkit call` write: decision, effects, approval, enforcement, result.
struct CallReport {
    private var object: JSONObject

    init(effects: [String], enforcement: EnforcementReport?) {
        object = [
            "decision": .null, "effects": .array(effects.map { .string($0) }), "enforcement": enforcement?.json ?? .null,
            "result": .null,
        ]
    }

    var json: JSONValue { .object(object) }

    /// Takes note of an attempt and gives its exit code, 0 for one that was completed.
    mutating func take<Value>(_ attempt: Attempt<Value>, result: (Value) -> JSONValue) -> Int32 {
        object["decision"] = attempt.decision.json
        switch attempt {
        case .completed(let value, _):
            object["result"] = result(value)
            return 0
        case .denied(let decision):
            Terminal.error("agentkit: denied, nothing was done\n\(Terminal.lines(of: decision))")
            return ExitStatus.denied
        case .waiting(let ticket, let decision):
            object["approval"] = .string(ticket.id)
            Terminal.error(
                "agentkit: waiting for approval \(ticket.id); nothing was done\n\(Terminal.lines(of: decision))\n"
                    + "  next: `agentkit approvals show \(ticket.id)`, then the same command with --resume \(ticket.id)")
            return ExitStatus.waiting
        case .refused(let reason, _):
            object["refusal"] = ["id": .string(reason.id), "message": .string(reason.message)]
            Terminal.error("agentkit: refused, nothing was done: \(reason.message)")
            return ExitStatus.denied
        }
    }

    /// Takes note that a request can't be gone on with, and gives the exit code.
    mutating func refuse(_ reason: Reason, in environment: EnvironmentLabel) -> Int32 {
        take(Attempt<ToolResult>.refused(reason, .deny([reason], environment: environment))) { $0.json }
    }

    mutating func takeCommit(_ attempt: Attempt<CommitReport>) {
        var commit: JSONObject = ["decision": attempt.decision.json]
        if case .completed(let report, _) = attempt {
            commit["id"] = .string(report.id)
            commit["committed"] = .array(report.committed.map { ["path": .string($0.path), "kind": .string($0.kind.rawValue)] })
            commit["refused"] = .array(report.refused.map { ["path": .string($0.path), "why": .string($0.refusal ?? "")] })
            commit["conflicts"] = .array(report.conflicts.map { .string($0) })
        }
        if case .waiting(let ticket, _) = attempt { object["approval"] = .string(ticket.id) }
        object["commit"] = .object(commit)
    }
}
