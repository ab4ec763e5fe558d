// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct WorkspaceTests {
    private static let script = "echo new > added.txt; echo changed > README.md; rm old.txt"

    @Test("--commit is the default of exec, and undo takes it back")
    func commit() async throws {
        try await withBed { bed in
            try bed.write("old.txt", "old\n")
            let outcome = try await bed.agentkit("exec", "--", "/bin/sh", "-c", Self.script)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(bed.read("added.txt") == "new\n")
            #expect(bed.read("README.md") == "changed\n")
            #expect(bed.read("old.txt") == nil)
            let undo = try await bed.agentkit("undo")
            #expect(undo.status == 0, "\(undo.error)")
            #expect(bed.read("added.txt") == nil)
            #expect(bed.read("README.md") == "a workspace\n")
            #expect(bed.read("old.txt") == "old\n")
        }
    }

    @Test("Undo touches nothing where the workspace changed since")
    func undoConflict() async throws {
        try await withBed { bed in
            try bed.write("old.txt", "old\n")
            _ = try await bed.agentkit("exec", "--", "/bin/sh", "-c", Self.script)
            try bed.write("README.md", "a person's work\n")
            let undo = try await bed.agentkit("undo")
            #expect(undo.status == 1)
            #expect(undo.error.contains("README.md"))
            #expect(bed.read("README.md") == "a person's work\n")
            #expect(bed.read("added.txt") == "new\n")
        }
    }

    @Test("Undo without a commit is wrong usage")
    func nothingToUndo() async throws {
        try await withBed { bed in #expect(try await bed.agentkit("undo").status == 64) }
    }

    @Test("--discard and --diff leave the workspace alone", arguments: ["--discard", "--diff"])
    func dropped(_ option: String) async throws {
        try await withBed { bed in
            try bed.write("old.txt", "old\n")
            let outcome = try await bed.agentkit("exec", option, "--", "/bin/sh", "-c", Self.script)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(bed.read("added.txt") == nil)
            #expect(bed.read("README.md") == "a workspace\n")
            #expect(bed.read("old.txt") == "old\n")
            #expect(outcome.error.contains("+changed") == (option == "--diff"))
        }
    }

    @Test("What binds the agent or runs elsewhere unseen is not committed, the rest is")
    func protectedNames() async throws {
        try await withBed { bed in
            let outcome = try await bed.agentkit(
                "exec", "--", "/bin/sh", "-c", "echo x > agentkit.yaml; mkdir -p .git/hooks; echo x > .git/hooks/pre-commit; echo fine > fine.txt")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(bed.read("fine.txt") == "fine\n")
            #expect(bed.read("agentkit.yaml") == nil)
            #expect(bed.read(".git/hooks/pre-commit") == nil)
            #expect(outcome.error.contains("not committed: agentkit.yaml"))
        }
    }

    private static func deletes(_ approvals: String) -> String {
        Bed.policy.replacingOccurrences(of: "run_as: 65534", with: "run_as: 65534, limits: { deletes: 2 }") + approvals
    }

    private static func fill(_ bed: Bed) throws {
        for number in 1...3 { try bed.write("data/\(number).txt", "\(number)\n") }
    }

    @Test("A commit that deletes as many files as the limit needs nobody")
    func fewDeletes() async throws {
        try await withBed { bed in
            try bed.writePolicy(Self.deletes(""))
            try Self.fill(bed)
            let outcome = try await bed.agentkit("exec", "--", "rm", "data/1.txt", "data/2.txt")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(bed.read("data/1.txt") == nil)
        }
    }

    @Test("A commit that deletes more than the limit is denied where nobody may approve it")
    func deniedDeletes() async throws {
        try await withBed { bed in
            try bed.writePolicy(Self.deletes(""))
            try Self.fill(bed)
            let outcome = try await bed.agentkit("exec", "--", "/bin/sh", "-c", "rm data/*.txt")
            #expect(outcome.status == 126, "\(outcome.error)")
            #expect(outcome.error.contains("limits.deletes"))
            #expect(bed.read("data/1.txt") == "1\n")
        }
    }

    @Test(
        "A commit that deletes more than the limit waits for an approval, and goes on with it",
        arguments: ["class: irreversible, environments: [staging]", "class: reversible, operations: [workspace.deletesMany]"])
    func approvedDeletes(_ demand: String) async throws {
        try await withBed { bed in
            try bed.writePolicy(Self.deletes("approvals: { signers: allowed_signers, require: [{ \(demand), threshold: 1 }] }\n"))
            try await Approver.make(in: bed)
            try Self.fill(bed)
            let command = ["exec", "--report", "\(bed.root)/report.json", "--", "/bin/sh", "-c", "rm data/*.txt"]
            let first = try await bed.run(command)
            #expect(first.status == 75, "\(first.error)")
            #expect(bed.read("data/1.txt") == "1\n")
            let id = try #require(try bed.json("\(bed.root)/report.json")["approval"]?.stringValue)
            try await Approver.approve(id, in: bed)
            let second = try await bed.run(["exec", "--resume", id] + command.dropFirst())
            #expect(second.status == 0, "\(second.error)")
            #expect(bed.read("data/1.txt") == nil)
        }
    }
}
