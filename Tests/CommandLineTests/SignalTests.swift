// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Glibc
import Testing

@Suite struct SignalTests {
    /// Processes of the machine whose command line holds a text.
    private func processes(_ marker: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).contains(marker)
        }
    }

    private func mounts(_ marker: String) -> Bool {
        String(decoding: FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data(), as: UTF8.self).contains(marker)
    }

    /// Waits for a condition, at most ten seconds.
    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<200 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return condition()
    }

    private func tree(_ bed: Bed, _ marker: String) throws -> Running {
        try bed.start(
            "exec", "--discard", "--", "/bin/sh", "-c", "sh -c 'sleep 600; : \(marker)' & echo started; sleep 600; : \(marker)")
    }

    @Test("SIGTERM ends the program's tree, and the code is the program's")
    func terminate() async throws {
        try await withBed { bed in
            let marker = "marker-\(UUID().uuidString)"
            let running = try tree(bed, marker)
            #expect(try await eventually { running.output.contains("started") })
            #expect(!processes(marker).isEmpty)
            kill(running.processIdentifier, SIGTERM)
            let outcome = try await running.outcome()
            #expect(outcome.status == 143, "\(outcome.error)")
            #expect(processes(marker).isEmpty)
            #expect(!mounts(bed.workspace))
        }
    }

    @Test("A program that handles a signal decides its own code")
    func handled() async throws {
        try await withBed { bed in
            let running = try bed.start(
                "exec", "--discard", "--", "/bin/sh", "-c", "trap 'echo caught; exit 9' TERM; echo started; while :; do sleep 0.1; done")
            #expect(try await eventually { running.output.contains("started") })
            kill(running.processIdentifier, SIGTERM)
            let outcome = try await running.outcome()
            #expect(outcome.status == 9, "\(outcome.error)")
            #expect(outcome.output == "started\ncaught\n")
        }
    }

    @Test("SIGKILL of the runtime leaves no process and no mount")
    func killed() async throws {
        try await withBed { bed in
            let marker = "marker-\(UUID().uuidString)"
            let running = try tree(bed, marker)
            #expect(try await eventually { running.output.contains("started") })
            #expect(!processes(marker).isEmpty)
            kill(running.processIdentifier, SIGKILL)
            _ = try await running.outcome()
            #expect(try await eventually { processes(marker).isEmpty })
            #expect(!mounts(bed.workspace))
        }
    }
}
