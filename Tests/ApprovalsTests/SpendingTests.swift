// SPDX-License-Identifier: Apache-2.0
#if SQLite
import AgentApprovals
import AgentAudit
import AgentCore
import AgentStore
import Testing

@Suite("However many try, one spends")
struct SpendingTests {
    @Test("Two connections redeem at once for 200 rounds, and exactly one wins each")
    func racesConnections() async throws {
        try await withTemporaryFolder { folder in
            let one = try SQLiteStore(directory: folder + "/state", synchronisation: .uncheckedOff)
            let two = try SQLiteStore(directory: folder + "/state", synchronisation: .uncheckedOff)
            let desk = try await Desk(one)
            let rival = try await Self.service(desk, over: two)
            var wins = 0
            for round in 0..<200 {
                let act = Desk.Act(volume: "vol-\(round)")
                let id = try await desk.approved(act)
                let described = try act.describe(desk.time.clock).act
                let intent = AuditRecord(.intent, session: act.session.id, body: ["round": .integer(Int64(round))])
                async let first = desk.service.redeem(
                    id, act: described, policy: act.policy, session: act.session, intent: intent)
                async let second = rival.redeem(
                    id, act: described, policy: act.policy, session: act.session, intent: intent)
                let codes = try await [first.code, second.code].sorted()
                #expect(codes == ["approval.replayed", "redeemed"])
                wins += codes.count { $0 == "redeemed" }
            }
            #expect(wins == 200)
            let report = try await AuditVerifier(key: desk.journal.publicKey).verify(two, files: desk.files)
            #expect(report.finding == nil)
            #expect(report.last == 600)
        }
    }

    @Test("Thirty-two tasks redeem at once in memory, and exactly one wins")
    func racesTasks() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        let codes = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<32 { group.addTask { try await desk.redeem(id).code } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == "redeemed" } == 1)
        #expect(codes.count { $0 == "approval.replayed" } == 31)
    }

    @Test("Where the intent can't be recorded nothing is spent, and nothing may happen")
    func failsTogether() async throws {
        try await withTemporaryFolder { folder in
            let desk = try await Desk(try SQLiteStore(directory: folder + "/state"))
            let id = try await desk.approved()
            let huge = AuditRecord(
                .intent, session: Desk.session.id, body: ["x": .string(String(repeating: "x", count: 300_000))])
            let act = try Desk.Act().describe(desk.time.clock).act
            await #expect(throws: StateError.self) {
                try await desk.service.redeem(id, act: act, policy: Desk.policy, session: Desk.session, intent: huge)
            }
            #expect(try await desk.redeem(id).code == "redeemed")
        }
    }

    @Test("Where the head can't be kept the approval is spent, and the caller gets an error instead of a permission")
    func spendsWithoutHead() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        await desk.files.overwrite("audit-head", nil)
        await #expect(throws: StateError.self) { try await desk.redeem(id) }
        #expect(try await desk.redeem(id).code == "approval.replayed")
    }

    @Test("A database restored from before the redemption is noticed by the head kept elsewhere")
    func noticesRestoredState() async throws {
        let before = MemoryStore()
        let desk = try await Desk(before)
        let id = try await desk.approved()
        // What a restore brings back: the same rows, without what came after.
        let copy = MemoryStore()
        for entry in await before.entries(from: 1, limit: 100) { await copy.restore(entry) }
        #expect(try await desk.redeem(id).code == "redeemed")
        let report = try await AuditVerifier(key: desk.journal.publicKey).verify(copy, files: desk.files)
        #expect(report.finding?.kind == .truncated)
        #expect(report.finding?.sequence == 3)
        await #expect(throws: StateError.self) {
            try await AuditJournal(storage: copy, files: desk.files, clock: desk.time.clock)
        }
    }

    private static func service(_ desk: Desk, over storage: SQLiteStore) async throws -> ApprovalService {
        let journal = try await AuditJournal(
            storage: storage, files: desk.files, clock: desk.time.clock,
            limits: AuditLimits(entriesPerMinute: 1_000_000))
        return ApprovalService(
            storage: storage, journal: journal, clock: desk.time.clock,
            signers: { () throws(StateError) in try desk.signersFile.read() },
            recoverySigners: { _ throws(StateError) in try AllowedSigners("") })
    }
}
#endif
