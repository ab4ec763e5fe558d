// SPDX-License-Identifier: Apache-2.0

public import AgentApprovals
public import AgentKit
public import AgentPolicy
public import AgentSecrets
internal import AgentEgress
internal import AgentSandbox
internal import AgentStore
internal import AgentTools

/// A runtime put together from a policy file and the standard back ends.
///
/// Everything that the policy names is opened here, and whatever can't be opened is an error before anything runs.
public struct Host: Sendable {
    /// The runtime.
    public let runtime: Runtime
    /// The policy that binds it, and where it was found.
    public let policy: PolicyLocator.Located
    /// The policy, ready to decide.
    public let engine: CompiledPolicy
    /// Durable state: the audit's entries, approvals, what commits replaced. Grants live and end with the process.
    public let state: StateAccess
    /// Requests for approval.
    public let approvals: ApprovalService
    /// The session's secrets.
    public let vault: Vault
    /// What a session acts under.
    public let environment: EnvironmentLabel
    private let options: HostOptions
    private let resuming: String?

    /// Puts a runtime together.
    ///
    /// - Parameters:
    ///   - options: Where things are.
    ///   - tools: What models may call; the standard tools unless told.
    ///   - resuming: The id of a request for approval whose session is to go on.
    /// - Throws: `HostError`.
    public static func open(
        _ options: HostOptions, tools: [any Tool]? = nil, resuming: String? = nil
    ) async throws(HostError) -> Host {
        let located = try PolicyLocator(variables: options.variables).locate(
            explicit: options.policyFile, workspace: options.workspace)
        let state = try await StateAccess.open(options.state, workspace: options.workspace)
        let vault = try Self.vault(for: located.document, options)
        let engine = try compiled(located.document, vault: vault)
        let environment = try selected(options.environment, in: located.document)
        let approvals = state.approvals(for: located)
        let configuration = try await configured(
            options, located, engine, state: state, vault: vault, approvals: approvals)
        let session: String?
        if let resuming { session = try await state.session(ofApproval: resuming) } else { session = nil }
        return Host(
            runtime: Runtime(configuration, tools: tools ?? StandardTools.all), policy: located, engine: engine, state: state,
            approvals: approvals, vault: vault, environment: environment, options: options, resuming: session)
    }

    /// Opens a session on the workspace of the options.
    public func openSession() async throws(SessionError) -> Session {
        try await runtime.openSession(
            workspace: options.workspace, environment: environment, principals: options.principals, resuming: resuming)
    }

    /// Why the request of this id can't be gone on with; `nil` where it waits or is approved.
    ///
    /// - Throws: `StateError` where there is no such request.
    public func objection(toResuming id: String) async throws(StateError) -> Reason? {
        switch try await approvals.current(id).state {
        case .pending, .approved: nil
        case .refused: Reason("approval.refused", "an approver refused the act")
        case .spent: Reason("approval.replayed", "the approval was used already; make the call without --resume to ask for a new one")
        case .expired: Reason("approval.expired", "the request is over; make the call without --resume to ask again")
        case .cancelled: Reason("approval.cancelled", "the request was cancelled; make the call without --resume to ask again")
        }
    }

    /// A text as it may be kept and shown: without secrets.
    public func redacted(_ text: String) -> String { vault.redactor.redact(text, from: .message) }

    /// A policy ready to decide, with the standard catalogue.
    public static func compiled(_ document: PolicyDocument, vault: Vault?) throws(HostError) -> CompiledPolicy {
        do throws(PolicyError) {
            return try CompiledPolicy(document, catalogue: catalogue) { vault?.reference(for: $0)?.name }
        } catch {
            throw HostError(.policy, error.description)
        }
    }

    /// The catalogue that ships.
    static let catalogue: any CatalogueReading = StandardCatalogue()

    /// The label to act under: the policy's, or another one that it lets a session select.
    public static func selected(_ name: String?, in document: PolicyDocument) throws(HostError) -> EnvironmentLabel {
        guard let name else { return document.session.environment }
        let label = EnvironmentLabel(name)
        guard document.session.maySelect.contains(label) else {
            let choices = document.session.maySelect.map(\.name).joined(separator: ", ")
            throw HostError(.usage, "the policy lets a session select only: \(choices); `\(name)` needs `session.may_select` in the policy")
        }
        return label
    }

    private static func configured(
        _ options: HostOptions, _ located: PolicyLocator.Located, _ engine: CompiledPolicy, state: StateAccess, vault: Vault,
        approvals: ApprovalService
    ) async throws(HostError) -> RuntimeConfiguration {
        let document = located.document
        var configuration = RuntimeConfiguration(policy: engine, audit: state.journal, redactor: vault.redactor)
        configuration.approvals = approvals
        configuration.describer = ActionDescriptorBuilder(clock: state.clock)
        configuration.confinement = PodConfinement()
        #if HTTP
        let transport = PinnedTransport(settings: try egress(of: document, beside: located.path), vault: vault)
        configuration.transport = transport
        configuration.resolvers = ProviderResolvers.all(in: document, transport: transport)
        #endif
        configuration.tier = document.session.tier == .full ? .full : .confined
        configuration.limits = SessionSettingsReading.limits(of: document.session.limits)
        let reach = try SandboxReach(document, workspace: options.workspace)
        try reach.check(keepingOut: Self.ownPaths(of: document, options, beside: located.path))
        configuration.visiblePaths = reach.visiblePaths
        configuration.hiddenPaths = reach.hiddenPaths
        configuration.executablePaths = reach.executablePaths
        configuration.environment["PATH"] = reach.searchPath(options.variables["PATH"])
        configuration.unprivilegedID = document.session.runAs?.user ?? (located.path == nil ? Self.defaultUnprivilegedID : nil)
        for secret in document.secrets {
            guard let variable = secret.exposedVariable, let placeholder = vault.placeholder(for: SecretReference(secret.name)) else { continue }
            configuration.environment[variable] = placeholder
        }
        configuration.undoStore = state.undoStore
        return configuration
    }

    /// What no pod may see: durable state, the passphrase of the vault, the files that secrets come from.
    private static func ownPaths(of document: PolicyDocument, _ options: HostOptions, beside policy: String?) -> [String] {
        var paths: [String] = []
        if case .folder(let folder) = options.state { paths += [folder, folder + ".head"] }
        if let passphrase = options.variables["AGENTKIT_VAULT_PASSPHRASE_FILE"], !passphrase.isEmpty { paths.append(passphrase) }
        for secret in document.secrets {
            if case .file(let file) = secret.source { paths.append(path(file, beside: policy)) }
        }
        return paths.map { HostFiles.realLocation($0) }
    }

    /// Whom the pods of the built-in policy run as where root runs the host and owns the workspace: Debian's `nobody`.
    static let defaultUnprivilegedID: UInt32 = 65_534

    #if HTTP
    private static func egress(of document: PolicyDocument, beside policy: String?) throws(HostError) -> AgentEgress.EgressSettings {
        var settings = AgentEgress.EgressSettings()
        settings.allowsPrivateAddresses = document.egress.allowsPrivateAddresses
        for pin in document.egress.pins { settings.resolve["\(pin.host):\(pin.port)"] = pin.address + ":\(pin.addressPort)" }
        settings.trustFiles = document.egress.trust.map { path($0, beside: policy) }
        return settings
    }
    #endif

    private static func vault(for document: PolicyDocument, _ options: HostOptions) throws(HostError) -> Vault {
        let declarations = document.secrets.map { SecretDeclarationReading.declaration(of: $0) }
        do throws(SecretsError) {
            let file = try VaultFile.open(options, neededBy: document)
            return try Vault(declarations, environment: { options.variables[$0] }, file: file)
        } catch {
            throw HostError(.state, error.message)
        }
    }

    /// A path of the policy, which is relative to the policy's folder.
    static func path(_ path: String, beside policy: String?) -> String {
        guard path.utf8.first != UInt8(ascii: "/"), let policy else { return path }
        let absolute = HostFiles.absolute(policy)
        guard let slash = absolute.lastIndex(of: "/") else { return path }
        return String(absolute[...slash]) + path
    }
}
