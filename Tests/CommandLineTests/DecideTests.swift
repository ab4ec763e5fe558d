// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct DecideTests {
    @Test("Each line gets one answer, in order; a line that can't be read is denied")
    func order() async throws {
        try await withBed { bed in
            try bed.writePolicy()
            let lines = """
                {"id":"a","tool":"shell","input":{"command":"ls"}}
                not json
                {"id":3,"tool":"no.such.tool","input":{}}
                {"id":4,"tool":"shell","input":{"command":"ls","argv":["ls"]}}
                {"id":5,"tool":"file.read"}
                {"id":6,"tool":"file.read","input":{"path":"README.md"}}
                {"id":7,"tool":"sql","input":{"statement":"DROP TABLE users"}}
                {"id":8,"tool":"graphql","input":{"url":"https://backboard.railway.com/graphql/v2","query":"mutation { volumeDelete(volumeId: \\"v\\") }"}}
                {"id":9,"tool":"file.read","input":{"path":"README.md"}}
                """
            let outcome = try await bed.agentkit("decide", input: lines)
            #expect(outcome.status == 0, "\(outcome.error)")
            let answers = outcome.lines.map { (try? JSONValue.parse(Array($0.utf8))) ?? .null }
            #expect(answers.map { $0["id"] ?? .null } == ["a", .null, 3, 4, 5, 6, 7, 8, 9])
            let decisions = answers.map { $0["decision"]?.stringValue ?? "" }
            #expect(decisions == ["permit", "deny", "deny", "deny", "deny", "permit", "deny", "deny", "permit"])
            for answer in answers {
                for key in ["class", "environment", "reasons", "obligations"] { #expect(answer[key] != nil, "\(key) is missing") }
            }
            #expect(answers[7]["class"] == "irreversible")
        }
    }

    @Test("Twenty thousand lines are answered in order and quickly")
    func many() async throws {
        try await withBed { bed in
            try bed.writePolicy()
            let count = 20_000
            let lines = (0..<count).map { #"{"id":\#($0),"tool":"shell","input":{"command":"git status && ls -la src | head -\#($0)"}}"# }
            let clock = ContinuousClock()
            let started = clock.now
            let outcome = try await bed.agentkit("decide", input: lines.joined(separator: "\n"))
            #expect(started.duration(to: clock.now) < .seconds(120))
            #expect(outcome.lines.count == count)
            let last = try JSONValue.parse(Array((outcome.lines.last ?? "").utf8))
            #expect(last["id"] == .integer(Int64(count - 1)))
        }
    }

    @Test("--environment picks only what the policy lets a session select")
    func environment() async throws {
        try await withBed { bed in
            try bed.writePolicy(Bed.policy.replacingOccurrences(of: "run_as: 65534", with: "run_as: 65534, may_select: [staging, production]"))
            #expect(try await bed.agentkit("decide", "--environment", "production", input: "").status == 0)
            let outcome = try await bed.agentkit("decide", "--environment", "moon", input: "")
            #expect(outcome.status == 64)
            #expect(outcome.error.contains("may_select"))
        }
    }

    @Test("Deciding has no effect: no state is made")
    func pure() async throws {
        try await withBed { bed in
            _ = try await bed.agentkit("decide", input: #"{"id":1,"tool":"shell","input":{"command":"touch x"}}"#)
            #expect(!FileManager.default.fileExists(atPath: bed.state))
            #expect(bed.read("x") == nil)
        }
    }
}
