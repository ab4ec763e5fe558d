// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What a session and its delegates share: the pod, the grants, the ports.
final class SessionCore: Sendable {
    private struct State {
        var isClosed = false
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

    /// Marks the session closed and hands out the pod once, to be closed.
    func close() -> (any ConfinedWorkspace)? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            return state.pod
        }
    }
}

extension SessionCore {
    func redacted(_ text: String) -> String { configuration.redactor.redact(text, from: .message) }

    func redacted(_ decision: Decision) -> Decision {
        Decision(
            decision.outcome, effectClass: decision.effectClass, environment: decision.environment,
            reasons: decision.reasons.map { Reason($0.id, redacted($0.message), location: $0.location) },
            obligations: decision.obligations, requirement: decision.requirement)
    }

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
            throw SessionError(.afterEffect, "the effect happened, but its outcome could not be recorded: \(error.message)")
        }
    }

    func sessionError(for error: ToolError) -> SessionError {
        switch error.code {
        case .invalidInput: SessionError(.invalidInput, redacted(error.message))
        case .mayHaveActed: SessionError(.afterEffect, redacted(error.message))
        default: SessionError(.beforeEffect, redacted(error.message))
        }
    }
}
