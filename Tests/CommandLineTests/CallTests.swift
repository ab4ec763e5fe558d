// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct CallTests {
    @Test("A call prints decision, effects, enforcement and result as one JSON object")
    func shape() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("call", "--tool", "file.read", "--input", #"{"path":"README.md"}"#)
            #expect(outcome.status == 0, "\(outcome.error)")
            let json = outcome.json
            #expect(json["decision"]?["decision"] == "permit")
            #expect(json["effects"]?.arrayValue?.isEmpty == false)
            #expect(json["enforcement"]?["tier"] == "full")
            #expect(json["result"]?.serialized().contains("a workspace") == true)
            #expect(outcome.lines.count == 1)
        }
    }

    @Test("The input may come from standard input")
    func standardInput() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("call", "--tool", "shell", "--input", "-", input: #"{"command":"echo out; exit 7"}"#)
            #expect(outcome.status == 7, "\(outcome.error)")
            #expect(outcome.json["result"]?["stdout"] == "out\n")
            #expect(outcome.json["result"]?["exitCode"] == 7)
        }
    }

    @Test("What is denied has no result, and 126", arguments: ["http.request", "graphql"])
    func denied(_ tool: String) async throws {
        try await withBed { bed in
            let input = #"{"url":"https://example.com/","method":"GET"}"#
            let query = #"{"url":"https://example.com/","query":"{ me { id } }"}"#
            let outcome = try await bed.agentkit("call", "--tool", tool, "--input", tool == "graphql" ? query : input)
            #expect(outcome.status == 126, "\(outcome.error)")
            #expect(outcome.json["decision"]?["decision"] == "deny")
            #expect(outcome.json["result"] == .null)
        }
    }

    @Test("What makes no sense is wrong usage", arguments: [["no.such", "{}"], ["file.read", "not json"], ["file.read", "{}"], ["shell", "{}"]])
    func invalid(_ call: [String]) async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit("call", "--tool", call[0], "--input", call[1])
            #expect(outcome.status == 64, "\(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test("A call's changes are dropped unless told otherwise")
    func commit() async throws {
        try await withBed { bed in
            let call = ["call", "--tool", "file.write", "--input", #"{"path":"x.txt","content":"x"}"#]
            let first = try await bed.run(call)
            #expect(first.status == 0, "\(first.error)")
            #expect(bed.read("x.txt") == nil)
            let second = try await bed.run(call + ["--commit"])
            #expect(second.status == 0, "\(second.error)")
            #expect(bed.read("x.txt") == "x")
            #expect(second.json["commit"]?["committed"]?.arrayValue?.count == 1)
        }
    }

    @Test("A path outside the workspace is not read")
    func outside() async throws {
        try await withBed { bed in
            try bed.write("\(bed.root)/outside.txt", "not for agents")
            for path in ["../outside.txt", "\(bed.root)/outside.txt"] {
                let outcome = try await bed.agentkit("call", "--tool", "file.read", "--input", #"{"path":"\#(path)"}"#)
                #expect(outcome.status != 0)
                #expect(!outcome.output.contains("not for agents"))
            }
        }
    }
}
