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
    /// The subtrees that may be read.
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
    /// The subtrees that may be written.
    public let paths: PathScope
    /// Whether the layer may be committed; only a session over the whole workspace can.
    public let mayCommit: Bool

    /// Makes a scope over subtrees; by default the whole workspace, commit included. A scope over less never commits.
    public init(_ subtrees: [String] = [""], mayCommit: Bool = true) {
        paths = PathScope(subtrees)
        self.mayCommit = mayCommit && paths.subtrees.contains("")
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
        return NameSet.contains(program, in: programs)
    }

    public func isWithin(_ parent: Self) -> Bool { NameSet.isWithin(programs, parent.programs) }
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
        guard NameSet.contains(request.method.uppercased(), in: methods) else { return false }
        guard hosts != nil else { return true }
        guard let url = try? CanonicalURL.parse(request.url) else { return false }
        return NameSet.contains(url.host.description, in: hosts)
    }

    public func isWithin(_ parent: Self) -> Bool {
        NameSet.isWithin(hosts, parent.hosts) && NameSet.isWithin(methods, parent.methods)
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
    public func covers(secret name: String) -> Bool { NameSet.contains(name, in: names) }

    public func isWithin(_ parent: Self) -> Bool { NameSet.isWithin(names, parent.names) }
}

/// Sets of names, `nil` for every name there is.
///
/// Names are compared byte by byte, as kernels and servers do: two that Unicode calls equivalent are two names.
private enum NameSet {
    static func contains(_ name: String, in names: Set<String>?) -> Bool {
        guard let names else { return true }
        return names.contains { $0.hasSameBytes(as: name) }
    }

    static func isWithin(_ child: Set<String>?, _ parent: Set<String>?) -> Bool {
        guard let parent else { return true }
        return child?.allSatisfy { contains($0, in: parent) } ?? false
    }
}
