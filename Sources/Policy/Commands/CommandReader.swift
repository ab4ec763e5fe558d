// SPDX-License-Identifier: Apache-2.0

/// Reads shell text without running it: which programs would run, with which arguments, fed by what.
///
/// It sees through quoting, constants, wrappers, inner shells and encodings that stand in the text. What only running would
/// tell becomes an unknown, never a guess. It never fails and never does I/O.
package enum CommandReader {
    /// Reads the text that a shell would be given.
    package static func read(_ text: String, limits: CommandLimits = CommandLimits()) -> CommandReading {
        var reader = ShellReader(limits: limits)
        _ = reader.readText(text)
        BareStatement.add(text, to: &reader.reading)
        return reader.reading
    }

    /// Reads an argument vector, as a kernel would be given it.
    package static func read(argv: [String], limits: CommandLimits = CommandLimits()) -> CommandReading {
        var reader = ShellReader(limits: limits)
        if !argv.isEmpty {
            _ = reader.runProgram(ReadCommand(argv: argv.map { CommandWord($0) }))
        }
        return reader.reading
    }
}

/// The reader's state: what is known while the text is walked in order.
struct ShellReader {
    var reading = CommandReading()
    let limits: CommandLimits
    /// Values assigned in the text; an element is unknown where only running would tell.
    var variables: [String: [CommandWord]] = [:]
    var functions: [String: ShellNode] = [:]
    var aliases: [String: String] = [:]
    var positional: [CommandWord]?
    /// The folder, relative to where the text starts, or absolute; `nil` where unknown.
    var directory: String? = "."
    var documents: [ShellWord] = []
    var depth = 0
    var commandsLeft: Int
    var stepsLeft: Int
    var wordsLeft: Int
    var expandedLeft: Int
    var textLeft: Int
    /// What feeds the standard input of the construct being read.
    var input = ReadCommand.Input.inherited
    var feedsPipe = false
    /// Whether somebody reads the output, so that it is worth working out.
    var wantsOutput = false
    var wrappers: [String] = []
    var isRemote = false
    /// Functions being called; a call of one of them from a pipeline or the background is a fork bomb.
    var calls: [String] = []
    var isForking = false
    /// The text of a here-document that is known in part.
    var hereText: CommandWord?
    /// The folder that `git -C` names.
    var directoryShift: CommandWord?

    init(limits: CommandLimits) {
        self.limits = limits
        commandsLeft = limits.commands
        stepsLeft = limits.steps
        wordsLeft = limits.words
        expandedLeft = limits.expandedBytes
        textLeft = limits.bytes
    }

    mutating func note(_ id: String, _ message: String) {
        guard reading.unknowns.count < 32 else { return }
        let unknown = CommandUnknown(id, message)
        if !reading.unknowns.contains(unknown) { reading.unknowns.append(unknown) }
    }

    /// Reads text as a shell would, in the state at hand. Returns its output where that is known.
    mutating func readText(_ text: String) -> String? {
        guard depth < limits.depth else {
            note("command.deep", "the text is nested deeper than is read")
            return nil
        }
        guard text.utf8.count <= textLeft else {
            note("command.long", "the text is longer than is read")
            return nil
        }
        textLeft -= text.utf8.count
        depth += 1
        defer { depth -= 1 }
        var parser = ShellParser(Array(text.utf8), depth: depth, deepest: limits.depth)
        parser.firstDocument = documents.count
        let tree = parser.parse()
        documents += parser.documents
        for problem in parser.problems { note(problem.id, problem.message) }
        return run(tree)
    }

    /// Reads text in which holes may stand: the known part is read, and the whole is unknown.
    mutating func readText(_ word: CommandWord, what: String) -> String? {
        if !word.isKnown { note("command.computed", "part of the text that \(what) runs is only known when it runs") }
        if word.isPattern { note("command.computed", "the text that \(what) runs is a file name pattern") }
        return readText(word.text)
    }

    /// Runs `body` as a child process would: what it changes is forgotten.
    mutating func isolated<Result>(_ body: (inout ShellReader) -> Result) -> Result {
        let saved = (variables, functions, aliases, positional, directory, input, feedsPipe, isForking, wantsOutput)
        let result = body(&self)
        (variables, functions, aliases, positional, directory, input, feedsPipe, isForking, wantsOutput) = saved
        return result
    }

    /// Counts one step of the walk; `false` where there have been too many.
    mutating func spendStep() -> Bool {
        stepsLeft -= 1
        if stepsLeft > 0 { return true }
        note("command.long", "the text does more than is read")
        return false
    }

    // MARK: The tree

    /// Reads one node. Returns its output where that is known and wanted.
    mutating func run(_ node: ShellNode) -> String? {
        guard spendStep() else { return nil }
        guard depth < limits.depth else {
            note("command.deep", "the text is nested deeper than is read")
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        switch node {
        case .empty: return ""
        case .simple(let command): return runSimple(command)
        case .pipeline(let stages): return runPipeline(stages)
        case .list(let items): return runList(items)
        case .subshell(let body, let redirections):
            return isolated { reader in reader.runRedirected(redirections) { $0.run(body) } }
        case .group(let body, let redirections):
            return runRedirected(redirections) { $0.run(body) }
        case .branches(let parts, let redirections):
            return runRedirected(redirections) { reader in
                _ = reader.run(parts[0])
                for part in parts.dropFirst() { reader.conditionally { _ = $0.run(part) } }
                return nil
            }
        case .loop(let condition, let body, let redirections):
            return runRedirected(redirections) { reader in
                reader.forget(assignedIn: [condition, body])
                _ = reader.run(condition)
                reader.conditionally { _ = $0.run(body) }
                return nil
            }
        case .forEach(let name, let words, let body, let redirections):
            return runRedirected(redirections) { $0.runLoop(name, words, body) }
        case .choice(let subject, let arms, let redirections):
            return runRedirected(redirections) { reader in
                _ = reader.expand(subject)
                for arm in arms { reader.conditionally { _ = $0.run(arm) } }
                return nil
            }
        case .function(let name, let body):
            functions[name] = body
            return ""
        case .test(let words, let redirections):
            for word in words { _ = expand(word) }
            return runRedirected(redirections) { _ in "" }
        }
    }

    private mutating func runPipeline(_ stages: [ShellNode]) -> String? {
        var source = input
        var names: [String] = []
        var output: String?
        for (index, stage) in stages.enumerated() {
            let isLast = index == stages.count - 1
            let before = reading.programs.count
            let feed = source
            output = isolated { reader in
                reader.input = feed
                reader.isForking = true
                if !isLast { reader.feedsPipe = true; reader.wantsOutput = true }
                return reader.run(stage)
            }
            if names.count < 8 { names += reading.programs.dropFirst(before).prefix(8) }
            source = output.map { .text($0) } ?? .output(of: names)
        }
        return output
    }

    private mutating func runList(_ items: [ShellListItem]) -> String? {
        var output: String? = ""
        var before: (variables: [String: [CommandWord]], directory: String?)?
        for item in items {
            switch item.connector {
            case .sequence:
                if let before { merge(before.variables, before.directory) }
                before = nil
            case .and, .or:
                if before == nil { before = (variables, directory) }
                if item.connector == .or, let before { merge(before.variables, before.directory) }
            }
            let piece: String?
            if item.isBackground {
                piece = isolated { reader in
                    reader.isForking = true
                    return reader.run(item.node)
                }
            } else {
                piece = run(item.node)
            }
            if item.connector == .or { output = nil }
            if let piece, let known = output { output = known + piece } else { output = nil }
        }
        if let before { merge(before.variables, before.directory) }
        return output
    }

    private mutating func runLoop(_ name: String, _ words: [ShellWord]?, _ body: ShellNode) -> String? {
        var values: [CommandWord] = []
        if let words { for word in words { values += expand(word) } } else { values = positional ?? [.unknown] }
        forget(assignedIn: [body])
        if values.count > limits.loopRounds {
            note("command.long", "a loop has more rounds than are read")
            values = Array(values.prefix(limits.loopRounds))
        }
        for value in values {
            // A loop variable holds one word whatever it was split from.
            variables[name] = [CommandWord(value.text, isKnown: value.isKnown && !value.isPattern, isPattern: value.isPattern)]
            if value.isPattern { variables[name] = [CommandWord(value.text, isPattern: true)] }
            conditionally { _ = $0.run(body) }
        }
        if values.isEmpty { conditionally { _ = $0.run(body) } }
        return nil
    }

    private mutating func runRedirected(
        _ redirections: [RedirectionNode], _ body: (inout ShellReader) -> String?
    ) -> String? {
        guard !redirections.isEmpty else { return body(&self) }
        let (list, fed) = expandRedirections(redirections)
        if list.contains(where: \.writes) { record(ReadCommand(argv: [], redirections: list)) }
        let saved = input
        if let fed { input = fed }
        let output = body(&self)
        input = saved
        return list.contains(where: \.writes) ? nil : output
    }

    // MARK: What may or may not have happened

    /// Runs something that may not run; what it assigns is then unknown unless it was the same before.
    mutating func conditionally(_ body: (inout ShellReader) -> Void) {
        let before = (variables, directory)
        body(&self)
        merge(before.0, before.1)
    }

    private mutating func merge(_ old: [String: [CommandWord]], _ oldDirectory: String?) {
        for (name, value) in variables where old[name] != value { variables[name] = [.unknown] }
        for (name, _) in old where variables[name] == nil { variables[name] = [.unknown] }
        if directory != oldDirectory { directory = PathFacts.graver(directory, oldDirectory) }
    }

    /// Forgets variables that a loop's body assigns: their value in a later round isn't known.
    private mutating func forget(assignedIn nodes: [ShellNode]) {
        for node in nodes {
            for name in AssignedNames.collect(node) { variables[name] = [.unknown] }
        }
    }

    // MARK: Recording

    mutating func record(_ command: ReadCommand) {
        guard commandsLeft > 0 else {
            note("command.long", "the text has more commands than are read")
            return
        }
        commandsLeft -= 1
        var command = command
        command.wrappers = wrappers
        command.directory = directory
        command.isRemote = command.isRemote || isRemote
        reading.commands.append(command)
    }
}

/// Finds the names that a piece of text assigns.
enum AssignedNames {
    static func collect(_ node: ShellNode) -> Set<String> {
        var names: Set<String> = []
        add(node, &names, depth: 0)
        return names
    }

    private static func add(_ node: ShellNode, _ names: inout Set<String>, depth: Int) {
        guard depth < 64 else { return }
        switch node {
        case .simple(let command):
            for assignment in command.assignments { names.insert(assignment.name) }
            if ["read", "export", "local", "declare", "typeset", "readonly", "mapfile"].contains(command.words.first?.plain) {
                for word in command.words.dropFirst() {
                    guard case .text(let text)? = word.parts.first else { continue }
                    names.insert(String(text.prefix { $0 != "=" }))
                }
            }
        case .pipeline(let nodes), .branches(let nodes, _), .choice(_, let nodes, _):
            for node in nodes { add(node, &names, depth: depth + 1) }
        case .list(let items): for item in items { add(item.node, &names, depth: depth + 1) }
        case .group(let body, _): add(body, &names, depth: depth + 1)
        case .loop(let condition, let body, _):
            add(condition, &names, depth: depth + 1)
            add(body, &names, depth: depth + 1)
        case .forEach(let name, _, let body, _):
            names.insert(name)
            add(body, &names, depth: depth + 1)
        case .subshell, .function, .test, .empty: break
        }
    }
}
