// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import AgentPolicy
internal import AgentSecrets

/// The policy's secrets in the vault's words.
enum SecretDeclarationReading {
    static func declaration(of secret: AgentPolicy.SecretDeclaration) -> AgentSecrets.SecretDeclaration {
        let source: SecretSource =
            switch secret.source {
            case .environment(let variable): .environment(variable: variable)
            case .file(let path): .file(path: path)
            case .command(let argv): .command(argv: argv)
            case .vault(let name): .vault(name: name)
            case .hashicorp(let path, let field, _): .hashicorp(path: path, field: field)
            }
        return AgentSecrets.SecretDeclaration(name: secret.name, source: source, isExposed: !secret.isResolver)
    }
}

/// The policy's limits in the runtime's words.
enum SessionSettingsReading {
    static func limits(of limits: AgentPolicy.SessionLimits) -> AgentCore.SessionLimits {
        AgentCore.SessionLimits(
            wall: limits.wall, memoryBytes: UInt64(clamping: limits.memory), processes: UInt64(clamping: limits.processes),
            outputBytes: Int(clamping: limits.output), layerBytes: UInt64(clamping: limits.layer), deletes: limits.deletes,
            denials: limits.denials)
    }
}

/// What a pod shows and lets be executed, so that the kernel enforces what `file.read` and `exec` rules say.
///
/// A view shows whole trees. A pattern that no tree is the same as (a wildcard anywhere but in a last `/**`) shows nothing, rather than
/// everything below the folder that it starts in.
struct SandboxReach {
    /// Absolute paths outside the workspace that are visible read-only.
    let visiblePaths: [String]
    /// Paths below the visible ones that `file.read` rules deny.
    let hiddenPaths: [String]
    /// What may be handed to `execve`.
    let executablePaths: [String]

    /// The dynamic loaders: without them no program starts.
    private static let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]

    /// What every pod shows.
    private static let systemTrees = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]

    /// The search path of programs in the pod: the caller's, as far as it is in view, and the system's.
    func searchPath(_ callers: String?) -> String {
        let own = (callers ?? "").split(separator: ":").map(String.init).filter { folder in
            folder.hasPrefix("/") && (Self.systemTrees + visiblePaths).contains { WorkspacePath.isBeneath(folder, $0) }
        }
        let all = own + ["/usr/local/bin", "/usr/bin", "/bin"]
        var seen: Set<String> = []
        return all.filter { seen.insert($0).inserted }.joined(separator: ":")
    }

    /// - Throws: `HostError` where a denial overlaps the view in a way that the view can't express.
    init(_ document: PolicyDocument, workspace: String) throws(HostError) {
        var visible = document.session.view
        var executable: [String] = []
        for rule in document.rules where rule.verdict == .permit {
            switch rule.kind {
            case .fileRead: visible += rule.conditions.paths.compactMap { Self.tree(of: $0.text) }
            case .exec:
                let roots = rule.conditions.programs.map { Self.root(of: $0.text.replacing("${workspace}", with: workspace)) }
                executable += roots
                // A program that may run has to be there.
                visible += roots.filter { root in
                    root != "/" && !WorkspacePath.isBeneath(root, workspace) && !Self.systemTrees.contains { WorkspacePath.isBeneath(root, $0) }
                }
            default: continue
            }
        }
        let shown = Array(Set(visible)).sorted()
        var hidden: Set<String> = []
        for rule in document.rules where rule.verdict == .deny && rule.kind == .fileRead {
            for pattern in rule.conditions.paths where pattern.text.hasPrefix("/") {
                let root = Self.root(of: pattern.text)
                guard shown.contains(where: { WorkspacePath.isBeneath(root, $0) || WorkspacePath.isBeneath($0, root) }) else { continue }
                guard let tree = Self.tree(of: pattern.text) else {
                    throw HostError(
                        .policy,
                        "a rule denies reading `\(pattern.text)`, which overlaps what pods are shown; a pod can hide only a path or a whole tree (`/**`)")
                }
                hidden.insert(tree)
            }
        }
        visiblePaths = shown.filter { path in !hidden.contains { WorkspacePath.isBeneath(path, $0) } }
        hiddenPaths = hidden.sorted()
        executablePaths = Array(Set(executable)).sorted() + (executable.isEmpty ? [] : Self.loaders)
    }

    /// Refuses a view that shows what only the host may read.
    ///
    /// - Parameter paths: Absolute, without links.
    func check(keepingOut paths: [String]) throws(HostError) {
        for path in paths {
            let isShown = visiblePaths.contains { WorkspacePath.isBeneath(path, HostFiles.realLocation($0)) }
            let isHidden = hiddenPaths.contains { WorkspacePath.isBeneath(path, HostFiles.realLocation($0)) }
            guard !isShown || isHidden else {
                throw HostError(
                    .policy,
                    "the view of the policy shows the state folder, or a file that a secret comes from, to every program in the pod; narrow `session.view` and the `file.read` rules")
            }
        }
    }

    /// The tree outside the workspace that a pattern covers and no more, or `nil`.
    private static func tree(of pattern: String) -> String? {
        let path = pattern.hasSuffix("/**") ? String(pattern.dropLast(3)) : pattern
        guard path.hasPrefix("/"), path != "/", !path.contains("*") else { return nil }
        return path
    }

    /// The deepest folder or file that a pattern names without a wildcard.
    private static func root(of pattern: String) -> String {
        guard let star = pattern.firstIndex(of: "*") else { return pattern }
        guard let slash = pattern[..<star].lastIndex(of: "/"), slash != pattern.startIndex else { return "/" }
        return String(pattern[..<slash])
    }
}
