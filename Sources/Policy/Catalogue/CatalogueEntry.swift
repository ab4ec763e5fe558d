// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// One action that the catalogue knows: how it is recognised, how bad it is, and what can undo it.
package struct CatalogueEntry: Hashable, Sendable {
    /// How long an action can be undone, and by what.
    package enum Undo: Hashable, Sendable {
        /// By the same means, at any time.
        case always
        /// By the provider, for a while.
        case provider(days: Int)
        /// Only where a backup exists elsewhere.
        case backupOnly
        case never
    }

    /// What else an action does.
    package struct Traits: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Backups go along with their data.
        package static let takesBackups = Traits(rawValue: 1)
        /// Others learn of it, and can't unlearn it.
        package static let discloses = Traits(rawValue: 2)
        /// Later losses can no longer be undone.
        package static let weakensRecovery = Traits(rawValue: 4)
        /// It makes credentials, gives rights, or runs programs elsewhere.
        package static let escalates = Traits(rawValue: 8)
    }

    /// How it is recognised.
    package enum Matcher: Hashable, Sendable {
        /// Words of a command line, the program first; see `CommandPattern`.
        case command(CommandPattern)
        case http(HTTPPattern)
        /// A field on GraphQL's mutation type at one of the provider's endpoints.
        case graphQL(provider: String, field: String)
    }

    /// The stable id, such as `aws.rds.delete-db-instance`.
    package let id: String
    package let effectClass: EffectClass
    package let undo: Undo
    package let traits: Traits
    /// What it does, in plain words, without a subject.
    package let summary: String
    package let matcher: Matcher
    /// Examples that this entry must not catch.
    package let permits: [String]
    /// Examples that this entry must catch.
    package let denies: [String]

    /// The operation that this entry stands for.
    package func operation(queries: [ResourceQuery] = []) -> EffectAnalysis.Operation {
        EffectAnalysis.Operation(
            id: id, effectClass: effectClass, queries: queries, takesBackups: traits.contains(.takesBackups), summary: summary)
    }
}

extension CatalogueEntry {
    /// An entry for a command line.
    ///
    /// Examples are made from the pattern where none are given: the pattern itself, and the pattern with a safe form.
    static func command(
        _ pattern: String, _ effectClass: EffectClass = .irreversible, _ summary: String, _ traits: Traits = [],
        undo: Undo? = nil, id: String? = nil, safe: [String] = [], permits: [String] = [], denies: [String] = []
    ) -> CatalogueEntry {
        let parsed = CommandPattern(pattern, safe: safe)
        return CatalogueEntry(
            id: id ?? parsed.identifier, effectClass: effectClass,
            undo: undo ?? (effectClass == .irreversible ? .backupOnly : .always), traits: traits, summary: summary,
            matcher: .command(parsed), permits: permits.isEmpty ? [parsed.example(with: safe.first ?? "--help")] : permits,
            denies: denies.isEmpty ? [parsed.example] : denies)
    }

    /// An entry for an HTTP endpoint; the pattern reads `METHOD host/path`, with `*` for one segment and `**` for the rest.
    static func http(
        _ id: String, _ pattern: String, _ effectClass: EffectClass = .irreversible, _ summary: String, _ traits: Traits = [],
        undo: Undo? = nil
    ) -> CatalogueEntry {
        let parsed = HTTPPattern(pattern)
        return CatalogueEntry(
            id: id, effectClass: effectClass, undo: undo ?? (effectClass == .irreversible ? .backupOnly : .always), traits: traits,
            summary: summary, matcher: .http(parsed), permits: ["OPTIONS " + parsed.example], denies: [parsed.method + " " + parsed.example])
    }

    /// An entry for a field of GraphQL's mutation type.
    static func graphQL(
        _ provider: String, _ field: String, _ effectClass: EffectClass, _ summary: String, _ traits: Traits = [], undo: Undo? = nil
    ) -> CatalogueEntry {
        CatalogueEntry(
            id: provider + "." + field, effectClass: effectClass,
            undo: undo ?? (effectClass == .irreversible ? .backupOnly : .always), traits: traits, summary: summary,
            matcher: .graphQL(provider: provider, field: field), permits: ["query { \(field) }"], denies: ["mutation { \(field) }"])
    }
}

/// Words that a command line must hold.
///
/// Text such as `aws s3 rm|rb * --recursive !--dryrun`: the program, then words in their order, `|` between alternatives, `*` for
/// any word, options that must be there, and after `!` options that must not.
package struct CommandPattern: Hashable, Sendable {
    let programs: [String]
    let words: [[String]]
    let options: [[String]]
    /// Options that make another command of it.
    let absent: [String]
    /// Options with which it only shows what it would do.
    let safe: [String]

    init(_ text: String, safe: [String]) {
        var programs: [String] = []
        var words: [[String]] = []
        var options: [[String]] = []
        var absent: [String] = []
        for token in text.split(separator: " ") {
            let choices = token.split(separator: "|").map(String.init)
            if token.hasPrefix("!") { absent.append(String(token.dropFirst())) } else if token.hasPrefix("-") { options.append(choices) } else if programs.isEmpty {
                programs = choices
            } else {
                words.append(choices)
            }
        }
        self.programs = programs
        self.words = words
        self.options = options
        self.absent = absent
        self.safe = safe
    }

    /// The words joined by dots.
    var identifier: String {
        ([programs.first ?? ""] + words.compactMap { $0.first == "*" || $0.first == "+" ? nil : $0.first?.replacing(":", with: ".") }
            + options.compactMap { $0.first.map { String($0.drop { $0 == "-" }) } }).joined(separator: ".")
    }

    /// A command that matches.
    var example: String { example(with: nil) }

    /// A command that matches, with an option put before its own.
    func example(with option: String?) -> String {
        ([programs.first ?? ""] + words.map { $0[0] == "*" || $0[0] == "+" ? "name" : $0[0] } + (option.map { [$0] } ?? []) + options.map { $0[0] }).joined(separator: " ")
    }

    /// Whether the command only shows what it would do.
    func isSafe(_ vector: ArgumentVector) -> Bool { safe.contains { vector.hasExactly($0) } }

    /// Whether all is there but the operand that a `+` demands: the program then refuses, for want of a name.
    func lacksOperand(_ vector: ArgumentVector) -> Bool {
        guard words.last == ["+"], !vector.hidesOptions else { return false }
        let given = vector.operands.filter { !$0.mayBeValue }.map(\.word.text)
        return given.count == words.count - 1 && zip(words, given).allSatisfy { $0.contains($1) }
    }

    /// Whether the command matches, safe or not.
    func matches(_ vector: ArgumentVector) -> Bool {
        var index = 0
        for operand in vector.operands {
            guard index < words.count else { break }
            let wanted = words[index]
            if wanted[0] == "*" || wanted[0] == "+" ? !operand.mayBeValue : wanted.contains(operand.word.text) { index += 1; continue }
            if operand.mayBeValue { continue }
            return false
        }
        let open = words[index...].drop { $0[0] == "*" }
        guard open.isEmpty else { return false }
        for choices in options where !choices.contains(where: { vector.has($0) }) { return false }
        return !absent.contains { vector.hasExactly($0) }
    }
}

/// An HTTP method, host and path.
package struct HTTPPattern: Hashable, Sendable {
    let method: String
    let host: String
    let segments: [String]

    init(_ text: String) {
        let halves = text.split(separator: " ", maxSplits: 1).map(String.init)
        method = halves.first ?? ""
        let parts = (halves.count > 1 ? halves[1] : "").split(separator: "/").map(String.init)
        host = parts.first ?? ""
        segments = Array(parts.dropFirst())
    }

    var example: String {
        "https://" + host.replacing("*", with: "x") + "/" + segments.map { $0 == "*" || $0 == "**" ? "x" : $0 }.joined(separator: "/")
    }

    /// Whether the host matches; `*.example.com` takes any name below, `s3.*.example.com` any single label.
    func matches(host other: String) -> Bool {
        if host == other { return true }
        guard host.contains("*") else { return false }
        let wanted = host.split(separator: ".")
        let given = other.split(separator: ".")
        if wanted.first == "*", given.count >= wanted.count, given.suffix(wanted.count - 1).elementsEqual(wanted.dropFirst()) { return true }
        return wanted.count == given.count && zip(wanted, given).allSatisfy { $0 == "*" || $0 == $1 }
    }

    func matches(path: [String]) -> Bool {
        var index = 0
        for segment in segments {
            if segment == "**" { return true }
            guard index < path.count else { return false }
            if segment != "*", segment != path[index] { return false }
            index += 1
        }
        return index == path.count
    }
}

extension String {
    /// The text with every `mark` replaced.
    func replacing(_ mark: Character, with other: Character) -> String { String(map { $0 == mark ? other : $0 }) }
}
