// SPDX-License-Identifier: Apache-2.0

// What an executor can do with an authorised invocation. Each method reaches only effects that were decided.
extension AuthorizedInvocation {
    /// Reads a part of a file that was proposed, or that lies below a proposed folder and is permitted by itself.
    public func readFile(_ path: String, offset: Int64 = 0, limitBytes: Int) async throws(ToolError) -> FileContent {
        try checkReadable(path)
        let files = try files()
        return try await file { () async throws(FileError) in
            try await files.read(path, offset: offset, limitBytes: limitBytes)
        }
    }

    /// Lists a folder that was proposed or lies below one; entries that may not be read by themselves are left out.
    public func listFolder(_ path: String) async throws(ToolError) -> [FileEntry] {
        try checkReadable(path)
        let files = try files()
        let entries = try await file { () async throws(FileError) in try await files.list(path) }
        return entries.filter { mayRead(path.isEmpty ? $0.name : "\(path)/\($0.name)") }
    }

    /// Writes a file that was proposed, into the copy-on-write layer.
    public func writeFile(_ path: String, _ bytes: [UInt8]) async throws(ToolError) {
        guard holds({ if case .writeFile(let proposed) = $0 { same(proposed, path) } else { false } }) else {
            throw notAuthorized("write \(path)")
        }
        let files = try files()
        try await file { () async throws(FileError) in try await files.write(path, bytes) }
    }

    /// Runs the program that was proposed. `onOutput` gets redacted chunks; what is returned is redacted too.
    public func run(
        _ command: ConfinedCommand, onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)? = nil
    ) async throws(ToolError) -> CommandResult {
        guard holds({ if case .execute(let proposed) = $0 { proposed.argv == command.argv } else { false } }) else {
            throw notAuthorized("run \(command.argv.first ?? "")")
        }
        let environment = core.configuration.environment.merging(command.environment) { _, own in own }
        let limits = core.configuration.limits
        let bounded = ConfinedCommand(
            argv: command.argv, environment: environment, workingDirectory: command.workingDirectory,
            input: command.input, timeout: min(command.timeout, limits.wall),
            outputLimitBytes: min(command.outputLimitBytes, limits.outputBytes))
        let relay = onOutput.map { OutputRelay(redactor: core.configuration.redactor, $0) }
        let result = try await confined { () async throws(ConfinementError) in
            try await pod().run(bounded, onOutput: relay?.feed)
        }
        relay?.finish()
        return result.redacted(by: core.configuration.redactor)
    }

    /// Sends the request that was proposed; secrets are put in where the decision says.
    public func send(_ request: OutgoingRequest, timeout: Duration = .seconds(30)) async throws(ToolError) -> TransportResponse {
        guard let judgement = judgements.first(where: { $0.effect.action == .request(request) }) else {
            throw notAuthorized("\(request.method) \(request.url)")
        }
        guard let transport = core.configuration.transport else {
            throw ToolError(.failed, "the runtime was set up without a transport, so no request can leave")
        }
        let injections = judgement.decision.obligations.compactMap { obligation -> TransportRequest.Injection? in
            guard case .injectSecret(let name, let place) = obligation else { return nil }
            return TransportRequest.Injection(secret: SecretReference(name), place: place)
        }
        let url = (try? CanonicalURL.parse(request.url))?.description ?? request.url
        do throws(TransportError) {
            return try await transport.send(
                TransportRequest(
                    method: request.method, url: url, headers: request.headers, body: request.body,
                    injections: injections, timeout: timeout))
        } catch {
            throw ToolError(error.mayHaveActed ? .mayHaveActed : .failed, error.message)
        }
    }

    /// Asks the monitor about what turned up on the way, such as a redirect; the answer is recorded like any other.
    public func authorize(further effects: [Effect]) async throws(ToolError) -> FurtherAuthorization {
        do throws(SessionError) {
            switch try await core.monitor.authorize(
                effects, holding: capabilities, tool: tool, mode: .deferred, core: core, context: context)
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
        guard holds({ $0 == .commit(summary) }) else { throw notAuthorized("commit") }
        guard let undoStore else { throw ToolError(.failed, "no place is set up where originals can be kept; nothing was committed") }
        let identifier = core.configuration.nonce()
        do throws(ConfinementError) {
            return try await pod().commit(undoStore: undoStore, identifier: identifier, expecting: summary)
        } catch {
            throw ToolError(.mayHaveActed, error.message)
        }
    }

    // MARK: Checks

    private func holds(_ matches: (Effect.Action) -> Bool) -> Bool { judgements.contains { matches($0.effect.action) } }

    private func same(_ left: String, _ right: String) -> Bool {
        let workspace = core.context.workspace
        guard let one = WorkspacePath.relative(left, to: workspace) else { return false }
        return one == WorkspacePath.relative(right, to: workspace)
    }

    private func checkReadable(_ path: String) throws(ToolError) {
        guard mayRead(path) else { throw notAuthorized("read \(path)") }
    }

    private func mayRead(_ path: String) -> Bool {
        let workspace = core.context.workspace
        guard let wanted = WorkspacePath.relative(path, to: workspace) else { return false }
        for judgement in judgements {
            guard case .readFile(let proposed) = judgement.effect.action,
                let root = WorkspacePath.relative(proposed, to: workspace), WorkspacePath.isBeneath(wanted, root)
            else { continue }
            return wanted == root || core.monitor.permits(Effect(.readFile(path: wanted)), in: context)
        }
        return false
    }

    private func notAuthorized(_ what: String) -> ToolError {
        ToolError(.notAuthorized, "the invocation does not cover `\(what)`; a tool must propose each effect before it runs")
    }

    private func pod() throws(ConfinementError) -> any ConfinedWorkspace {
        do throws(SessionError) { return try core.pod() } catch { throw ConfinementError(.closed, error.message) }
    }

    private func files() throws(ToolError) -> any WorkspaceFiles {
        do throws(SessionError) { return try core.pod().files } catch { throw ToolError(.failed, error.message) }
    }

    private func confined<Value>(_ body: () async throws(ConfinementError) -> Value) async throws(ToolError) -> Value {
        do throws(ConfinementError) { return try await body() } catch { throw ToolError(.failed, error.message) }
    }

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
    func redacted(by redactor: any Redactor) -> CommandResult {
        CommandResult(
            ending: ending, standardOutput: redactor.redact(standardOutput, from: .output),
            standardError: redactor.redact(standardError, from: .output), droppedBytes: droppedBytes, duration: duration)
    }
}
