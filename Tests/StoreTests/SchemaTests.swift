// SPDX-License-Identifier: Apache-2.0
#if SQLite
import AgentCore
import AgentStore
import Foundation
import GRDB
import Testing

@Suite("The file knows what it is")
struct SchemaTests {
    private static func edit(_ folder: String, _ sql: String) throws {
        let database = try DatabaseQueue(path: folder + "/state.sqlite")
        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
        try database.close()
    }

    @Test("It opens again with everything in it")
    func reopens() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/state"
            _ = try await SQLiteStore(directory: path).append(Rows.draft())
            let again = try SQLiteStore(directory: path)
            #expect(again.isDurable)
            #expect(try await again.lastEntry()?.sequence == 1)
        }
    }

    @Test("Sixteen connections that make the same state at once all get it")
    func opensAtOnce() async throws {
        try await withTemporaryFolder { folder in
            for round in 0..<5 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<16 {
                        group.addTask {
                            _ = try await SQLiteStore(directory: folder + "/\(round)").append(Rows.draft())
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await SQLiteStore(directory: folder + "/\(round)").lastEntry()?.sequence == 16)
            }
        }
    }

    @Test("A file of another program, of a newer version, or of no database at all is refused with a reason")
    func refusesOtherFiles() async throws {
        try await withTemporaryFolder { folder in
            for (name, sql, code) in [
                ("newer", "PRAGMA user_version = 99", StateError.Code.unavailable),
                ("other", "PRAGMA application_id = 7", .corrupt),
            ] {
                let path = folder + "/" + name
                _ = try SQLiteStore(directory: path)
                try Self.edit(path, sql)
                let error = #expect(throws: StateError.self) { try SQLiteStore(directory: path) }
                #expect(error?.code == code)
                #expect(error?.message.contains(folder) == false)
            }
            _ = try PrivateDirectory(folder + "/text")
            _ = FileManager.default.createFile(
                atPath: folder + "/text/state.sqlite", contents: Data(repeating: 0x41, count: 5000),
                attributes: [.posixPermissions: 0o600])
            let error = #expect(throws: StateError.self) { try SQLiteStore(directory: folder + "/text") }
            #expect(error?.code == .corrupt)
        }
    }

    @Test("Not even the database's own language brings a spent approval back")
    func keepsFinalStates() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/state"
            let store = try SQLiteStore(directory: path)
            _ = try await store.file(Rows.approval(1), pendingLimit: 5, usable: { _ in true }, Rows.draft())
            _ = try await store.settle("a1", from: [.pending], to: .refused, answer: "no", Rows.draft())
            #expect(throws: DatabaseError.self) { try Self.edit(path, "UPDATE approvals SET state = 'approved'") }
            #expect(try await store.approval("a1")?.state == .refused)
        }
    }

    @Test("The control: without that, and with the state compared outside of the transaction, both of two spend")
    func spendsTwiceWithoutTheWall() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/state"
            let store = try SQLiteStore(directory: path)
            _ = try await store.file(Rows.approval(1), pendingLimit: 5, usable: { _ in true }, Rows.draft())
            _ = try await store.sign(Rows.signature(1), completes: { _ in true }, Rows.draft())
            try Self.edit(path, "DROP TRIGGER approvals_final")
            let both = try [DatabaseQueue(path: path + "/state.sqlite"), DatabaseQueue(path: path + "/state.sqlite")]
            let seen = try both.map { try $0.read { try String.fetchOne($0, sql: "SELECT state FROM approvals") } }
            let changed = try both.map { database in
                try database.write { db in
                    try db.execute(sql: "UPDATE approvals SET state = 'spent'")
                    return db.changesCount
                }
            }
            #expect(seen == ["approved", "approved"])
            #expect(changed == [1, 1])
        }
    }

    @Test("A row that can't be read is an error, never skipped")
    func refusesDamagedRows() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/state"
            let store = try SQLiteStore(directory: path)
            _ = try await store.append(Rows.draft())
            try Self.edit(path, "PRAGMA ignore_check_constraints = ON; UPDATE entries SET hash = x'00'")
            let error = await #expect(throws: StateError.self) { try await store.entries(from: 1, limit: 1) }
            #expect(error?.code == .corrupt)
            await #expect(throws: StateError.self) { try await store.append(Rows.draft()) }
        }
    }
}
#endif
