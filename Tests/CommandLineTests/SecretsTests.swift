// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct SecretsTests {
    private static let token = "ghp_9fK2mQ7xVb4TzR8sLw1YcN6dHj3PgA0eUo5I"

    @Test("scan names file, line and rule, prints no value, and ends in 1")
    func scan() async throws {
        try await withBed { bed in
            try bed.write("config/deploy.env", "NAME=shop\nGITHUB_TOKEN=\(Self.token)\n")
            let outcome = try await bed.agentkit("secrets", "scan", ".", "--json")
            #expect(outcome.status == 1, "\(outcome.error)")
            let findings = outcome.json["findings"]?.arrayValue ?? []
            #expect(findings.contains { $0["path"]?.stringValue?.hasSuffix("config/deploy.env") == true && $0["line"] == 2 })
            let table = try await bed.agentkit("secrets", "scan", ".")
            #expect(table.output.contains("deploy.env:2:"))
            #expect(!(outcome.output + outcome.error + table.output + table.error).contains(Self.token))
        }
    }

    @Test("scan of a clean folder ends in 0, and of nothing in 64")
    func clean() async throws {
        try await withBed { bed in
            #expect(try await bed.agentkit("secrets", "scan", ".").status == 0)
            #expect(try await bed.agentkit("secrets", "scan").status == 64)
            #expect(try await bed.agentkit("secrets", "scan", "no-such-folder").status == 64)
        }
    }

    @Test("--jsonl answers each line in order with byte offsets in UTF-8")
    func lines() async throws {
        try await withBed { bed in
            let text = "é token=\(Self.token) end"
            let input = """
                {"id":1,"text":"nothing here"}
                {"id":2,"text":"\(text)"}
                not json
                {"id":"x","text":""}

                """
            let outcome = try await bed.agentkit("secrets", "scan", "--jsonl", input: input)
            let answers = outcome.lines.map { (try? JSONValue.parse(Array($0.utf8))) ?? .null }
            #expect(answers.count == 4)
            #expect(answers[0]["id"] == 1 && answers[0]["findings"]?.arrayValue?.isEmpty == true)
            let finding = try #require(answers[1]["findings"]?.arrayValue?.first)
            let start = Int(finding["start"]?.integerValue ?? -1)
            let end = Int(finding["end"]?.integerValue ?? -1)
            let bytes = Array(text.utf8)
            #expect(start >= 0 && end <= bytes.count && start < end)
            #expect(String(decoding: bytes[max(0, start)..<max(0, end)], as: UTF8.self) == Self.token)
            #expect(answers[3]["id"] == "x")
            #expect(!outcome.output.contains(Self.token))
        }
    }

    @Test("redact passes everything on but the secret")
    func redact() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("secrets", "redact", input: "before \(Self.token) after\n")
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix("before ") && outcome.output.hasSuffix(" after\n"))
            #expect(!outcome.output.contains(Self.token))
        }
    }

    @Test("The vault's file keeps values encrypted: added, listed by name, replaced, removed")
    func vault() async throws {
        try await withBed { bed in
            let passphrase = try bed.write("\(bed.root)/passphrase", "correct horse battery staple 42\n", mode: 0o600)
            let environment = ["AGENTKIT_VAULT_PASSPHRASE_FILE": passphrase]
            func secrets(_ arguments: String..., input: String? = nil) async throws -> Program.Outcome {
                try await bed.run(["secrets"] + arguments, input: input, environment: environment)
            }
            let added = try await secrets("add", "railway", "--stdin", input: "the-value-of-it\n")
            #expect(added.status == 0, "\(added.error)")
            #expect(try await secrets("list").lines == ["railway"])
            #expect(try await secrets("add", "railway", "--stdin", input: "another").status != 0)
            #expect(try await secrets("add", "railway", "--replace", "--stdin", input: "another").status == 0)
            let file = try await bed.shell("grep -r -e the-value-of-it -e another \(bed.state)")
            #expect(file.status == 1, "a value stands in the state folder in plain text")
            #expect(try await secrets("add", "x").status == 64)
            #expect(try await secrets("add", "x", "--from-find", "1").status == 64)
            #expect(try await secrets("remove", "railway").status == 0)
            #expect(try await secrets("list").lines.isEmpty)
            #expect(try await secrets("remove", "railway").status != 0)
        }
    }

    @Test("Without a passphrase the vault says what to set, and nothing is written")
    func noPassphrase() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("secrets", "add", "x", "--stdin", input: "the-value-of-it")
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("AGENTKIT_VAULT_PASSPHRASE_FILE"))
            #expect(!outcome.error.contains("the-value-of-it"))
        }
    }
}
