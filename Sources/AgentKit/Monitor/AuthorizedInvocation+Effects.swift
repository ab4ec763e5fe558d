// SPDX-License-Identifier: Apache-2.0

// What an executor can do with an authorised invocation. Each method reaches only effects that were decided.
extension AuthorizedInvocation {
    /// Reads a part of a file that was proposed, or that lies below a proposed folder and is permitted by itself.
    public func readFile(_ path: String, offset: Int64 = 0, limitBytes: Int) async throws(ToolError) -> FileContent {
        let path = try readable(path)
        let files = try files()
        return try await file { () async throws(FileError) in
            try await files.read(path, offset: offset, limitBytes: limitBytes)
        }
    }

    /// Lists a folder that was proposed or lies below one; entries that may not be read by themselves are left out.
    public func listFolder(_ path: String) async throws(ToolError) -> [FileEntry] {
        let path = try readable(path)
        let files = try files()
        let entries = try await file { () async throws(FileError) in try await files.list(path) }
        return entries.filter { readableForm(of: path.isEmpty ? $0.name : "\(path)/\($0.name)") != nil }
    }

    /// Writes a file that was proposed, into the copy-on-write layer.
    public func writeFile(_ path: String, _ bytes: [UInt8]) async throws(ToolError) {
        let files = try files()
        let workspace = core.context.workspace
        let wanted = WorkspacePath.relative(path, to: workspace)
        let (form, _) = try claim("write \(path)") { action -> String? in
            guard case .writeFile(let proposed) = action, let wanted,
                let form = WorkspacePath.relative(proposed, to: workspace), form.hasSameBytes(as: wanted)
            else { return nil }
            return form
        }
        do throws(FileError) { try await files.write(form, bytes) } catch {
            if error.code == .io { ledger.noteActed() }
            throw ToolError(error.code == .io ? .mayHaveActed : .failed, error.message)
        }
        ledger.noteActed()
    }

    /// Runs the program that was proposed, where it was proposed. `onOutput` gets redacted chunks; what is returned is redacted too.
    public func run(
        _ command: ConfinedCommand, onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)? = nil
    ) async throws(ToolError) -> CommandResult {
        let pod = try pod()
        let execution = try claim("run \(command.argv.first ?? "")") { action -> Execution? in
            guard case .execute(let proposed) = action, proposed.argv == command.argv,
                proposed.workingDirectory == command.workingDirectory
            else { return nil }
            return proposed
        }
        let environment = core.configuration.environment.merging(command.environment) { _, own in own }
        let limits = core.configuration.limits
        let bounded = ConfinedCommand(
            argv: execution.value.argv, environment: environment, workingDirectory: execution.value.workingDirectory,
            input: command.input, timeout: min(command.timeout, limits.wall),
            outputLimitBytes: min(command.outputLimitBytes, limits.outputBytes))
        let relay = onOutput.map { OutputRelay(redactor: core.configuration.redactor, $0) }
        let result: CommandResult
        do throws(ConfinementError) { result = try await pod.run(bounded, onOutput: relay?.feed) } catch {
            let nothingRan: [ConfinementError.Code] = [.enforcementUnavailable, .notAvailable, .setup, .closed]
            if nothingRan.contains(error.code) { throw ToolError(.failed, error.message) }
            ledger.noteActed()
            throw ToolError(.mayHaveActed, error.message)
        }
        relay?.finish()
        if result.ending != .programNotFound { ledger.noteActed() }
        return result.redacted(by: core.configuration.redactor, outputLimitBytes: bounded.outputLimitBytes)
    }

    /// Sends the request that was proposed; secrets are put in where the decision says.
    public func send(_ request: OutgoingRequest, timeout: Duration = .seconds(30)) async throws(ToolError) -> TransportResponse {
        guard let transport = core.configuration.transport else {
            throw ToolError(.failed, "the runtime was set up without a transport, so no request can leave")
        }
        let (request, judgement) = try claim("\(request.method) \(request.url)") { action -> OutgoingRequest? in
            if case .request(let proposed) = action, proposed == request { proposed } else { nil }
        }
        guard let url = try? CanonicalURL.parse(request.url) else {
            throw ToolError(.failed, "the URL can't be read, so nothing was sent; give an absolute one")
        }
        let injections = judgement.decision.obligations.compactMap { obligation -> TransportRequest.Injection? in
            guard case .injectSecret(let name, let place) = obligation else { return nil }
            return TransportRequest.Injection(secret: SecretReference(name), place: place)
        }
        do throws(TransportError) {
            let response = try await transport.send(
                TransportRequest(
                    method: request.method, url: url.description, headers: request.headers, body: request.body,
                    injections: injections, timeout: timeout))
            ledger.noteActed()
            return response
        } catch {
            if error.mayHaveActed { ledger.noteActed() }
            throw ToolError(error.mayHaveActed ? .mayHaveActed : .failed, error.message)
        }
    }

    /// Asks the monitor about what turned up on the way, such as a redirect; the answer is recorded like any other.
    public func authorize(further effects: [Effect]) async throws(ToolError) -> FurtherAuthorization {
        do throws(SessionError) {
            switch try await core.monitor.authorize(
                effects, holding: capabilities, tool: tool, mode: .deferred, core: core, context: context, within: ledger)
            {
            case .authorized(let invocation): return .authorized(invocation)
            case .denied(let decision): return .denied(decision)
            case .waiting(_, let decision): return .denied(decision)
            case .refused(_, let decision): return .denied(decision)
            }
        } catch {
            throw ToolError(.failed, error.message)
        }
    }

    consuming func commit(_ summary: CommitSummary, undoStore: String?) async throws(ToolError) -> CommitReport {
        guard let undoStore else { throw ToolError(.failed, "no place is set up where originals can be kept; nothing was committed") }
        let pod = try pod()
        _ = try claim("commit") { $0 == .commit(summary) ? true : nil }
        ledger.noteActed()
        do throws(ConfinementError) {
            return try await pod.commit(undoStore: undoStore, identifier: core.configuration.nonce(), expecting: summary)
        } catch {
            throw ToolError(.mayHaveActed, error.message)
        }
    }

    // MARK: Checks

    /// Claims the first effect that was decided and not begun yet, in which `find` recognises what is to be done.
    private func claim<Value>(
        _ what: String, _ find: (Effect.Action) -> Value?
    ) throws(ToolError) -> (value: Value, judgement: ReferenceMonitor.Judgement) {
        var wasBegun = false
        for (position, judgement) in judgements.enumerated() {
            guard let value = find(judgement.effect.action) else { continue }
            try checkInForce(judgement)
            if ledger.begin(position) { return (value, judgement) }
            wasBegun = true
        }
        guard !wasBegun else {
            throw ToolError(.notAuthorized, "`\(what)` was authorised once and was begun already; propose each time it is to happen")
        }
        throw notAuthorized(what)
    }

    /// What was revoked, or closed, between the decision and now is not done any more.
    private func checkInForce(_ judgement: ReferenceMonitor.Judgement) throws(ToolError) {
        do throws(SessionError) { try core.checkOpen() } catch { throw ToolError(.failed, error.message) }
        for grant in core.monitor.grants(of: judgement, in: capabilities, context) where !core.grants.isInForce(grant) {
            throw ToolError(.notAuthorized, "the capability for this effect was revoked or expired since it was decided; ask for a new one")
        }
    }

    /// The normal form of a path that may be read, which is what is opened.
    private func readable(_ path: String) throws(ToolError) -> String {
        guard let (form, judgement) = readableForm(of: path) else { throw notAuthorized("read \(path)") }
        try checkInForce(judgement)
        return form
    }

    private func readableForm(of path: String) -> (form: String, judgement: ReferenceMonitor.Judgement)? {
        let workspace = core.context.workspace
        guard let wanted = WorkspacePath.relative(path, to: workspace) else { return nil }
        for judgement in judgements {
            guard case .readFile(let proposed) = judgement.effect.action,
                let root = WorkspacePath.relative(proposed, to: workspace), WorkspacePath.isBeneath(wanted, root)
            else { continue }
            guard wanted.hasSameBytes(as: root) || core.monitor.permits(Effect(.readFile(path: wanted)), in: context) else { return nil }
            return (wanted, judgement)
        }
        return nil
    }

    private func notAuthorized(_ what: String) -> ToolError {
        ToolError(.notAuthorized, "the invocation does not cover `\(what)`; a tool must propose each effect before it runs")
    }

    private func pod() throws(ToolError) -> any ConfinedWorkspace {
        do throws(SessionError) { return try core.pod() } catch { throw ToolError(.failed, error.message) }
    }

    private func files() throws(ToolError) -> any WorkspaceFiles { try pod().files }

    private func file<Value>(_ body: () async throws(FileError) -> Value) async throws(ToolError) -> Value {
        do throws(FileError) { return try await body() } catch { throw ToolError(.failed, error.message) }
    }
}

/// The monitor's answer to something that turned up while a call ran.
public enum FurtherAuthorization: ~Copyable {
    case authorized(AuthorizedInvocation)
    /// Not permitted as it is; a call can't wait for an approval in its middle.
    case denied(Decision)
}

extension CommandResult {
    /// The result with its streams redacted. A stream that was cut at the limit loses what could be the start of a secret.
    func redacted(by redactor: any Redactor, outputLimitBytes: Int) -> CommandResult {
        func safe(_ bytes: [UInt8]) -> [UInt8] {
            guard droppedBytes > 0, bytes.count >= outputLimitBytes else { return redactor.redact(bytes, from: .output) }
            var stream = redactor.stream(from: .output)
            return stream.feed(bytes)
        }
        return CommandResult(
            ending: ending, standardOutput: safe(standardOutput), standardError: safe(standardError),
            droppedBytes: droppedBytes, duration: duration)
    }
}
