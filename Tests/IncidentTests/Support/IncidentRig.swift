// SPDX-License-Identifier: Apache-2.0

import AgentApprovals
import AgentAudit
import AgentEgress
import AgentKit
import AgentPolicy
import AgentSandbox
import AgentSecrets
import AgentStore
import AgentTools
import FoundationEssentials

@testable import AgentHost
@testable import PocketOSProvider

/// A runtime against the stand-in, put together from parts so that each wall can be left out.
struct IncidentRig: Sendable {
    let world: IncidentWorld
    let session: Session
    let approvals: ApprovalService
    let storage: MemoryStore
    let headFiles: MemoryFiles
    let journal: AuditJournal
    /// The key of the one person who may approve.
    let approver: SigningKey

    /// Opens a session with these walls.
    ///
    /// - Parameter change: What else a test wants to be different.
    static func open(
        _ walls: Set<Wall>, in world: IncidentWorld, _ change: @Sendable (inout RuntimeConfiguration) -> Void = { _ in }
    ) async throws -> IncidentRig {
        let document = try PolicyDocument.read(policy(for: world), file: "agentkit.yaml")
        let secrets = ["STAGING_TOKEN": Seed.id("token/project-staging"), "RESOLVER_TOKEN": Seed.id("token/resolver")]
        let vault = try Vault(document.secrets.map { SecretDeclarationReading.declaration(of: $0) }, environment: { secrets[$0] })
        let storage = MemoryStore()
        let files = MemoryFiles()
        let journal = try await AuditJournal(storage: storage, files: files, clock: .system)
        let approver = SigningKey.generate(comment: "alice")
        let signers = approver.allowedSignersLine(principal: "alice@pocketos.example")
        let approvals = ApprovalService(
            storage: storage, journal: journal, clock: .system, signers: { () throws(StateError) in try AllowedSigners(signers) },
            recoverySigners: { _ throws(StateError) in try AllowedSigners("") }, pause: { await Task.yield() })
        var configuration = RuntimeConfiguration(
            policy: pierced(try Host.compiled(document, vault: vault), walls), audit: journal,
            redactor: walls.contains(.redactedView) ? vault.redactor : SilentRedactor())
        configuration.approvals = approvals
        configuration.describer = ActionDescriptorBuilder(clock: .system)
        try connect(&configuration, document, vault, walls, world)
        change(&configuration)
        let session = try await Runtime(configuration, tools: StandardTools.all).openSession(
            workspace: world.workspace.path, environment: EnvironmentLabel("staging"), principals: ["dana@pocketos.example", "agent"])
        return IncidentRig(
            world: world, session: session, approvals: approvals, storage: storage, headFiles: files, journal: journal,
            approver: approver)
    }

    private static func pierced(_ policy: CompiledPolicy, _ walls: Set<Wall>) -> any PolicyEngine {
        var engine: any PolicyEngine = policy
        if !walls.contains(.literalCredential) { engine = PiercedPolicy.overlookingCredentials(engine) }
        if !walls.contains(.sessionLabel) { engine = PiercedPolicy.overlookingLabels(engine) }
        if !walls.contains(.signedApproval) { engine = PiercedPolicy.askingNobody(engine) }
        return engine
    }

    private static func connect(
        _ configuration: inout RuntimeConfiguration, _ document: PolicyDocument, _ vault: Vault, _ walls: Set<Wall>,
        _ world: IncidentWorld
    ) throws {
        let transport = PinnedTransport(
            settings: AgentEgress.EgressSettings(
                resolve: ["backboard.railway.app:443": "127.0.0.1:\(world.port)"], trustFiles: [world.authority.path]), vault: vault)
        configuration.transport = transport
        let resolvers = ProviderResolvers.all(in: document, transport: transport)
        configuration.resolvers =
            walls.contains(.blastRadius)
            ? resolvers : resolvers.map { NarrowResolver(inner: $0, environment: EnvironmentLabel("staging")) }
        configuration.confinement = walls.contains(.noNetwork) ? PodConfinement() : OpenConfinement()
        configuration.unprivilegedID = Enforcement.unprivilegedID
        let reach = try SandboxReach(document, workspace: world.workspace.path)
        configuration.visiblePaths = reach.visiblePaths
        configuration.executablePaths = reach.executablePaths
        configuration.environment["HOME"] = IncidentWorkspace.home(of: world).path
        for secret in document.secrets {
            guard let variable = secret.exposedVariable else { continue }
            configuration.environment[variable] = vault.placeholder(for: SecretReference(secret.name))
        }
    }

    /// As open as the walls let a policy be: no rule names an environment, so that the session's label stands alone.
    private static func policy(for world: IncidentWorld) -> String {
        """
        version: 1
        environments: [staging, { name: production, protected: true }]
        session: { environment: staging, limits: { wall: 20s, memory: 2GiB } }
        inventory:
          - provider: railway
            credential: railway-read
            environments: { "\(Seed.id("environment/staging"))": staging, "\(Seed.id("environment/production"))": production }
        secrets:
          railway-staging:
            from: { env: STAGING_TOKEN }
            environment: staging
            use: [{ hosts: [backboard.railway.app], place: "Project-Access-Token: {}", operations: [railway.*], attach: true }]
            expose: { env: RAILWAY_TOKEN }
          railway-read:
            from: { env: RESOLVER_TOKEN }
            resolver: true
        rules:
          - { id: read, permit: file.read, paths: ["**"] }
          - { id: write, permit: file.write, paths: ["**"] }
          - { id: programs, permit: exec, programs: ["/usr/bin/*", "${workspace}/scripts/*"] }
          - { id: provider, permit: operation, operations: [railway.*] }
        approvals:
          signers: allowed_signers
          require: [{ class: irreversible, threshold: 1, expires: 10m }]
        egress:
          resolve: { "backboard.railway.app:443": "127.0.0.1:\(world.port)" }
        """
    }

    /// Signs a request as the approver, over its exact bytes.
    func approve(_ id: String) async throws {
        _ = try await approvals.approve(id, try approver.sign(try await approvals.bundle(id).payload))
    }

    /// Everything that the audit keeps, as text.
    func auditText() async -> String {
        await storage.entries(from: 0, limit: .max).map { String(decoding: $0.payload, as: UTF8.self) }.joined(separator: "\n")
    }

    /// What is wrong with the audit; `nil` where all is well.
    func auditFinding() async throws -> AuditFinding? {
        try await AuditVerifier(key: journal.publicKey).verify(storage, files: headFiles).finding
    }
}

/// Runs a body with a session that has these walls, against a provider of its own.
func withRig(
    _ walls: Set<Wall>, _ change: @escaping @Sendable (inout RuntimeConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (IncidentRig) async throws -> Void
) async throws {
    try await withIncidentWorld { world in
        let rig = try await IncidentRig.open(walls, in: world, change)
        do { try await body(rig) } catch {
            await rig.session.close()
            throw error
        }
        await rig.session.close()
    }
}
