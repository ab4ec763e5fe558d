// SPDX-License-Identifier: Apache-2.0

/// An argument as far as its text is known before anything runs.
package struct CommandWord: Hashable, Sendable {
    /// Stands in `text` for a part that is not known.
    package static let hole: Character = "\u{FFFC}"

    /// The text, with `hole` for each part that only running would tell.
    package var text: String
    /// Whether the whole text is known; a known text may still be a pattern.
    package var isKnown: Bool
    /// Whether an unquoted pattern stands in it, so that it names zero or more files.
    package var isPattern: Bool
    /// Whether an unknown part stood outside quotes, so that the word may turn into none or several, options among them.
    package var maySplit: Bool

    /// Makes a word.
    package init(_ text: String, isKnown: Bool = true, isPattern: Bool = false, maySplit: Bool = false) {
        self.text = text
        self.isKnown = isKnown
        self.isPattern = isPattern
        self.maySplit = maySplit
    }

    /// A word of which nothing is known.
    package static let unknown = CommandWord(String(hole), isKnown: false, maySplit: true)
    /// A single argument of unknown text.
    package static let unknownArgument = CommandWord(String(hole), isKnown: false)

    /// The text, where all of it is known and it is no pattern.
    package var exact: String? { isKnown && !isPattern ? text : nil }

    /// What is known from the start of the word up to the first unknown part.
    package var knownPrefix: Substring {
        isKnown ? text[...] : text.prefix { $0 != Self.hole }
    }

    /// Whether the word could be an option: it starts with a dash, or with something unknown.
    package var mayBeOption: Bool {
        if maySplit { return true }
        if isKnown || text.first != Self.hole { return text.utf8.first == 0x2D }
        return true
    }
}

/// A redirection after expansion.
package struct CommandRedirection: Hashable, Sendable {
    /// What it does.
    package enum Kind: Hashable, Sendable {
        case input, output, append, readWrite, clobber
        case duplicateInput, duplicateOutput
        /// `&>` and `&>>`.
        case bothOutput, bothAppend
        /// `<<`, whose body expands, and `<<'EOF'`, whose body doesn't.
        case hereDocument, hereString
    }

    package let kind: Kind
    /// The descriptor on the left, where one is written.
    package let descriptor: Int?
    /// The file, descriptor or text on the right.
    package let target: CommandWord

    /// Makes a redirection.
    package init(kind: Kind, descriptor: Int?, target: CommandWord) {
        self.kind = kind
        self.descriptor = descriptor
        self.target = target
    }

    /// Whether it empties or overwrites a file.
    package var overwrites: Bool {
        switch kind {
        case .output, .clobber, .bothOutput: true
        default: false
        }
    }

    /// Whether it writes to a file.
    package var writes: Bool {
        switch kind {
        case .output, .clobber, .bothOutput, .append, .bothAppend, .readWrite: true
        case .duplicateOutput: Int(target.text) == nil && target.text != "-"
        default: false
        }
    }
}
