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
            outputBytes: Int(clamping: limits.output), layerBytes: UInt64(clamping: limits.layer), deletes: limits.deletes)
    }
}

/// What a pod shows and lets be executed, so that the kernel enforces what `file.read` and `exec` rules say.
struct SandboxReach {
    /// Absolute paths outside the workspace that are visible read-only.
    let visiblePaths: [String]
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

    init(_ document: PolicyDocument, workspace: String) {
        var visible = document.session.view
        var executable: [String] = []
        for rule in document.rules where rule.verdict == .permit {
            switch rule.kind {
            case .fileRead:
                visible += rule.conditions.paths.map(\.text).filter { $0.hasPrefix("/") }.map(Self.root(of:)).filter { $0 != "/" }
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
        visiblePaths = Array(Set(visible)).sorted()
        executablePaths = Array(Set(executable)).sorted() + (executable.isEmpty ? [] : Self.loaders)
    }

    /// The deepest folder or file that a pattern names without a wildcard.
    private static func root(of pattern: String) -> String {
        guard let star = pattern.firstIndex(of: "*") else { return pattern }
        guard let slash = pattern[..<star].lastIndex(of: "/"), slash != pattern.startIndex else { return "/" }
        return String(pattern[..<slash])
    }
}
