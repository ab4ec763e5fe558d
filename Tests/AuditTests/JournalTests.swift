// SPDX-License-Identifier: Apache-2.0
import AgentAudit
import AgentCore
import Testing

@Suite("The journal keeps what counts and can't be filled up")
struct JournalTests {
    static func denial(_ path: String, session: String = "s") -> AuditRecord {
        AuditRecord(.denial, session: session, body: ["path": .string(path)])
    }

    @Test("An entry says its kind, session, time and body, in canonical JSON")
    func writes() async throws {
        let ledger = try await Ledger()
        let receipt = try await ledger.journal.append(
            AuditRecord(.sessionOpened, session: "s", body: ["b": 1, "a": "x"]))
        let entry = try #require(await ledger.store.lastEntry())
        #expect(receipt == AuditReceipt(sequence: 1, head: entry.hash))
        #expect(
            String(decoding: entry.payload, as: UTF8.self)
                == "{\"body\":{\"a\":\"x\",\"b\":1},\"kind\":\"sessionOpened\",\"session\":\"s\","
                + "\"time\":\"2026-04-25T09:41:00.000Z\",\"version\":1}")
    }

    @Test("Equal denials of a session are counted: written at 10, 100, …, and at its end")
    func countsDenials() async throws {
        let ledger = try await Ledger()
        let first = try await ledger.journal.append(Self.denial("/etc/shadow"))
        for _ in 2...123 { #expect(try await ledger.journal.append(Self.denial("/etc/shadow")) == first) }
        try await ledger.journal.append(Self.denial("/etc/shadow", session: "t"))
        try await ledger.journal.append(AuditRecord(.sessionClosed, session: "s", body: [:]))
        let bodies = try await ledger.store.entries(from: 1, limit: 100).map { try JSONValue.parse($0.payload)["body"] }
        #expect(
            bodies == [
                ["path": "/etc/shadow"], ["repeats": 1, "times": 10], ["repeats": 1, "times": 100],
                ["path": "/etc/shadow"],
                ["repeats": 1, "times": 123], [:],
            ])
        #expect(try await ledger.verify().finding == nil)
    }

    @Test(
        "A session that floods gets a typed error, from then on, while others and endings go on",
        arguments: [AuditLimits(entriesPerMinute: 20), AuditLimits(denialsPerMinute: 20)])
    func endsFloods(_ limits: AuditLimits) async throws {
        let ledger = try await Ledger(limits: limits)
        for index in 0..<20 { try await ledger.journal.append(Self.denial("\(index)")) }
        for kind in [AuditRecord.Kind.denial, .intent, .failure, .approvalRequested] {
            let error = await #expect(throws: StateError.self) {
                try await ledger.journal.append(AuditRecord(kind, session: "s", body: "new"))
            }
            #expect(error?.code == .flood)
        }
        ledger.time.advance(seconds: 3600)
        await #expect(throws: StateError.self) { try await ledger.journal.append(Self.denial("later")) }
        try await ledger.journal.append(Self.denial("0", session: "t"))
        try await ledger.journal.append(AuditRecord(.outcome, session: "s", body: [:]))
        try await ledger.journal.append(AuditRecord(.sessionClosed, session: "s", body: [:]))
        #expect(try await ledger.verify().last == 23)
    }

    @Test("A session below the limit never floods, however long it goes on")
    func toleratesSteadyWork() async throws {
        let ledger = try await Ledger(limits: AuditLimits(entriesPerMinute: 60))
        for index in 0..<300 {
            ledger.time.advance(seconds: 2)
            try await ledger.journal.append(AuditRecord(.intent, session: "s", body: .integer(Int64(index))))
        }
    }

    struct Room: Sendable, CustomTestStringConvertible {
        let free: Int64
        let kind: AuditRecord.Kind
        let isTaken: Bool
        var testDescription: String { "\(kind) with \(free) bytes free" }
    }

    @Test(
        "As the disk fills denials stop first, then whatever would begin; what ends or reports never",
        arguments: [
            Room(free: 1000, kind: .denial, isTaken: true), Room(free: 999, kind: .denial, isTaken: false),
            Room(free: 999, kind: .approvalRequested, isTaken: false), Room(free: 100, kind: .intent, isTaken: true),
            Room(free: 99, kind: .intent, isTaken: false), Room(free: 99, kind: .sessionOpened, isTaken: false),
            Room(free: 99, kind: .commit, isTaken: false), Room(free: 0, kind: .outcome, isTaken: true),
            Room(free: 0, kind: .sessionClosed, isTaken: true), Room(free: 0, kind: .revocation, isTaken: true),
        ])
    func keepsAReserve(_ room: Room) async throws {
        let ledger = try await Ledger(limits: AuditLimits(reserveBytes: 1000, finalReserveBytes: 100))
        ledger.free.set(room.free)
        let record = AuditRecord(room.kind, session: "s", body: [:])
        if room.isTaken {
            try await ledger.journal.append(record)
        } else {
            let error = await #expect(throws: StateError.self) { try await ledger.journal.append(record) }
            #expect(error?.code == .full)
        }
    }

    @Test("A record without a canonical form, or a giant one, is refused")
    func refusesRecords() async throws {
        let ledger = try await Ledger()
        for body in [JSONValue.number("1.5"), .string(String(repeating: "x", count: 300_000))] {
            let error = await #expect(throws: StateError.self) {
                try await ledger.journal.append(AuditRecord(.intent, session: "s", body: body))
            }
            #expect(error?.code == .invalid)
        }
        #expect(try await ledger.verify().last == 0)
    }

    @Test("Two journals over one log and one head take turns, and the head never goes back")
    func sharesALog() async throws {
        let ledger = try await Ledger()
        let other = try await AuditJournal(storage: ledger.store, files: ledger.files, clock: ledger.time.clock)
        #expect(other.publicKey == ledger.journal.publicKey)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, journal) in [ledger.journal, other].enumerated() {
                group.addTask {
                    for _ in 0..<50 { try await journal.append(AuditRecord(.intent, session: "\(index)", body: [:])) }
                }
            }
            try await group.waitForAll()
        }
        let report = try await ledger.verify()
        #expect(report.finding == nil)
        #expect(report.last == 100)
        #expect(report.unwitnessed == 0)
    }
}
