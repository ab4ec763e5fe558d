// SPDX-License-Identifier: Apache-2.0

/// The syntax tree of shell text, as far as reading it needs one.
///
/// The tree serves reading, not executing: conditions and bodies are kept in the order in which they stand, since each may run.
indirect enum ShellNode: Sendable {
    case simple(SimpleCommandNode)
    case pipeline([ShellNode])
    case list([ShellListItem])
    case subshell(ShellNode, [RedirectionNode])
    case group(ShellNode, [RedirectionNode])
    /// `if`: its conditions and bodies in order.
    case branches([ShellNode], [RedirectionNode])
    /// `while` and `until`: condition and body.
    case loop(ShellNode, ShellNode, [RedirectionNode])
    /// `for` and `select`; without words it goes over the positional parameters.
    case forEach(name: String, words: [ShellWord]?, body: ShellNode, [RedirectionNode])
    case choice(ShellWord, arms: [ShellNode], [RedirectionNode])
    case function(name: String, body: ShellNode)
    /// `[[ … ]]`, `(( … ))` and the head of a C-like `for`: only what runs inside the words matters.
    case test([ShellWord], [RedirectionNode])
    case empty
}

/// One element of a list and what stands before it.
struct ShellListItem: Sendable {
    enum Connector: Sendable { case sequence, and, or }
    var connector: Connector
    var node: ShellNode
    var isBackground: Bool
}

/// A command with its assignments, words and redirections.
struct SimpleCommandNode: Sendable {
    var assignments: [AssignmentNode] = []
    var words: [ShellWord] = []
    var redirections: [RedirectionNode] = []
}

/// `NAME=word`, `NAME+=word` or `NAME=(words)`.
struct AssignmentNode: Sendable {
    var name: String
    var appends: Bool
    var isElement: Bool
    var value: ShellWord
    var elements: [ShellWord]?
}

/// A redirection; a here-document's body stands in `target`.
struct RedirectionNode: Sendable {
    var descriptor: Int?
    var kind: CommandRedirection.Kind
    var target: ShellWord
}

/// A word before expansion.
struct ShellWord: Sendable {
    var parts: [ShellWordPart] = []
    var hasBraces = false

    /// The text of a word that consists of unquoted plain text only: where reserved words are recognised.
    var plain: String? {
        if parts.count == 1, case .text(let text) = parts[0] { return text }
        return nil
    }
}

/// A piece of a word.
indirect enum ShellWordPart: Sendable {
    /// Unquoted text without special characters.
    case text(String)
    /// Text that was quoted or escaped.
    case quoted(String)
    /// An unquoted pattern such as `*`.
    case pattern(String)
    /// `{`, `,` or `}` outside quotes.
    case brace(UInt8)
    /// `~` or `~user` at the start of a word.
    case tilde(String)
    case parameter(ShellParameter, quoted: Bool)
    case command(ShellNode, quoted: Bool)
    case process(ShellNode)
    /// An arithmetic expansion; its own parts may run commands.
    case arithmetic(ShellWord)
    /// Something that can't be read.
    case unknown
}

/// A parameter expansion.
struct ShellParameter: Sendable {
    enum Operation: Sendable {
        case plain
        /// `${x-word}`, `${x:-word}`.
        case fallback
        /// `${x=word}`, `${x:=word}`.
        case assign
        /// `${x+word}`, `${x:+word}`.
        case alternative
        /// Anything that computes: removal, replacement, substring, indirection, case change.
        case computed
    }
    var name: String
    var operation: Operation = .plain
    var word = ShellWord()
    var isQuotedWhole = false
}
