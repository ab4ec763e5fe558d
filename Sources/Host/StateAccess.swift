// SPDX-License-Identifier: Apache-2.0

public import AgentApprovals
public import AgentAudit
public import AgentCore
internal import AgentPolicy
internal import AgentStore

/// The folder of durable state, opened: the store, the audit with its signed head, the place for undo.
public struct StateAccess: Sendable {
    /// Rows.
    public let storage: any StateStorage
    /// The audit.
    public let journal: AuditJournal
    /// Key and signed head of the audit.
    public let headFiles: any PrivateFiles
    /// The time that approvals and audit go by.
    public let clock: StateClock
    /// Where commits keep what they replace; `nil` in memory.
    public let undoStore: String?

    /// Opens state, and makes it where it is missing.
    ///
    /// - Throws: `HostError`; state inside the workspace is refused, since the agent could read and change it.
    public static func open(_ state: HostOptions.State, workspace: String?) async throws(HostError) -> StateAccess {
        do throws(StateError) {
            switch state {
            case .memory:
                let storage = MemoryStore()
                let files = MemoryFiles()
                let journal = try await AuditJournal(storage: storage, files: files, clock: .system)
                return StateAccess(storage: storage, journal: journal, headFiles: files, clock: .system, undoStore: nil)
            case .folder(let folder):
                return try await opened(folder, workspace: workspace)
            }
        } catch {
            throw HostError(.state, error.message)
        }
    }

    private static func opened(_ folder: String, workspace: String?) async throws(StateError) -> StateAccess {
        let folder = HostFiles.absolute(folder)
        try keepApart(folder, workspace)
        // The head stands beside the state and not in it, so that restoring an old state is noticed.
        let undo = "\(folder)/undo"
        guard HostFiles.makeFolders(folder), HostFiles.makeFolders(undo), HostFiles.makeFolders("\(folder).head") else {
            throw StateError(.unavailable, "the state folder can't be made; choose another one with --state")
        }
        // Once more, now that no part of the path can be missing and become a link.
        try keepApart(folder, workspace)
        #if SQLite
        let storage = try SQLiteStore(directory: folder)
        let files = try PrivateDirectory("\(folder).head")
        let room = try PrivateDirectory(folder)
        let journal = try await AuditJournal(storage: storage, files: files, clock: .system, freeBytes: { room.freeBytes() })
        return StateAccess(storage: storage, journal: journal, headFiles: files, clock: .system, undoStore: undo)
        #else
        throw StateError(.unavailable, "this build has no durable store; build with the trait SQLite, or keep state in memory")
        #endif
    }

    /// Links and relative names are resolved first: what counts is where the state lies, not how it is called.
    private static func keepApart(_ folder: String, _ workspace: String?) throws(StateError) {
        guard let workspace else { return }
        let root = HostFiles.realLocation(workspace)
        for part in [folder, "\(folder)/undo", "\(folder).head"] where WorkspacePath.isBeneath(HostFiles.realLocation(part), root) {
            throw StateError(.invalid, "the state folder lies inside the workspace, where the agent could change it; choose one outside with --state")
        }
    }

    /// Rows and head files of a state folder, for looking at them: the log isn't believed to be whole.
    ///
    /// - Throws: `HostError` where there is no such state.
    public static func openForReading(
        _ folder: String
    ) async throws(HostError) -> (storage: any StateStorage, files: any PrivateFiles) {
        guard HostFiles.isFolder(folder), HostFiles.isFolder("\(folder).head") else {
            throw HostError(.state, "there is no state in that folder; name it with --state")
        }
        #if SQLite
        do throws(StateError) {
            return (try SQLiteStore(directory: folder), try PrivateDirectory("\(folder).head"))
        } catch {
            throw HostError(.state, error.message)
        }
        #else
        throw HostError(.notAvailable, "this build has no durable store")
        #endif
    }

    /// The service for requests of this state under a policy.
    public func approvals(for located: PolicyLocator.Located) -> ApprovalService {
        approvals(signers: located.document.approvals.signers.map { Host.path($0, beside: located.path) }, beside: located.path)
    }

    /// The service for requests of this state.
    ///
    /// - Parameter signers: The file of allowed signers; without one no signature counts.
    func approvals(signers: String?, beside policy: String? = nil) -> ApprovalService {
        ApprovalService(
            storage: storage, journal: journal, clock: clock,
            signers: { () async throws(StateError) in try Self.signers(signers) },
            recoverySigners: { file async throws(StateError) in try Self.signers(Host.path(file, beside: policy)) })
    }

    /// The session that a request for approval belongs to.
    func session(ofApproval id: String) async throws(HostError) -> String {
        do throws(StateError) {
            guard let row = try await storage.approval(id) else {
                throw StateError(.notFound, "there is no request `\(id)`; `agentkit approvals list` shows them")
            }
            return row.session
        } catch {
            throw HostError(.usage, error.message)
        }
    }

    private static func signers(_ path: String?) throws(StateError) -> AllowedSigners {
        guard let path else { return try AllowedSigners("") }
        guard let bytes = HostFiles.read(path, limitBytes: 1 << 20) else {
            throw StateError(.invalid, "the file of allowed signers can't be read; check `approvals.signers` in the policy")
        }
        return try AllowedSigners(String(decoding: bytes, as: UTF8.self))
    }
}

extension StateClock {
    /// The machine's clocks.
    public static var machine: StateClock { .system }
}
