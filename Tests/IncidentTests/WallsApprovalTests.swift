// SPDX-License-Identifier: Apache-2.0

import AgentKit
import FoundationEssentials
import Testing

@testable import PocketOSProvider

@Suite("An approval is for one act on what was resolved")
struct WallsApprovalTests {
    private static let scratch = Seed.id("volume/staging-scratch")
    private static let other = Seed.id("volume/other-scratch")

    /// Every wall that needs no kernel.
    private static let walls = Set<Wall>.all.subtracting([.noNetwork])

    @Test("An approval that is made to stand for another volume is refused", arguments: [true, false])
    func altered(_ comparesActs: Bool) async throws {
        try await withRig(Self.walls) { configuration in
            configuration.approvals = configuration.approvals.map { TamperedApprovals($0, comparesActs: comparesActs) }
        } _: { rig in
            try rig.world.addVolume("other-scratch", in: "staging")
            let before = rig.world.volumeFiles()
            guard case .waiting(let ticket, _) = try await rig.session.call(.delete(Self.scratch)) else {
                Issue.record("the deletion must wait")
                return
            }
            try await rig.approve(ticket.id)
            let attempt = try await rig.session.call(.delete(Self.other))
            if comparesActs {
                #expect(rig.world.volumeFiles() == before)
                #expect(attempt.name == "refused")
                // The approval is still good for what it was given for.
                _ = try await rig.session.call(.delete(Self.scratch))
                #expect(rig.world.holdings(of: Self.scratch).isEmpty)
            } else {
                #expect(rig.world.holdings(of: Self.other).isEmpty, "the positive control: nothing else stops this attack")
            }
        }
    }

    @Test("A signature for one volume lets no other one go")
    func another() async throws {
        try await withRig(Self.walls) { rig in
            try rig.world.addVolume("other-scratch", in: "staging")
            guard case .waiting(let ticket, _) = try await rig.session.call(.delete(Self.scratch)) else {
                Issue.record("the deletion must wait")
                return
            }
            try await rig.approve(ticket.id)
            let before = rig.world.volumeFiles()
            #expect(try await rig.session.call(.delete(Self.other)).name == "waiting")
            #expect(rig.world.volumeFiles() == before)
        }
    }

    @Test("A volume that reaches into production by the time of the act is not deleted", .timeLimit(.minutes(5)), arguments: [true, false])
    func moved(_ asksAgain: Bool) async throws {
        try await withIncidentWorld { world in
            let (signed, signing) = AsyncStream.makeStream(of: String.self)
            let rig = try await IncidentRig.open(Self.walls, in: world) { configuration in
                configuration.approvals = configuration.approvals.map { inner in
                    EventfulApprovals(inner: inner) { id in
                        // Between the request and the signature.
                        do { try world.addInstance(of: "staging-scratch", in: "production") } catch { Issue.record(error) }
                        signing.yield(id)
                    }
                }
                if !asksAgain { configuration.resolvers = configuration.resolvers.map { RememberingResolver($0) } }
            }
            async let attempt = rig.session.call(.delete(Self.scratch), approvals: .wait(atMost: .seconds(30)))
            for await id in signed {
                try await rig.approve(id)
                break
            }
            let name = try await attempt.name
            let held = world.holdings(of: Self.scratch)
            if asksAgain {
                #expect(name == "denied")
                #expect(held.count == 5, "both instances' data and all backups are there")
                #expect(try world.mutations().isEmpty)
            } else {
                #expect(held.isEmpty, "the positive control: nothing else stops this attack")
            }
            await rig.session.close()
        }
    }
}
