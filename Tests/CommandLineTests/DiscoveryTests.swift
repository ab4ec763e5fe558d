// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct DiscoveryTests {
    /// A policy that denies reading, so that one can tell it from all others.
    private static func policy(_ id: String) -> String {
        """
        version: 1
        session: { run_as: 65534 }
        rules:
          - { id: \(id), deny: file.read, paths: ["**"] }

        """
    }

    private static let question = #"{"id":1,"tool":"file.read","input":{"path":"README.md"}}"#

    private func answer(_ bed: Bed, _ arguments: [String] = [], environment: [String: String] = [:]) async throws -> Program.Outcome {
        try await bed.run(["decide"] + arguments, input: Self.question + "\n", environment: environment)
    }

    @Test("--policy wins over AGENTKIT_POLICY, which wins over the parents, which win over the built-in default")
    func order() async throws {
        try await withBed { bed in
            #expect(try await answer(bed).json["decision"] == "permit")
            try bed.write("\(bed.root)/agentkit.yaml", Self.policy("from-parent"))
            #expect(try await answer(bed).output.contains("from-parent"))
            let second = try bed.write("\(bed.root)/other/second.yaml", Self.policy("from-variable"))
            #expect(try await answer(bed, environment: ["AGENTKIT_POLICY": second]).output.contains("from-variable"))
            let third = try bed.write("\(bed.root)/other/third.yaml", Self.policy("from-option"))
            let outcome = try await answer(bed, ["--policy", third], environment: ["AGENTKIT_POLICY": second])
            #expect(outcome.output.contains("from-option"))
        }
    }

    @Test("The nearest parent's policy binds, and none above the home folder")
    func parents() async throws {
        try await withBed { bed in
            let inner = "\(bed.root)/a/b/work"
            try bed.write("\(inner)/README.md", "x\n")
            try bed.write("\(bed.root)/agentkit.yaml", Self.policy("far"))
            let far = try await bed.run(["decide", "--workspace", inner], input: Self.question)
            #expect(far.output.contains("far"))
            try bed.write("\(bed.root)/a/agentkit.yaml", Self.policy("near"))
            let near = try await bed.run(["decide", "--workspace", inner], input: Self.question)
            #expect(near.output.contains("near"))
            let above = try await bed.run(
                ["decide", "--workspace", "\(bed.root)/a/b/work"], input: Self.question, environment: ["HOME": "\(bed.root)/a/b"])
            #expect(above.json["decision"] == "permit")
        }
    }

    @Test("A policy inside the workspace binds nothing, and is refused where it is named")
    func inside() async throws {
        try await withBed { bed in
            try bed.write("agentkit.yaml", Self.policy("inside"))
            #expect(try await answer(bed).json["decision"] == "permit")
            for named in [["--policy", "agentkit.yaml"], ["--policy", "\(bed.workspace)/agentkit.yaml"]] {
                let outcome = try await answer(bed, named)
                #expect(outcome.status == 125)
                #expect(outcome.error.contains("inside the workspace"))
            }
            let link = "\(bed.root)/link.yaml"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(bed.workspace)/agentkit.yaml")
            #expect(try await answer(bed, ["--policy", link]).status == 125)
        }
    }

    @Test("A found policy that others could change is refused", arguments: ["file", "folder", "owner"])
    func writable(_ what: String) async throws {
        try await withBed { bed in
            let inner = "\(bed.root)/a/work"
            try bed.write("\(inner)/README.md", "x\n")
            let path = try bed.write("\(bed.root)/a/agentkit.yaml", Self.policy("found"))
            let arguments = ["decide", "--workspace", inner]
            #expect(try await bed.run(arguments, input: Self.question).status == 0)
            let files = FileManager.default
            switch what {
            case "file": try files.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            case "folder": try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: "\(bed.root)/a")
            // Only root can give a file away; anyone else has no policy of another user to find.
            default: guard (try? files.setAttributes([.ownerAccountID: 12345], ofItemAtPath: path)) != nil else { return }
            }
            let outcome = try await bed.run(arguments, input: Self.question)
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("could be changed by others"))
        }
    }

    @Test("A policy with errors is refused with the place of each")
    func broken() async throws {
        try await withBed { bed in
            try bed.writePolicy("version: 1\nrulez: []\n")
            let outcome = try await answer(bed)
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("agentkit.yaml:2:1"))
        }
    }

    @Test("The built-in default reads, writes to its layer, and sends nothing")
    func builtIn() async throws {
        try await withBed { bed in
            let lines = """
                {"id":"read","tool":"file.read","input":{"path":"README.md"}}
                {"id":"write","tool":"file.write","input":{"path":"x"}}
                {"id":"send","tool":"http.request","input":{"method":"GET","url":"https://example.com/"}}

                """
            let outcome = try await bed.agentkit("decide", input: lines)
            let decisions = outcome.lines.compactMap { (try? JSONValue.parse(Array($0.utf8)))?["decision"]?.stringValue }
            #expect(decisions == ["permit", "permit", "deny"])
        }
    }

    @Test("The state folder is --state, else AGENTKIT_STATE, else below XDG_STATE_HOME")
    func state() async throws {
        try await withBed { bed in
            let xdg = "\(bed.root)/xdg"
            let run = ["exec", "--discard", "--", "true"]
            #expect(try await bed.run(run, environment: ["AGENTKIT_STATE": "", "XDG_STATE_HOME": xdg]).status == 0)
            #expect(FileManager.default.fileExists(atPath: "\(xdg)/agentkit"))
            #expect(try await bed.run(["exec", "--state", "\(bed.root)/named"] + run.dropFirst()).status == 0)
            #expect(FileManager.default.fileExists(atPath: "\(bed.root)/named"))
            #expect(!FileManager.default.fileExists(atPath: bed.state))
        }
    }
}
