// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Unsafe code")
struct UnsafeTests {
    /// Files whose uses lack their reasons; each is waiting for them.
    static let withoutReasons: Set<String> = ["Tests/SecretsTests/Unsafe/TemporaryWorkspace.swift"]

    /// Whether a line uses `unsafe` as a keyword or attribute; a function of that name stands before a parenthesis.
    static func usesKeyword(_ line: String) -> Bool {
        guard line.holds(word: "unsafe") else { return false }
        return line.split(separator: " ").contains { $0 == "unsafe" || $0.hasSuffix("(unsafe") }
            && !line.contains("func unsafe(")
            || line.contains("@unsafe") || line.contains("(unsafe)") || line.contains("(unsafe ")
    }

    static func usesPointer(_ line: String) -> Bool {
        guard let found = line.range(of: "Unsafe") else { return false }
        return line[found.upperBound...].prefix { $0.isLetter }.hasSuffix("Pointer")
    }

    @Test("Unsafe code lies in folders named Unsafe")
    func folders() {
        for file in SourceTree.project.files where !file.path.contains("/Unsafe/") {
            let places = file.places(mentioning: ["unsafe", "Unsafe", "Unmanaged<"]) { line, _ in
                Self.usesKeyword(line) || Self.usesPointer(line) || line.contains("Unmanaged<")
            }
            #expect(places.isEmpty, "unsafe code outside of a folder named Unsafe: \(places)")
        }
    }

    @Test("Only folders that need it have unsafe code")
    func owners() {
        let owners = Set(
            SourceTree.project.files(in: "Sources").filter { $0.path.contains("/Unsafe/") }
                .map { $0.path.split(separator: "/").prefix(2).joined(separator: "/") })
        #expect(
            owners.isSubset(of: ["Sources/Core", "Sources/Sandbox", "Sources/Secrets", "Sources/Store", "Sources/Host"])
        )
    }

    @Test("Each unsafe use has its reason in the same paragraph, or in the dozen lines before")
    func reasons() {
        for file in SourceTree.project.files where !Self.withoutReasons.contains(file.path) {
            let places = file.places(mentioning: ["unsafe", "@unchecked"]) { line, index in
                (Self.usesKeyword(line) || line.contains("@unchecked Sendable")) && !Self.hasReason(file, index)
            }
            #expect(places.isEmpty, "no `// SAFETY:` line near \(places)")
        }
    }

    private static func hasReason(_ file: SourceFile, _ index: Int) -> Bool {
        func isBlank(_ line: Int) -> Bool { file.lines[line].allSatisfy { $0 == " " || $0 == "\t" } }
        var start = index
        while start > 0, !isBlank(start - 1) { start -= 1 }
        var end = index
        while end + 1 < file.lines.count, !isBlank(end + 1) { end += 1 }
        return file.lines[min(start, max(0, index - 12))...end].contains { $0.contains("// SAFETY:") }
    }

    @Test(
        "The check itself sees what it looks for",
        arguments: [
            ("let x = unsafe y", true), ("nonisolated(unsafe) var x = 1", true), ("return try unsafe f(x)", true),
            ("f(unsafe x)", true),
            ("@unsafe func f()", true), ("case 1: unsafe(\"text\")", false),
            ("mutating func unsafe(_ x: Int) {", false), ("// unsafe y", false),
            ("let x = \"unsafe y\"", false), ("unsafely y", false),
        ])
    func control(_ line: String, _ isUnsafe: Bool) {
        #expect(Self.usesKeyword(SourceFile(path: "x", text: line).code[0]) == isUnsafe)
    }
}
