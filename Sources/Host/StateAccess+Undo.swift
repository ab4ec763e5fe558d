// SPDX-License-Identifier: Apache-2.0

internal import AgentAudit
internal import AgentCore
internal import AgentSandbox

extension StateAccess {
    /// The commits that can be undone, oldest first.
    public func commits() throws(HostError) -> [String] {
        do throws(ConfinementError) { return try WorkspaceUndo(store: try store()).commits() } catch {
            throw HostError(.state, error.message)
        }
    }

    /// Takes a commit back.
    ///
    /// - Parameter id: The commit; the newest unless told.
    /// - Returns: Which commit it was, and the paths that stand in the way; with any of those nothing was touched.
    public func undo(_ id: String?, in workspace: String) async throws(HostError) -> (id: String, conflicts: [String]) {
        let newest = try commits().last
        guard let chosen = id ?? newest else { throw HostError(.usage, "there is no commit to undo") }
        let conflicts: [String]
        do throws(ConfinementError) {
            conflicts = try WorkspaceUndo(store: try store()).apply(chosen, in: workspace)
        } catch {
            throw HostError(.state, error.message)
        }
        do throws(StateError) {
            try await journal.append(
                AuditRecord(.undo, session: "operator", body: ["commit": .string(chosen), "conflicts": .integer(Int64(conflicts.count))]))
        } catch {
            throw HostError(.state, "the commit was undone, but the audit could not be written: \(error.message)")
        }
        return (chosen, conflicts)
    }

    private func store() throws(ConfinementError) -> String {
        guard let undoStore else { throw ConfinementError(.notAvailable, "state in memory keeps no originals, so nothing can be undone") }
        return undoStore
    }
}
