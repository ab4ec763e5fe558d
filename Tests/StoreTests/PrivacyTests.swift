// SPDX-License-Identifier: Apache-2.0
import AgentCore
import AgentStore
import Foundation
import Testing

@Suite("State is this user's alone")
struct PrivacyTests {
    #if SQLite
    @Test("Folder and files are made private")
    func makesPrivate() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(directory: folder + "/state")
            _ = try await store.append(Rows.draft())
            let files = try PrivateDirectory(folder + "/keys")
            try await files.create("key", [1])
            try await files.update("head", limitBytes: 10, durable: true) { _ in [2] }
            #expect(try permissions(folder + "/state") == 0o700)
            for name in ["state/state.sqlite", "state/state.sqlite-wal", "keys/key", "keys/head"] {
                #expect(try permissions(folder + "/" + name) == 0o600)
            }
        }
    }
    #endif

    #if SQLite
    @Test("A folder that others may use is refused", arguments: [0o770, 0o707, 0o722, 0o755, 0o701])
    func refusesOpenFolders(_ mode: Int) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/state"
            _ = try SQLiteStore(directory: path)
            try setPermissions(mode, path)
            #expect(throws: StateError.self) { try SQLiteStore(directory: path) }
            #expect(throws: StateError.self) { try PrivateDirectory(path) }
            try setPermissions(0o700, path)
            _ = try SQLiteStore(directory: path)
        }
    }
    #endif

    @Test("A file that others may use, a link, a second name, a folder: none is taken for a file of the state")
    func refusesOpenFiles() async throws {
        try await withTemporaryFolder { folder in
            let files = try PrivateDirectory(folder)
            try await files.create("key", [1, 2, 3])
            #expect(try await files.read("key", limitBytes: 3) == [1, 2, 3])
            try setPermissions(0o640, folder + "/key")
            await #expect(throws: StateError.self) { try await files.read("key", limitBytes: 3) }
            try setPermissions(0o600, folder + "/key")
            await #expect(throws: StateError.self) { try await files.read("key", limitBytes: 2) }
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/key")
            await #expect(throws: StateError.self) { try await files.read("link", limitBytes: 3) }
            try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: false)
            await #expect(throws: StateError.self) { try await files.read("folder", limitBytes: 3) }
            try FileManager.default.linkItem(atPath: folder + "/key", toPath: folder + "/second")
            await #expect(throws: StateError.self) { try await files.read("key", limitBytes: 3) }
            #expect(try await files.read("nothing", limitBytes: 3) == nil)
        }
    }

    @Test("A shared file may be read by others, never written; a folder that others may list keeps its files private")
    func readsSharedFiles() async throws {
        try await withTemporaryFolder { folder in
            try setPermissions(0o755, folder)
            #expect(throws: StateError.self) { try PrivateDirectory(folder) }
            let files = try PrivateDirectory(folder, access: .othersMayRead)
            try await files.create("key", [1])
            #expect(try permissions(folder + "/key") == 0o600)
            try setPermissions(0o644, folder + "/key")
            #expect(try await files.readShared("key", limitBytes: 1) == [1])
            await #expect(throws: StateError.self) { try await files.read("key", limitBytes: 1) }
            try setPermissions(0o664, folder + "/key")
            await #expect(throws: StateError.self) { try await files.readShared("key", limitBytes: 1) }
            try setPermissions(0o775, folder)
            #expect(throws: StateError.self) { try PrivateDirectory(folder, access: .othersMayRead) }
        }
    }

    #if SQLite
    @Test("A database that is a link, or open to others, is refused")
    func refusesOtherDatabases() async throws {
        try await withTemporaryFolder { folder in
            _ = try SQLiteStore(directory: folder + "/one")
            try setPermissions(0o644, folder + "/one/state.sqlite")
            #expect(throws: StateError.self) { try SQLiteStore(directory: folder + "/one") }
            _ = try PrivateDirectory(folder + "/two")
            try setPermissions(0o600, folder + "/one/state.sqlite")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/two/state.sqlite", withDestinationPath: folder + "/one/state.sqlite")
            #expect(throws: StateError.self) { try SQLiteStore(directory: folder + "/two") }
        }
    }
    #endif

    @Test(
        "A name can't lead out of the folder",
        arguments: ["", ".", "..", "../key", "a/b", ".hidden", "a\u{0}b", "a b", "ä"])
    func refusesNames(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            let files = try PrivateDirectory(folder)
            await #expect(throws: StateError.self) { try await files.create(name, [1]) }
            await #expect(throws: StateError.self) { try await files.read(name, limitBytes: 1) }
            await #expect(throws: StateError.self) {
                try await files.update(name, limitBytes: 1, durable: false) { _ in [1] }
            }
        }
    }

    @Test("Making never overwrites; replacing is whole or not at all, and counts of many writers add up")
    func replacesWhole() async throws {
        try await withTemporaryFolder { folder in
            let one = try PrivateDirectory(folder)
            let two = try PrivateDirectory(folder)
            try await one.create("count", [0])
            let error = await #expect(throws: StateError.self) { try await two.create("count", [7]) }
            #expect(error?.code == .conflict)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for files in [one, two] {
                    group.addTask {
                        for _ in 0..<100 {
                            try await files.update("count", limitBytes: 1, durable: false) { [($0?[0] ?? 0) + 1] }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await one.read("count", limitBytes: 1) == [200])
            await #expect(throws: StateError.self) {
                try await one.update("count", limitBytes: 1, durable: true) { _ throws(StateError) in
                    throw StateError(.corrupt, "no")
                }
            }
            #expect(try await one.read("count", limitBytes: 1) == [200])
        }
    }

    @Test("A folder or file of another user is refused", .enabled(if: ProcessInfo.processInfo.userName == "root"))
    func refusesOtherOwners() async throws {
        try await withTemporaryFolder { folder in
            let files = try PrivateDirectory(folder + "/state")
            try await files.create("key", [1])
            try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: folder + "/state/key")
            await #expect(throws: StateError.self) { try await files.read("key", limitBytes: 1) }
            await #expect(throws: StateError.self) { try await files.readShared("key", limitBytes: 1) }
            try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: folder + "/state")
            #expect(throws: StateError.self) { try PrivateDirectory(folder + "/state") }
        }
    }
}
