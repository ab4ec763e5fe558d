// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct ExecTests {
    struct CodeCase: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let code: Int32
        var policy: String?
        var testDescription: String { "\(code): \(arguments.joined(separator: " "))" }

        static let all = [
            CodeCase(arguments: ["exec", "--", "/bin/sh", "-c", "exit 0"], code: 0),
            CodeCase(arguments: ["exec", "--", "/bin/sh", "-c", "exit 42"], code: 42),
            CodeCase(arguments: ["exec", "--", "/bin/sh", "-c", "kill -9 $$"], code: 137),
            CodeCase(arguments: ["exec", "--", "no-such-program"], code: 127),
            CodeCase(arguments: ["exec"], code: 64),
            CodeCase(arguments: ["exec", "--no-such-option", "--", "true"], code: 64),
            CodeCase(arguments: ["exec", "--timeout", "soon", "--", "true"], code: 64),
            CodeCase(arguments: ["exec", "--environment", "production", "--", "true"], code: 64, policy: Bed.policy),
            CodeCase(arguments: ["exec", "--workspace", "/no/such/folder", "--", "true"], code: 64),
            CodeCase(arguments: ["exec", "--policy", "/no/such/policy.yaml", "--", "true"], code: 125),
            CodeCase(arguments: ["exec", "--state", "state-inside", "--", "true"], code: 125),
            CodeCase(arguments: ["exec", "--", "/opt/evil"], code: 126, policy: Bed.policy),
            CodeCase(arguments: ["exec", "--report", "/no/such/folder/report.json", "--", "true"], code: 70),
            CodeCase(arguments: ["exec", "--timeout", "200ms", "--", "sleep", "30"], code: 124),
        ]
    }

    @Test("The exit code says what happened", arguments: CodeCase.all)
    func exitCode(_ scenario: CodeCase) async throws {
        try await withBed { bed in
            if let policy = scenario.policy { try bed.writePolicy(policy) }
            let outcome = try await Program.run(
                Program.path(), scenario.arguments, in: bed.workspace,
                environment: ["HOME": bed.root, "PATH": "/usr/bin:/bin", "AGENTKIT_STATE": bed.state])
            #expect(outcome.status == scenario.code, "\(outcome.error)")
            #expect(outcome.output.isEmpty)
            if scenario.code >= 64, scenario.code != 137 { #expect(!outcome.error.isEmpty) }
        }
    }

    @Test("The three streams pass through")
    func streams() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit(
                "exec", "--discard", "--", "/bin/sh", "-c", "cat; echo to-error >&2", input: "from the caller\n")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output == "from the caller\n")
            #expect(outcome.error == "to-error\n")
        }
    }

    @Test("A closed standard input is an empty one")
    func closedInput() async throws {
        try await withBed { bed in
            let outcome = try await bed.shell("\"$AGENTKIT\" exec --discard -- cat <&-")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test("Fifty megabytes pass through whole, and are not kept in memory")
    func largeOutput() async throws {
        try await withBed { bed in
            let megabytes = 50
            let report = "\(bed.root)/report.json"
            let outcome = try await bed.shell(
                "ulimit -v unlimited; \"$AGENTKIT\" exec --discard --report '\(report)' -- head -c \(megabytes << 20) /dev/zero | wc -c")
            #expect(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines) == "\(megabytes << 20)", "\(outcome.error)")
            #expect(try bed.json(report)["result"]?["outputBytes"] == .integer(Int64(megabytes << 20)))
        }
    }

    @Test("A reader that goes away ends the program")
    func brokenPipe() async throws {
        try await withBed { bed in
            let outcome = try await bed.shell("timeout 20 \"$AGENTKIT\" exec --discard -- yes | head -n 1")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output == "y\n")
        }
    }

    @Test("The report names decision, effects, enforcement and result")
    func report() async throws {
        try await withBed { bed in
            let path = "\(bed.root)/report.json"
            let outcome = try await bed.agentkit("exec", "--report", path, "--", "/bin/sh", "-c", "exit 3")
            #expect(outcome.status == 3, "\(outcome.error)")
            let report = try bed.json(path)
            #expect(report["decision"]?["decision"] == "permit")
            #expect(report["effects"]?.arrayValue?.count == 1)
            #expect(report["enforcement"]?["tier"] == "full")
            #expect(report["result"]?["exitCode"] == 3)
            #expect(report["approval"] == nil)
        }
    }

    @Test("A denial's report tells why, and has no result")
    func deniedReport() async throws {
        try await withBed { bed in
            try bed.writePolicy()
            let path = "\(bed.root)/report.json"
            let outcome = try await bed.agentkit("exec", "--report", path, "--", "/opt/evil")
            #expect(outcome.status == 126)
            let report = try bed.json(path)
            #expect(report["decision"]?["decision"] == "deny")
            #expect(report["decision"]?["reasons"]?.arrayValue?.isEmpty == false)
            #expect(report["result"] == .null)
        }
    }

    @Test("No secret reaches a stream, the report or the audit")
    func secrets() async throws {
        try await withBed { bed in
            let value = "sk-live-q7Zt93LmXv02BnKp81RsYw46"
            try bed.writePolicy(
                Bed.policy + """
                    secrets:
                      deploy: { from: { env: DEPLOY_TOKEN }, environment: staging, use: [{ hosts: [api.example.com], place: "Authorization: Bearer {}" }], expose: { env: DEPLOY_TOKEN } }

                    """)
            try bed.write("leak.txt", "token=\(value)\n")
            let path = "\(bed.root)/report.json"
            let outcome = try await bed.agentkit(
                "exec", "--discard", "--report", path, "--", "/bin/sh", "-c",
                "echo \(value); echo \(value) >&2; cat leak.txt; env; for c in sk-live-q7Zt93LmXv02 BnKp81RsYw46; do printf %s $c; sleep 0.2; done",
                environment: ["DEPLOY_TOKEN": value])
            #expect(outcome.status == 0, "\(outcome.error)")
            let everything = outcome.output + outcome.error + (bed.read(path) ?? "")
            #expect(!everything.contains(value))
            let audit = try await bed.agentkit("audit", "export")
            #expect(audit.status == 0)
            #expect(audit.output.contains("intent"))
            #expect(!audit.output.contains(value))
        }
    }

    @Test("The host's environment is not the program's")
    func environment() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("exec", "--discard", "--", "env", environment: ["HOST_ONLY": "marker-of-the-host"])
            #expect(outcome.status == 0)
            #expect(!outcome.output.contains("marker-of-the-host"))
        }
    }
}
