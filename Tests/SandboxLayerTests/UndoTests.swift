// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgentSandbox

@Suite("The undo store keeps originals, and only for its time")
struct UndoTests {
    @Test("Every record survives the manifest")
    func manifest() throws {
        var before = UndoState(kind: .file, mode: 0o644, digest: LayerDigest(of: [1]), target: [0xFF, 0x0A])
        before.owner = 1000
        let after = UndoState(kind: .symlink, mode: 0o777, target: Array("\",\"x".utf8))
        let record = UndoRecord(
            .replaced, try LayerPath([0xFF, 0x2F, 0x22, 0x0A]), before: before, after: after, aside: [0x22])
        let lines = [
            UndoManifest.Line(number: 0, progress: .intent, record: record),
            UndoManifest.Line(
                number: 1, progress: .done,
                record: UndoRecord(.deleted, try LayerPath("a b"), before: before, after: nil)),
        ]
        let bytes = lines.flatMap(UndoManifest.encode)
        #expect(try UndoManifest.decode(bytes) == lines)
        #expect(try UndoManifest.decode(Array(bytes.dropLast(5))) == [lines[0]])
        #expect(throws: LayerError(.damagedManifest, .undo)) { try UndoManifest.decode(Array("{}\n".utf8) + bytes) }
    }

    @Test("A commit is dropped when its time is over, not before")
    func prunes() throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.workspace + "/a")
        try bench.whiteout("a")
        let identifier = try #require(try bench.commit().undoIdentifier)
        let now = try LayerSystem.now().seconds
        try bench.store.prune(now: LayerTime(seconds: now + 7 * 86_400 - 5))
        #expect(try bench.store.commits() == [identifier])
        try bench.store.prune(now: LayerTime(seconds: now + 7 * 86_400 + 5))
        #expect(try bench.store.commits() == [])
    }

    @Test("An agent can't flush an original out by committing often")
    func noEviction() throws {
        let bench = try Workbench(limitBytes: 100)
        try bench.write(String(repeating: "x", count: 60), to: bench.workspace + "/a")
        try bench.whiteout("a")
        let identifier = try #require(try bench.commit().undoIdentifier)
        try bench.write(String(repeating: "y", count: 60), to: bench.workspace + "/b")
        try bench.whiteout("b")
        #expect(throws: LayerError(.undoFull, .commit)) { try bench.commit() }
        #expect(try bench.store.commits() == [identifier])
    }

    @Test(
        "A store on another file system copies and restores all the same",
        .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func otherFileSystem() throws {
        let bench = try Workbench()
        let other = try Workbench(in: "/dev/shm")
        try #require(
            try LayerSystem.stat(bench.trees.workspace).device != LayerSystem.stat(other.trees.workspace).device)
        try bench.write("one", to: bench.workspace + "/a", mode: 0o640)
        try bench.write("two", to: bench.workspace + "/b", mode: 0o400)
        try bench.link("a", at: bench.workspace + "/l")
        let before = bench.picture(of: bench.workspace)
        try bench.write("ONE", to: bench.upper + "/a")
        try bench.whiteout("b")
        try bench.whiteout("l")
        let report = try bench.commit { $0.undo = other.store }
        #expect(report.committedPaths == ["a", "b", "l"])
        let undo = LayerUndo(workspace: bench.trees.workspace, store: other.store)
        #expect(try undo.apply(try #require(report.undoIdentifier)) == [])
        #expect(bench.picture(of: bench.workspace) == before)
    }

    @Test("A commit that a crash cut short is not taken back blindly")
    func crashed() throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.workspace + "/a")
        let journal = try bench.store.begin(reserving: 0)
        let node = try #require(try LayerNode.find([0x61], in: bench.trees.workspace))
        let record = UndoRecord(
            .deleted, try LayerPath("a"), before: try UndoState(node), after: nil, aside: Array(".agentkit-0".utf8))
        _ = try journal.intend(record)
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        try LayerSystem.rename(
            bench.trees.workspace, [0x61], to: bench.trees.workspace, Array(".agentkit-0".utf8), .mustBeFree)
        #expect(try undo.apply(journal.identifier).map(\.description) == ["a"])
        #expect(bench.read(bench.workspace + "/.agentkit-0") == "x")
    }

    @Test("A commit whose manifest stops early is not taken back, since its last steps are unknown")
    func unfinished() throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.workspace + "/a")
        try bench.write("x", to: bench.workspace + "/b")
        try bench.whiteout("a")
        try bench.whiteout("b")
        let identifier = try #require(try bench.commit().undoIdentifier)
        let path = bench.base + "/undo/" + identifier + "/manifest"
        let lines = try #require(bench.read(path)).split(separator: "\n")
        // Two planned paths, then intent and result of the first deletion; the second one was lost with the power.
        try bench.write(lines.prefix(4).joined(separator: "\n") + "\n", to: path)
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        #expect(try undo.apply(identifier).map(\.description) == ["a"])
        #expect(bench.picture(of: bench.workspace) == [])
    }

    @Test(
        "A name that is no identifier opens nothing",
        arguments: ["", "..", "../workspace", "0", "000000000000/0000000000000000"])
    func identifiers(_ name: String) throws {
        let bench = try Workbench()
        let error = #expect(throws: LayerError.self) {
            try LayerUndo(workspace: bench.trees.workspace, store: bench.store).apply(name)
        }
        #expect(error?.code == .unknownCommit)
    }

    @Test("The digest is SHA-256", arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])
    func digest(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8($0 % 251) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(bytes))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(LayerDigest(of: bytes).description == String(text.prefix(64)))
        var hasher = LayerHasher()
        for byte in bytes { hasher.update([byte]) }
        #expect(hasher.finish() == LayerDigest(of: bytes))
        #expect(LayerDigest(hex: String(text.prefix(64))) == LayerDigest(of: bytes))
    }
}
