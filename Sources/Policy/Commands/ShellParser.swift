// SPDX-License-Identifier: Apache-2.0

/// Reads POSIX shell and bash text into a tree. It never fails: what it can't read becomes an unknown.
///
/// It takes time linear in the text, times the limit on depth.
struct ShellParser {
    let bytes: [UInt8]
    var position = 0
    var depth: Int
    let deepest: Int
    /// What could not be read.
    var problems: [CommandUnknown] = []
    var pendingDocuments: [PendingDocument] = []
    var documents: [ShellWord] = []
    /// The number of the first document, where several texts are read one after another.
    var firstDocument = 0
    /// Whether the word being read is an argument rather than the first word.
    var commandHasWords = false

    struct PendingDocument {
        var delimiter: [UInt8]
        var isQuoted: Bool
        var stripsTabs: Bool
        var index: Int
    }

    init(_ bytes: [UInt8], depth: Int = 0, deepest: Int = 40) {
        self.bytes = bytes
        self.depth = depth
        self.deepest = deepest
    }

    /// Reads the whole text.
    mutating func parse() -> ShellNode {
        var items: [ShellListItem] = []
        while true {
            let list = parseList(until: [])
            if case .list(let more) = list { items += more } else if case .empty = list {} else {
                items.append(ShellListItem(connector: .sequence, node: list, isBackground: false))
            }
            guard position < bytes.count else { break }
            // A closing token without its opening: a shell would stop here, but what follows is read all the same.
            note("command.syntax", "the text breaks the shell's grammar; what a shell makes of it is not known")
            skipStray()
        }
        readDocuments()
        if items.count == 1, !items[0].isBackground { return items[0].node }
        return items.isEmpty ? .empty : .list(items)
    }

    mutating func note(_ id: String, _ message: String) {
        if problems.count < 16 { problems.append(CommandUnknown(id, message)) }
    }

    // MARK: Lists and pipelines

    /// Reads commands up to one of the closing words, a `)` , a `}` word, a `;;` or the end.
    mutating func parseList(until closers: Set<String>) -> ShellNode {
        guard enter() else { return .empty }
        defer { depth -= 1 }
        var items: [ShellListItem] = []
        var connector = ShellListItem.Connector.sequence
        while true {
            skipBlank(newlines: true)
            if position >= bytes.count || current == 0x29 || atCaseBreak { break }
            if let word = peekReserved(), closers.contains(word) || Self.strayClosers.contains(word) { break }
            let before = position
            let node = parsePipeline()
            var item = ShellListItem(connector: connector, node: node, isBackground: false)
            skipBlank(newlines: false)
            connector = .sequence
            switch current {
            case 0x26 where next == 0x26: position += 2; connector = .and
            case 0x7C where next == 0x7C: position += 2; connector = .or
            case 0x26: position += 1; item.isBackground = true
            case 0x3B where !atCaseBreak: position += 1
            default: break
            }
            items.append(item)
            if position == before { break }
        }
        if items.isEmpty { return .empty }
        if items.count == 1, !items[0].isBackground { return items[0].node }
        return .list(items)
    }

    private static let strayClosers: Set<String> = ["then", "else", "elif", "fi", "do", "done", "esac", "}"]

    private mutating func parsePipeline() -> ShellNode {
        var stages: [ShellNode] = []
        while true {
            skipBlank(newlines: !stages.isEmpty)
            skipPipelinePrefix()
            let before = position
            stages.append(parseCommand())
            skipBlank(newlines: false)
            if current == 0x7C, next != 0x7C {
                position += 1
                if current == 0x26 { position += 1 }
                continue
            }
            if position == before { break }
            break
        }
        return stages.count == 1 ? stages[0] : .pipeline(stages)
    }

    /// Skips `!`, and `time` with its option, which stand before a pipeline.
    private mutating func skipPipelinePrefix() {
        while let word = peekReserved(), word == "!" || word == "time" || word == "coproc" {
            position += word.utf8.count
            skipBlank(newlines: false)
            guard word == "time" else { continue }
            for option in ["-p", "--"] where peekReserved() == option {
                position += option.utf8.count
                skipBlank(newlines: false)
            }
        }
    }

    // MARK: Commands

    private mutating func parseCommand() -> ShellNode {
        guard enter() else { return .empty }
        defer { depth -= 1 }
        if current == 0x28 {
            if next == 0x28, closesAsArithmetic(from: position + 2) { return parseArithmeticCommand() }
            position += 1
            let body = parseList(until: [])
            expect(0x29)
            return .subshell(body, parseRedirections())
        }
        if let word = peekReserved(), let node = parseCompound(word) { return node }
        return parseSimple()
    }

    private mutating func parseCompound(_ word: String) -> ShellNode? {
        switch word {
        case "{":
            position += 1
            let body = parseList(until: ["}"])
            expectWord("}")
            return .group(body, parseRedirections())
        case "if": return parseIf()
        case "while", "until":
            position += word.utf8.count
            let condition = parseList(until: ["do"])
            expectWord("do")
            let body = parseList(until: ["done"])
            expectWord("done")
            return .loop(condition, body, parseRedirections())
        case "for", "select": return parseFor(word)
        case "case": return parseCase()
        case "[[":
            position += 2
            return parseConditional()
        case "function":
            position += 8
            skipBlank(newlines: false)
            let name = parseWord().plain ?? ""
            skipBlank(newlines: false)
            if current == 0x28 { position += 1; skipBlank(newlines: false); expect(0x29) }
            skipBlank(newlines: true)
            return .function(name: name, body: parseCommand())
        default: return nil
        }
    }

    private mutating func parseIf() -> ShellNode {
        position += 2
        var parts = [parseList(until: ["then"])]
        expectWord("then")
        parts.append(parseList(until: ["elif", "else", "fi"]))
        while let word = peekReserved() {
            if word == "elif" {
                position += 4
                parts.append(parseList(until: ["then"]))
                expectWord("then")
                parts.append(parseList(until: ["elif", "else", "fi"]))
            } else if word == "else" {
                position += 4
                parts.append(parseList(until: ["fi"]))
            } else {
                break
            }
        }
        expectWord("fi")
        return .branches(parts, parseRedirections())
    }

    private mutating func parseFor(_ keyword: String) -> ShellNode {
        position += keyword.utf8.count
        skipBlank(newlines: false)
        if current == 0x28, next == 0x28 {
            let head = parseArithmeticCommand()
            skipBlank(newlines: true)
            if current == 0x3B { position += 1 }
            return .loop(head, parseLoopBody(), parseRedirections())
        }
        let name = parseWord().plain ?? ""
        skipBlank(newlines: true)
        var words: [ShellWord]?
        if peekReserved() == "in" {
            position += 2
            words = []
            skipBlank(newlines: false)
            while position < bytes.count, !isMeta(current) {
                let before = position
                words?.append(parseWord())
                skipBlank(newlines: false)
                if position == before { break }
            }
        }
        skipBlank(newlines: true)
        if current == 0x3B { position += 1 }
        return .forEach(name: name, words: words, body: parseLoopBody(), parseRedirections())
    }

    private mutating func parseLoopBody() -> ShellNode {
        skipBlank(newlines: true)
        if peekReserved() == "{" {
            position += 1
            let body = parseList(until: ["}"])
            expectWord("}")
            return body
        }
        expectWord("do")
        let body = parseList(until: ["done"])
        expectWord("done")
        return body
    }

    private mutating func parseCase() -> ShellNode {
        position += 4
        skipBlank(newlines: false)
        let subject = parseWord()
        skipBlank(newlines: true)
        expectWord("in")
        var arms: [ShellNode] = []
        while true {
            skipBlank(newlines: true)
            if position >= bytes.count || peekReserved() == "esac" { break }
            let before = position
            if current == 0x28 { position += 1 }
            while position < bytes.count, current != 0x29 {
                let start = position
                skipBlank(newlines: true)
                _ = parseWord()
                skipBlank(newlines: true)
                if current == 0x7C { position += 1 }
                if position == start { break }
            }
            expect(0x29)
            arms.append(parseList(until: ["esac"]))
            skipBlank(newlines: true)
            while current == 0x3B || current == 0x26 { position += 1 }
            if position == before { break }
        }
        expectWord("esac")
        return .choice(subject, arms: arms, parseRedirections())
    }

    private mutating func parseConditional() -> ShellNode {
        var words: [ShellWord] = []
        while position < bytes.count {
            skipBlank(newlines: true)
            if peekReserved() == "]]" { position += 2; return .test(words, parseRedirections()) }
            let before = position
            if isMeta(current) { position += 1 } else { words.append(parseWord()) }
            if position == before { break }
        }
        note("command.syntax", "a `[[` has no end")
        return .test(words, [])
    }

    private mutating func parseArithmeticCommand() -> ShellNode {
        position += 2
        let word = parseArithmeticBody()
        return .test([word], parseRedirections())
    }

    private mutating func parseSimple() -> ShellNode {
        var command = SimpleCommandNode()
        while position < bytes.count {
            skipBlank(newlines: false)
            guard position < bytes.count else { break }
            if let redirection = parseRedirection() { command.redirections.append(redirection); continue }
            if isMeta(current), !(next == 0x28 && (current == 0x3C || current == 0x3E)) { break }
            if command.words.isEmpty, let assignment = parseAssignment() {
                command.assignments.append(assignment)
                continue
            }
            let before = position
            commandHasWords = !command.words.isEmpty
            let word = parseWord()
            commandHasWords = false
            command.words.append(word)
            if command.words.count == 1, let name = command.words[0].plain, command.assignments.isEmpty, isFunctionHead() {
                skipBlank(newlines: true)
                return .function(name: name, body: parseCommand())
            }
            if position == before { break }
        }
        return .simple(command)
    }

    /// Whether `()` follows, and steps over it.
    private mutating func isFunctionHead() -> Bool {
        var ahead = position
        while ahead < bytes.count, bytes[ahead] == 0x20 || bytes[ahead] == 0x09 { ahead += 1 }
        guard ahead < bytes.count, bytes[ahead] == 0x28 else { return false }
        ahead += 1
        while ahead < bytes.count, bytes[ahead] == 0x20 || bytes[ahead] == 0x09 { ahead += 1 }
        guard ahead < bytes.count, bytes[ahead] == 0x29 else { return false }
        position = ahead + 1
        return true
    }

    // MARK: Small steps

    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }
    var next: UInt8 { position + 1 < bytes.count ? bytes[position + 1] : 0 }
    private var atCaseBreak: Bool { current == 0x3B && (next == 0x3B || next == 0x26) }

    mutating func enter() -> Bool {
        depth += 1
        if depth <= deepest { return true }
        depth -= 1
        note("command.deep", "the text is nested deeper than is read")
        position = bytes.count
        return false
    }

    private mutating func expect(_ byte: UInt8) {
        if current == byte, position < bytes.count { position += 1 } else {
            note("command.syntax", "the text ends inside a construct or breaks the shell's grammar")
        }
    }

    private mutating func expectWord(_ word: String) {
        skipBlank(newlines: true)
        if peekReserved() == word { position += word.utf8.count } else {
            note("command.syntax", "the text ends inside a construct or breaks the shell's grammar")
        }
    }

    private mutating func skipStray() {
        if let word = peekReserved(), Self.strayClosers.contains(word) { position += word.utf8.count } else { position += 1 }
    }

    /// The unquoted plain word that starts here, if it is one of at most eight characters.
    func peekReserved() -> String? {
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        // The first bytes of the reserved words, so that most words cost nothing here.
        case 0x21, 0x7B, 0x7D, 0x5B, 0x5D, 0x2D, 0x63, 0x64, 0x65, 0x66, 0x69, 0x73, 0x74, 0x75, 0x77: break
        default: return nil
        }
        var end = position
        while end < bytes.count, end - position <= 8, !isMeta(bytes[end]) {
            switch bytes[end] {
            case 0x22, 0x27, 0x5C, 0x24, 0x60: return nil
            default: end += 1
            }
        }
        guard end > position, end - position <= 8 else { return nil }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    func isMeta(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x3B, 0x26, 0x7C, 0x3C, 0x3E, 0x28, 0x29: true
        default: false
        }
    }

    mutating func skipBlank(newlines: Bool) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09: position += 1
            case 0x5C where next == 0x0A: position += 2
            case 0x23: while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            case 0x0A:
                if !pendingDocuments.isEmpty {
                    position += 1
                    readDocuments()
                    if !newlines {
                        // The line break that ends the command is read again.
                        if position > 0, bytes[position - 1] == 0x0A { position -= 1 }
                        return
                    }
                    continue
                }
                guard newlines else { return }
                position += 1
            default: return
            }
        }
    }
}
