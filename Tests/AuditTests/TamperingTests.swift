// SPDX-License-Identifier: Apache-2.0
import AgentAudit
import AgentCore
import Testing

@Suite("Whoever changes the log is noticed, at the first bad entry")
struct TamperingTests {
    static let count = 8

    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Changes the log at the entry with this index.
        let change: @Sendable (inout [StoredEntry], Int) -> Void
        /// Where the damage begins, as an offset from the entry's place.
        var offset: Int64 = 0
        /// Places at which the attack changes nothing.
        var skipsLast = false
        let kind: AuditFinding.Kind
    }

    static let attacks = [
        Attack(
            testDescription: "content flipped",
            change: { $0[$1] = $0[$1].with(payload: $0[$1].payload.dropLast(2) + [0x20, 0x7D]) }, kind: .altered),
        Attack(
            testDescription: "hash flipped", change: { $0[$1] = $0[$1].with(hash: $0[$1].hash.flipped) }, kind: .altered
        ),
        Attack(
            testDescription: "predecessor flipped", change: { $0[$1] = $0[$1].with(previous: $0[$1].previous.flipped) },
            kind: .altered),
        Attack(
            testDescription: "signature flipped",
            change: { $0[$1] = $0[$1].with(signature: [$0[$1].signature[0] ^ 1] + $0[$1].signature[1...]) },
            kind: .forged),
        Attack(
            testDescription: "kind column changed", change: { $0[$1] = $0[$1].with(kind: "denial") }, kind: .altered),
        Attack(
            testDescription: "session column changed", change: { $0[$1] = $0[$1].with(session: "t") }, kind: .altered),
        Attack(
            testDescription: "time column changed", change: { $0[$1] = $0[$1].with(time: Timestamp(milliseconds: 0)) },
            kind: .altered),
        Attack(testDescription: "dropped", change: { $0.remove(at: $1) }, skipsLast: true, kind: .missing),
        Attack(
            testDescription: "dropped, the rest renumbered",
            change: { log, index in
                log.remove(at: index)
                for later in index..<log.count { log[later] = log[later].with(sequence: log[later].sequence - 1) }
            }, skipsLast: true, kind: .altered),
        Attack(
            testDescription: "swapped with the next",
            change: { log, index in
                let sequence = log[index].sequence
                log.swapAt(index, index + 1)
                log[index] = log[index].with(sequence: sequence)
                log[index + 1] = log[index + 1].with(sequence: sequence + 1)
            }, skipsLast: true, kind: .altered),
        Attack(
            testDescription: "replaced by another",
            change: { log, index in
                log[index] = log[(index + 1) % log.count].with(sequence: log[index].sequence)
            }, kind: .altered),
        Attack(testDescription: "cut from here on", change: { $0.removeSubrange($1...) }, kind: .truncated),
        Attack(
            testDescription: "doubled",
            change: { log, index in
                log.insert(log[index].with(sequence: log[index].sequence + 1), at: index + 1)
                for later in (index + 2)..<log.count { log[later] = log[later].with(sequence: log[later].sequence + 1) }
            }, offset: 1, kind: .altered),
    ]

    @Test("An untouched log verifies")
    func verifies() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(Self.count)
        let report = try await ledger.verify()
        #expect(report.finding == nil)
        #expect(report.last == Int64(Self.count))
        #expect(report.unwitnessed == 0)
    }

    @Test("Each attack at each place is found there", arguments: attacks)
    func finds(_ attack: Attack) async throws {
        for index in 0..<(attack.skipsLast ? Self.count - 1 : Self.count) {
            let ledger = try await Ledger()
            try await ledger.fill(Self.count)
            await ledger.store.tamper { attack.change(&$0, index) }
            let report = try await ledger.verify()
            #expect(report.finding?.kind == attack.kind)
            #expect(report.finding?.sequence == Int64(index) + 1 + attack.offset)
            #expect(report.last == Int64(index) + attack.offset)
        }
    }

    @Test("Entries of someone who lacks the log's key are refused, at the end and in place of all")
    func refusesForgedEntries() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(3)
        let forger = try await Ledger()
        try await forger.fill(5)
        let forged = await forger.store.entries(from: 1, limit: 10)
        // The whole log in place of the real one.
        await ledger.store.tamper { $0 = forged }
        #expect(try await ledger.verify().finding?.kind == .forged)
        #expect(try await ledger.verify().finding?.sequence == 1)

        // A well-chained continuation of the real one: the forger has the entries, but not the key.
        let victim = try await Ledger()
        try await victim.fill(3)
        let accomplice = try await Ledger()
        for entry in await victim.store.entries(from: 1, limit: 10) { await accomplice.store.restore(entry) }
        let draft = try accomplice.journal.draft(AuditRecord(.intent, session: "s", body: [:]))
        _ = try await accomplice.store.append(draft)
        let added = try #require(await accomplice.store.lastEntry())
        await victim.store.restore(added)
        let report = try await victim.verify()
        #expect(report.finding?.kind == .forged)
        #expect(report.finding?.sequence == 4)
    }

    @Test("With the forger's key instead of the log's the same log would verify: the key is what makes the difference")
    func verifiesUnderTheForgersKey() async throws {
        let forger = try await Ledger()
        try await forger.fill(5)
        let report = try await AuditVerifier(key: forger.journal.publicKey).verify(forger.store, files: forger.files)
        #expect(report.finding == nil)
    }

    @Test("A head that is missing, damaged, or signed by someone else is a finding, and stops the journal")
    func needsTheHead() async throws {
        let other = try await Ledger()
        try await other.fill(2)
        for bytes in [nil, Array("{}".utf8), try await other.head()] {
            let ledger = try await Ledger()
            try await ledger.fill(2)
            await ledger.setHead(bytes)
            #expect(try await ledger.verify().finding?.kind == .head)
            let receipt = AuditReceipt(sequence: 2, head: try #require(await ledger.store.lastEntry()).hash)
            await #expect(throws: StateError.self) { try await ledger.journal.committed(receipt) }
            await #expect(throws: StateError.self) {
                try await AuditJournal(storage: ledger.store, files: ledger.files, clock: ledger.time.clock)
            }
        }
    }

    @Test("An older head is not tampering: the log has gone on since, and says by how much")
    func toleratesAnOlderHead() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(2)
        let old = try await ledger.head()
        try await ledger.fill(3)
        await ledger.setHead(old)
        let report = try await ledger.verify()
        #expect(report.finding == nil)
        #expect(report.unwitnessed == 3)
        _ = try await AuditJournal(storage: ledger.store, files: ledger.files, clock: ledger.time.clock)
        #expect(try await ledger.verify().unwitnessed == 0)
    }

    @Test(
        "A crash that leaves nothing of the head that isn't forced to the disk isn't taken for tampering",
        arguments: [[], [0x7B]])
    func survivesAHalfWrittenHead(_ rest: [UInt8]) async throws {
        let ledger = try await Ledger()
        try await ledger.fill(70)
        await ledger.files.overwrite("audit-head-latest", rest)
        #expect(try await ledger.verify().finding == nil)
        #expect(try await ledger.verify().unwitnessed == 6)
        try await ledger.fill(1)
        #expect(try await ledger.verify().unwitnessed == 0)
    }

    @Test("A witness's head shows what the log's own head, cut back along with it, doesn't")
    func asksWitnesses() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(2)
        let old = try await ledger.head()
        try await ledger.fill(3)
        let witness = try await ledger.journal.head()
        await ledger.setHead(old)
        await ledger.store.tamper { $0.removeLast(3) }
        #expect(try await ledger.verify().finding == nil)
        let verifier = AuditVerifier(key: ledger.journal.publicKey)
        let report = try await verifier.verify(ledger.store, files: ledger.files, witnesses: [witness])
        #expect(report.finding?.kind == .truncated)
        #expect(report.finding?.sequence == 3)
        let stranger = try await Ledger().journal.head()
        let foreign = try await verifier.verify(ledger.store, files: ledger.files, witnesses: [stranger])
        #expect(foreign.finding?.kind == .head)
    }

    @Test("A journal whose log was cut and written anew beneath it stops at once")
    func noticesARestoreWhileOpen() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(64)
        await ledger.store.tamper { $0.removeLast() }
        await #expect(throws: StateError.self) { try await ledger.fill(1) }
    }

    @Test(
        "What the head can't show: entries behind a head that lags can be cut, down to the head"
    )
    func statesItsLimits() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(2)
        let old = try await ledger.head()
        try await ledger.fill(3)
        await ledger.setHead(old)
        await ledger.store.tamper { $0.removeLast() }
        #expect(try await ledger.verify().finding == nil)
        await ledger.store.tamper { $0.removeLast(2) }
        #expect(try await ledger.verify().finding == nil)
        await ledger.store.tamper { $0.removeLast() }
        #expect(try await ledger.verify().finding?.kind == .truncated)
    }

    @Test("Without its key, or with an empty database under a head that isn't, the journal doesn't open")
    func refusesToBeginAnew() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(2)
        await #expect(throws: StateError.self) {
            try await AuditJournal(storage: MemoryStore(), files: ledger.files, clock: ledger.time.clock)
        }
        await ledger.files.overwrite("audit-key", nil)
        await #expect(throws: StateError.self) {
            try await AuditJournal(storage: ledger.store, files: ledger.files, clock: ledger.time.clock)
        }
        await #expect(throws: StateError.self) {
            try await AuditJournal(storage: MemoryStore(), files: ledger.files, clock: ledger.time.clock)
        }
    }
}
