// SPDX-License-Identifier: Apache-2.0
#if SQLite
import AgentAudit
import AgentCore
import AgentStore
import Foundation
import Testing

@Suite("What was promised survives a crash")
struct CrashTests {
    @Test("A writer is killed while it writes: the log verifies, holds everything it was told is durable, and goes on")
    func survivesKill() async throws {
        try await withTemporaryFolder { folder in
            for round in 1...3 {
                await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, round = round as Int] in
                    let store = try SQLiteStore(directory: folder + "/state")
                    let files = try PrivateDirectory(folder + "/keys")
                    let journal = try await AuditJournal(storage: store, files: files, clock: .system)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for writer in 0..<4 {
                            group.addTask {
                                for index in 0..<1000 {
                                    let receipt = try await journal.append(
                                        AuditRecord(.intent, session: "\(round)-\(writer)-\(index)", body: [:]))
                                    try await files.update("told-\(writer)", limitBytes: 100, durable: false) { _ in
                                        Array(String(receipt.sequence).utf8)
                                    }
                                    if writer == 0 && index == 40 * round { kill(getpid(), SIGKILL) }
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                let store = try SQLiteStore(directory: folder + "/state")
                let files = try PrivateDirectory(folder + "/keys")
                let journal = try await AuditJournal(storage: store, files: files, clock: .system)
                let report = try await AuditVerifier(key: journal.publicKey).verify(store, files: files)
                #expect(report.finding == nil)
                for writer in 0..<4 {
                    let told = try await files.read("told-\(writer)", limitBytes: 100).map {
                        String(decoding: $0, as: UTF8.self)
                    }
                    #expect(report.last >= Int64(told ?? "0") ?? .max)
                }
                try await journal.append(AuditRecord(.intent, session: "after", body: [:]))
            }
        }
    }

    @Test("Two processes spend 1000 approvals at once, and each is spent exactly once")
    func spendsOnceAcrossProcesses() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(directory: folder + "/state", synchronisation: .uncheckedOff)
            for number in 0..<1000 {
                let row = Rows.approval(number, session: "s\(number)")
                _ = try await store.file(row, pendingLimit: 5, usable: { _ in true }, Rows.draft())
                _ = try await store.sign(Rows.signature(number), completes: { _ in true }, Rows.draft())
            }
            async let one: Void = Self.spendAll(folder, "one")
            async let two: Void = Self.spendAll(folder, "two")
            _ = await (one, two)
            let files = try PrivateDirectory(folder + "/wins")
            let wins = try await [files.read("one", limitBytes: 10), files.read("two", limitBytes: 10)].map {
                Int(String(decoding: $0 ?? [], as: UTF8.self)) ?? -1
            }
            #expect(wins.reduce(0, +) == 1000)
            #expect(try await store.lastEntry()?.sequence == 3000)
            #expect(try await store.approvals(session: nil, limit: 2000).allSatisfy { $0.state == .spent })
        }
    }

    private static func spendAll(_ folder: String, _ name: String) async {
        await #expect(processExitsWith: .success) { [folder = folder as String, name = name as String] in
            let store = try SQLiteStore(directory: folder + "/state", synchronisation: .uncheckedOff)
            var wins = 0
            for number in 0..<1000 {
                guard let row = try await store.approval("a\(number)") else { continue }
                if case .spent = try await store.spend(row, allowed: { _ in true }, Rows.draft()) { wins += 1 }
            }
            try await PrivateDirectory(folder + "/wins").create(name, Array(String(wins).utf8))
        }
    }
}
#endif
