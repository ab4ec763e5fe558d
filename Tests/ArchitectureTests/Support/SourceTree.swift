// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The project's own files, as they lie on disk.
struct SourceTree: Sendable {
    let files: [SourceFile]
    let package: SourceFile

    /// `AGENTKIT_SOURCES`, else the tree that this file was compiled from.
    static let projectRoot: String = {
        let compiled = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(
            separator: "/")
        return ProcessInfo.processInfo.environment["AGENTKIT_SOURCES"] ?? compiled
    }()

    /// The tree at `projectRoot`.
    static let project = SourceTree(root: projectRoot)

    init(root: String) {
        var files: [SourceFile] = []
        for folder in ["Sources", "Tests", "Examples", "Benchmarks", "Fuzz"] {
            let paths = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            for path in paths.sorted() where path.hasSuffix(".swift") && !path.contains(".build/") {
                files.append(SourceFile(path: "\(folder)/\(path)", root: root))
            }
        }
        self.files = files
        package = SourceFile(path: "Package.swift", root: root)
    }

    /// The files below one folder.
    func files(in folder: String) -> [SourceFile] { files.filter { $0.path.hasPrefix(folder + "/") } }
}

/// One Swift file.
struct SourceFile: Sendable {
    /// Relative to the project's root.
    let path: String
    let lines: [String]
    private let data: Data

    init(path: String, root: String) {
        let data = FileManager.default.contents(atPath: "\(root)/\(path)") ?? Data()
        self.init(path: path, data: data)
    }

    init(path: String, text: String) { self.init(path: path, data: Data(text.utf8)) }

    private init(path: String, data: Data) {
        self.path = path
        self.data = data
        lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The lines with comments and the contents of string literals blanked.
    var code: [String] {
        var blanking = CodeReader()
        return blanking.blanked(data).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a text stands anywhere in the file: a quick look before a close one.
    func mentions(_ text: String) -> Bool { data.range(of: Data(text.utf8)) != nil }

    /// Places in code as `path:line`, looked for only where the file mentions one of some texts.
    func places(mentioning texts: [String], where matches: (_ line: String, _ index: Int) -> Bool) -> [String] {
        guard texts.contains(where: { mentions($0) }) else { return [] }
        let code = code
        return code.indices.filter { matches(code[$0], $0) }.map { "\(path):\($0 + 1)" }
    }

    /// The modules that the file imports.
    var imports: Set<String> {
        var modules: Set<String> = []
        for line in lines where line.contains("import ") {
            let words = line.split(separator: " ").map(String.init)
            guard let position = words.firstIndex(of: "import"),
                words[..<position].allSatisfy({ Self.modifiers.contains($0) })
            else { continue }
            let rest = words[(position + 1)...].drop { Self.kinds.contains($0) }
            if let module = rest.first { modules.insert(String(module.prefix { $0 != "." && $0 != ";" })) }
        }
        return modules
    }

    private static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "@testable", "@_exported", "@preconcurrency",
        "@_implementationOnly",
    ]
    private static let kinds: Set<String> = [
        "struct", "class", "enum", "protocol", "func", "let", "var", "typealias", "actor",
    ]
}

extension String {
    /// Whether the text holds a word that isn't part of a longer one.
    func holds(word: String) -> Bool {
        var rest = self[...]
        while let found = rest.range(of: word) {
            let before =
                rest[..<found.lowerBound].last
                ?? (found.lowerBound > startIndex ? self[index(before: found.lowerBound)] : nil)
            let after = rest[found.upperBound...].first
            if !Self.isPart(before) && !Self.isPart(after) { return true }
            rest = self[found.upperBound...]
        }
        return false
    }

    private static func isPart(_ character: Character?) -> Bool {
        guard let character else { return false }
        return character == "_" || character.isLetter || character.isNumber
    }
}
