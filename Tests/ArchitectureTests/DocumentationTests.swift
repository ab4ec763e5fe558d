// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Documentation")
struct DocumentationTests {
    /// Folders in which every public declaration is documented.
    static let documented = [
        "Sources/Core/JSON", "Sources/Core/Ports", "Sources/Core/Requests", "Sources/Core/State", "Sources/Core/Unsafe",
        "Sources/Core/Values", "Sources/AgentKit", "Sources/Tools", "Sources/Policy", "Sources/Approvals",
        "Sources/Audit",
        "Sources/Store", "Sources/Sandbox", "Sources/Egress", "Sources/Models", "Sources/Host", "Sources/CLI",
    ]

    /// Members that a protocol documents, by the folder in which they conform.
    static let witnesses: [(folder: String, starts: [String])] = [
        ("Sources", ["var description: String", "static func == (", "static func < (", "func hash(into "]),
        ("Sources/Tools", ["let name = ", "let description = ", "let inputSchema = ", "func propose(", "func run("]),
        (
            "Sources/AgentKit",
            ["static let kind = ", "func covers(_ action: Effect.Action", "func isWithin(_ parent: "]
        ),
        ("Sources/Egress", ["func send(_ request: TransportRequest)"]),
        ("Sources/Sandbox", ["func open(_ specification: ConfinementSpecification)"]),
    ]

    static let modifiers: Set<String> = [
        "static", "final", "mutating", "nonmutating", "nonisolated", "convenience", "required", "override", "indirect",
        "lazy", "consuming",
        "borrowing", "class", "weak",
    ]
    static let kinds: Set<String> = [
        "func", "struct", "class", "enum", "protocol", "init", "var", "let", "typealias", "actor", "subscript",
    ]

    /// The declaration without `public`, or `nil` where the line holds none.
    static func declaration(in line: String) -> String? {
        guard line.utf8.drop(while: { $0 == UInt8(ascii: " ") }).starts(with: "public ".utf8) else { return nil }
        let trimmed = line.drop { $0 == " " }
        let rest = trimmed.dropFirst(7)
        for word in rest.split(separator: " ") {
            let name = String(word.prefix { $0.isLetter })
            if kinds.contains(name), name != "class" || !rest.contains("class func") { return String(rest) }
            guard modifiers.contains(name) else { return nil }
        }
        return nil
    }

    static func undocumented(in file: SourceFile) -> [String] {
        let exempt = witnesses.filter { file.path.hasPrefix($0.folder + "/") }.flatMap(\.starts)
        return file.places(mentioning: ["public "]) { line, index in
            guard let declaration = declaration(in: line), !exempt.contains(where: { declaration.hasPrefix($0) }) else {
                return false
            }
            var above = index - 1
            while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
            return above < 0 || !file.lines[above].drop { $0 == " " }.hasPrefix("///")
        }
    }

    @Test("Every public declaration has a doc comment", arguments: documented)
    func comments(_ folder: String) {
        let places = SourceTree.project.files(in: folder).flatMap { Self.undocumented(in: $0) }
        #expect(places.isEmpty, "no doc comment: \(places.joined(separator: ", "))")
    }

    @Test(
        "The check itself sees what it looks for",
        arguments: [
            ("public let x = 1", 1), ("/// Says.\npublic let x = 1", 0),
            ("/// Says.\n@inlinable\npublic func f() {}", 0), ("@inlinable\npublic func f() {}", 1),
            ("    public static func f() {}", 1), ("public extension String {}", 0), ("public import Foundation", 0),
            ("// says\npublic init() {}", 1),
            ("public final class C {}", 1), ("let text = \"\"\"\npublic let x = 1\n\"\"\"", 0),
        ])
    func control(_ text: String, _ count: Int) {
        #expect(Self.undocumented(in: SourceFile(path: "Sources/X/x.swift", text: text)).count == count)
    }
}
