// SPDX-License-Identifier: Apache-2.0

/// Knows the names that bind the agent or run with someone else's authority.
///
/// Pure: it judges names, also ones that don't exist yet, and asks no file system. In doubt it refuses.
package struct ProtectedNames: Sendable {
    /// What a name means for a commit.
    package enum Verdict: Hashable, Sendable {
        case free
        case refused(LayerRefusal)
        /// Git configuration: passes only if its content does, see ``GitConfigurationRule``.
        case gitConfiguration
    }

    let extra: [[[UInt8]]]

    /// Takes further protected paths, for instance the folders that `core.hooksPath` and `include.path` name.
    ///
    /// Each covers itself and everything below it, in any spelling.
    package init(extra: [LayerPath] = []) {
        self.extra = extra.filter { !$0.isRoot }.map(NameFold.components)
    }

    /// Judges one path.
    ///
    /// - Parameters:
    ///   - path: Relative to the workspace.
    ///   - kind: What stands or would stand there.
    package func judge(_ path: LayerPath, _ kind: LayerKind) -> Verdict {
        let folded = NameFold.components(path)
        if let prefix = extra.first(where: { folded.starts(with: $0) }) {
            return .refused(.protectedName("`\(Self.text(prefix.last))` runs or is read as configuration"))
        }
        if kind != .directory, extra.contains(where: { $0.count > folded.count && $0.starts(with: folded) }) {
            return .refused(.protectedName("it would lead a protected path elsewhere"))
        }
        for (index, name) in folded.enumerated() {
            if let rule = Self.rule(for: name) { return .refused(.protectedName(rule)) }
            guard Self.isRepository(name) else { continue }
            let raw = path.components
            // A look-alike is never what git itself made.
            guard raw.count == folded.count, raw[index].elementsEqual(name) else { return .refused(.lookAlike(".git")) }
            let rest = raw[(index + 1)...].map(Array.init)
            let verdict = GitNames.judge(rest, folded: Array(folded[(index + 1)...]), kind)
            if rest.isEmpty, name != Self.git, kind == .file { return .free }
            return verdict
        }
        if let last = folded.last, last.elementsEqual("head".utf8), kind != .directory {
            return .refused(.protectedName("`HEAD` would make its folder a git repository"))
        }
        return .free
    }

    private static let git = Array(".git".utf8)

    // `name.git` is the custom for a bare repository, whose configuration git reads as well.
    private static func isRepository(_ folded: [UInt8]) -> Bool {
        folded == git || folded.count > 4 && folded.suffix(4).elementsEqual(git)
            || NameFold.isShortName(folded, of: git)
    }

    private static func rule(for folded: [UInt8]) -> String? {
        if let rule = rules[folded] { return rule }
        for (suffix, rule) in suffixes
        where folded.count > suffix.count && folded.suffix(suffix.count).elementsEqual(suffix) {
            return rule
        }
        guard folded.contains(UInt8(ascii: "~")) else { return nil }
        for (name, rule) in rules where NameFold.isShortName(folded, of: name) { return rule }
        return nil
    }

    private static func text(_ name: [UInt8]?) -> String { PrintableText.escape(name ?? []) }

    private static let rules: [[UInt8]: String] = {
        var table: [[UInt8]: String] = [:]
        for (rule, names) in named {
            for name in names.split(separator: " ") { table[Array(name.utf8)] = rule }
        }
        return table
    }()

    private static let suffixes: [([UInt8], String)] = [
        (Array(".code-workspace".utf8), "editor settings run tasks"),
        (Array(".sublime-project".utf8), "editor settings run build commands"),
    ]

    // Prose such as CLAUDE.md or AGENTS.md is not here: it executes nothing.
    private static let named: [(String, String)] = [
        ("policy that binds the agent", "agentkit.yaml agentkit.yml .agentkit"),
        ("git-lfs would send objects elsewhere", ".lfsconfig"),
        (
            "hooks run with the developer's authority",
            """
            .husky .lefthook .lefthook-local lefthook.yml lefthook.yaml lefthook.toml lefthook.json lefthook-local.yml \
            lefthook-local.yaml .lefthook.yml .lefthook.yaml .lefthook.toml .lefthook.json .pre-commit-config.yaml \
            .pre-commit-config.yml .overcommit.yml .simple-git-hooks.json .simple-git-hooks.js .simple-git-hooks.cjs \
            .githooks .git-hooks
            """
        ),
        (
            "the shell runs it when the folder is entered",
            ".envrc .direnv .mise.toml mise.toml .mise .autoenv .autoenv.zsh .env.zsh .localrc .irbrc .pryrc"
        ),
        (
            "editor settings run programs",
            """
            .vscode .vscode-server .idea .fleet .zed .nova .vs .vim .nvim .vimrc .exrc .nvimrc .nvim.lua .lvimrc \
            .lnvim.vim .dir-locals.el .dir-locals-2.el .helix .devcontainer .devcontainer.json .theia .project.vim \
            .gdbinit .lldbinit
            """
        ),
        (
            "harness settings bind an agent or run programs",
            """
            .mcp.json mcp.json .claude .claude.json .codex .cursor .windsurf .codeium .gemini .continue \
            .aider.conf.yml .aider .goose .opencode opencode.json opencode.jsonc .roo .roomodes .cline .kilocode \
            .kiro .trae .amp .factory .qwen .crush .crush.json crush.json .junie .augment .amazonq .copilot .tabnine \
            .zencoder .openhands .agents
            """
        ),
    ]
}
