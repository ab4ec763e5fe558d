// SPDX-License-Identifier: Apache-2.0

/// Runs an agent's tool calls inside capability objects.
///
/// A runtime is a policy, a memory and a way to confine; sessions do the work. It holds no global state, so a process may have several.
public final class Runtime: Sendable {
    private let configuration: RuntimeConfiguration
    private let tools: [String: any Tool]

    /// Makes a runtime.
    ///
    /// - Parameters:
    ///   - configuration: The policy and the ports.
    ///   - tools: What models may call; of two tools with the same name the first stays.
    public init(_ configuration: RuntimeConfiguration, tools: [any Tool]) {
        self.configuration = configuration
        self.tools = Dictionary(tools.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Opens a session on a workspace: its own pod, its own layer, its own grants.
    ///
    /// - Parameters:
    ///   - workspace: The absolute path of the folder that the agent works in.
    ///   - environment: The label that the session acts under.
    ///   - principals: Who acts, the person or service that starts the session first.
    ///   - resuming: The id of an earlier session whose approved request this one means to use; `nil` makes a new id.
    /// - Throws: `SessionError.beforeEffect` where the pod can't be confined as the policy asks or the audit can't be written.
    public func openSession(
        workspace: String, environment: EnvironmentLabel, principals: [String], resuming: String? = nil
    ) async throws(SessionError) -> Session {
        guard let path = WorkspacePath.normalised(workspace), path.utf8.first == UInt8(ascii: "/"), path != "/" else {
            throw SessionError(.invalidInput, "the workspace must be an absolute path to a folder below the root")
        }
        let context = SessionContext(
            id: resuming ?? configuration.nonce(), environment: environment, workspace: path, principals: principals)
        let pod = try await openPod(for: context)
        let grants = GrantTable(now: configuration.now)
        let core = SessionCore(context: context, configuration: configuration, grants: grants, pod: pod)
        let session = Session(core: core, tools: tools, capabilities: Self.rootCapabilities(core))
        let record = AuditRecord(
            .sessionOpened, session: context.id,
            body: [
                "environment": .string(environment.name), "principals": .array(principals.map { .string($0) }),
                "policy": .string(configuration.policy.digest.description),
                "enforcement": pod?.report.json ?? .null,
            ])
        do { try await configuration.audit.append(record) } catch {
            await session.close()
            throw SessionError(.beforeEffect, "the session was not opened, because the audit failed: \(error.message)")
        }
        return session
    }

    private func openPod(for context: SessionContext) async throws(SessionError) -> (any ConfinedWorkspace)? {
        guard let confinement = configuration.confinement else { return nil }
        let policy = configuration.policy
        let redactor = configuration.redactor
        let specification = ConfinementSpecification(
            workspace: context.workspace, tier: configuration.tier, visiblePaths: configuration.visiblePaths,
            hiddenPaths: configuration.hiddenPaths,
            executablePaths: configuration.executablePaths, unprivilegedID: configuration.unprivilegedID,
            limits: configuration.limits
        ) { path, bytes in
            // A file that the policy hides from the file tool is an empty stand-in for the shell: both see the same.
            let effect = Effect(.readFile(path: path))
            let analysis = policy.analyse(effect, in: context)
            let decision = policy.decide(effect, analysis, targets: analysis.stated, in: context)
            return decision.outcome == .permit ? redactor.maskedCopy(of: path, bytes) : []
        }
        do { return try await confinement.open(specification) } catch {
            throw SessionError(.beforeEffect, error.message)
        }
    }

    private static func rootCapabilities(_ core: SessionCore) -> CapabilitySet {
        func root<S: CapabilityScope>(_ scope: S) -> Capability<S> {
            Capability(scope: scope, grant: core.grants.add(kind: S.kind, parent: nil, expires: nil, uses: nil), core: core)
        }
        return CapabilitySet(
            fileRead: root(FileReadScope(["", "/"])), fileWrite: root(FileWriteScope()), exec: root(ExecScope()),
            http: root(HTTPScope()), secretUse: root(SecretUseScope()))
    }
}
