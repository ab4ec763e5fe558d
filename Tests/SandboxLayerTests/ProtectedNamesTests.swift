// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentSandbox

@Suite("Protected names are refused in every spelling")
struct ProtectedNamesTests {
    static let refused = [
        "agentkit.yaml", "agentkit.yml", "sub/deep/agentkit.yaml", "AgentKit.YAML", "agentkit.yaml.", "agentkit.yaml ",
        "agentkit.yaml . .",
        "\u{FF41}gentkit.yaml", "agentkit\u{FF0E}yaml", "agent\u{200D}kit.yaml", "agent\u{212A}it.yaml",
        "\u{1D41A}gentkit.yaml",
        "\u{24D0}gentkit.yaml", "agentk\u{0131}t.yaml", "agentk\u{0130}t.yaml", "agentkit.yaml::$DATA", "AGENTK~1.YAM",
        "agentkit.\u{FEFF}yml",
        ".git/hooks/pre-commit", ".git/hooks", ".GIT/hooks/pre-commit", ".Git/config", ".g\u{200C}it/config",
        ".g\u{00AD}it/HEAD",
        ".git /hooks/x", ".git./hooks/x", ".git::$INDEX_ALLOCATION/hooks/x", "git~1/hooks/x", "GIT~1/config",
        ".git\\hooks\\x", "a\\.git\\config",
        ".g\u{2139}t/config", "\u{FF0E}git/config", ".\u{FF47}\u{FF49}\u{FF54}/x", ".gi\u{FE00}t/x",
        "sub/.git/hooks/post-checkout",
        ".git/HOOKS/x", ".git/Config", ".git/config.lock", ".git/commondir", ".git/gitdir", ".git/info/attributes",
        ".git/info/grafts",
        ".git/objects/info/alternates", ".git/objects/info/http-alternates", ".git/rebase-merge/git-rebase-todo",
        ".git/rebase-apply/x",
        ".git/sequencer/todo", ".git/modules/a/hooks/x", ".git/modules/objects/hooks/x", ".git/modules/a/commondir",
        ".git/worktrees/w/commondir", ".git/worktrees/w/gitdir", ".git/worktrees/w/hooks/x", ".git/remotes/origin",
        ".git/branches/origin",
        ".git/unknown", ".git/lfs/hooks", ".git", "sub/.git", "repo.git/hooks/x", "HEAD", "evil/HEAD", "evil/head",
        ".husky/pre-commit", ".Husky/_/x", "HUSKY~1/x", ".envrc", ".ENVRC", "sub/.envrc", ".env\u{FF52}c",
        ".vscode/tasks.json", ".idea/x.xml",
        "x.code-workspace", "X.Code-Workspace", ".claude/settings.json", ".codex/config.toml", ".cursor/mcp.json",
        ".mcp.json",
        ".devcontainer/devcontainer.json", ".devcontainer.json", ".gdbinit", ".exrc", ".dir-locals.el", "lefthook.yml",
        ".pre-commit-config.yaml", ".envrc\u{E0001}", "custom/hooks/x", "Custom/HOOKS/x",
        ".\u{17F}ublime-project/.envrc",
    ]

    static let free = [
        "agentkit.yaml.md", "agentkit.txt", "my-agentkit.yaml", "src/main.c", ".gitignore", ".gitattributes",
        ".gitmodules", ".github/x", "git/hooks/x",
        "hooks/x", "config", "sub/config", "env", ".env", "vscode/x", "husky.md", "CLAUDE.md", "AGENTS.md",
        "headers/head.c", ".git/index",
        ".git/objects/ab/cdef", ".git/objects/pack/x.pack", ".git/refs/heads/hooks/x", ".git/refs/heads/main",
        ".git/logs/HEAD", ".git/HEAD",
        ".git/packed-refs", ".git/COMMIT_EDITMSG", ".git/FETCH_HEAD", ".git/info/exclude", ".git/lfs/objects/x",
        ".git/worktrees/w/HEAD",
        ".git/worktrees/w/index", ".git/worktrees/w/logs/HEAD", ".git/modules/a/HEAD", ".git/modules/a/objects/x",
        ".git/ORIG_HEAD",
        "caf\u{E9}/\u{4E2D}.txt", "custom/other", "a~1", "x.git",
    ]

    static let configurations = [
        ".git/config", "sub/.git/config", ".git/config.worktree", ".git/modules/a/config",
        ".git/modules/objects/config",
        ".git/worktrees/w/config.worktree", "repo.git/config",
    ]

    private func judge(_ path: String) throws -> ProtectedNames.Verdict {
        try ProtectedNames(extra: [LayerPath("custom/hooks")]).judge(LayerPath(path), .file)
    }

    @Test("A name that binds the agent or runs with another's authority is refused", arguments: refused)
    func refuses(_ path: String) throws {
        guard case .refused = try judge(path) else {
            Issue.record("\(path) passed")
            return
        }
    }

    @Test("An ordinary name passes", arguments: free)
    func passes(_ path: String) throws {
        #expect(try judge(path) == .free)
    }

    @Test("Git configuration is judged by its content", arguments: configurations)
    func configuration(_ path: String) throws {
        #expect(try judge(path) == .gitConfiguration)
    }

    @Test("Bytes that are no text don't make a protected name another one")
    func invalidBytes() throws {
        let path = try LayerPath([0x2E, 0x67, 0xFF, 0x69, 0x74] + Array("/hooks/x".utf8))
        guard case .refused = ProtectedNames().judge(path, .file) else {
            Issue.record("passed")
            return
        }
    }

    @Test("Links inside a git folder are refused, whatever their name")
    func gitLinks() throws {
        for path in [".git/index", ".git/objects/x", ".git/refs"] {
            guard case .refused = ProtectedNames().judge(try LayerPath(path), .symlink) else {
                Issue.record("\(path) passed")
                return
            }
        }
    }

    @Test(
        "What other machinery runs is named, ordinary files are not",
        arguments: [
            (".github/workflows/ci.yml", ElsewhereKind?.some(.continuousIntegration)),
            (".gitlab-ci.yml", .continuousIntegration),
            ("Jenkinsfile", .continuousIntegration), ("Dockerfile", .container), ("app/Dockerfile.prod", .container),
            ("docker-compose.prod.yml", .container), ("infra/main.tf", .infrastructure),
            ("helm/x/values.yaml", .infrastructure),
            ("k8s/deploy.yaml", .infrastructure), ("Procfile", .deployment), ("fly.toml", .deployment),
            ("railway.json", .deployment),
            ("vercel.json", .deployment), ("netlify.toml", .deployment), ("package.json", .build),
            ("web/package.json", .build),
            ("Makefile", .build), ("rules.mk", .build), ("src/main.c", nil), ("README.md", nil),
            ("docs/workflows/x.md", nil), ("tf.txt", nil),
        ])
    func elsewhere(_ path: String, _ kind: ElsewhereKind?) throws {
        #expect(ElsewhereKind.of(try LayerPath(path)) == kind)
    }

    @Test("Targets of hooksPath and include in the workspace's own configuration are protected")
    func targets() throws {
        let bench = try Workbench()
        try bench.write(
            "[core]\n\thooksPath = ./tools/hooks\n[include]\n\tpath = ../team.gitconfig\n[includeIf \"gitdir:/\"]\n\tpath = /srv/app/shared/x\n",
            to: bench.workspace + "/.git/config")
        let names = try ProtectedNames(of: bench.trees.workspace, root: LayerPath("srv/app"))
        for path in ["tools/hooks/pre-commit", "Tools/Hooks", "team.gitconfig", "shared/x"] {
            guard case .refused = names.judge(try LayerPath(path), .file) else {
                Issue.record("\(path) passed")
                continue
            }
        }
        #expect(names.judge(try LayerPath("tools/other"), .file) == .free)
    }

    @Test("Where the developer's own links of protected names lead is as protected as the names")
    func linkTargets() throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.workspace + "/.git/hooks/sample")
        try bench.link("../../scripts/pre-commit.sh", at: bench.workspace + "/.git/hooks/pre-commit")
        try bench.link("policies/prod.yaml", at: bench.workspace + "/agentkit.yaml")
        try bench.link("/srv/app/conf/husky", at: bench.workspace + "/.husky")
        try bench.link("../team/vscode", at: bench.workspace + "/sub/.vscode")
        let root = try LayerPath("srv/app")
        let mask = try #require(bench.trees.mask)
        let built = try MaskBuilder(workspace: bench.trees.workspace, mask: mask, root: root).build { _, _ in nil }
        let names = try ProtectedNames(of: bench.trees.workspace, root: root, extra: built.protectedTargets)
        for path in ["scripts/pre-commit.sh", "policies/PROD.yaml", "conf/husky/x", "team/vscode/tasks.json"] {
            guard case .refused = names.judge(try LayerPath(path), .file) else {
                Issue.record("\(path) passed")
                continue
            }
            #expect(ProtectedNames().judge(try LayerPath(path), .file) == .free)
        }
    }

    @Test("A protected path can't be led elsewhere by a link or file above it")
    func ancestors() throws {
        let names = ProtectedNames(extra: [try LayerPath("tools/git/hooks")])
        for path in ["tools", "Tools/git"] {
            guard case .refused = names.judge(try LayerPath(path), .symlink) else {
                Issue.record("\(path) passed")
                continue
            }
            #expect(names.judge(try LayerPath(path), .directory) == .free)
        }
    }
}
