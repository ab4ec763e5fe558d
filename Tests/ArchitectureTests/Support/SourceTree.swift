// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The project's own files, as they lie on disk.
struct SourceTree: Sendable {
    let files: [SourceFile]
    let package: SourceFile

    /// Reads the tree at `AGENTKIT_SOURCES`, else the one that this file was compiled from.
    static let project: SourceTree = {
        let compiled = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        return SourceTree(root: ProcessInfo.processInfo.environment["AGENTKIT_SOURCES"] ?? compiled)
    }()

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
    /// The same lines with comments and the contents of string literals blanked.
    let code: [String]

    init(path: String, root: String) {
        let data = FileManager.default.contents(atPath: "\(root)/\(path)") ?? Data()
        self.init(path: path, text: String(decoding: data, as: UTF8.self))
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var blanking = CodeReader()
        code = blanking.blanked(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Places whose code holds one of some words, as `path:line`.
    func places(where matches: (_ line: String, _ index: Int) -> Bool) -> [String] {
        code.indices.filter { matches(code[$0], $0) }.map { "\(path):\($0 + 1)" }
    }

    /// The modules that the file imports.
    var imports: Set<String> {
        var modules: Set<String> = []
        for line in code {
            let words = line.split(separator: " ").map(String.init)
            guard let position = words.firstIndex(of: "import"), words[..<position].allSatisfy({ Self.modifiers.contains($0) }) else { continue }
            let rest = words[(position + 1)...].drop { Self.kinds.contains($0) }
            if let module = rest.first { modules.insert(String(module.prefix { $0 != "." && $0 != ";" })) }
        }
        return modules
    }

    private static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "@testable", "@_exported", "@preconcurrency", "@_implementationOnly",
    ]
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias", "actor"]
}

extension String {
    /// Whether the text holds a word that isn't part of a longer one.
    func holds(word: String) -> Bool {
        var rest = self[...]
        while let found = rest.range(of: word) {
            let before = rest[..<found.lowerBound].last ?? (found.lowerBound > startIndex ? self[index(before: found.lowerBound)] : nil)
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
