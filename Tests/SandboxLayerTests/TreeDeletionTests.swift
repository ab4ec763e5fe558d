// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgentSandbox

@Suite("A deleted folder goes whole, or piece by piece where something in it stays")
struct TreeDeletionTests {
    private func sample() throws -> Workbench {
        let bench = try Workbench()
        for index in 0..<20 { try bench.write("\(index)\n", to: bench.workspace + "/modules/p\(index % 3)/f\(index)") }
        try bench.link("p0", at: bench.workspace + "/modules/link")
        try bench.write("keep\n", to: bench.workspace + "/other")
        try bench.whiteout("modules")
        return bench
    }

    @Test("One move takes it, every entry is counted, and undo brings all of it back")
    func whole() throws {
        let bench = try sample()
        let before = bench.picture(of: bench.workspace)
        let report = try bench.commit()
        #expect(report.deletions == 25)
        #expect(bench.picture(of: bench.workspace) == ["other 644 keep\n"])
        let identifier = try #require(report.undoIdentifier)
        #expect(bench.paths(below: bench.base + "/undo/" + identifier + "/content").contains("0/p0/f0"))
        #expect(try bench.store.usedBytes() > 0)
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        #expect(try undo.apply(identifier) == [])
        #expect(bench.picture(of: bench.workspace) == before)
    }

    @Test("What appeared or changed in it meanwhile stays, and its folders with it")
    func changedMeanwhile() throws {
        let bench = try sample()
        let snapshot = try bench.snapshot()
        let diff = try bench.diff()
        try bench.write("mine\n", to: bench.workspace + "/modules/p0/mine")
        try bench.write("saved\n", to: bench.workspace + "/modules/p1/f1")
        let report = try bench.commit(diff, snapshot: snapshot)
        #expect(
            bench.picture(of: bench.workspace) == [
                "modules/ 755", "modules/p0/ 755", "modules/p0/mine 644 mine\n", "modules/p1/ 755",
                "modules/p1/f1 644 saved\n",
                "other 644 keep\n",
            ])
        #expect(report.conflictPaths == ["modules/p1/f1"])
        #expect(report.refusedPaths == ["modules", "modules/p0", "modules/p1"])
    }

    @Test("A protected name in it stays")
    func protected() throws {
        let bench = try sample()
        try bench.write("x", to: bench.workspace + "/modules/p2/.envrc")
        let report = try bench.commit()
        #expect(bench.paths(below: bench.workspace) == ["modules", "modules/p2", "modules/p2/.envrc", "other"])
        #expect(report.refusedPaths == ["modules", "modules/p2", "modules/p2/.envrc"])
    }

    @Test("Its store is emptied when its time is over, read-only folders included")
    func dropped() throws {
        let bench = try sample()
        try Posix.setMode(bench.workspace + "/modules/p0", 0o555)
        _ = try bench.commit()
        try bench.store.prune(now: LayerTime(seconds: .max / 2))
        #expect(bench.paths(below: bench.base + "/undo") == [])
    }
}
