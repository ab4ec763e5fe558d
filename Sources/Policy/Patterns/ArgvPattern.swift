// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// A pattern over an argument vector: `[git, push, { flag: --force }]`.
///
/// A denial matches broadly: options may stand between its words, long flags may be abbreviated, short ones bundled. A permission
/// matches narrowly: its words in a row from the start, its flags in full, and nothing else unless `{ rest: true }` says so.
package struct ArgvPattern: Hashable, Sendable {
    package enum Element: Hashable, Sendable {
        case word(String)
        /// One of several words; those that start with `-` are flags.
        case any([String])
        case flag(String)
        case rest
    }

    package let elements: [Element]

    /// Makes a pattern; the first element must be a word or a choice of words.
    package init?(_ elements: [Element]) {
        switch elements.first {
        case .word(let word)? where !word.hasPrefix("-"): break
        case .any(let words)? where words.allSatisfy({ !$0.hasPrefix("-") }): break
        default: return nil
        }
        self.elements = elements
    }

    /// Whether a denial with this pattern covers `argv`; an unknown word (`nil`) is covered by nothing.
    package func coversBroadly(_ argv: [String?]) -> Bool {
        guard let first = argv.first, let program = first, let head = elements.first, Self.isProgram(program, head)
        else { return false }
        var position = 1
        for element in elements.dropFirst() {
            switch element {
            case .rest: continue
            case .flag(let flag):
                guard argv.dropFirst().contains(where: { $0.map { Self.meansFlag($0, flag) } ?? false }) else {
                    return false
                }
            case .any(let words) where words.contains(where: { $0.hasPrefix("-") }):
                guard argv.dropFirst().contains(where: { Self.meansOne($0, of: words) }) else { return false }
            case .word, .any:
                guard let next = Self.find(element, in: argv, from: position) else { return false }
                position = next + 1
            }
        }
        return true
    }

    /// Whether a permission with this pattern covers `argv`.
    package func coversNarrowly(_ argv: [String?]) -> Bool {
        guard let first = argv.first, let program = first, let head = elements.first, Self.isProgram(program, head)
        else { return false }
        var rest = Array(argv.dropFirst())
        var allowsRest = false
        for element in elements.dropFirst() {
            switch element {
            case .rest: allowsRest = true
            case .flag(let flag):
                guard let index = rest.firstIndex(where: { $0.map { Self.isFlag($0, flag) } ?? false }) else {
                    return false
                }
                rest.remove(at: index)
            case .any(let words) where words.contains(where: { $0.hasPrefix("-") }):
                guard let index = rest.firstIndex(where: { word in word.map { words.contains($0) } ?? false }) else {
                    return false
                }
                rest.remove(at: index)
            case .word, .any:
                guard let word = rest.first, let word, Self.isWord(word, element) else { return false }
                rest.removeFirst()
            }
        }
        return allowsRest || rest.isEmpty
    }

    /// The program's name, or its path where the pattern has one.
    private static func isProgram(_ program: String, _ element: Element) -> Bool {
        switch element {
        case .word(let word): word.hasSameBytes(as: word.contains("/") ? program : CommandPath.base(of: program))
        case .any(let words): words.contains { isProgram(program, .word($0)) }
        case .flag, .rest: false
        }
    }

    private static func isWord(_ word: String, _ element: Element) -> Bool {
        switch element {
        case .word(let expected): word.hasSameBytes(as: expected)
        case .any(let words): words.contains { $0.hasSameBytes(as: word) }
        case .flag, .rest: false
        }
    }

    /// The place of a word that comes next, where only options and their values stand before it.
    private static func find(_ element: Element, in argv: [String?], from start: Int) -> Int? {
        var position = start
        var mayBeValue = false
        while position < argv.count {
            guard let word = argv[position] else {
                mayBeValue = true
                position += 1
                continue
            }
            if isWord(word, element) { return position }
            if word.hasPrefix("-") {
                mayBeValue = !word.contains("=")
            } else if mayBeValue {
                mayBeValue = false
            } else {
                return nil
            }
            position += 1
        }
        return nil
    }

    private static func meansOne(_ word: String?, of words: [String]) -> Bool {
        guard let word else { return false }
        return words.contains { $0.hasPrefix("-") ? meansFlag(word, $0) : word == $0 }
    }

    private static func isFlag(_ word: String, _ flag: String) -> Bool {
        word.hasSameBytes(as: flag) || (flag.hasPrefix("--") && word.utf8.starts(with: (flag + "=").utf8))
    }

    /// Whether a word is the flag, an abbreviation of it, or a bundle that holds it.
    static func meansFlag(_ word: String, _ flag: String) -> Bool {
        if isFlag(word, flag) { return true }
        if flag.hasPrefix("--") {
            let name = word.prefix { $0 != "=" }
            return name.utf8.count >= 3 && name.hasPrefix("--") && flag.hasPrefix(name)
        }
        guard flag.utf8.count == 2, let letter = flag.last, word.hasPrefix("-"), !word.hasPrefix("--") else {
            return false
        }
        return word.dropFirst().contains(letter)
    }
}

/// Paths of programs as text.
package enum CommandPath {
    /// The last component of a path.
    package static func base(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }
}
