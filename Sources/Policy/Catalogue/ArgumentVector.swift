// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// A command's arguments, told apart into options and operands as far as that goes without the program's own grammar.
package struct ArgumentVector: Sendable {
    /// A word that isn't an option.
    struct Operand: Sendable {
        let word: CommandWord
        /// Whether it stands directly after an option, and may be that option's value.
        let mayBeValue: Bool
        /// Where it stands.
        let index: Int
    }

    let program: String
    let words: [CommandWord]
    let operands: [Operand]
    /// Whether a word could turn into an option when it is expanded.
    let hidesOptions: Bool
    private let values: [Int]
    private let end: Int

    /// - Parameter valueOptions: Options that are known to take the next word.
    init(_ program: String, _ argv: some Sequence<CommandWord>, valueOptions: Set<String> = []) {
        self.program = program
        let words = Array(argv)
        var operands: [Operand] = []
        operands.reserveCapacity(words.count)
        var end = words.count
        var afterOption = false
        var hides = false
        var skipNext = false
        var values: [Int] = []
        for (index, word) in words.enumerated() {
            if skipNext { skipNext = false; values.append(index); continue }
            if index > end { operands.append(Operand(word: word, mayBeValue: false, index: index)); continue }
            if word.isKnown, word.text.utf8.first == 0x2D, word.text.utf8.count > 1 {
                if word.text == "--", end == words.count { end = index; afterOption = false; continue }
                if valueOptions.contains(word.text) { skipNext = true; afterOption = false } else { afterOption = !word.text.utf8.contains(0x3D) }
                continue
            }
            if word.maySplit || (!word.isKnown && word.text.first == CommandWord.hole) { hides = true }
            operands.append(Operand(word: word, mayBeValue: afterOption, index: index))
            afterOption = false
        }
        self.words = words
        self.operands = operands
        self.values = values
        self.end = end
        hidesOptions = hides
    }

    /// The options, up to `--`.
    var options: ArraySlice<CommandWord> {
        let all = words[..<min(end, words.count)]
        if values.isEmpty { return all }
        return all.enumerated().filter { !values.contains($0.offset) }.map(\.element)[...]
    }

    /// Whether an option is there: exactly, with `=value`, abbreviated (long), or in a cluster (one letter).
    func has(_ option: String) -> Bool {
        let count = option.utf8.count
        let letter = option.utf8.dropFirst().first ?? 0
        let isLong = count > 2 && letter == 0x2D
        for word in options where word.text.utf8.first == 0x2D {
            let text = word.text
            if text == option { return true }
            if isLong {
                guard text.hasPrefix("--") else { continue }
                let name = text.prefix { $0 != "=" }
                if name == option || (name.utf8.count >= 5 && option.hasPrefix(name)) { return true }
            } else if count == 2, !text.hasPrefix("--"), text.utf8.dropFirst().contains(letter) {
                return true
            }
        }
        return false
    }

    /// Whether any of the options is there.
    func has(any options: String...) -> Bool { options.contains { has($0) } }

    /// Whether an option stands there in full, and isn't taken back: the way to recognise safe forms.
    func hasExactly(_ option: String) -> Bool {
        let bare = option.prefix { $0 != "=" }
        var found = false
        var previous: CommandWord?
        for word in options {
            defer { previous = word }
            let text = word.text
            guard word.isKnown, !Self.mayTakeValue(previous) else { continue }
            if text == option || (!option.contains("=") && text == option + "=true") { found = true } else if text.hasPrefix(bare + "="), text != option, !option.contains("=") || text != option {
                found = option.contains("=") ? false : !["false", "none", "no", "0"].contains(text.dropFirst(bare.utf8.count + 1).lowercased())
            }
        }
        if !option.hasPrefix("-") { return words.contains { $0.exact == option } }
        return found
    }

    /// Whether a word is a long option that may take the next word as its value, so that a safe form after it may be no option at all.
    private static func mayTakeValue(_ word: CommandWord?) -> Bool {
        guard let text = word?.text, text.hasPrefix("--"), !text.utf8.contains(0x3D), text.utf8.count > 2 else { return false }
        return !switches.contains(text)
    }

    /// Long options that take no value in any program that matters here.
    private static let switches: Set<String> = [
        "--force", "--delete", "--recursive", "--all", "--quiet", "--verbose", "--yes", "--prune", "--no-verify", "--tags", "--hard", "--cached",
        "--staged", "--dry-run", "--dryrun", "--help", "--version", "--archive", "--mirror", "--all-namespaces", "--rm", "--follow", "--simulate",
        "--ignore-not-found", "--now", "--wait", "--debug", "--json", "--no-input", "--purge", "--keep-history", "--atomic", "--install", "--draft",
    ]

    /// Whether any of the options stands there in full.
    func hasExactly(any options: String...) -> Bool { options.contains { hasExactly($0) } }

    /// The value of an option, attached with `=` or as the next word.
    func value(of names: String...) -> CommandWord? {
        for (index, word) in words.enumerated() {
            for name in names {
                if word.text == name, index + 1 < words.count { return words[index + 1] }
                if name.hasPrefix("--"), word.text.hasPrefix(name + "=") {
                    return CommandWord(String(word.text.dropFirst(name.utf8.count + 1)), isKnown: word.isKnown)
                }
                if !name.hasPrefix("--"), name.utf8.count == 2, word.text.hasPrefix(name), word.text.utf8.count > 2 {
                    return CommandWord(String(word.text.dropFirst(2)), isKnown: word.isKnown)
                }
            }
        }
        return nil
    }

    /// Whether help or a version is all that is asked for.
    var asksForHelp: Bool {
        var previous: CommandWord?
        for word in options {
            if word.isKnown, word.text == "--help" || word.text == "--version" || word.text == "-help", !Self.mayTakeValue(previous) { return true }
            previous = word
        }
        return words.count == 1 && words[0].exact == "help"
    }

    /// The operand at a position.
    func operand(_ position: Int) -> String? {
        position < operands.count ? operands[position].word.exact : nil
    }
}
