// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import AgentSandbox

@Suite("The mask shows redacted copies and hides what can't be read")
struct MaskTests {
    private func build(_ bench: Workbench, scanLimit: Int = 1 << 20) throws -> MaskBuilder.Result {
        let mask = try #require(bench.trees.mask)
        return try MaskBuilder(workspace: bench.trees.workspace, mask: mask, scanLimit: scanLimit).build { _, bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains("SECRET") else { return nil }
            return Array(
                text.split(separator: "SECRET", omittingEmptySubsequences: false).joined(separator: "[masked]").utf8)
        }
    }

    private func sample() throws -> Workbench {
        let bench = try Workbench()
        try bench.write("token=SECRET\n", to: bench.workspace + "/.env", mode: 0o600)
        try bench.write("k: SECRET\n", to: bench.workspace + "/deep/er/config.yml", mode: 0o640)
        try bench.write("plain\n", to: bench.workspace + "/deep/plain.txt")
        try Posix.setMode(bench.workspace + "/deep", 0o750)
        return bench
    }

    @Test("Only files that hold secrets are copied, redacted, in folders of the same mode")
    func copies() throws {
        let bench = try sample()
        let result = try build(bench)
        #expect(
            bench.picture(of: bench.mask) == [
                ".env 600 token=[masked]\n", "deep/ 750", "deep/er/ 755", "deep/er/config.yml 640 k: [masked]\n",
            ])
        #expect(result.masked.map(\.path.description) == [".env", "deep/er/config.yml"])
        #expect(result.masked.first?.digest == LayerDigest(of: Array("token=SECRET\n".utf8)))
        #expect(result.scannedFiles == 3)
        #expect(result.identities.count == 3)
    }

    @Test("A file known to be clean is not read again, one that changed is")
    func knownClean() throws {
        let bench = try sample()
        let first = try build(bench)
        let clean = first.identities.filter { path, _ in !first.masked.contains { $0.path == path } }
        try bench.write("now a SECRET\n", to: bench.workspace + "/deep/plain.txt")
        try bench.write("also\n", to: bench.workspace + "/deep/other.txt")
        let other = try Workbench()
        var builder = MaskBuilder(workspace: bench.trees.workspace, mask: try #require(other.trees.mask))
        builder.isKnownClean = { path, identity in clean[path] == identity || path.name == Array("other.txt".utf8) }
        let second = try builder.build { _, bytes in
            String(decoding: bytes, as: UTF8.self).contains("SECRET") ? [] : nil
        }
        #expect(second.masked.map(\.path.description) == [".env", "deep/er/config.yml", "deep/plain.txt"])
        #expect(second.knownFiles == 1)
    }

    @Test("A file too large to scan is hidden, a FIFO is never opened, a link never followed")
    func obstacles() throws {
        let bench = try sample()
        try bench.write(String(repeating: "x", count: 2000), to: bench.workspace + "/big")
        try bench.write("SECRET", to: bench.outside + "/elsewhere")
        try bench.link(bench.outside + "/elsewhere", at: bench.workspace + "/link")
        try bench.link(bench.outside, at: bench.workspace + "/folder-link")
        try Posix.makeNode(bench.workspace + "/pipe", S_IFIFO | 0o644)
        let result = try build(bench, scanLimit: 1000)
        #expect(bench.read(bench.mask + "/big") == "")
        #expect(result.masked.first { $0.path.description == "big" }?.obstacle == .tooLarge(2000))
        #expect(result.notFiles.map(\.description) == ["pipe"])
        #expect(!bench.exists(bench.mask + "/link"))
        #expect(!bench.exists(bench.mask + "/folder-link"))
    }

    @Test("What a plain user can't read is hidden", .enabled(if: !LayerSystem.isSuperuser))
    func unreadable() throws {
        let bench = try sample()
        try bench.write("SECRET", to: bench.workspace + "/locked", mode: 0o000)
        try bench.write("SECRET", to: bench.workspace + "/shut/inner")
        try Posix.setMode(bench.workspace + "/shut", 0o000)
        let result = try build(bench)
        #expect(bench.exists(bench.mask + "/locked"))
        #expect(result.hiddenFolders.map(\.description) == ["shut"])
        #expect(bench.exists(bench.mask + "/shut"))
    }

    @Test("A masked file that the agent changed is a conflict by default, and never overwrites the secret")
    func changedMasked() throws {
        let bench = try sample()
        let snapshot = LayerSnapshot.table(try build(bench).identities)
        try bench.write("token=[masked]\nmore=1\n", to: bench.upper + "/.env", mode: 0o600)
        let report = try bench.commit(snapshot: snapshot)
        #expect(report.conflictPaths == [".env"])
        #expect(bench.read(bench.workspace + "/.env") == "token=SECRET\n")
        // Control: without the mask layer in sight the same commit overwrites the secret.
        let blind = LayerTrees(workspace: bench.trees.workspace, mask: nil, upper: bench.trees.upper)
        let options = LayerCommit.Options(snapshot: snapshot, undo: bench.store)
        _ = try LayerCommit(trees: blind, options: options).run(try LayerDiff(of: blind))
        #expect(bench.read(bench.workspace + "/.env") == "token=[masked]\nmore=1\n")
    }

    @Test("A masked file can't be opened to others")
    func opened() throws {
        let bench = try sample()
        let snapshot = LayerSnapshot.table(try build(bench).identities)
        try bench.write("token=[masked]\n", to: bench.upper + "/.env", mode: 0o644)
        let report = try bench.commit(snapshot: snapshot)
        #expect(report.conflictPaths == [".env"])
        #expect(bench.picture(of: bench.workspace).first == ".env 600 token=SECRET\n")
    }

    @Test("A masked file that was only copied up is no change")
    func copiedUp() throws {
        let bench = try sample()
        _ = try build(bench)
        try bench.write("token=[masked]\n", to: bench.upper + "/.env", mode: 0o600)
        #expect(try bench.diff().lines == [])
    }

    @Test("Secrets that the caller puts back are written with the change, and undo restores the original")
    func restored() throws {
        let bench = try sample()
        let snapshot = LayerSnapshot.table(try build(bench).identities)
        try bench.write("token=[masked]\nmore=1\n", to: bench.upper + "/.env", mode: 0o600)
        let report = try bench.commit(snapshot: snapshot) {
            $0.restore = { _, _ in .bytes(Array("token=SECRET\nmore=1\n".utf8)) }
        }
        #expect(report.committedPaths == [".env"])
        #expect(bench.read(bench.workspace + "/.env") == "token=SECRET\nmore=1\n")
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        #expect(try undo.apply(try #require(report.undoIdentifier)) == [])
        #expect(bench.read(bench.workspace + "/.env") == "token=SECRET\n")
    }

    @Test("Deleting a masked file keeps the original with its secret")
    func deletedMasked() throws {
        let bench = try sample()
        let snapshot = LayerSnapshot.table(try build(bench).identities)
        try bench.whiteout(".env")
        let report = try bench.commit(snapshot: snapshot)
        #expect(report.committedPaths == [".env"])
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        #expect(try undo.apply(try #require(report.undoIdentifier)) == [])
        #expect(bench.read(bench.workspace + "/.env") == "token=SECRET\n")
    }

    @Test("A copy that hides nothing, made for its owner's sake, is committed like any file")
    func verbatimCopy() throws {
        let bench = try sample()
        try bench.write("plain\n", to: bench.mask + "/deep/plain.txt")
        try bench.write("changed\n", to: bench.upper + "/deep/plain.txt")
        for layer in [bench.mask, bench.upper] { try Posix.setMode(layer + "/deep", 0o750) }
        let report = try bench.commit()
        #expect(report.committedPaths == ["deep/plain.txt"])
    }
}
