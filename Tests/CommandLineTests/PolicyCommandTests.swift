// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct PolicyCommandTests {
    @Test("A good policy is called good")
    func good() async throws {
        try await withBed { bed in
            let path = try bed.writePolicy()
            let outcome = try await bed.agentkit("policy", "check", path)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let text: String
        let position: String
        let says: String
        var testDescription: String { says }

        static let all = [
            Broken(text: "version: 1\nrulez: []\n", position: "2:1", says: "rules"),
            Broken(text: "version: 1\nversion: 1\n", position: "2:1", says: "version"),
            Broken(text: "version: 9\n", position: "1:10", says: "9"),
            Broken(text: "version: 1\nsession: { environment: stagin }\nenvironments: [staging]\n", position: "2:25", says: "staging"),
            Broken(text: "version: 1\nrules: [\n", position: "", says: ""),
        ]
    }

    @Test("An error stands with file, line and column, and ends in 1", arguments: Broken.all)
    func broken(_ scenario: Broken) async throws {
        try await withBed { bed in
            let path = try bed.write("\(bed.root)/p.yaml", scenario.text)
            let outcome = try await bed.agentkit("policy", "check", path)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("\(path):\(scenario.position)"))
            #expect(outcome.output.contains(scenario.says))
            let json = try await bed.agentkit("policy", "check", path, "--json")
            #expect(json.status == 1)
            #expect(json.json.arrayValue?.first?["severity"] == "error")
        }
    }

    @Test("A file that isn't there is wrong usage")
    func missing() async throws {
        try await withBed { bed in
            #expect(try await bed.agentkit("policy", "check", "/no/such.yaml").status == 64)
            #expect(try await bed.agentkit("policy", "test", "/no/such").status == 64)
        }
    }

    @Test("Fixtures that pass end in 0, one that fails in 1 with what was expected and what came; both in JUnit")
    func fixtures() async throws {
        try await withBed { bed in
            try bed.writePolicy()
            func fixture(_ decision: String) -> String {
                """
                policy: agentkit.yaml
                cases:
                  - name: reading <a> file
                    call: { tool: file.read, input: { path: README.md } }
                    expect: { decision: \(decision) }

                """
            }
            let junit = "\(bed.root)/junit.xml"
            let path = try bed.write("\(bed.root)/agentkit.fixtures.yaml", fixture("permit"))
            let passed = try await bed.agentkit("policy", "test", path, "--junit", junit)
            #expect(passed.status == 0, "\(passed.output)\(passed.error)")
            #expect(bed.read(junit)?.contains("failures=\"0\"") == true)
            try bed.write(path, fixture("deny"))
            let failed = try await bed.agentkit("policy", "test", bed.root, "--junit", junit)
            #expect(failed.status == 1)
            #expect(failed.output.contains("deny") && failed.output.contains("permit"))
            #expect(bed.read(junit)?.contains("<failure") == true)
            #expect(bed.read(junit)?.contains("<a>") == false)
        }
    }

    @Test("init writes a policy whose fixtures pass, and overwrites nothing")
    func initial() async throws {
        try await withBed { bed in
            #expect(try await bed.agentkit("init").status == 0)
            let tested = try await bed.agentkit("policy", "test", "\(bed.root)/agentkit.fixtures.yaml")
            #expect(tested.status == 0, "\(tested.output)\(tested.error)")
            #expect(try await bed.agentkit("policy", "check", "\(bed.root)/agentkit.yaml").status == 0)
            #expect(try await bed.agentkit("init").status == 64)
            #expect(try await bed.agentkit("exec", "--discard", "--", "true").status == 0)
        }
    }

    @Test("explain tells clause by clause, also where no rule applies")
    func explain() async throws {
        try await withBed { bed in
            try bed.writePolicy(Bed.policy + "  - { id: no-force, deny: exec, argv: [git, push, { flag: --force }] }\n")
            let call = #"{"tool":"shell","input":{"argv":["git","push","--force"]}}"#
            let outcome = try await bed.agentkit("policy", "explain", call)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("decision: deny"))
            #expect(outcome.output.contains("`no-force` applies"))
            #expect(outcome.output.contains("argv holds"))
            let json = try await bed.agentkit("policy", "explain", "--json", call)
            #expect(json.json["rules"]?.arrayValue?.contains { $0["rule"] == "no-force" && $0["applies"] == true } == true)
        }
    }

    @Test("diff tells what widens and what narrows")
    func diff() async throws {
        try await withBed { bed in
            let old = try bed.write("\(bed.root)/old.yaml", Bed.policy)
            let new = try bed.write("\(bed.root)/new.yaml", Bed.policy + "  - { id: all-hosts, permit: http, hosts: [example.com] }\n")
            let wider = try await bed.agentkit("policy", "diff", old, new)
            #expect(wider.status == 0, "\(wider.error)")
            #expect(wider.output.contains("widens: new rule: permit http `all-hosts`"))
            #expect(try await bed.agentkit("policy", "diff", "--strict", old, new).status == 1)
            let narrower = try await bed.agentkit("policy", "diff", "--strict", "--json", new, old)
            #expect(narrower.status == 0)
            #expect(narrower.json["mayWiden"] == false)
            #expect(try await bed.agentkit("policy", "diff", old, old).output.contains("no change"))
        }
    }

    @Test("The schema is JSON")
    func schema() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("policy", "schema")
            #expect(outcome.status == 0)
            #expect(outcome.json["properties"]?["rules"] != nil)
        }
    }

    @Test("The example policies are good, and their fixtures pass")
    func examples() async throws {
        let sources = ProcessInfo.processInfo.environment["AGENTKIT_SOURCES"]
        let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = "\(sources ?? own.path)/Examples/Policies"
        try await withBed { bed in
            let tested = try await bed.agentkit("policy", "test", folder)
            #expect(tested.status == 0, "\(tested.output)\(tested.error)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            let policies = names.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".fixtures.yaml") }.map { "\(folder)/\($0)" }
            #expect(policies.count >= 3)
            let checked = try await bed.run(["policy", "check"] + policies)
            #expect(checked.status == 0, "\(checked.output)")
        }
    }
}
