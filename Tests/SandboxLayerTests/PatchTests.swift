// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgentSandbox

@Suite("A patch shows what changed and can't deceive a terminal")
struct PatchTests {
    private func patch(_ old: String, _ new: String) -> [String]? {
        LayerPatch(from: Array(old.utf8), to: Array(new.utf8))?.lines
    }

    @Test("A changed line is shown with three lines around it")
    func context() {
        let old = (1...9).map { "\($0)\n" }.joined()
        #expect(
            patch(old, old.replacingOccurrences(of: "5\n", with: "five\n")) == [
                "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8",
            ])
    }

    @Test("Added, emptied and unterminated files are shown as such")
    func edges() {
        #expect(patch("", "a\n") == ["@@ -0,0 +1,1 @@", "+a"])
        #expect(patch("a\n", "") == ["@@ -1,1 +0,0 @@", "-a"])
        #expect(patch("a", "a\n") == ["@@ -1,1 +1,1 @@", "-a", "\\ no newline at the end", "+a"])
        #expect(patch("same\n", "same\n") == [])
    }

    @Test("What is no text has no patch")
    func binary() {
        #expect(LayerPatch(from: [0], to: [1]) == nil)
        #expect(LayerPatch(from: [0xFF], to: []) == nil)
    }

    @Test("Escape sequences, line tricks and reordering characters are shown, not obeyed")
    func escapes() {
        #expect(patch("", "\u{1B}[2K\r\u{202E}x\n") == ["@@ -0,0 +1,1 @@", "+\\u{1b}[2K\\u{d}\\u{202e}x"])
    }

    @Test("A patch applies: patch(1) makes the new file from the old one", arguments: 0..<30)
    func applies(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func text() -> [String] {
            (0..<Int.random(in: 0...60, using: &random)).map { _ in "line \(Int.random(in: 0..<8, using: &random))\n" }
        }
        let old = text()
        var new = old
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let index = Int.random(in: 0...new.count, using: &random)
            if Bool.random(using: &random) || new.isEmpty {
                new.insert("new \(Int.random(in: 0..<4, using: &random))\n", at: index)
            } else {
                new.remove(at: min(index, new.count - 1))
            }
        }
        let lines = try #require(patch(old.joined(), new.joined()))
        #expect(try apply(lines, to: old) == new)
    }

    // Follows the hunks strictly: every context and deleted line must be where it is said to be.
    private func apply(_ lines: [String], to old: [String]) throws -> [String] {
        var result: [String] = []
        var position = 0
        for line in lines {
            if line.hasPrefix("@@") {
                let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
                let start = numbers[1] == 0 ? numbers[0] : numbers[0] - 1
                result += old[position..<start]
                position = start
                continue
            }
            let text = String(line.dropFirst()) + "\n"
            if !line.hasPrefix("+") {
                #expect(old[position] == text)
                position += 1
            }
            if !line.hasPrefix("-") { result.append(text) }
        }
        return result + old[position...]
    }

    @Test("Texts too different to compare are shown as replaced, in bounded time")
    func bounded() throws {
        let old = (0..<20_000).map { "old \($0)\n" }.joined()
        let new = (0..<20_000).map { "new \($0)\n" }.joined()
        var limits = LayerPatch.Limits()
        limits.edits = 50
        let patch = try #require(LayerPatch(from: Array(old.utf8), to: Array(new.utf8), limits: limits))
        #expect(patch.isCut)
        #expect(patch.lines.count == limits.lines)
    }

    @Test("The patch of a masked file shows the redacted copy")
    func masked() throws {
        let bench = try Workbench()
        try bench.write("SECRET\n", to: bench.workspace + "/f")
        try bench.write("[masked]\n", to: bench.mask + "/f")
        try bench.write("[masked]\nmore\n", to: bench.upper + "/f")
        let diff = try bench.diff()
        let entry = try #require(diff.entries.first)
        #expect(entry.isMasked)
        #expect(diff.patch(of: entry, in: bench.trees)?.lines == ["@@ -1,1 +1,2 @@", " [masked]", "+more"])
    }
}
