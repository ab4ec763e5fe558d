// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentSandbox

/// One change of a git configuration and whether it may be committed.
struct ConfigurationCase: Sendable, CustomTestStringConvertible {
    let text: String
    let permitted: Bool
    var old = base
    var testDescription: String { text.split(separator: "\n").joined(separator: " | ") }

    static let base = """
        [core]
        \trepositoryformatversion = 0
        \tfilemode = true
        \tbare = false
        \tfsmonitor = false
        [remote "origin"]
        \turl = https://example.test/a.git
        \tfetch = +refs/heads/*:refs/remotes/origin/*
        [branch "main"]
        \tremote = origin
        \tmerge = refs/heads/main

        """

    static func added(_ text: String, _ permitted: Bool) -> ConfigurationCase {
        ConfigurationCase(text: base + text, permitted: permitted)
    }

    static let permitted: [ConfigurationCase] =
        [
            "", "[user]\n\tname = A\n\temail = a@example.test\n",
            "[branch \"topic\"]\n\tremote = origin\n\tmerge = refs/heads/topic\n",
            "[branch \"topic\"]\n\tremote = .\n\tmerge = refs/heads/main\n\trebase = true\n",
            "[branch \"x\"]\n\tdescription = \"a; b # c\"\n",
            "[branch \"x\"]\n\tpushRemote = origin\n", "[core]\n\tautocrlf = input\n", "[CORE]\n\tIgnoreCase = true\n",
            "[pull]\n\trebase = true\n\tff = only\n", "[fetch]\n\tprune = true\n",
            "[color \"diff\"]\n\tmeta = yellow\n", "[color]\n\tui = auto\n",
            "[advice]\n\tdetachedHead = false\n", "[diff]\n\talgorithm = histogram\n",
            "[merge]\n\tconflictStyle = diff3\n",
            "[rerere]\n\tenabled = true\n", "[init]\n\tdefaultBranch = main\n", "[core]\n\tsparseCheckout\n",
            "# a comment\n; another\n",
            "[extensions]\n\tworktreeConfig = true\n",
            "[remote \"origin\"]\n\tfetch = +refs/heads/x:refs/remotes/origin/x\n",
            "[submodule \"a\"]\n\tactive = true\n", "[user]\n\tname = \"A \\\"B\\\" C\" ; [core] pager = x\n",
            "[lfs]\n\trepositoryformatversion = 0\n",
            "[core]\r\n\tsymlinks = true\r\n", "[gc]\n\tauto = 0\n", "[user]\n\tname = one \\\n two\n",
            "[user] name = same line\n",
        ].map { added($0, true) } + [
            ConfigurationCase(text: base, permitted: true),
            ConfigurationCase(text: "[core]\n\tbare = false\n\tfilemode = true\n", permitted: true, old: ""),
            ConfigurationCase(text: "[user]\n\tname = B\n", permitted: true, old: "[user]\n\tname = A\n"),
            ConfigurationCase(text: "", permitted: true, old: "[branch \"gone\"]\n\tremote = .\n"),
            ConfigurationCase(
                text: "[user]\n\tname = A\n[core]\n\tpager = less\n", permitted: true, old: "[core]\n\tpager = less\n"),
        ]

    static let refused: [ConfigurationCase] =
        [
            "[core]\n\thooksPath = hooks\n", "[core]\n\tfsmonitor = ./x\n", "[core]\n\tsshCommand = sh -c x\n",
            "[core]\n\tpager = sh -c x\n",
            "[core]\n\teditor = x\n", "[sequence]\n\teditor = x\n", "[core]\n\tgitProxy = x\n",
            "[core]\n\taskPass = x\n",
            "[core]\n\tworktree = /\n", "[core]\n\tattributesFile = x\n", "[core]\n\talternateRefsCommand = x\n",
            "[alias]\n\tst = !x\n",
            "[alias \"st\"]\n\tcommand = !x\n", "[filter \"x\"]\n\tclean = x\n", "[filter \"x\"]\n\tsmudge = x\n",
            "[filter \"x\"]\n\tprocess = x\n",
            "[diff \"x\"]\n\ttextconv = x\n", "[diff \"x\"]\n\tcommand = x\n", "[diff]\n\texternal = x\n",
            "[diff]\n\ttool = x\n",
            "[merge \"x\"]\n\tdriver = x\n", "[merge]\n\ttool = x\n", "[mergetool \"x\"]\n\tcmd = x\n",
            "[difftool \"x\"]\n\tcmd = x\n",
            "[credential]\n\thelper = !x\n", "[credential \"https://example.test\"]\n\thelper = !x\n",
            "[include]\n\tpath = x\n",
            "[includeIf \"gitdir:/\"]\n\tpath = x\n",
            "[url \"https://evil.test/\"]\n\tinsteadOf = https://example.test/\n",
            "[url \"https://evil.test/\"]\n\tpushInsteadOf = https://example.test/\n", "[gpg]\n\tprogram = x\n",
            "[gpg \"ssh\"]\n\tprogram = x\n",
            "[gpg \"ssh\"]\n\tdefaultKeyCommand = x\n", "[remote \"origin\"]\n\turl = https://evil.test/\n",
            "[remote \"origin\"]\n\tpushurl = https://evil.test/\n", "[remote \"evil\"]\n\turl = ext::sh -c x\n",
            "[remote \"origin\"]\n\tuploadpack = x\n", "[remote \"origin\"]\n\treceivepack = x\n",
            "[remote \"origin\"]\n\tvcs = x\n",
            "[remote \"origin\"]\n\tproxy = http://evil.test\n",
            "[remote \"origin\"]\n\tfetch = +refs/heads/*:refs/heads/*\n",
            "[http]\n\tproxy = http://evil.test\n", "[http]\n\tsslVerify = false\n",
            "[http \"https://example.test\"]\n\tsslVerify = false\n",
            "[protocol \"ext\"]\n\tallow = always\n", "[protocol]\n\tallow = always\n",
            "[submodule \"x\"]\n\tupdate = !x\n",
            "[submodule \"x\"]\n\turl = https://evil.test\n", "[uploadpack]\n\tpackObjectsHook = x\n",
            "[trailer \"x\"]\n\tcommand = x\n",
            "[pager]\n\tlog = x\n", "[interactive]\n\tdiffFilter = x\n", "[browser \"x\"]\n\tcmd = x\n",
            "[man \"x\"]\n\tcmd = x\n",
            "[web]\n\tbrowser = x\n", "[guitool \"x\"]\n\tcmd = x\n", "[sendemail]\n\tsmtpServer = /bin/x\n",
            "[hook \"x\"]\n\tcommand = x\n",
            "[branch \"x\"]\n\tremote = https://evil.test/\n", "[branch \"x\"]\n\tpushRemote = evil\n",
            "[branch \"x\"]\n\tmergeOptions = -s x\n",
            "[remote]\n\tpushDefault = evil\n", "[extensions]\n\tpartialClone = evil\n",
            "[safe]\n\tbareRepository = all\n",
            "[commit]\n\tgpgSign = false\n", "[tar \"x\"]\n\tcommand = x\n", "[something]\n\tnew = 1\n",
            "[core]\n\tnewKey = 1\n",
            "[cOrE]\n\tHOOKSPATH = x\n", "[core]hookspath=x\n", "[core] ; c\n hooksPath \t= \"x\"\n",
            "[core]\n\tfsmonitor\n",
            "[core]\n\tname = a\\\n[core]\n\tpager = x\n", "[user]\n\tname = \"a\n\tb\"\n", "[user\n\tname = a\n",
            "name\n",
            "[core.x]\n\tpager = y\n", "[user]\n\tname = a\u{0}b\n", "[user]\n\tname = a\rb\n",
            "[user]\n\tname = \\x\n", "]\n",
            "[user]\n\tname = \"a\\\"\"\n[core]\n\teditor = x\n", "[user]\n\tname = # \"\n[core]\n\tpager = x # \"\n",
            "[diff \"algorithm\"]\n\txfuncname = x\n[diff \"a\"]\n\ttextconv=x", "[core \"x\"]\n\tfilemode = true\n",
        ].map { added($0, false) } + [
            ConfigurationCase(text: "", permitted: false),
            ConfigurationCase(
                text: "[core]\n\tfsmonitor = true\n", permitted: false, old: "[core]\n\tfsmonitor = false\n"),
            ConfigurationCase(text: "", permitted: false, old: "[core]\n\thooksPath = secure\n"),
            ConfigurationCase(
                text: "[include]\n\tpath = a\n[core]\n\tpager = b\n", permitted: false,
                old: "[core]\n\tpager = b\n[include]\n\tpath = a\n"),
            ConfigurationCase(
                text: "[core]\n\tpager = b\n\tpager = a\n", permitted: false, old: "[core]\n\tpager = a\n\tpager = b\n"),
            ConfigurationCase(text: "[user]\n\tname = a\n", permitted: false, old: "[broken"),
            ConfigurationCase(text: "\u{FEFF}[user]\n\tname = a\n", permitted: false, old: ""),
            ConfigurationCase(
                text: "[remote \"o\"]\n\turl = https://x.test\n[branch \"m\"]\n\tremote = o\n", permitted: false,
                old: ""),
        ]
}

@Suite("Git configuration is judged key by key")
struct GitConfigurationTests {
    @Test("What neither executes nor redirects passes", arguments: ConfigurationCase.permitted)
    func passes(_ scenario: ConfigurationCase) {
        #expect(judge(scenario) == [])
    }

    @Test("What executes, redirects or is unknown is refused by name", arguments: ConfigurationCase.refused)
    func refuses(_ scenario: ConfigurationCase) {
        #expect(judge(scenario) != [])
    }

    @Test("A reason names the key and never its value")
    func namesKeys() {
        let text = ConfigurationCase.base + "[alias]\n\tst = !secret-value\n[http]\n\tproxy = secret-value\n"
        let reasons = GitConfigurationRule.refusals(changing: Array(ConfigurationCase.base.utf8), to: Array(text.utf8))
        #expect(reasons == ["`alias.st` executes", "`http.proxy` redirects"])
    }

    private func judge(_ scenario: ConfigurationCase) -> [String] {
        GitConfigurationRule.refusals(changing: Array(scenario.old.utf8), to: Array(scenario.text.utf8))
    }
}
