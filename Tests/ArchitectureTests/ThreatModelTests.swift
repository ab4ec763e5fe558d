// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Threat model")
struct ThreatModelTests {
    @Test("Every test that the threat model names exists in its target")
    func namedTestsExist() {
        let claims = ThreatModel.project.properties.flatMap(\.claims)
        #expect(claims.count > 50, "the document can't be read any more")
        for claim in claims {
            #expect(claim.isKept(by: .project), "\(claim.target) has no test named \"\(claim.name)\"")
        }
    }

    @Test("Every property is attacked, has a control, and says what it doesn't cover")
    func propertiesAreWhole() {
        for property in ThreatModel.project.properties {
            #expect(property.claims.contains { !$0.isControl }, "\(property.title) names no test that attacks it")
            #expect(property.claims.contains { $0.isControl }, "\(property.title) has no control")
            #expect(property.lines.contains { $0.hasPrefix("Limits") }, "\(property.title) states no limits")
            #expect(property.lines.contains { $0.hasPrefix("Enforced by:") }, "\(property.title) names no wall")
        }
    }

    @Test("Properties are numbered from P1 on without a gap")
    func numbering() {
        let titles = ThreatModel.project.properties.map(\.title)
        for (index, title) in titles.enumerated() { #expect(title.hasPrefix("P\(index + 1). ")) }
        #expect(titles.count > 10)
    }

    @Test("Every file and folder that a document names exists", arguments: Document.all)
    func namedPathsExist(_ document: Document) {
        #expect(!document.text.isEmpty, "\(document.path) can't be read")
        for path in document.namedPaths {
            #expect(
                FileManager.default.fileExists(atPath: "\(Document.root)/\(path)"), "\(document.path) names \(path)")
        }
    }

    @Test("The check itself sees what it looks for")
    func control() {
        let model = ThreatModel(
            text: """
                ### P1. One
                - `ArchitectureTests`: "The check itself sees what it looks for"
                - `ArchitectureTests`: "No test has this name, and none may ever have it!" (control)
                ## Another chapter
                - `ArchitectureTests`: "Not of a property"
                """)
        #expect(model.properties.map(\.title) == ["P1. One"])
        #expect(model.properties[0].claims.map { $0.isKept(by: .project) } == [true, false])
        #expect(model.properties[0].claims.map(\.isControl) == [false, true])
        #expect(
            Document.paths(in: "`Sources/Core` and `Sources/a b`, `Tests/x.swift`.") == [
                "Sources/Core", "Tests/x.swift",
            ])
    }
}

/// `Docs/ThreatModel.md`, as far as it makes claims that can be checked.
struct ThreatModel {
    /// A property and the tests that it names.
    struct Property {
        let title: String
        var lines: [String] = []
        var claims: [Claim] { lines.compactMap { Claim(line: $0) } }
    }

    /// A line such as `` - `CoreTests`: "The rule" (control) ``.
    struct Claim {
        let target: String
        let name: String
        let isControl: Bool

        init?(line: String) {
            let parts = line.split(separator: "`", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "- ", parts[1].hasSuffix("Tests"), parts[2].hasPrefix(": \""),
                let end = parts[2].lastIndex(of: "\"")
            else { return nil }
            target = String(parts[1])
            name = String(parts[2][..<end].dropFirst(3))
            isControl = parts[2][end...].contains("control)")
        }

        /// Whether a file of the target declares a test of this name.
        func isKept(by tree: SourceTree) -> Bool {
            tree.files(in: "Tests/\(target)").contains { file in
                guard file.mentions("\"\(name)\"") else { return false }
                let text = file.lines.joined(separator: "\n")
                return text.ranges(of: "@Test(").contains { mark in
                    text[mark.upperBound...].drop { $0.isWhitespace }.hasPrefix("\"\(name)\"")
                }
            }
        }
    }

    static let project = ThreatModel(text: Document(path: "Docs/ThreatModel.md").text)

    let properties: [Property]

    init(text: String) {
        var properties: [Property] = []
        var isInside = false
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("### ") {
                properties.append(Property(title: String(line.dropFirst(4))))
                isInside = true
            } else if line.hasPrefix("## ") {
                isInside = false
            } else if isInside {
                properties[properties.count - 1].lines.append(line)
            }
        }
        self.properties = properties
    }
}

/// A document of the project.
struct Document: Sendable, CustomTestStringConvertible {
    static let root = SourceTree.projectRoot
    static let all: [Document] = {
        let decisions = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/Docs/Decisions")) ?? []
        let others = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "Docs/ThreatModel.md", "Docs/Policy.md"]
        return (others + decisions.sorted().map { "Docs/Decisions/\($0)" }).map { Document(path: $0) }
    }()

    let path: String
    var testDescription: String { path }

    var text: String {
        String(decoding: FileManager.default.contents(atPath: "\(Self.root)/\(path)") ?? Data(), as: UTF8.self)
    }

    var namedPaths: [String] { Self.paths(in: text) }

    /// What stands between backticks and begins with a folder of the project.
    static func paths(in text: String) -> [String] {
        let folders = ["Sources/", "Tests/", "Examples/", "Docs/", "Scripts/", "Benchmarks/"]
        let spans = text.split(separator: "`", omittingEmptySubsequences: false)
        return spans.indices.filter { !$0.isMultiple(of: 2) }.map { String(spans[$0]) }.filter { span in
            folders.contains { span.hasPrefix($0) } && !span.contains { $0.isWhitespace || $0 == "*" || $0 == "…" }
        }
    }
}
