// SPDX-License-Identifier: Apache-2.0

/// What a capability reaches. Scopes only ever narrow: `isWithin` is checked on every attenuation.
public protocol CapabilityScope: Hashable, Sendable {
    /// The scope's stable name in records.
    static var kind: String { get }

    /// Whether an effect lies in this scope.
    func covers(_ action: Effect.Action, workspace: String) -> Bool

    /// Whether everything in this scope is also in `parent`.
    func isWithin(_ parent: Self) -> Bool
}

/// Subtrees of files: `""` is the whole workspace, `"src"` a folder of it, `"/srv/data"` a tree outside.
public struct PathScope: Hashable, Sendable {
    /// Normalised subtrees.
    public let subtrees: [String]

    /// Makes a scope. A subtree that leads out of itself (`..`) covers nothing.
    public init(_ subtrees: [String]) {
        self.subtrees = subtrees.compactMap { WorkspacePath.normalised($0) }
    }

    func contains(_ path: String, workspace: String) -> Bool {
        guard let relative = WorkspacePath.relative(path, to: workspace) else { return false }
        return subtrees.contains { WorkspacePath.isBeneath(relative, $0) }
    }

    func isWithin(_ parent: PathScope) -> Bool {
        subtrees.allSatisfy { child in parent.subtrees.contains { WorkspacePath.isBeneath(child, $0) } }
    }
}

/// Reading, listing and searching files.
public struct FileReadScope: CapabilityScope {
    public static let kind = "file.read"
    public let paths: PathScope

    /// Makes a scope over subtrees; by default the whole workspace.
    public init(_ subtrees: [String] = [""]) { paths = PathScope(subtrees) }

    public func covers(_ action: Effect.Action, workspace: String) -> Bool {
        if case .readFile(let path) = action { paths.contains(path, workspace: workspace) } else { false }
    }

    public func isWithin(_ parent: Self) -> Bool { paths.isWithin(parent.paths) }
}

/// Writing files of the layer, and committing it.
public struct FileWriteScope: CapabilityScope {
    public static let kind = "file.write"
    public let paths: PathScope
    /// Whether the layer may be committed; only a session over the whole workspace can.
    public let mayCommit: Bool

    /// Makes a scope over subtrees; by default the whole workspace, commit included.
    public init(_ subtrees: [String] = [""], mayCommit: Bool = true) {
        paths = PathScope(subtrees)
        self.mayCommit = mayCommit
    }

    public func covers(_ action: Effect.Action, workspace: String) -> Bool {
        switch action {
        case .writeFile(let path): paths.contains(path, workspace: workspace)
        case .commit: mayCommit
        default: false
        }
    }

    public func isWithin(_ parent: Self) -> Bool {
        paths.isWithin(parent.paths) && (!mayCommit || parent.mayCommit)
    }
}

/// Running programs in the pod.
public struct ExecScope: CapabilityScope {
    public static let kind = "exec"
    /// Programs by the exact word that stands first in an argument vector; `nil` is any that the policy lets run.
    public let programs: Set<String>?

    /// Makes a scope. A scope that doesn't name the shell covers no shell command.
    public init(programs: Set<String>? = nil) { self.programs = programs }

    public func covers(_ action: Effect.Action, workspace: String) -> Bool {
        guard case .execute(let execution) = action, let program = execution.argv.first else { return false }
        return programs?.contains(program) ?? true
    }

    public func isWithin(_ parent: Self) -> Bool {
        guard let allowed = parent.programs else { return true }
        return programs?.isSubset(of: allowed) ?? false
    }
}

/// Sending HTTP requests.
public struct HTTPScope: CapabilityScope {
    public static let kind = "http"
    /// Host names; `nil` is any that the policy permits.
    public let hosts: Set<String>?
    /// Methods in upper case; `nil` is any.
    public let methods: Set<String>?

    /// Makes a scope.
    public init(hosts: Set<String>? = nil, methods: Set<String>? = nil) {
        self.hosts = hosts
        self.methods = methods
    }

    public func covers(_ action: Effect.Action, workspace: String) -> Bool {
        guard case .request(let request) = action else { return false }
        if let methods, !methods.contains(request.method.uppercased()) { return false }
        guard let hosts else { return true }
        guard let url = try? CanonicalURL.parse(request.url) else { return false }
        return hosts.contains(url.host.description)
    }

    public func isWithin(_ parent: Self) -> Bool {
        Self.narrows(hosts, parent.hosts) && Self.narrows(methods, parent.methods)
    }

    private static func narrows(_ child: Set<String>?, _ parent: Set<String>?) -> Bool {
        guard let parent else { return true }
        return child?.isSubset(of: parent) ?? false
    }
}

/// Having the runtime put granted secrets into requests.
public struct SecretUseScope: CapabilityScope {
    public static let kind = "secret.use"
    /// Names of secrets; `nil` is any that the policy grants to the session.
    public let names: Set<String>?

    /// Makes a scope.
    public init(names: Set<String>? = nil) { self.names = names }

    public func covers(_ action: Effect.Action, workspace: String) -> Bool { false }

    /// Whether the named secret may be used.
    public func covers(secret name: String) -> Bool { names?.contains(name) ?? true }

    public func isWithin(_ parent: Self) -> Bool {
        guard let allowed = parent.names else { return true }
        return names?.isSubset(of: allowed) ?? false
    }
}
