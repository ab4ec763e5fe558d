// SPDX-License-Identifier: Apache-2.0

public import AgentPolicy
internal import AgentCore
internal import AgentStore

/// Finds and reads the policy that binds a session.
public struct PolicyLocator: Sendable {
    /// A policy and where it came from.
    public struct Located: Sendable {
        /// What the file says.
        public let document: PolicyDocument
        /// The file, or `nil` for the built-in strict default.
        public let path: String?
    }

    private let variables: [String: String]

    /// Makes a locator that looks at these environment variables.
    public init(variables: [String: String]) { self.variables = variables }

    /// Finds the policy for a workspace.
    ///
    /// Order: `explicit`, `AGENTKIT_POLICY`, `agentkit.yaml` in the workspace's parents up to `$HOME`, the built-in default.
    /// - Throws: `HostError`; a policy inside the workspace, or one that others could change, is refused.
    public func locate(explicit: String?, workspace: String) throws(HostError) -> Located {
        if let named = named(explicit) {
            return Located(document: try read(named, workspace: workspace), path: named)
        }
        if let found = try found(above: workspace) {
            return Located(document: try read(found, workspace: workspace), path: found)
        }
        do throws(PolicyError) { return Located(document: try PolicyDocument.strictDefault(), path: nil) } catch { throw HostError(.policy, error.description) }
    }

    /// Finds the policy for people's work beside a folder, such as approving, which runs nothing in it.
    ///
    /// Like `locate(explicit:workspace:)`, but a file that was named may lie anywhere: its reader chose it.
    package func locate(explicit: String?, beside folder: String) throws(HostError) -> Located {
        if let named = named(explicit) { return Located(document: try read(named, workspace: nil), path: named) }
        return try locate(explicit: nil, workspace: folder)
    }

    private func named(_ explicit: String?) -> String? {
        explicit ?? variables["AGENTKIT_POLICY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads one policy file.
    public func read(_ path: String, workspace: String?) throws(HostError) -> PolicyDocument {
        guard let real = HostFiles.realPath(path) else {
            throw HostError(.policy, "there is no policy file `\(path)`; give its path with --policy")
        }
        if let workspace, let root = HostFiles.realPath(workspace), WorkspacePath.isBeneath(real, root) {
            throw HostError(
                .policy, "the policy lies inside the workspace that it binds, where the agent could change it; move it outside")
        }
        guard let bytes = HostFiles.read(real, limitBytes: 4 << 20) else {
            throw HostError(.policy, "the policy file `\(path)` can't be read or is larger than 4 MiB")
        }
        do throws(PolicyError) {
            return try PolicyDocument.read(String(decoding: bytes, as: UTF8.self), file: path)
        } catch {
            throw HostError(.policy, error.description)
        }
    }

    private func found(above workspace: String) throws(HostError) -> String? {
        guard let start = HostFiles.realPath(workspace) else { return nil }
        // Without a home the search goes up to the root: a policy that stands there must not be missed.
        let home = variables["HOME"].flatMap { HostFiles.realPath($0) }
        var folder = start
        while folder != "/", folder != home {
            folder = folder.lastIndex(of: "/").map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "/"
            let candidate = folder == "/" ? "/agentkit.yaml" : "\(folder)/agentkit.yaml"
            guard HostFiles.exists(candidate) else { continue }
            guard HostFiles.isTrustworthy(candidate) else {
                throw HostError(
                    .policy,
                    "`\(candidate)` could be changed by others: it, and every folder above it, must belong to you or root and be writable by no one else")
            }
            return candidate
        }
        return nil
    }
}
