// SPDX-License-Identifier: Apache-2.0

#if Examples
internal import AgentHost
internal import AgentKit
internal import AgentModels
internal import Synchronization

/// Shows a run as it happens, and writes it down.
final class Console: Sendable {
    private let path: String?
    private let lines = Mutex<[JSONValue]>([])
    private let isColoured: Bool
    private static let shownLines = 14

    init(transcript: String?) {
        path = transcript.map { HostFiles.absolute($0) }
        isColoured = StandardStreams.isTerminal(1) && StandardStreams.environment()["NO_COLOR"] == nil
    }

    func task(_ text: String) {
        say("\(bold("task")) \(text)")
        remember("task", .string(text))
    }

    func opened(_ session: Session, policy: String?) {
        let layers = session.enforcement.map { report in report.layers.filter(\.isEnforced).map(\.name).joined(separator: ", ") } ?? "no pod"
        say("session in \(session.context.environment), policy \(policy == nil ? "built-in strict default" : "from its file")")
        say("enforced: \(layers)\n")
    }

    func event(_ event: ModelEvent) {
        switch event {
        case .text(let text): StandardStreams.write(Array(safe(text).utf8), to: 1)
        case .retrying(let error, let pause): say("[the provider failed, again in \(pause): \(error.description)]")
        case .thinking, .callStarted, .call: break
        }
    }

    func endOfText() { StandardStreams.write([UInt8(ascii: "\n")], to: 1) }

    func call(_ tool: String, _ input: JSONValue) {
        let shown = input["command"]?.stringValue ?? input.serialized()
        say(indented("\(bold(tool)) \(shown)", by: "  > "))
        remember("call", ["tool": .string(tool), "input": input])
    }

    func result(_ answer: Answer) {
        if let decision = answer.decision {
            let word = decision.outcome == .permit ? green("permitted") : answer.kind == .done ? green("approved") : red(answer.kind == .waiting ? "waits" : "denied")
            let reasons = decision.reasons.map(\.id).uniqued().joined(separator: ", ")
            say("  \(word): \(decision.effectClass.rawValue), \(decision.environment) (\(reasons))")
            if answer.kind == .denied, let reason = decision.reasons.first { say("    \(reason.message)") }
        }
        if answer.kind != .denied { say(indented(answer.text, by: "  | ")) }
        remember("result", ["text": .string(answer.text), "isError": .bool(answer.isError), "decision": answer.decision?.json ?? .null])
    }

    func waiting(_ ticket: ApprovalTicket, _ decision: Decision) {
        say("  \(red("needs an approval")): request \(ticket.id), \(ticket.digest)")
        for reason in decision.reasons { say("    \(reason.id): \(reason.message)") }
    }

    func changes(_ changes: LayerChanges) {
        say("\nchanges in the layer:")
        for change in changes.changes { say("  \(change.kind.rawValue) \(change.path)\(change.refusal.map { " (stays in the layer: \($0))" } ?? "")") }
    }

    func committed(_ attempt: Attempt<CommitReport>) {
        if case .completed(let report, _) = attempt { say("committed \(report.committed.count); undo with `agentkit undo \(report.id)`") } else {
            say("not committed: \(attempt.decision.reasons.first?.message ?? "")")
        }
    }

    func note(_ text: String) { say(safe(text)) }

    func summary(_ summary: RunSummary) {
        say("\n\(summary.turns) turns, \(summary.calls) calls: \(summary.permitted) done, \(summary.denied) denied, \(summary.waiting) waiting, \(summary.failed) failed\(summary.wasInterrupted ? ", interrupted" : "")")
        guard let path else { return }
        let text = lines.withLock { $0.map { $0.serialized() + "\n" }.joined() }
        if !HostFiles.writePrivate(path, Array(text.utf8)) { say("the transcript could not be written") }
    }

    private func remember(_ kind: String, _ value: JSONValue) { lines.withLock { $0.append(["kind": .string(kind), "value": value]) } }

    private func say(_ text: String) { StandardStreams.write(Array((text + "\n").utf8), to: 1) }

    /// What comes from a model or a program can't move the cursor.
    private func safe(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 && $0 != "\n" && $0 != "\t" || $0.value == 127 ? "?" : $0 }))
    }

    private func indented(_ text: String, by mark: String) -> String {
        let all = safe(text).split(separator: "\n", omittingEmptySubsequences: false)
        var lines = all.prefix(Self.shownLines).map { mark + $0 }
        if all.count > Self.shownLines { lines.append("\(mark)… \(all.count - Self.shownLines) more lines") }
        return lines.joined(separator: "\n")
    }

    private func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    private func green(_ text: String) -> String { isColoured ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    private func red(_ text: String) -> String { isColoured ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
}

extension [String] {
    /// Each once, in order.
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
#endif
