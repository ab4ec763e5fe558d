// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgentSandbox

/// Mounts a real overlay in a user namespace and runs a script in its merged view.
enum RealOverlay {
    static let isAvailable: Bool = {
        guard let bench = try? Workbench() else { return false }
        return (try? run("true", on: bench)) != nil
    }()

    struct Failed: Error { let output: String }

    /// Returns what the script printed; its own failures are ignored, those of the mount are not.
    static func run(_ script: String, on bench: Workbench) throws -> String {
        for name in ["/work", "/merged"] {
            try FileManager.default.createDirectory(atPath: bench.base + name, withIntermediateDirectories: true)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let mount =
            "mount -t overlay overlay -o userxattr,lowerdir=mask:workspace,upperdir=upper,workdir=work merged && cd merged && echo mounted"
        process.arguments = [
            "unshare", "-Urm", "sh", "-c", "cd '\(bench.base)' && \(mount) || exit 9\n\(script)\nexit 0",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, output.hasPrefix("mounted\n") else { throw Failed(output: output) }
        return String(output.dropFirst(8))
    }

    /// Prints path, kind, mode, target and digest of everything in the current folder.
    static let describe =
        "find . -mindepth 1 -printf '%P %y %m %l\\n' | sed 's/ l 777 / l /' | LC_ALL=C sort; "
        + "find . -type f -exec sha256sum {} + | LC_ALL=C sort"

    static func describe(_ folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cd '\(folder)' && \(describe)"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }
}

/// A repeatable source of choices (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

@Suite("What a real overlay shows is what a commit makes", .enabled(if: RealOverlay.isAvailable))
struct OverlayTests {
    @Test("A random session commits to exactly the merged view, and undo takes all of it back", arguments: 0..<40)
    func randomSession(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bench = try Workbench()
        for _ in 0..<14 { try seedEntry(bench, &random) }
        let before = try RealOverlay.describe(bench.workspace)
        let snapshot = try bench.snapshot()
        let script = (0..<Int.random(in: 1...30, using: &random)).map { _ in step(&random) }.joined(separator: "\n")
        let merged = try RealOverlay.run("(\n\(script)\n) >/dev/null 2>&1\n" + RealOverlay.describe, on: bench)
        let report = try bench.commit(snapshot: snapshot)
        #expect(report.refusedPaths + report.conflictPaths == [], "\(script)")
        #expect(try RealOverlay.describe(bench.workspace) == merged, "\(script)")
        let undo = LayerUndo(workspace: bench.trees.workspace, store: bench.store)
        #expect(try undo.apply(try #require(report.undoIdentifier)) == [], "\(script)")
        #expect(try RealOverlay.describe(bench.workspace) == before, "\(script)")
    }

    private func seedEntry(_ bench: Workbench, _ random: inout SeededGenerator) throws {
        let path = bench.workspace + "/" + path(&random)
        do {
            if Int.random(in: 0..<6, using: &random) == 0 {
                try bench.link(name(&random), at: path)
            } else {
                try bench.write(
                    "seed \(random.next() % 100)\n", to: path,
                    mode: [0o644, 0o600, 0o755].randomElement(using: &random) ?? 0o644)
            }
        } catch {
            // A path below a file; the next one will do.
        }
    }

    private func step(_ random: inout SeededGenerator) -> String {
        let (one, two) = (path(&random), path(&random))
        return switch Int.random(in: 0..<14, using: &random) {
        case 0, 1: "echo \(random.next() % 1000) > \(one)"
        case 2: "echo more >> \(one)"
        case 3: "rm -rf \(one)"
        case 4: "rm -rf \(one); mkdir -p \(one); echo new > \(one)/a"
        case 5: "mkdir -p \(one)"
        case 6: "mv \(one) \(two)"
        case 7: "rm -rf \(one); ln -s \(name(&random)) \(one)"
        // A folder that its owner can't enter would be refused for a plain user.
        case 8:
            "chmod \(["600", "755", "644", "700"].randomElement(using: &random) ?? "644") \(one); test -d \(one) && chmod u+x \(one)"
        case 9: "cp \(one) \(two)"
        case 10: "rm -rf \(one); mkdir \(one)"
        case 11: "touch \(one)"
        case 12: "rmdir \(one)"
        default: "ln \(one) \(two)"
        }
    }

    private func name(_ random: inout SeededGenerator) -> String {
        ["a", "b", "c"].randomElement(using: &random) ?? "a"
    }

    private func path(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in name(&random) }.joined(separator: "/")
    }

    @Test("A mask in the middle layer is what the agent sees, and its deletion is seen as one")
    func masked() throws {
        let bench = try Workbench()
        try bench.write("token=SECRET\n", to: bench.workspace + "/deep/.env")
        try bench.write("SECRET\n", to: bench.workspace + "/second")
        let mask = try #require(bench.trees.mask)
        let built = try MaskBuilder(workspace: bench.trees.workspace, mask: mask).build { _, _ in Array("hidden\n".utf8)
        }
        let seen = try RealOverlay.run("cat deep/.env; sed -i s/hidden/changed/ deep/.env; mv second third", on: bench)
        #expect(seen == "hidden\n")
        let report = try bench.commit(snapshot: .table(built.identities))
        #expect(report.conflictPaths == ["deep/.env"])
        #expect(report.committedPaths == ["second", "third"])
        #expect(bench.read(bench.workspace + "/deep/.env") == "token=SECRET\n")
        #expect(bench.read(bench.workspace + "/third") == "hidden\n")
    }

    @Test("A git session inside commits: objects, refs and index arrive, hooks and aliases don't")
    func git() throws {
        let bench = try Workbench()
        let identity = "git config user.name A; git config user.email a@example.test; "
        _ = try RealOverlay.run("git init -q .; \(identity) echo 1 > a; git add a; git commit -qm one", on: bench)
        // A repository made inside arrives without its sample hooks.
        let first = try bench.commit()
        #expect(bench.exists(bench.workspace + "/.git/HEAD"))
        #expect(first.refusedPaths.filter { !$0.hasPrefix(".git/hooks") } == [])
        #expect(first.conflictPaths == [])
        try FileManager.default.removeItem(atPath: bench.upper)
        try FileManager.default.createDirectory(atPath: bench.upper, withIntermediateDirectories: true)
        let fresh = LayerTrees(
            workspace: bench.trees.workspace, mask: bench.trees.mask,
            upper: try LayerDescriptor(openingFolder: bench.upper))
        let snapshot = try bench.snapshot()
        _ = try RealOverlay.run(
            "echo 2 >> a; git checkout -qb topic; git commit -qam two; mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit; git gc -q",
            on: bench)
        let options = LayerCommit.Options(snapshot: snapshot, undo: bench.store)
        let report = try LayerCommit(trees: fresh, options: options).run(try LayerDiff(of: fresh))
        #expect(report.conflictPaths == [])
        #expect(report.refusedPaths.filter { !$0.hasPrefix(".git/hooks") } == [])
        #expect(bench.read(bench.workspace + "/.git/HEAD") == "ref: refs/heads/topic\n")
        #expect(try check(bench) == "two\none\n")
    }

    private func check(_ bench: Workbench) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-c", "safe.directory=*", "-C", bench.workspace, "log", "--format=%s"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }
}
