// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Fixtures")
struct FixtureTests {
    private static let cases = """
        policy: agentkit.yaml
        providers: { railway: state.json }
        cases:
          - name: a literal credential towards production
            session: { environment: staging }
            call: { tool: http.request, input: { method: POST, url: "https://backboard.railway.app/op/volumeDelete/irreversible/v1", headers: { Authorization: "Bearer 3d2c42fb-0000-4000-8000-000000000000" } } }
            expect: { decision: deny, reasons: [credential.literal, environment.mismatch], environment: production }
          - name: the same in staging with the granted credential
            call: { tool: http.request, input: { method: POST, url: "https://backboard.railway.app/op/volumeDelete/irreversible/v2", credential: railway-staging } }
            expect: { decision: requireApproval, class: irreversible, environment: staging, threshold: 1, obligations: ["inject-secret:railway-staging"] }
          - name: a volume in both
            call: { tool: http.request, input: { method: POST, url: "https://backboard.railway.app/op/volumeDelete/irreversible/v3" } }
            expect: { decision: deny, environment: production }
          - name: a read of the workspace
            call: { tool: file.read, input: { path: README.md } }
            expect: { decision: permit, class: read }
          - name: a shell command
            call: { tool: shell, input: { command: npm test } }
            expect: { decision: permit, environment: none }
        """

    private static func suite(_ files: [String: String] = [:]) -> FixtureSuite {
        let known = [
            "agentkit.yaml": PolicySample.full,
            "state.json":
                "{\"volumes\":{\"v1\":[\"env-9c01\"],\"v2\":[\"env-7f3a\"],\"v3\":[\"env-7f3a\",\"env-9c01\"]}}",
        ]
        let all = known.merging(files) { _, new in new }
        return FixtureSuite(
            catalogue: SampleCatalogue(),
            readFile: { path, _ in
                guard let text = all[path] else { throw StateError(.notFound, "no such file") }
                return text
            },
            makeResolver: { provider, state in
                provider.name == "railway" ? StateResolver(provider, state: state) : nil
            })
    }

    @Test("Cases that hold pass, and rules that none reached are named")
    func passes() async throws {
        let report = await Self.suite().run([try FixtureFile.read(Self.cases, file: "fixtures.yaml")])
        #expect(report.isPassed, "\(report.text)")
        #expect(report.results.count == 5)
        #expect(report.unreachedRules.map(\.id) == ["packages", "apis", "never-force-push"])
        #expect(report.text.contains("5 passed, 0 failed, 3 of 6 rules not reached"))
    }

    @Test("A case that doesn't hold says what was expected, what came, and why")
    func fails() async throws {
        let text = """
            policy: agentkit.yaml
            cases:
              - name: wrong & <odd>
                call: { tool: file.read, input: { path: /etc/passwd } }
                expect: { decision: permit, class: irreversible, reasons: [rule.nothing] }
            """
        let report = await Self.suite().run([try FixtureFile.read(text, file: "fixtures.yaml")])
        #expect(!report.isPassed)
        #expect(report.results.first?.differences.map(\.field) == ["decision", "class", "reasons"])
        #expect(report.text.contains("fixtures.yaml:3:5: FAILED wrong & <odd>"))
        #expect(report.text.contains("  - decision: permit\n  + decision: deny"))
        #expect(report.junit.contains("name=\"wrong &amp; &lt;odd&gt;\""))
        #expect(report.junit.contains("failures=\"1\""))
    }

    @Test(
        "A suite that can't run fails",
        arguments: [
            "policy: missing.yaml\ncases: [{ name: a, call: { tool: sql, input: { statement: x } }, expect: { decision: deny } }]",
            "policy: agentkit.yaml\nproviders: { railwai: state.json }\ncases: [{ name: a, call: { tool: sql, input: { statement: x } }, expect: { decision: deny } }]",
            "policy: agentkit.yaml\nproviders: { railway: agentkit.yaml }\ncases: [{ name: a, call: { tool: sql, input: { statement: x } }, expect: { decision: deny } }]",
        ])
    func cannotRun(_ text: String) async throws {
        let report = await Self.suite().run([try FixtureFile.read(text, file: "fixtures.yaml")])
        #expect(!report.isPassed)
        #expect(report.problems.count == 1)
        #expect(report.junit.contains("errors=\"1\""))
    }

    @Test("No case at all is no success")
    func empty() async {
        #expect(await !Self.suite().run([]).isPassed)
    }

    @Test(
        "A fixture is read as strictly as a policy",
        arguments: [
            ("policy: p\ncases: []", "list.empty"), ("cases: [{ name: a }]", "key.missing"),
            ("policy: p\ncase: []", "key.unknown"),
            (
                "policy: p\ncases: [{ name: a, call: { tool: shel, input: {} }, expect: { decision: deny } }]",
                "value.invalid"
            ),
            (
                "policy: p\ncases: [{ name: a, call: { tool: shell, input: {} }, expect: { decision: maybe } }]",
                "value.invalid"
            ),
        ])
    func strict(_ text: String, _ id: String) {
        let error = #expect(throws: PolicyError.self) { try FixtureFile.read(text, file: "f.yaml") }
        #expect(error?.problems.contains { $0.id == id } == true)
    }

    @Test(
        "A state answers in its short shape and in a provider's own, and leaves the rest unproven",
        arguments: [
            (#"{"volume":{"v":["env-7f3a"]}}"#, ["staging"]), (#"{"volumes":{"v":"env-9c01"}}"#, ["production"]),
            (#"{"volume":{"v":["env-7f3a","env-9c01"]}}"#, ["staging", "production"]),
            (#"{"volume":{"v":["env-none"]}}"#, ["unproven"]), (#"{"volume":{}}"#, ["unproven"]), ("[]", ["unproven"]),
            (#"{"projects":[{"volumes":[{"id":"v","volumeInstances":[{"environmentId":"env-7f3a"}]}]}]}"#, ["staging"]),
            (
                #"{"volumeInstances":[{"volumeId":"v","environmentId":"env-7f3a"},{"volumeId":"v","environmentId":"env-9c01"}]}"#,
                ["staging", "production"]
            ),
            (#"{"volumeInstances":[{"volumeId":"w","environmentId":"env-7f3a"}]}"#, ["unproven"]),
        ])
    func state(_ text: String, _ labels: [String]) async throws {
        let policy = try PolicySample.compiled()
        guard case .provider(let inventory)? = policy.inventory.providers["railway"]?.subject else { return }
        let resolver = StateResolver(inventory, state: try JSONValue.parse(text))
        let query = ResourceQuery(provider: "railway", type: "volume", id: "v")
        let targets = await resolver.resolve([query], environments: policy.environments)
        let found = targets.map { target in
            if case .unproven = target.proof { "unproven" } else { target.environment.name }
        }
        #expect(found == labels)
    }
}
