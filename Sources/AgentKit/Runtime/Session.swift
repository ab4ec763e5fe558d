// SPDX-License-Identifier: Apache-2.0

/// One agent at work: its capabilities, its pod, its copy-on-write layer.
///
/// A sub-agent gets a session of its own by `delegated(to:holding:)`: the same pod and layer, narrower capabilities.
public final class Session: Sendable {
    /// What this session may do, within what the policy permits.
    public let capabilities: CapabilitySet
    /// Who acts, and under which label.
    public let context: SessionContext
    private let core: SessionCore
    private let tools: [String: any Tool]
    private let isDelegate: Bool

    init(
        core: SessionCore, tools: [String: any Tool], capabilities: CapabilitySet, isDelegate: Bool = false,
        context: SessionContext? = nil
    ) {
        self.core = core
        self.tools = tools
        self.capabilities = capabilities
        self.isDelegate = isDelegate
        self.context = context ?? core.context
    }

    /// What the kernel enforces on this session's pod; `nil` without a pod.
    public var enforcement: EnforcementReport? { (try? core.pod())?.report }

    /// Name, description and input schema of each tool, for a model.
    public var toolDescriptions: [any Tool] { tools.values.sorted { $0.name < $1.name } }

    /// Runs one tool call: decided, recorded, confined, redacted.
    ///
    /// Cancelling ends what runs and still records it.
    ///
    /// - Parameters:
    ///   - call: The model's wish.
    ///   - approvals: What to do where a person must approve.
    /// - Returns: The result, a denial, or that it waits; the latter two mean that nothing happened.
    /// - Throws: `SessionError`; `.afterEffect` where the effect happened, or may have, and something failed then.
    public func call(_ call: ToolCall, approvals: ApprovalMode = .deferred) async throws(SessionError) -> Attempt<ToolResult> {
        guard let tool = tools[call.tool] else {
            let known = tools.keys.sorted().joined(separator: ", ")
            throw SessionError(.unknownTool, "there is no tool `\(core.redacted(call.tool))`; there are: \(known)")
        }
        let input = call.input
        return try await attempt(
            tool: tool.name, approvals: approvals, redacting: { [redactor = core.configuration.redactor] in $0.redacted(by: redactor) },
            propose: { context throws(ToolError) in try tool.propose(input, in: context) },
            run: { (invocation: consuming AuthorizedInvocation) async throws(ToolError) in
                try await tool.run(input, with: invocation)
            })
    }

    /// Runs a program in the pod, for callers that stream: `onOutput` gets redacted chunks as they come.
    public func execute(
        _ command: ConfinedCommand, approvals: ApprovalMode = .deferred,
        onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)? = nil
    ) async throws(SessionError) -> Attempt<CommandResult> {
        try await attempt(
            tool: "shell", approvals: approvals, redacting: { $0 },
            propose: { _ in [Effect(.execute(Execution(argv: command.argv, workingDirectory: command.workingDirectory)))] },
            run: { (invocation: consuming AuthorizedInvocation) async throws(ToolError) in
                try await invocation.run(command, onOutput: onOutput)
            })
    }

    /// A session for a sub-agent: the same pod, the given capabilities and no others.
    ///
    /// It holds copies: closing or revoking it ends those and what it derived from them, not the capabilities given here. Those end
    /// the copies too.
    ///
    /// - Throws: `CapabilityError.missing` where a capability belongs to another session; `.revoked`, `.expired` or `.exhausted` where
    ///   one is dead.
    public func delegated(to principal: String, holding capabilities: CapabilitySet) throws(CapabilityError) -> Session {
        guard capabilities.belongs(to: core) else {
            throw CapabilityError(.missing, "a capability of another session can't be delegated here")
        }
        let context = SessionContext(
            id: core.context.id, environment: core.context.environment, workspace: core.context.workspace,
            principals: self.context.principals + [principal])
        return Session(core: core, tools: tools, capabilities: try capabilities.derived(), isDelegate: true, context: context)
    }

    /// What the layer changes so far, redacted.
    public func changes() async throws(SessionError) -> LayerChanges {
        try await layerChanges().redacted(by: core.configuration.redactor)
    }

    private func layerChanges() async throws(SessionError) -> LayerChanges {
        let pod = try core.pod()
        do throws(ConfinementError) { return try await pod.changes() } catch {
            throw SessionError(.beforeEffect, core.redacted(error.message))
        }
    }

    /// Writes the layer's changes into the workspace, as one decided effect.
    public func commit(approvals: ApprovalMode = .deferred) async throws(SessionError) -> Attempt<CommitReport> {
        let store = core.configuration.undoStore
        let summary = try await layerChanges().summary(originalsKept: store != nil)
        return try await attempt(
            tool: "commit", approvals: approvals, redacting: { [redactor = core.configuration.redactor] in $0.redacted(by: redactor) },
            propose: { _ in [Effect(.commit(summary))] },
            run: { (invocation: consuming AuthorizedInvocation) async throws(ToolError) in
                try await invocation.commit(summary, undoStore: store)
            })
    }

    /// Sends a signal to the program that runs in the pod now, if any.
    public func signal(_ number: Int32) { (try? core.pod())?.signal(number) }

    /// Ends this session's authority at once; what it derived and delegated ends with it.
    public func revoke() { capabilities.revokeAll() }

    /// Ends every process of the pod, drops the layer and revokes all capabilities. A delegate only gives up its own. Idempotent.
    public func close() async {
        capabilities.revokeAll()
        guard !isDelegate else { return }
        await end()
    }

    private func end() async {
        let (isFirst, pod) = core.close()
        guard isFirst else { return }
        await pod?.close()
        // A failed note of the end changes nothing about the end.
        _ = try? await core.configuration.audit.append(AuditRecord(.sessionClosed, session: context.id, body: [:]))
    }

    private func attempt<Value: Sendable>(
        tool: String, approvals: ApprovalMode, redacting: (Value) -> Value,
        propose: (SessionContext) throws(ToolError) -> [Effect],
        run: (consuming AuthorizedInvocation) async throws(ToolError) -> Value
    ) async throws(SessionError) -> Attempt<Value> {
        try core.checkOpen()
        let effects: [Effect]
        do { effects = try propose(context) } catch {
            throw SessionError(.invalidInput, core.redacted(error.message))
        }
        switch try await authorize(effects, tool: tool, approvals) {
        case .denied(let decision):
            // Who only ever asks for what is denied is looking for a hole: the session ends, for its delegates too.
            if core.countDenial() { await end() }
            return .denied(core.redacted(decision))
        case .waiting(let ticket, let decision): return .waiting(ticket, core.redacted(decision))
        case .refused(let reason, let decision): return .refused(core.redacted(reason), core.redacted(decision))
        case .authorized(let invocation):
            let decision = core.redacted(invocation.decision)
            let receipt = invocation.receipt
            let ledger = invocation.ledger
            let outcome: Result<Value, ToolError>
            do { outcome = .success(try await run(invocation)) } catch { outcome = .failure(error) }
            try await core.recordOutcome(of: receipt, tool: tool, outcome)
            switch outcome {
            case .success(let value): return .completed(redacting(value), decision)
            case .failure(let error): throw core.sessionError(for: error, hasActed: ledger.hasActed)
            }
        }
    }

    private func authorize(
        _ effects: [Effect], tool: String, _ approvals: ApprovalMode
    ) async throws(SessionError) -> Authorization {
        do throws(SessionError) {
            return try await core.monitor.authorize(
                effects, holding: capabilities, tool: tool, mode: approvals, core: core, context: context)
        } catch { throw core.redacted(error) }
    }
}

extension LayerChanges {
    func redacted(by redactor: any Redactor) -> LayerChanges {
        LayerChanges(
            changes: changes.map { $0.redacted(by: redactor) }, patch: redactor.redact(patch, from: .output), digest: digest)
    }
}

extension LayerChanges.Change {
    func redacted(by redactor: any Redactor) -> LayerChanges.Change {
        LayerChanges.Change(
            kind: kind, path: redactor.redact(path, from: .message), refusal: refusal.map { redactor.redact($0, from: .message) },
            executesElsewhere: executesElsewhere)
    }
}

extension CommitReport {
    func redacted(by redactor: any Redactor) -> CommitReport {
        CommitReport(
            id: id, committed: committed.map { $0.redacted(by: redactor) }, refused: refused.map { $0.redacted(by: redactor) },
            conflicts: conflicts.map { redactor.redact($0, from: .message) })
    }
}

extension ToolResult {
    func redacted(by redactor: any Redactor) -> ToolResult {
        ToolResult(
            text: redactor.redact(text, from: .output), json: redactor.redact(json, from: .output), isError: isError)
    }
}
