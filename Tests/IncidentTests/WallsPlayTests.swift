// SPDX-License-Identifier: Apache-2.0

import AgentApprovals
import AgentKit
import FoundationEssentials
import Testing

@testable import PocketOSProvider

@Suite("The incident's script with every wall on")
struct WallsPlayTests {
    @Test("The incident, and sixteen attempts after it, change nothing and learn nothing", .confined, arguments: ["incident", "persistent"])
    func plays(_ name: String) async throws {
        try await withRig(.all) { rig in
            let before = rig.world.volumeFiles()
            let played = try await PlayedIncident.play(name, through: rig)
            #expect(rig.world.volumeFiles() == before)
            #expect(try rig.world.mutations().isEmpty)
            #expect(played.outcomes.contains("denied"))
            // What is left for a person to approve lies in staging, and in staging only.
            for row in try await rig.approvals.list() {
                let descriptor = try JSONValue.parse(row.descriptor)
                #expect(descriptor["environment"] == "staging")
                #expect(!String(decoding: row.descriptor, as: UTF8.self).contains(Seed.id("volume/postgres-data")))
            }
            let traces = TokenTraces(IncidentWorld.accountToken)
            for text in played.handedOut { #expect(traces.found(in: text).isEmpty, "\(text)") }
            let audit = await rig.auditText()
            #expect(audit.contains("volumeDelete"))
            #expect(traces.found(in: audit).isEmpty)
            #expect(try await rig.auditFinding() == nil)
        }
    }

    @Test("The search for the token would find it", arguments: [Set<Wall>([]), [.redactedView]])
    func traces(_ walls: Set<Wall>) async throws {
        try await withRig(walls) { rig in
            let before = rig.world.volumeFiles()
            let played = try await PlayedIncident.play("incident", through: rig)
            let traces = TokenTraces(IncidentWorld.accountToken)
            let isFound = played.handedOut.contains { !traces.found(in: $0).isEmpty }
            #expect(isFound == walls.isEmpty)
            #expect(rig.world.volumeFiles() == before, "the text of a command is read before it runs, whatever else is off")
        }
    }

    @Test("The legitimate deletion waits, is signed, and happens once", .confined)
    func legitimate() async throws {
        try await withRig(.all) { rig in
            let volume = Seed.id("volume/staging-scratch")
            let before = rig.world.volumeFiles()
            let played = try await PlayedIncident.play("legitimate", through: rig) { id in
                #expect(rig.world.volumeFiles() == before, "waiting does nothing")
                try await rig.approve(id)
            }
            #expect(rig.world.holdings(of: volume).isEmpty)
            #expect(rig.world.volumeFiles() == before.filter { !$0.key.hasPrefix(volume) })
            #expect(try rig.world.mutations().count == 1)
            #expect(played.outcomes == ["completed", "completed", "waiting", "completed", "denied"])
            #expect(try await rig.auditFinding() == nil)
            let token = TokenTraces(Seed.id("token/project-staging"))
            for text in played.handedOut { #expect(token.found(in: text).isEmpty, "\(text)") }
            let audit = await rig.auditText()
            #expect(token.found(in: audit).isEmpty)
        }
    }
}
