// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What a session and its delegates share: the pod, the grants, the ports.
final class SessionCore: Sendable {
    private struct State {
        var isClosed = false
        var denials = 0
        var pod: (any ConfinedWorkspace)?
    }

    let context: SessionContext
    let configuration: RuntimeConfiguration
    let monitor: ReferenceMonitor
    let grants: GrantTable
    private let state = Mutex(State())

    init(context: SessionContext, configuration: RuntimeConfiguration, grants: GrantTable, pod: (any ConfinedWorkspace)?) {
        self.context = context
        self.configuration = configuration
        self.grants = grants
        self.monitor = ReferenceMonitor(
            policy: configuration.policy, audit: configuration.audit, approvals: configuration.approvals,
            describer: configuration.describer, resolvers: configuration.resolvers, grants: grants,
            summary: EffectSummary(redactor: configuration.redactor))
        state.withLock { $0.pod = pod }
    }

    /// The pod, while the session is open.
    func pod() throws(SessionError) -> any ConfinedWorkspace {
        let (pod, isClosed) = state.withLock { ($0.pod, $0.isClosed) }
        guard !isClosed else { throw SessionError(.closed, "the session is closed; open another one") }
        guard let pod else {
            throw SessionError(.notAvailable, "the runtime was set up without a sandbox, so it has no pod to work in")
        }
        return pod
    }

    func checkOpen() throws(SessionError) {
        guard !state.withLock({ $0.isClosed }) else { throw SessionError(.closed, "the session is closed; open another one") }
    }

    /// Counts a denial; `true` where the session has had as many as its policy bears.
    func countDenial() -> Bool {
        let most = configuration.limits.denials
        return state.withLock { state in
            state.denials += 1
            return state.denials >= most
        }
    }

    /// Marks the session closed and hands out its pod, to be closed; `isFirst` only the first time.
    func close() -> (isFirst: Bool, pod: (any ConfinedWorkspace)?) {
        state.withLock { state in
            guard !state.isClosed else { return (false, nil) }
            state.isClosed = true
            return (true, state.pod)
        }
    }
}

extension SessionCore {
    func redacted(_ text: String) -> String { configuration.redactor.redact(text, from: .message) }

    func redacted(_ decision: Decision) -> Decision { monitor.summary.redacted(decision) }

    func redacted(_ reason: Reason) -> Reason { monitor.summary.redacted(reason) }

    func redacted(_ error: SessionError) -> SessionError { SessionError(error.code, redacted(error.message)) }

    /// Notes how an authorised call ended.
    ///
    /// - Throws: `SessionError.afterEffect`: by now the effect has happened.
    func recordOutcome<Value>(
        of receipt: AuditReceipt, tool: String, _ outcome: Result<Value, ToolError>
    ) async throws(SessionError) {
        var body: JSONObject = ["intent": .integer(receipt.sequence), "tool": .string(tool)]
        switch outcome {
        case .success: body["status"] = "completed"
        case .failure(let error):
            body["status"] = "failed"
            body["error"] = .string(redacted(error.message))
        }
        do { try await configuration.audit.append(AuditRecord(.outcome, session: context.id, body: .object(body))) } catch {
            throw SessionError(
                .afterEffect, "the effect happened, or may have, and its outcome could not be recorded: \(redacted(error.message))")
        }
    }

    /// What a caller hears of a tool's failure. After an effect (`hasActed`) no code says that nothing happened.
    func sessionError(for error: ToolError, hasActed: Bool) -> SessionError {
        if hasActed { return SessionError(.afterEffect, redacted(error.message)) }
        return switch error.code {
        case .invalidInput: SessionError(.invalidInput, redacted(error.message))
        case .mayHaveActed: SessionError(.afterEffect, redacted(error.message))
        default: SessionError(.beforeEffect, redacted(error.message))
        }
    }
}
