// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct HelpTests {
    static let commands: [[String]] = [
        [], ["exec"], ["call"], ["decide"], ["init"], ["undo"], ["stop"], ["grants"], ["doctor"], ["session"], ["recovery"], ["serve"],
        ["mcp"], ["gateway"], ["hook"], ["policy"], ["policy", "check"], ["policy", "test"], ["policy", "explain"], ["policy", "diff"],
        ["policy", "schema"], ["secrets"], ["secrets", "scan"], ["secrets", "redact"], ["secrets", "add"], ["secrets", "list"],
        ["secrets", "remove"], ["secrets", "probe"], ["approvals"], ["approvals", "list"], ["approvals", "show"],
        ["approvals", "export"], ["approvals", "approve"], ["approvals", "refuse"], ["approvals", "cancel"], ["approvals", "verify"],
        ["approvals", "keygen"], ["audit"], ["audit", "tail"], ["audit", "show"], ["audit", "verify"], ["audit", "prove"],
        ["audit", "export"], ["audit", "checkpoint"], ["audit", "witness"],
    ]

    @Test("--help works on everything", arguments: commands)
    func help(_ command: [String]) async throws {
        try await withBed { bed in
            let outcome = try await bed.run(command + ["--help"])
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("USAGE: agentkit"))
        }
    }

    @Test(
        "What isn't there says so in one sentence, and ends in 64",
        arguments: [
            ["session", "list"], ["session", "exec", "1", "--", "true"], ["recovery", "attest"], ["serve"], ["serve", "--listen", "127.0.0.1:1"],
            ["mcp"], ["gateway", "--", "true"], ["hook", "codex"], ["stop", "--all"], ["grants", "list"], ["secrets", "probe"],
            ["audit", "checkpoint"], ["audit", "witness"],
        ])
    func notThere(_ command: [String]) async throws {
        try await withBed { bed in
            let outcome = try await bed.run(command)
            #expect(outcome.status == 64)
            #expect(outcome.output.isEmpty)
            #expect(outcome.error.contains("not available in this version"))
            #expect(outcome.error.split(separator: "\n").count == 1)
        }
    }

    @Test("Wrong usage ends in 64", arguments: [["no-such-command"], ["exec", "--nope"], ["policy", "check"], ["call"], ["audit", "show", "x"]])
    func usage(_ command: [String]) async throws {
        try await withBed { bed in
            let outcome = try await bed.run(command)
            #expect(outcome.status == 64)
            #expect(!outcome.error.isEmpty)
        }
    }

    @Test("Without a terminal nothing is coloured")
    func plain() async throws {
        try await withBed { bed in
            for command in [["doctor"], ["approvals", "list", "--all"], ["--help"]] {
                for variables in [[:], ["NO_COLOR": "1"], ["TERM": "xterm-256color"]] {
                    let outcome = try await bed.run(command, environment: variables)
                    #expect(!(outcome.output + outcome.error).contains("\u{1B}"))
                }
            }
        }
    }

    @Test("doctor finds out by doing it; with --json for machines")
    func doctor() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("doctor", "--json")
            let layers = outcome.json["layers"]?.arrayValue ?? []
            #expect(!layers.isEmpty)
            #expect((outcome.status == 0) == layers.allSatisfy { $0["enforced"] == true })
            for layer in layers where layer["enforced"] == false { #expect(layer["remedy"]?.stringValue?.isEmpty == false) }
        }
    }
}
