// SPDX-License-Identifier: Apache-2.0
import AgentAudit
import AgentCore
import Synchronization

/// A clock that moves only when a test moves it.
final class TestClock: Sendable {
    private let milliseconds = Mutex(Int64(0))

    var clock: StateClock {
        StateClock { [self] in
            milliseconds.withLock {
                Moment(wall: Timestamp(milliseconds: 1_777_110_060_000 + $0), sinceBoot: 1_000_000 + $0, boot: "boot")
            }
        }
    }
    func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
}

/// A log in memory, with what an attacker may lay hands on.
struct Ledger {
    let store = MemoryStore()
    let files = MemoryFiles()
    let time = TestClock()
    let free = FreeSpace()
    let journal: AuditJournal

    final class FreeSpace: Sendable {
        private let bytes = Mutex(Int64(1) << 40)
        func set(_ value: Int64) { bytes.withLock { $0 = value } }
        func get() -> Int64 { bytes.withLock { $0 } }
    }

    init(limits: AuditLimits = AuditLimits()) async throws {
        let free = free
        journal = try await AuditJournal(
            storage: store, files: files, clock: time.clock, limits: limits, freeBytes: { free.get() })
    }

    func fill(_ count: Int) async throws {
        for index in 0..<count {
            time.advance(seconds: 1)
            try await journal.append(AuditRecord(.intent, session: "s", body: ["index": .integer(Int64(index))]))
        }
    }

    func verify() async throws -> AuditReport {
        try await AuditVerifier(key: journal.publicKey).verify(store, files: files)
    }

    /// The furthest head as the files hold it.
    func head() async throws -> [UInt8]? {
        try await files.read("audit-head-latest", limitBytes: 4096)
    }

    /// Puts a head in place of all there are.
    func setHead(_ bytes: [UInt8]?) async {
        await files.overwrite("audit-head", bytes)
        await files.overwrite("audit-head-latest", nil)
    }
}

extension StoredEntry {
    /// The entry with some columns changed.
    func with(
        sequence: Int64? = nil, kind: String? = nil, session: String? = nil, time: Timestamp? = nil,
        payload: [UInt8]? = nil,
        previous: Digest? = nil, hash: Digest? = nil, signature: [UInt8]? = nil
    ) -> StoredEntry {
        StoredEntry(
            sequence: sequence ?? self.sequence, kind: kind ?? self.kind, session: session ?? self.session,
            time: time ?? self.time, payload: payload ?? self.payload, previous: previous ?? self.previous,
            hash: hash ?? self.hash,
            signature: signature ?? self.signature)
    }
}

extension Digest {
    /// The digest with one bit changed.
    var flipped: Digest { Digest([bytes[0] ^ 1] + bytes[1...]) ?? self }
}
