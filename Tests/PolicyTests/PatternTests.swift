// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

/// A pattern, an input, and whether they fit.
struct PatternCase: CustomTestStringConvertible, Sendable {
    let pattern: String
    let input: String
    let fits: Bool
    var testDescription: String { "`\(pattern)` \(fits ? "covers" : "doesn't cover") `\(input)`" }

    init(_ pattern: String, _ input: String, _ fits: Bool) {
        self.pattern = pattern
        self.input = input
        self.fits = fits
    }
}

@Suite("Patterns")
struct PatternTests {
    private static let workspace = PathText.segments(of: "/w")

    @Test(
        "Path patterns cover whole segments",
        arguments: [
            PatternCase("**", "/w/a/b", true), PatternCase("**", "/w", true), PatternCase("**", "/x", false),
            PatternCase("src/*", "/w/src/a", true), PatternCase("src/*", "/w/src/a/b", false),
            PatternCase("src/*", "/w/src", false),
            PatternCase("src/**/test", "/w/src/test", true), PatternCase("src/**/test", "/w/src/a/b/test", true),
            PatternCase("src/**/test", "/w/src/a/tests", false),
            PatternCase("*.swift", "/w/a.swift", true), PatternCase("*.swift", "/w/a.swift.bak", false),
            PatternCase("a*b*c", "/w/axxbyyc", true),
            PatternCase("a*b*c", "/w/ac", false), PatternCase("a*a", "/w/a", false),
            PatternCase("/etc/**", "/etc/ssl/x", true),
            PatternCase("/etc/**", "/w/etc/x", false), PatternCase("${workspace}/x", "/w/x", true),
            PatternCase("[id].tsx", "/w/[id].tsx", true),
            PatternCase("[id].tsx", "/w/i.tsx", false), PatternCase("**/a/**/b", "/w/a/a/c/b", true),
            PatternCase("**/.env", "/w/.env", true),
        ])
    func paths(_ scenario: PatternCase) throws {
        let pattern = try #require(PathPattern(scenario.pattern))
        #expect(pattern.covers(PathText.segments(of: scenario.input), workspace: Self.workspace) == scenario.fits)
    }

    @Test(
        "Host patterns cover whole labels",
        arguments: [
            PatternCase("a.example.com", "a.example.com", true), PatternCase("A.Example.com", "a.example.com", true),
            PatternCase("a.example.com", "b.a.example.com", false), PatternCase("*.example.com", "a.example.com", true),
            PatternCase("*.example.com", "a.b.example.com", true), PatternCase("*.example.com", "example.com", false),
            PatternCase("*.example.com", "badexample.com", false),
            PatternCase("*.example.com", "example.com.evil.org", false),
            PatternCase("127.0.0.1", "127.0.0.1", true), PatternCase("127.0.0.1", "127.0.0.11", false),
            PatternCase("[::1]", "::1", true),
            PatternCase("[0:0:0:0:0:0:0:1]:443", "::1", true), PatternCase("a.example.com.", "a.example.com", true),
        ])
    func hosts(_ scenario: PatternCase) throws {
        let pattern = try #require(HostPattern(scenario.pattern))
        #expect(pattern.matches(scenario.input) == scenario.fits)
    }

    @Test(
        "Resources cover a scheme, a host, a port and a path",
        arguments: [
            PatternCase("https://a.b/**", "https://a.b/", true), PatternCase("https://a.b/**", "https://a.b/x/y", true),
            PatternCase("https://a.b/**", "http://a.b/x", false),
            PatternCase("https://a.b/**", "https://a.b:8443/x", false),
            PatternCase("https://a.b:8443/**", "https://a.b:8443/x", true),
            PatternCase("https://a.b/v1/*", "https://a.b/v1/x", true),
            PatternCase("https://a.b/v1/*", "https://a.b/v1/x/y", false),
            PatternCase("https://a.b/v1/*", "https://a.b/v1/../v2/x", false),
            PatternCase("https://a.b/admin/**", "https://a.b/%61dmin/x", true),
            PatternCase("https://*.b/**", "https://a.b/x", true),
            PatternCase("https://*.b/**", "https://b/x", false),
        ])
    func resources(_ scenario: PatternCase) throws {
        let pattern = try #require(URLPattern(scenario.pattern))
        let url = try CanonicalURL.parse(scenario.input)
        #expect(pattern.covers(EffectReader.target(url)) == scenario.fits)
    }

    @Test(
        "Operation patterns cover ids",
        arguments: [
            PatternCase("railway.*", "railway.volumeDelete", true), PatternCase("aws.*", "aws.rds.delete", true),
            PatternCase("aws.rds.*", "aws.s3.rm", false),
            PatternCase("railway.volume*", "railway.volumeDelete", true),
            PatternCase("railway.volume*", "railway.serviceDelete", false),
            PatternCase("railway.*", "railwayx.volumeDelete", false), PatternCase("*", "a.b.c", true),
            PatternCase("railway.read", "railway.volumeDelete", false),
        ])
    func operations(_ scenario: PatternCase) throws {
        let pattern = try #require(OperationPattern(scenario.pattern))
        let operation = EffectAnalysis.Operation(id: scenario.input, effectClass: .irreversible, summary: "")
        #expect(pattern.matches(operation) == scenario.fits)
    }

    @Test("`provider.read` covers what only reads")
    func readOperations() throws {
        let pattern = try #require(OperationPattern("railway.read"))
        #expect(pattern.matches(EffectAnalysis.Operation(id: "railway.projects", effectClass: .read, summary: "")))
        #expect(!pattern.matches(EffectAnalysis.Operation(id: "aws.projects", effectClass: .read, summary: "")))
    }

    static let push = ArgvPattern([.word("git"), .word("push"), .flag("--force")])
    static let bundled = ArgvPattern([.word("git"), .word("clean"), .any(["-f", "--force"])])
    static let test = ArgvPattern([.word("npm"), .word("test")])
    static let run = ArgvPattern([.word("npm"), .word("run"), .rest])

    @Test(
        "A denial's arguments are covered in every spelling",
        arguments: [
            (push, "git push --force", true), (push, "/usr/bin/git push --force", true),
            (push, "git push origin main --force", true),
            (push, "git -C dir push --force", true), (push, "git -c a=b --no-pager push --force", true),
            (push, "git push --forc", true),
            (push, "git push --force=yes", true), (push, "git push", false),
            (push, "git push --force-with-lease", false),
            (push, "git status --force", false), (push, "git commit push --force", false),
            (push, "echo git push --force", false),
            (bundled, "git clean -fdx", true), (bundled, "git clean -xdf", true), (bundled, "git clean --for", true),
            (bundled, "git clean -n", false),
        ])
    func denials(_ pattern: ArgvPattern?, _ command: String, _ fits: Bool) throws {
        let argv = command.split(separator: " ").map { Optional(String($0)) }
        #expect(try #require(pattern).coversBroadly(argv) == fits)
    }

    @Test(
        "A permission's arguments are covered exactly",
        arguments: [
            (test, "npm test", true), (test, "npm test --ignore-scripts=false", false), (test, "npm", false),
            (test, "npm -C x test", false),
            (run, "npm run build", true), (run, "npm run", true), (run, "npm exec run", false),
            (push, "git push --force", true), (push, "git push --forc", false),
        ])
    func permissions(_ pattern: ArgvPattern?, _ command: String, _ fits: Bool) throws {
        let argv = command.split(separator: " ").map { Optional(String($0)) }
        #expect(try #require(pattern).coversNarrowly(argv) == fits)
    }

    @Test("A look-alike that Unicode calls equal is another word")
    func equivalence() throws {
        let pattern = try #require(ArgvPattern([.word("npm"), .word("K")]))
        #expect(pattern.coversNarrowly(["npm", "K"]))
        #expect(!pattern.coversNarrowly(["npm", "\u{212A}"]))
    }

    @Test("A word that isn't known is covered by nothing")
    func unknownWords() throws {
        let pattern = try #require(Self.test)
        #expect(!pattern.coversNarrowly(["npm", nil]))
        #expect(!pattern.coversBroadly([nil, "test"]))
    }

    @Test(
        "Spellings of one remote are one",
        arguments: [
            "git@github.com:acme/shop", "git@github.com:acme/shop.git", "ssh://git@github.com/acme/shop.git",
            "ssh://git@github.com:22/acme/shop",
            "https://github.com/acme/shop", "https://user@GitHub.com/acme/shop.git/", "github.com:/acme/shop",
            "https://github.com/Acme/Shop",
        ])
    func remotes(_ text: String) throws {
        #expect(GitRemote(text) == GitRemote("git@github.com:acme/shop"))
        #expect(GitRemote(text) != nil)
    }

    @Test(
        "Other remotes are others, and paths are none",
        arguments: [
            "git@github.com:acme/shopx", "git@gitlab.com:acme/shop", "ssh://git@github.com:2222/acme/shop",
            "/srv/acme/shop", "origin", "../shop",
            "--upload-pack=x", "file:///acme/shop",
        ])
    func otherRemotes(_ text: String) {
        #expect(GitRemote(text) != GitRemote("git@github.com:acme/shop"))
    }

    @Test("The nearest name is the one that was meant")
    func nearest() {
        #expect(NearestName.of("stagign", in: ["staging", "production"]) == "staging")
        #expect(NearestName.of("enviroment", in: ["environment", "environments"]) == "environment")
        #expect(NearestName.of("zebra", in: ["staging", "production"]) == nil)
    }

    @Test("The most specific entry wins, and the most protected among equals")
    func specificity() throws {
        let text = """
            version: 1
            environments: [staging, { name: production, protected: true }]
            inventory:
              - { resource: "https://*.acme.dev/**", environment: production }
              - { resource: "https://api.acme.dev/**", environment: staging }
              - { resource: "https://api.acme.dev/v1/*/x", environment: staging }
              - { resource: "https://api.acme.dev/v1/x/*", environment: production }
              - { remote: "https://github.com/acme/shop", environment: staging }
              - { remote: "git@github.com:acme/shop", branch: main, environment: production }
            """
        let document = try PolicyDocument.read(text, file: "p")
        let inventory = Inventory(document.inventory, order: document.environments)
        func label(_ url: String) throws -> String? {
            inventory.entry(for: EffectReader.target(try CanonicalURL.parse(url)))?.environment?.name
        }
        #expect(try label("https://api.acme.dev/a") == "staging")
        #expect(try label("https://other.acme.dev/a") == "production")
        #expect(try label("https://api.acme.dev/v1/x/x") == "production")
        #expect(try label("https://example.com/") == nil)
        let remote = try #require(GitRemote("git@github.com:acme/shop.git"))
        #expect(inventory.entry(for: remote, branch: "feature/x")?.environment?.name == "staging")
        #expect(inventory.entry(for: remote, branch: "main")?.environment?.name == "production")
        #expect(inventory.entry(for: remote, branch: nil) == nil)
    }
}
