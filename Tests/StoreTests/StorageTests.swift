// SPDX-License-Identifier: Apache-2.0
import AgentCore
import AgentStore
import Testing

/// Every storage keeps the same promises.
enum StorageKind: String, CaseIterable, CustomTestStringConvertible {
    case memory
    #if SQLite
    case sqlite
    #endif

    var testDescription: String { rawValue }

    func run(_ body: (any StateStorage) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        #if SQLite
        case .sqlite: try await withTemporaryFolder { try await body(try SQLiteStore(directory: $0 + "/state")) }
        #endif
        }
    }
}

@Suite("Every storage keeps the promises of the port")
struct StorageTests {
    static let anything: @Sendable (StoredApproval) -> Bool = { _ in true }

    @Test("Entries come back as they went in, in order", arguments: StorageKind.allCases)
    func keepsEntries(_ kind: StorageKind) async throws {
        try await kind.run { store in
            #expect(try await store.lastEntry() == nil)
            for number in 1...5 {
                #expect(
                    try await store.append(Rows.draft())
                        == AuditReceipt(sequence: Int64(number), head: Rows.digest(number)))
            }
            let entries = try await store.entries(from: 2, limit: 3)
            #expect(entries.map(\.sequence) == [2, 3, 4])
            #expect(entries.map(\.previous) == [1, 2, 3].map(Rows.digest))
            #expect(try await store.lastEntry()?.hash == Rows.digest(5))
            #expect(try await store.entries(from: 6, limit: 3).isEmpty)
        }
    }

    @Test("A seal that fails leaves neither entry nor change", arguments: StorageKind.allCases)
    func isAtomic(_ kind: StorageKind) async throws {
        try await kind.run { store in
            let broken = EntryDraft(kind: "x", session: "s", time: Rows.moment().wall, payload: []) {
                _, _, _ throws(StateError) in
                throw StateError(.full, "no room")
            }
            await #expect(throws: StateError.self) { try await store.append(broken) }
            await #expect(throws: StateError.self) {
                try await store.file(Rows.approval(1), pendingLimit: 5, usable: Self.anything, broken)
            }
            #expect(try await store.approval("a1") == nil)
            _ = try await store.file(Rows.approval(1), pendingLimit: 5, usable: Self.anything, Rows.draft())
            await #expect(throws: StateError.self) {
                try await store.sign(Rows.signature(1), completes: { _ in true }, broken)
            }
            #expect(try await store.signatures(of: "a1").isEmpty)
            let (approved, _) = try await store.sign(Rows.signature(1), completes: { _ in true }, Rows.draft())
            await #expect(throws: StateError.self) { try await store.spend(approved, allowed: Self.anything, broken) }
            #expect(try await store.approval("a1") == approved)
            await #expect(throws: StateError.self) {
                try await store.settle("a1", from: [.approved], to: .cancelled, answer: nil, broken)
            }
            #expect(try await store.approval("a1")?.state == .approved)
            #expect(try await store.lastEntry()?.sequence == 2)
        }
    }

    @Test("A request is filed, joined, signed, spent, and spent once", arguments: StorageKind.allCases)
    func keepsApprovals(_ kind: StorageKind) async throws {
        try await kind.run { store in
            let row = Rows.approval(1)
            #expect(
                try await store.file(row, pendingLimit: 2, usable: Self.anything, Rows.draft())
                    == .filed(row, AuditReceipt(sequence: 1, head: Rows.digest(1))))
            #expect(
                try await store.file(Rows.approval(2, act: 1), pendingLimit: 2, usable: Self.anything, Rows.draft())
                    == .joined(row))
            let (unready, _) = try await store.sign(Rows.signature(1), completes: { $0.count == 2 }, Rows.draft())
            #expect(unready == row)
            await #expect(throws: StateError.self) {
                try await store.sign(Rows.signature(1), completes: { _ in true }, Rows.draft())
            }
            #expect(try await store.spend(row, allowed: Self.anything, Rows.draft()) == .conflict(row))
            let (approved, _) = try await store.sign(
                Rows.signature(1, key: "l"), completes: { $0.count == 2 }, Rows.draft())
            #expect(approved.approvedAt == Rows.moment(1))
            #expect(try await store.signatures(of: "a1").map(\.fingerprint) == ["k", "l"])
            #expect(try await store.approval("a1") == approved)
            #expect(try await store.spend(row, allowed: Self.anything, Rows.draft()) == .conflict(approved))
            #expect(try await store.spend(approved, allowed: { _ in false }, Rows.draft()) == .conflict(approved))
            #expect(try await store.lastEntry()?.sequence == 3)
            #expect(
                try await store.spend(approved, allowed: Self.anything, Rows.draft("intent"))
                    == .spent(AuditReceipt(sequence: 4, head: Rows.digest(4))))
            guard case .conflict(let spent) = try await store.spend(approved, allowed: Self.anything, Rows.draft())
            else {
                Issue.record("spent twice")
                return
            }
            #expect(spent.state == .spent)
            #expect(
                try await store.settle("a1", from: [.pending, .approved], to: .cancelled, answer: nil, Rows.draft())
                    .receipt == nil)
        }
    }

    @Test("Pending requests are counted per session, overdue ones expire", arguments: StorageKind.allCases)
    func limitsPending(_ kind: StorageKind) async throws {
        try await kind.run { store in
            for number in 1...2 {
                _ = try await store.file(Rows.approval(number), pendingLimit: 2, usable: Self.anything, Rows.draft())
            }
            await #expect(throws: StateError.self) {
                try await store.file(Rows.approval(3), pendingLimit: 2, usable: Self.anything, Rows.draft())
            }
            _ = try await store.file(
                Rows.approval(4, session: "t"), pendingLimit: 2, usable: Self.anything, Rows.draft())
            let late = StoredApproval(
                id: "a5", session: "s", descriptor: [1], digest: Rows.digest(5), act: Rows.digest(5), state: .pending,
                requestedAt: Rows.moment(1000), pendingMilliseconds: 1000)
            _ = try await store.file(late, pendingLimit: 2, usable: Self.anything, Rows.draft())
            #expect(try await store.approvals(session: "s", limit: 10).map(\.state) == [.pending, .expired, .expired])
            #expect(try await store.approvals(session: nil, limit: 10).count == 4)
            await #expect(throws: StateError.self) {
                try await store.sign(Rows.signature(4, at: Rows.moment(1000)), completes: { _ in true }, Rows.draft())
            }
            await #expect(throws: StateError.self) {
                try await store.sign(Rows.signature(1), completes: { _ in true }, Rows.draft())
            }
        }
    }

    @Test("A grant ends with its parent, its session, its time, or with all others", arguments: StorageKind.allCases)
    func revokes(_ kind: StorageKind) async throws {
        try await kind.run { store in
            let now = Rows.moment().wall
            func grant(_ id: String, _ parent: String? = nil, session: String = "s", until: Timestamp? = nil)
                -> StoredGrant
            {
                StoredGrant(id: id, parent: parent, session: session, principal: "p", body: [1], expiresAt: until)
            }
            for row in [
                grant("a"), grant("b", "a"), grant("c", "b"), grant("d"), grant("e", session: "t"),
                grant("f", until: Rows.moment(10).wall),
            ] {
                _ = try await store.addGrant(row, Rows.draft())
            }
            await #expect(throws: StateError.self) { try await store.addGrant(grant("a"), Rows.draft()) }
            await #expect(throws: StateError.self) { try await store.addGrant(grant("x", "nobody"), Rows.draft()) }
            #expect(try await store.grants(at: now).map(\.id) == ["a", "b", "c", "d", "e", "f"])
            #expect(try await store.grants(at: Rows.moment(10).wall).map(\.id) == ["a", "b", "c", "d", "e"])
            #expect(try await store.isInForce("nobody", at: now) == false)
            #expect(try await store.revoke(.grant("b"), at: now, Rows.draft()) == 2)
            #expect(try await store.isInForce("c", at: now) == false)
            #expect(try await store.isInForce("a", at: now))
            await #expect(throws: StateError.self) { try await store.addGrant(grant("y", "b"), Rows.draft()) }
            #expect(try await store.revoke(.session("t"), at: now, Rows.draft()) == 1)
            #expect(try await store.revoke(.everything, at: now, Rows.draft()) == 3)
            #expect(try await store.grants(at: now).isEmpty)
        }
    }

    @Test("Statements come back by resource, the newest first", arguments: StorageKind.allCases)
    func keepsStatements(_ kind: StorageKind) async throws {
        try await kind.run { store in
            for number: UInt8 in 1...3 {
                try await store.addAttestation(
                    StoredAttestation(
                        resource: number == 2 ? "other" : "r", envelope: [number], receivedAt: Rows.moment().wall))
            }
            #expect(try await store.attestations(resource: "r").map(\.envelope) == [[3], [1]])
            #expect(try await store.attestations(resource: "none").isEmpty)
        }
    }

    #if SQLite
    @Test("Two connections spend each of 1000 approvals exactly once between them")
    func spendsOnceAcrossConnections() async throws {
        try await withTemporaryFolder { folder in
            let one = try SQLiteStore(directory: folder + "/state", synchronisation: .uncheckedOff)
            let two = try SQLiteStore(directory: folder + "/state", synchronisation: .uncheckedOff)
            var wins = [0, 0]
            for number in 0..<1000 {
                _ = try await one.file(Rows.approval(number), pendingLimit: 5, usable: Self.anything, Rows.draft())
                let (row, _) = try await two.sign(Rows.signature(number), completes: { _ in true }, Rows.draft())
                async let first = one.spend(row, allowed: Self.anything, Rows.draft())
                async let second = two.spend(row, allowed: Self.anything, Rows.draft())
                for (index, outcome) in try await [first, second].enumerated() {
                    if case .spent = outcome { wins[index] += 1 }
                }
                #expect(wins[0] + wins[1] == number + 1)
            }
            #expect(try await one.lastEntry()?.sequence == 3000)
        }
    }
    #endif
}
