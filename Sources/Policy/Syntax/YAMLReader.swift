// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// Reads one YAML document into nodes with places, stricter than YAML is.
///
/// Duplicate keys, merge keys and keys that aren't text are errors: each of them lets two readers see two policies.
/// Aliases of whole values are allowed, within a bound on what they expand to.
package struct YAMLReader {
    /// Most bytes of a file.
    package static let maximumBytes = 1 << 20
    private static let maximumNodes = 200_000
    private static let maximumDepth = 64
    private static let maximumDuplicates = 64

    private let file: String
    private var problems: [PolicyProblem] = []
    private var nodeCount = 0
    /// Keys that were given another name so that the parser goes on after a duplicate, by their place.
    private var renamed: [[Int]: String] = [:]

    private init(file: String) { self.file = file }

    /// Reads `text`.
    ///
    /// - Returns: The root, or `nil` where the text is no YAML at all; and every problem.
    package static func read(_ text: String, file: String) -> (root: YAMLNode?, problems: [PolicyProblem]) {
        var reader = YAMLReader(file: file)
        let root = reader.readDocument(text)
        return (root, reader.problems)
    }

    private mutating func readDocument(_ text: String) -> YAMLNode? {
        guard text.utf8.count <= Self.maximumBytes else {
            fail("file.size", "the file is over \(Self.maximumBytes) bytes; split what doesn't belong in it", 1, 1)
            return nil
        }
        var current = text
        for _ in 0...Self.maximumDuplicates {
            do {
                let parser = try Yams.Parser(yaml: current, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                return convert(root, depth: 0)
            } catch let error as YamlError {
                guard let next = recover(from: error, in: current) else { return nil }
                current = next
            } catch {
                fail("yaml.syntax", "the file can't be read as YAML", 1, 1)
                return nil
            }
        }
        fail("key.duplicate", "the file has more than \(Self.maximumDuplicates) duplicate keys", 1, 1)
        return nil
    }

    /// Notes a syntax error; for a duplicate key, gives the text with its first occurrence renamed, so that reading goes on.
    private mutating func recover(from error: YamlError, in text: String) -> String? {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            fail("yaml.syntax", "not valid YAML: \(problem)", mark.line, mark.column)
        case .duplicatedKeysInMapping(let names, let context):
            if let name = names.sorted().first, let next = rename(name, context.mark, in: text) { return next }
            fail("key.duplicate", "a key stands here twice; keep one", context.mark.line, context.mark.column)
        default:
            fail("yaml.syntax", "the file is not UTF-8 text that YAML allows", 1, 1)
        }
        return nil
    }

    /// Replaces the first character of a key by one that no other key has; columns stay what they were.
    private mutating func rename(_ name: String, _ mark: Mark, in text: String) -> String? {
        guard renamed[[mark.line, mark.column]] == nil, let stand = Unicode.Scalar(0xF0000 + UInt32(renamed.count))
        else {
            return nil
        }
        var scalars = Array(text.unicodeScalars)
        var line = 1
        var index = 0
        while index < scalars.count, line < mark.line {
            if scalars[index] == "\n"
                || (scalars[index] == "\r" && (index + 1 == scalars.count || scalars[index + 1] != "\n"))
            {
                line += 1
            }
            index += 1
        }
        index += mark.column - 1
        guard index < scalars.count else { return nil }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, scalars[index] == name.unicodeScalars.first else { return nil }
        scalars[index] = stand
        renamed[[mark.line, mark.column]] = name
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    private mutating func convert(_ node: Node, depth: Int) -> YAMLNode? {
        let line = node.mark?.line ?? 1
        let column = node.mark?.column ?? 1
        nodeCount += 1
        guard nodeCount <= Self.maximumNodes, depth <= Self.maximumDepth else {
            if nodeCount <= Self.maximumNodes + 1 {
                nodeCount = Self.maximumNodes + 1
                fail("file.size", "the file holds too many values or nests them too deeply", line, column)
            }
            return nil
        }
        let position = SourcePosition(file: file, line: line, column: column)
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), position: position)
        case .sequence(let sequence):
            return YAMLNode(
                content: .sequence(sequence.compactMap { convert($0, depth: depth + 1) }), position: position)
        case .mapping(let mapping):
            return YAMLNode(content: .mapping(entries(of: mapping, depth: depth)), position: position)
        case .alias:
            fail("yaml.alias", "an alias that leads nowhere; write the value out", line, column)
            return nil
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var seen: [String: SourcePosition] = [:]
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            let column = key.mark?.column ?? 1
            guard case .scalar(let scalar) = key else {
                fail("key.kind", "a key must be plain text", line, column)
                continue
            }
            let name = renamed[[line, column]] ?? scalar.string
            if name == "<<" {
                fail("key.merge", "merge keys hide what a map holds; write its keys out", line, column)
                continue
            }
            let position = SourcePosition(file: file, line: line, column: column)
            if let first = seen[name] {
                fail(
                    "key.duplicate", "duplicate key `\(name)`; it stands already in line \(first.line): keep one", line,
                    column)
                continue
            }
            seen[name] = position
            guard let value = convert(value, depth: depth + 1) else { continue }
            entries.append(YAMLNode.Entry(name: name, position: position, value: value))
        }
        return entries
    }

    private mutating func fail(_ id: String, _ message: String, _ line: Int, _ column: Int) {
        problems.append(PolicyProblem(id, message, at: SourcePosition(file: file, line: line, column: column)))
    }
}
