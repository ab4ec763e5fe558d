// SPDX-License-Identifier: Apache-2.0

import AgentKit
import FoundationEssentials
import Testing

@testable import PocketOSProvider

/// Each wall has an attack of its own. With every other wall off it fails; with this one off too it succeeds. What counts is what is left on
/// the provider's disk, and what arrived there.
@Suite("Each wall against the incident, alone")
struct WallsTests {
    private static let postgres = Seed.id("volume/postgres-data")

    /// Runs an attack with one wall only, then with none.
    private func assail(
        _ wall: Wall, _ volume: String, _ attack: @escaping @Sendable (IncidentRig) async throws -> Void
    ) async throws {
        for walls: Set<Wall> in [[wall], []] {
            try await withRig(walls) { rig in
                let before = rig.world.volumeFiles()
                #expect(!rig.world.holdings(of: volume).isEmpty)
                try await attack(rig)
                if walls.isEmpty {
                    #expect(rig.world.holdings(of: volume).isEmpty, "the positive control: nothing else stops this attack")
                    #expect(try rig.world.mutations().count == 1)
                } else {
                    #expect(rig.world.volumeFiles() == before)
                }
            }
        }
    }

    // MARK: Row 1

    @Test("The redacted view alone keeps a token unreadable, and so unusable", arguments: TokenReader.all)
    func redactedView(_ reader: TokenReader) async throws {
        try await assail(.redactedView, Self.postgres) { rig in
            // Without the wall the token is there to be copied; with it there is something in its place.
            let seen: String = try #require(try await reader.read(through: rig.session))
            _ = try await rig.session.call(.delete(Self.postgres, bearer: seen))
        }
    }

    @Test("In a pod the token is unreadable by any reader", .confined)
    func redactedViewInPod() async throws {
        for walls: Set<Wall> in [[.redactedView, .noNetwork], [.noNetwork]] {
            try await withRig(walls) { rig in
                for reader in TokenReader.all {
                    let isSeen = try await reader.read(through: rig.session) == IncidentWorld.accountToken
                    #expect(isSeen == !walls.contains(.redactedView), "\(reader)")
                }
            }
        }
    }

    // MARK: Row 2

    @Test("The refusal of literal credentials alone keeps a known token from leaving")
    func literalCredential() async throws {
        try await assail(.literalCredential, Self.postgres) { rig in
            let attempt = try await rig.session.call(.delete(Self.postgres, bearer: IncidentWorld.accountToken))
            guard case .denied(let decision) = attempt else { return }
            #expect(decision.reasons.contains { $0.id == "credential.literal" })
            // Not a byte of it left: what arrived are the resolver's own questions.
            #expect(try rig.world.mutations().isEmpty)
        }
    }

    // MARK: Row 4

    @Test("The session's label alone keeps a staging task out of production")
    func sessionLabel() async throws {
        try await assail(.sessionLabel, Self.postgres) { rig in
            let attempt = try await rig.session.call(.delete(Self.postgres, bearer: IncidentWorld.accountToken))
            guard case .denied(let decision) = attempt else { return }
            #expect(decision.reasons.contains { $0.id == "environment.mismatch" })
            #expect(try rig.world.mutations().isEmpty)
        }
    }

    // MARK: Row 5

    @Test("The blast radius alone keeps staging's credential from a volume that reaches into production")
    func blastRadius() async throws {
        try await assail(.blastRadius, Seed.id("volume/shared-cache")) { rig in
            _ = try await rig.session.call(.delete(Seed.id("volume/shared-cache")))
        }
    }

    // MARK: Row 6

    @Test("A pod's missing network alone keeps a program from the provider", .confined, arguments: RawRequest.all)
    func noNetwork(_ request: RawRequest) async throws {
        try await assail(.noNetwork, Self.postgres) { rig in
            let script = request.script(Self.postgres, port: rig.world.port)
            _ = try await rig.session.call(.write("scripts/reset.sh", script))
            let attempt = try await rig.session.call(.shell("sh scripts/reset.sh"))
            // A script that didn't run would prove nothing.
            guard case .completed(let result, _) = attempt else {
                Issue.record("the script must run: \(attempt)")
                return
            }
            #expect(result.text.contains("token \(IncidentWorld.accountToken.count)"))
            #expect(try rig.world.arrivals().count == rig.world.mutations().count)
        }
    }

    // MARK: Row 7

    @Test("The signed approval alone keeps a granted credential from what can't be undone")
    func signedApproval() async throws {
        let volume = Seed.id("volume/staging-scratch")
        try await assail(.signedApproval, volume) { rig in
            let attempt = try await rig.session.call(.delete(volume))
            guard case .waiting = attempt else { return }
            #expect(try rig.world.mutations().isEmpty)
        }
    }

    @Test("A pod's view and its missing network hold with every other wall off, and the session's way out still works", .confined)
    func pod() async throws {
        try await withRig([.noNetwork]) { rig in
            _ = try await rig.session.call(.delete(Self.postgres, bearer: IncidentWorld.accountToken))
            #expect(rig.world.holdings(of: Self.postgres).isEmpty, "the request tool isn't confined by the pod")
        }
    }
}
