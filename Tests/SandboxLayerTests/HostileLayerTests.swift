// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

@testable import AgentSandbox

/// What a careless host would do: copy by path, follow links, keep modes. The control for every attack below.
enum NaiveCommit {
    static func run(_ bench: Workbench) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // `cp` by path writes through links that stand in the workspace; `-p` keeps special bits.
        process.arguments = [
            "-c",
            "cd \"$0\" && find . -type f -exec sh -c 'mkdir -p \"$1/$(dirname \"$2\")\"; cp -p \"$2\" \"$1/$2\"' _ \"$1\" {} \\;; "
                + "cd \"$0\" && find . -type l -exec cp -P {} \"$1/{}\" \\;", bench.upper, bench.workspace,
        ]
        process.standardError = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
    }
}

@Suite("A hostile layer writes nothing outside and nothing protected")
struct HostileLayerTests {
    @Test("A folder of the workspace that is a link is not written through")
    func linkedFolder() throws {
        let bench = try Workbench()
        try bench.link(bench.outside, at: bench.workspace + "/out")
        try bench.write("attack\n", to: bench.upper + "/out/file")
        let diff = try bench.diff()
        let before = bench.picture(of: bench.outside)
        _ = try bench.commit(diff)
        #expect(bench.picture(of: bench.outside) == before)
        let control = try Workbench()
        try control.link(control.outside, at: control.workspace + "/out")
        try control.write("attack\n", to: control.upper + "/out/file")
        NaiveCommit.run(control)
        #expect(control.read(control.outside + "/file") == "attack\n")
    }

    @Test("A link that appears in the workspace after the diff is not written through")
    func lateLink() throws {
        let bench = try Workbench()
        try bench.write("inside\n", to: bench.workspace + "/dir/file")
        try bench.write("attack\n", to: bench.upper + "/dir/other")
        let snapshot = try bench.snapshot()
        let diff = try bench.diff()
        try FileManager.default.removeItem(atPath: bench.workspace + "/dir")
        try bench.link(bench.outside, at: bench.workspace + "/dir")
        let report = try bench.commit(diff, snapshot: snapshot)
        #expect(bench.picture(of: bench.outside) == [])
        #expect(report.refused.map(\.reason) == [.parentNotAFolder])
    }

    @Test("A folder above the target that becomes a link is not walked through", arguments: [true, false])
    func lateLinkAbove(deleting: Bool) throws {
        let bench = try Workbench()
        for root in [bench.workspace + "/dir", bench.outside] { try bench.write("same\n", to: root + "/sub/deep/file") }
        if deleting {
            try bench.whiteout("dir/sub/deep/file")
        } else {
            try bench.write("attack\n", to: bench.upper + "/dir/sub/deep/new")
        }
        let diff = try bench.diff()
        try FileManager.default.removeItem(atPath: bench.workspace + "/dir")
        try bench.link(bench.outside, at: bench.workspace + "/dir")
        let before = bench.picture(of: bench.outside)
        let report = try bench.commit(diff, snapshot: .since(LayerTime(seconds: .max)))
        #expect(bench.picture(of: bench.outside) == before)
        #expect(report.refused.map(\.reason) == [.parentNotAFolder])
        // Control: by path the link is walked through.
        #expect(bench.read(bench.workspace + "/dir/sub/deep/file") == "same\n")
    }

    @Test("A file that leads to the repository can't become a repository")
    func gitFile() throws {
        let bench = try Workbench()
        try bench.write("gitdir: ../main/.git/worktrees/w\n", to: bench.workspace + "/.git")
        try bench.write("ref: refs/heads/evil\n", to: bench.upper + "/.git/HEAD")
        let report = try bench.commit()
        #expect(report.committedPaths == [])
        #expect(bench.read(bench.workspace + "/.git") == "gitdir: ../main/.git/worktrees/w\n")
    }

    static let leaving = [
        "/etc/passwd", "/", "..", "../outside", "../../etc", "a/../../outside", "a/..", "./../outside", "own/file",
        "dir/../..",
        "/proc/self/root/etc", "own",
    ]

    @Test("A link that leaves the workspace is refused", arguments: leaving)
    func leavingLink(_ target: String) throws {
        let bench = try Workbench()
        try bench.write("secret\n", to: bench.outside + "/file")
        try bench.link("../outside", at: bench.workspace + "/own")
        try bench.link(target, at: bench.upper + "/evil")
        let report = try bench.commit()
        #expect(report.refused.map(\.reason) == [.linkLeaves])
        #expect(!bench.exists(bench.workspace + "/evil"))
    }

    static let staying = [
        ("a", "b"), ("dir/a", "../b"), ("dir/a", "b"), ("x/y/z", "../../b"), ("a", "missing/for/now"), ("a", "./b"),
        ("dir/a", "."),
    ]

    @Test("A link that stays inside is committed", arguments: staying)
    func stayingLink(_ path: String, _ target: String) throws {
        let bench = try Workbench()
        try bench.write("b\n", to: bench.workspace + "/b")
        try bench.link(target, at: bench.upper + "/" + path)
        let report = try bench.commit()
        #expect(report.refusedPaths == [])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: bench.workspace + "/" + path) == target)
    }

    @Test("A FIFO blocks nothing and is refused", .timeLimit(.minutes(1)))
    func fifo() throws {
        let bench = try Workbench()
        try Posix.makeNode(bench.upper + "/pipe", S_IFIFO | 0o644)
        try bench.write("shown\n", to: bench.upper + "/swap")
        let diff = try bench.diff()
        // A file that becomes a FIFO between the diff and the commit.
        try FileManager.default.removeItem(atPath: bench.upper + "/swap")
        try Posix.makeNode(bench.upper + "/swap", S_IFIFO | 0o644)
        let report = try bench.commit(diff)
        #expect(report.refused.map(\.reason) == [.notAFile(.fifo)])
        #expect(report.conflicts.map(\.reason) == [.changedSinceDiff])
        #expect(bench.picture(of: bench.workspace) == [])
    }

    @Test("A device is refused", .enabled(if: LayerSystem.isSuperuser))
    func device() throws {
        let bench = try Workbench()
        try Posix.makeNode(bench.upper + "/null", S_IFCHR | 0o666, device: 0x0103)
        try Posix.makeNode(bench.upper + "/disk", S_IFBLK | 0o666, device: 0x0700)
        let report = try bench.commit()
        #expect(report.refused.map(\.reason) == [.notAFile(.device), .notAFile(.device)])
        #expect(bench.picture(of: bench.workspace) == [])
    }

    @Test("Setuid, setgid and sticky files and folders are refused", arguments: [0o4755, 0o2755, 0o1755, 0o6711])
    func specialBits(_ mode: UInt32) throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.upper + "/tool", mode: mode)
        try bench.write("old", to: bench.workspace + "/tool2")
        try bench.write("x", to: bench.upper + "/tool2", mode: mode)
        try bench.write("x", to: bench.upper + "/folder/x")
        try Posix.setMode(bench.upper + "/folder", mode)
        let report = try bench.commit()
        #expect(Set(report.refusedPaths) == ["folder", "folder/x", "tool", "tool2"])
        #expect(bench.picture(of: bench.workspace) == ["tool2 644 old"])
        let control = try Workbench()
        try control.write("x", to: control.upper + "/tool", mode: mode)
        NaiveCommit.run(control)
        #expect((Posix.info(control.workspace + "/tool")?.mode ?? 0) & 0o7000 == mode & 0o7000)
    }

    @Test("File capabilities are refused and overlay attributes never arrive", .enabled(if: LayerSystem.isSuperuser))
    func attributes() throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.upper + "/capable", mode: 0o755)
        try bench.write("x", to: bench.upper + "/marked")
        try bench.write("x", to: bench.upper + "/moved")
        try set(
            "security.capability", [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12), on: "capable",
            bench.trees.upper)
        try set("user.overlay.origin", [1], on: "marked", bench.trees.upper)
        try set("user.overlay.metacopy", [1], on: "moved", bench.trees.upper)
        let report = try bench.commit()
        #expect(report.refused.map(\.reason) == [.fileCapability, .redirected])
        let node = try #require(try LayerNode.find(Array("marked".utf8), in: bench.trees.workspace))
        #expect(try LayerSystem.attribute(node.openFile(), "user.overlay.origin") == nil)
    }

    private func set(_ name: String, _ value: [UInt8], on path: String, _ tree: LayerDescriptor) throws {
        let node = try #require(try LayerNode.find(Array(path.utf8), in: tree))
        try LayerSystem.setAttribute(try node.openFile(), name, value)
    }

    static let protected = [
        ".git/hooks/pre-commit", ".GIT/hooks/pre-commit", ".g\u{200C}it/config", ".git/config", "sub/.git/config",
        "agentkit.yaml",
        "AGENTKIT.YML", "deep/er/AgentKit.yaml", ".husky/pre-push", ".envrc", ".vscode/tasks.json",
        ".claude/settings.json", ".mcp.json",
        ".git/objects/info/alternates", "evil/HEAD", ".git/rebase-merge/git-rebase-todo", ".git /x", ".\u{FF47}it/x",
    ]

    @Test("A protected name never appears, and the rest commits", arguments: protected)
    func protectedName(_ path: String) throws {
        let bench = try Workbench()
        try bench.write("[core]\n\tfsmonitor = evil\n", to: bench.upper + "/" + path, mode: 0o755)
        try bench.write("fine\n", to: bench.upper + "/fine.txt")
        let report = try bench.commit()
        #expect(!bench.exists(bench.workspace + "/" + path))
        #expect(bench.read(bench.workspace + "/fine.txt") == "fine\n")
        #expect(report.refused.contains { path.hasPrefix(String(decoding: $0.entry.path.bytes, as: UTF8.self)) })
        #expect(bench.exists(bench.upper + "/" + path))
        let control = try Workbench()
        try control.write("evil\n", to: control.upper + "/" + path)
        NaiveCommit.run(control)
        #expect(control.exists(control.workspace + "/" + path))
    }

    @Test("Removing a git folder leaves its hooks and configuration and removes the rest")
    func removedGit() throws {
        let bench = try Workbench()
        for name in ["hooks/pre-commit", "config", "HEAD", "objects/ab/cd"] {
            try bench.write("x\n", to: bench.workspace + "/.git/" + name)
        }
        try bench.whiteout(".git")
        let report = try bench.commit()
        #expect(bench.paths(below: bench.workspace) == [".git", ".git/config", ".git/hooks", ".git/hooks/pre-commit"])
        #expect(report.refused.first { $0.entry.path.description == ".git" }?.reason == .folderNotEmpty)
    }

    @Test("A git configuration commits where it is harmless and not where it executes")
    func configuration() throws {
        let bench = try Workbench()
        let base = "[core]\n\tbare = false\n"
        try bench.write(base, to: bench.workspace + "/.git/config")
        try bench.write(base + "[user]\n\tname = A\n", to: bench.upper + "/.git/config")
        #expect(try bench.commit().committedPaths == [".git/config"])
        try bench.write(base + "[alias]\n\tst = !evil\n", to: bench.upper + "/.git/config")
        let report = try bench.commit()
        #expect(report.refused.map(\.reason) == [.gitConfiguration(["`alias.st` executes"])])
        #expect(bench.read(bench.workspace + "/.git/config") == base + "[user]\n\tname = A\n")
    }

    @Test(
        "A bare repository of the developer's is judged like a git folder, wherever it stands",
        arguments: ["", "mirror/"])
    func bareRepository(_ base: String) throws {
        let bench = try Workbench()
        for name in ["HEAD", "objects/ab/cd", "refs/heads/main", "config"] {
            try bench.write("[core]\n\tbare = true\n", to: bench.workspace + "/" + base + name)
        }
        try bench.write("evil\n", to: bench.upper + "/" + base + "hooks/post-receive", mode: 0o755)
        try bench.write("[core]\n\tbare = true\n\tfsmonitor = evil\n", to: bench.upper + "/" + base + "config")
        try bench.write("x\n", to: bench.upper + "/" + base + "objects/ab/ef")
        let report = try bench.commit()
        #expect(report.refusedPaths == [base + "config", base + "hooks", base + "hooks/post-receive"])
        #expect(report.committedPaths == [base + "objects/ab/ef"])
    }

    @Test("A setgid bit that a shared folder hands down is no reason to refuse")
    func sharedFolder() throws {
        let bench = try Workbench()
        for folder in ["/shared", "/plain"] {
            try FileManager.default.createDirectory(atPath: bench.workspace + folder, withIntermediateDirectories: true)
            try bench.write("x", to: bench.upper + folder + "/new/file")
            try Posix.setMode(bench.upper + folder + "/new", 0o2755)
        }
        try Posix.setMode(bench.workspace + "/shared", 0o2775)
        try Posix.setMode(bench.upper + "/shared", 0o2775)
        let report = try bench.commit()
        #expect(report.refusedPaths == ["plain/new", "plain/new/file"])
        #expect(report.committedPaths == ["shared/new", "shared/new/file"])
        #expect((Posix.info(bench.workspace + "/shared/new")?.mode ?? 0) & 0o7777 == 0o2755)
    }

    @Test("A file saved between the look and the swap is put back untouched")
    func savedMeanwhile() throws {
        let bench = try Workbench()
        try bench.write("SECRET\n", to: bench.workspace + "/f")
        try bench.write("[masked]\n", to: bench.mask + "/f")
        try bench.write("[masked]\nmore\n", to: bench.upper + "/f")
        let path = bench.workspace + "/f"
        // The caller's closure runs after the look; a developer who saves right then must win.
        let report = try bench.commit {
            $0.restore = { _, _ in
                try? "developer, longer\n".write(toFile: path, atomically: true, encoding: .utf8)
                return .bytes(Array("SECRET\nmore\n".utf8))
            }
        }
        #expect(report.conflicts.map(\.reason) == [.changedOutside])
        #expect(bench.picture(of: bench.workspace) == ["f 644 developer, longer\n"])
    }

    @Test(
        "What is new belongs to the folder's owner, what is replaced keeps its own",
        .enabled(if: LayerSystem.isSuperuser))
    func owners() throws {
        let bench = try Workbench()
        try Posix.setOwner(bench.workspace, 1000, 1001)
        try bench.write("x", to: bench.workspace + "/mine")
        try Posix.setOwner(bench.workspace + "/mine", 1002, 1003)
        try bench.write("y", to: bench.upper + "/mine")
        try bench.write("y", to: bench.upper + "/folder/new")
        try bench.link("new", at: bench.upper + "/folder/link")
        #expect(try bench.commit().refusedPaths == [])
        #expect(Posix.info(bench.workspace + "/mine")?.owner == 1002)
        for name in ["/folder", "/folder/new", "/folder/link"] {
            #expect(Posix.info(bench.workspace + name)?.owner == 1000)
        }
    }

    @Test("A replaced file keeps its access list, so that its group gains nothing")
    func accessList() throws {
        let bench = try Workbench()
        try bench.write("old", to: bench.workspace + "/f", mode: 0o600)
        // Version 2, then tag, permissions and id: owner rw, one user rw, group nothing, mask rw, others nothing. See
        // acl(5).
        let none: [UInt8] = [255, 255, 255, 255]
        let list: [UInt8] =
            [2, 0, 0, 0] + [1, 0, 6, 0] + none + [2, 0, 6, 0] + [210, 4, 0, 0] + [4, 0, 0, 0] + none + [16, 0, 6, 0]
            + none
            + [32, 0, 0, 0] + none
        let name = "system.posix_acl_access"
        func file() throws -> LayerDescriptor {
            try #require(try LayerNode.find([0x66], in: bench.trees.workspace)).openFile()
        }
        try LayerSystem.setAttribute(try file(), name, list)
        try bench.write("new", to: bench.upper + "/f", mode: 0o660)
        #expect(try bench.commit().refusedPaths == [])
        #expect(bench.read(bench.workspace + "/f") == "new")
        #expect(try LayerSystem.attribute(try file(), name) == list)
    }

    @Test("A snapshot by time sees what changed since, and nothing else")
    func snapshotByTime() throws {
        let bench = try Workbench()
        try bench.write("old\n", to: bench.workspace + "/old")
        try bench.write("old\n", to: bench.workspace + "/edited")
        // The clock that stamps files ticks a few milliseconds apart.
        let first = try #require(try LayerNode.find(Array("edited".utf8), in: bench.trees.workspace)).stat.changed
        while try LayerSystem.now() <= first {}
        let snapshot = try LayerSnapshot.now()
        for name in ["old", "edited"] { try bench.write("agent\n", to: bench.upper + "/" + name) }
        try bench.write("developer\n", to: bench.workspace + "/edited")
        let report = try bench.commit(snapshot: snapshot)
        #expect(report.committedPaths == ["old"])
        #expect(report.conflictPaths == ["edited"])
    }

    @Test("The caller's own rule keeps an entry in the layer")
    func ownRule() throws {
        let bench = try Workbench()
        try bench.write("x", to: bench.upper + "/.github/workflows/ci.yml")
        try bench.write("x", to: bench.upper + "/src")
        let report = try bench.commit { $0.refuse = { $0.executesElsewhere == nil ? nil : "needs approval" } }
        #expect(report.refused.map(\.reason) == [.notPermitted("needs approval")])
        #expect(!bench.exists(bench.workspace + "/.github/workflows/ci.yml"))
        #expect(bench.exists(bench.workspace + "/src"))
    }

    @Test("Odd names arrive byte by byte and are shown escaped")
    func oddNames() throws {
        let bench = try Workbench()
        let names: [[UInt8]] = [
            Array("new\nline".utf8), [0xFF, 0xFE, 0x41], Array("tab\there".utf8), Array("\u{1B}[31mred".utf8),
            Array("\u{202E}txt.exe".utf8),
            Array("back\\slash".utf8), Array("-rf".utf8), Array(" ".utf8), Array("...".utf8),
            [UInt8](repeating: 0x61, count: 255),
        ]
        for name in names {
            let file = try LayerSystem.open(bench.trees.upper, name, .create(mode: 0o644))
            try LayerSystem.write(file, name[...])
        }
        let diff = try bench.diff()
        #expect(
            diff.entries.allSatisfy {
                $0.path.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E }
            })
        let report = try bench.commit(diff)
        #expect(report.committed.count == names.count)
        for name in names {
            let node = try #require(try LayerNode.find(name, in: bench.trees.workspace))
            #expect(try node.content(limit: 1000) == name)
        }
    }

    @Test(
        "A path that climbs or is absolute can't be named",
        arguments: ["..", "a/../b", "/etc", "a//b", ".", "a/", "./a", "a\u{0}b", ""])
    func unsafePaths(_ path: String) {
        #expect(throws: LayerError.self) { try LayerPath(path) }
    }

    @Test("A tree deeper than the limit is refused, the rest commits")
    func deepTree() throws {
        let bench = try Workbench()
        var folder = bench.trees.upper
        for _ in 0..<3000 {
            try LayerSystem.makeFolder(folder, [0x64], mode: 0o755)
            folder = try LayerSystem.open(folder, [0x64], .folder)
        }
        try bench.write("fine\n", to: bench.upper + "/fine.txt")
        let report = try bench.commit()
        #expect(bench.exists(bench.workspace + "/fine.txt"))
        #expect(report.refused.map(\.reason) == [.tooDeep])
    }

    @Test("A sparse file larger than the limit is refused without reading it")
    func sparse() throws {
        let bench = try Workbench()
        try bench.write("", to: bench.upper + "/sparse")
        let handle = try #require(FileHandle(forWritingAtPath: bench.upper + "/sparse"))
        try handle.truncate(atOffset: 1 << 40)
        #expect(try bench.commit().refused.map(\.reason) == [.tooLarge])
    }

    @Test("Hard links in the layer arrive as files of their own")
    func hardLinks() throws {
        let bench = try Workbench()
        try bench.write("x\n", to: bench.upper + "/one")
        try Posix.makeHardLink(bench.upper + "/one", bench.upper + "/two")
        _ = try bench.commit()
        #expect(bench.picture(of: bench.workspace) == ["one 644 x\n", "two 644 x\n"])
        #expect(Posix.info(bench.workspace + "/one")?.links == 1)
        try Posix.makeHardLink(bench.workspace + "/one", bench.workspace + "/three")
        try bench.write("changed\n", to: bench.upper + "/one")
        #expect(try bench.commit().splitLinks.map(\.description) == ["one"])
        #expect(bench.read(bench.workspace + "/three") == "x\n")
    }

    @Test("A folder swapped for a link while the commit runs leads nothing outside", .timeLimit(.minutes(2)))
    func swapRace() throws {
        let bench = try Workbench()
        try bench.write("outside secret\n", to: bench.outside + "/file")
        for round in 0..<40 { try bench.write("layer \(round)\n", to: bench.upper + "/dir\(round % 4)/f\(round)") }
        try bench.link(bench.outside, at: bench.upper + "/dir-link")
        let upper = try LayerDescriptor(openingFolder: bench.upper)
        let stop = Atomic(false)
        let swaps = Atomic(0)
        let before = bench.picture(of: bench.outside)
        let thread = Thread {
            while !stop.load(ordering: .relaxed) {
                for index in 0..<4 {
                    try? LayerSystem.rename(
                        upper, Array("dir\(index)".utf8), to: upper, Array("dir-link".utf8), .exchange)
                    try? LayerSystem.rename(
                        upper, Array("dir\(index)".utf8), to: upper, Array("dir-link".utf8), .exchange)
                }
                swaps.add(1, ordering: .relaxed)
            }
        }
        thread.start()
        for _ in 0..<30 {
            _ = try? bench.commit()
            for path in bench.paths(below: bench.workspace) {
                #expect(bench.read(bench.workspace + "/" + path) != "outside secret\n")
                #expect((Posix.info(bench.workspace + "/" + path)?.mode ?? 0) & S_IFMT != S_IFLNK)
            }
        }
        // Control: who opens by path meets the swapped link sooner or later.
        var fooled = false
        for _ in 0..<1_000_000 where !fooled {
            fooled = bench.read(bench.upper + "/dir0/file") == "outside secret\n"
        }
        #expect(fooled)
        stop.store(true, ordering: .relaxed)
        #expect(swaps.load(ordering: .relaxed) > 10)
        #expect(bench.picture(of: bench.outside) == before)
    }
}
