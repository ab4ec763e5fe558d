// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import AgentSandbox

@Suite("A layer is shown and committed path by path")
struct DiffAndCommitTests {
    private func sample() throws -> Workbench {
        let bench = try Workbench()
        let root = bench.workspace
        try bench.write("one\n", to: root + "/a.txt")
        try bench.write("two\n", to: root + "/b.txt", mode: 0o600)
        try bench.write("three\n", to: root + "/dir/c.txt")
        try bench.write("four\n", to: root + "/dir/deep/d.txt")
        try bench.write("same\n", to: root + "/same.txt")
        try bench.write("run\n", to: root + "/tool.sh")
        try bench.link("a.txt", at: root + "/link")
        return bench
    }

    @Test("A diff lists every change in stable order and leaves out what was only copied up")
    func listsChanges() throws {
        let bench = try sample()
        try bench.write("ONE\n", to: bench.upper + "/a.txt")
        try bench.write("same\n", to: bench.upper + "/same.txt")
        try bench.write("run\n", to: bench.upper + "/tool.sh", mode: 0o755)
        try bench.write("new\n", to: bench.upper + "/dir/new.txt")
        try bench.whiteout("b.txt")
        try bench.opaque("dir/deep")
        try bench.link("b.txt", at: bench.upper + "/link")
        #expect(
            try bench.diff().lines == [
                "modified file a.txt", "deleted file b.txt", "deleted file dir/deep/d.txt", "added file dir/new.txt",
                "modified symlink link", "modeChanged file tool.sh",
            ])
        #expect(try bench.diff().newExecutablesAndLinks.map(\.path.description) == ["link", "tool.sh"])
    }

    @Test("A commit writes plain changes and undo takes every one back")
    func roundTrip() throws {
        let bench = try sample()
        let before = bench.picture(of: bench.workspace)
        try bench.write("ONE\n", to: bench.upper + "/a.txt", mode: 0o640)
        try bench.write("new\n", to: bench.upper + "/fresh/x/new.txt", mode: 0o755)
        try bench.whiteout("b.txt")
        try bench.whiteout("dir")
        try bench.link("fresh/x", at: bench.upper + "/link2")
        try bench.write("now a file\n", to: bench.upper + "/link")
        let report = try bench.commit()
        #expect(report.refusedPaths == [])
        #expect(report.conflictPaths == [])
        #expect(report.deletions == 5)
        #expect(
            bench.picture(of: bench.workspace) == [
                "a.txt 640 ONE\n", "fresh/ 755", "fresh/x/ 755", "fresh/x/new.txt 755 new\n", "link 644 now a file\n",
                "link2 -> fresh/x", "same.txt 644 same\n", "tool.sh 644 run\n",
            ])
        let identifier = try #require(report.undoIdentifier)
        #expect(try LayerUndo(workspace: bench.trees.workspace, store: bench.store).apply(identifier) == [])
        #expect(bench.picture(of: bench.workspace) == before)
        #expect(try bench.store.commits() == [])
    }

    @Test("A folder that becomes a file, and a file that becomes a folder, are committed and taken back")
    func typeChanges() throws {
        let bench = try sample()
        let before = bench.picture(of: bench.workspace)
        try bench.write("flat\n", to: bench.upper + "/dir")
        try bench.write("inside\n", to: bench.upper + "/a.txt/inside.txt")
        let report = try bench.commit()
        #expect(report.refusedPaths + report.conflictPaths == [])
        #expect(bench.read(bench.workspace + "/dir") == "flat\n")
        #expect(bench.read(bench.workspace + "/a.txt/inside.txt") == "inside\n")
        let identifier = try #require(report.undoIdentifier)
        #expect(try LayerUndo(workspace: bench.trees.workspace, store: bench.store).apply(identifier) == [])
        #expect(bench.picture(of: bench.workspace) == before)
    }

    @Test("An original that changed outside is never overwritten or deleted")
    func conflicts() throws {
        let bench = try sample()
        let snapshot = try bench.snapshot()
        try bench.write("agent\n", to: bench.upper + "/a.txt")
        try bench.write("agent\n", to: bench.upper + "/c.txt")
        try bench.write("agent\n", to: bench.upper + "/same.txt")
        try bench.whiteout("b.txt")
        let diff = try bench.diff()
        try bench.write("developer\n", to: bench.workspace + "/a.txt")
        try bench.write("developer\n", to: bench.workspace + "/b.txt")
        try bench.write("developer\n", to: bench.workspace + "/c.txt")
        let report = try bench.commit(diff, snapshot: snapshot)
        #expect(report.conflictPaths == ["a.txt", "b.txt", "c.txt"])
        #expect(report.committedPaths == ["same.txt"])
        for name in ["a.txt", "b.txt", "c.txt"] { #expect(bench.read(bench.workspace + "/" + name) == "developer\n") }
    }

    @Test("A layer that changes after the diff is a conflict: only what was shown is written")
    func onlyWhatWasShown() throws {
        let bench = try sample()
        try bench.write("shown\n", to: bench.upper + "/a.txt")
        let diff = try bench.diff()
        try bench.write("other\n", to: bench.upper + "/a.txt")
        let report = try bench.commit(diff)
        #expect(report.conflictPaths == ["a.txt"])
        #expect(bench.read(bench.workspace + "/a.txt") == "one\n")
    }

    @Test("Undo refuses, and touches nothing, where the workspace changed since")
    func undoConflict() throws {
        let bench = try sample()
        try bench.write("ONE\n", to: bench.upper + "/a.txt")
        try bench.whiteout("b.txt")
        try bench.write("new\n", to: bench.upper + "/fresh/new.txt")
        let report = try bench.commit()
        try bench.write("later\n", to: bench.workspace + "/a.txt")
        try bench.write("later\n", to: bench.workspace + "/fresh/mine.txt")
        let before = bench.picture(of: bench.workspace)
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        let identifier = try #require(report.undoIdentifier)
        #expect(try undo.apply(identifier).map(\.description) == ["a.txt", "fresh/mine.txt"])
        #expect(bench.picture(of: bench.workspace) == before)
    }

    @Test("Where originals can't be kept a commit refuses, unless told that it may be irreversible")
    func keepsOriginals() throws {
        let bench = try Workbench(limitBytes: 10)
        try bench.write("twelve bytes", to: bench.workspace + "/a.txt")
        try bench.whiteout("a.txt")
        let full = #expect(throws: LayerError.self) { try bench.commit() }
        #expect(full?.code == .undoFull)
        let none = #expect(throws: LayerError.self) { try bench.commit { $0.undo = nil } }
        #expect(none?.code == .undoUnavailable)
        #expect(bench.read(bench.workspace + "/a.txt") == "twelve bytes")
        let report = try bench.commit {
            $0.undo = nil
            $0.irreversibleAllowed = true
        }
        #expect(report.undoIdentifier == nil)
        #expect(!bench.exists(bench.workspace + "/a.txt"))
    }

    @Test("A diff's digest names its changes: content, mode, target and path")
    func digest() throws {
        let bench = try sample()
        try bench.write("ONE\n", to: bench.upper + "/a.txt")
        let first = try bench.diff().digest
        #expect(try bench.diff().digest == first)
        try bench.write("TWO\n", to: bench.upper + "/a.txt")
        let second = try bench.diff().digest
        try bench.write("TWO\n", to: bench.upper + "/a.txt", mode: 0o755)
        let third = try bench.diff().digest
        try bench.link("b.txt", at: bench.upper + "/x")
        #expect(Set([first, second, third, try bench.diff().digest]).count == 4)
    }
}
