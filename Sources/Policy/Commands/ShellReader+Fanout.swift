// SPDX-License-Identifier: Apache-2.0

/// Programs that run another one for each of many arguments: xargs, parallel, find.
extension ShellReader {
    mutating func runXargs(_ command: ReadCommand) {
        let arguments = Array(command.argv.dropFirst())
        let shape = WrapperShape(
            short: "adEILnPRsJS",
            long: ["--arg-file", "--delimiter", "--max-args", "--max-procs", "--max-chars", "--process-slot-var", "--replace", "--max-lines", "--eof"])
        guard let index = WrapperTable.skipOptions(arguments, shape) else {
            note("command.computed", "an option of `xargs` is only known when it runs")
            return
        }
        let options = arguments.prefix(index)
        let inner = Array(arguments[index...])
        guard !inner.isEmpty else { record(command); return }
        let placeholder = Self.placeholder(options)
        if inner.count > 1, inner.last?.text == "-c", !inner.contains(where: { !$0.isKnown }) {
            note("command.computed", "a shell runs what `xargs` reads from its input")
        }
        var items: [CommandWord] = [.unknown]
        if case .text(let text) = command.input, !options.contains(where: { $0.text.hasPrefix("-a") || $0.text.hasPrefix("--arg") }) {
            items = Self.items(of: text, options, wholeLines: placeholder != nil)
        }
        record(ReadCommand(argv: [command.argv[0]], redirections: command.redirections))
        _ = within("xargs") { reader in
            var base = command
            base.input = .unknown
            guard let placeholder else {
                base.argv = inner + items.prefix(256)
                return reader.runProgram(base)
            }
            for item in items.prefix(reader.limits.loopRounds) {
                // Where the mark doesn't stand, the item is taken to be appended: the graver reading.
                guard inner.contains(where: { $0.text.contains(placeholder) }) else {
                    base.argv = inner + [item]
                    _ = reader.runProgram(base)
                    continue
                }
                base.argv = inner.map { Self.replacing(placeholder, in: $0, with: item) }
                _ = reader.runProgram(base)
            }
            return nil
        }
    }

    private static func placeholder(_ options: ArraySlice<CommandWord>) -> String? {
        for (index, option) in options.enumerated() {
            let text = option.text
            if text == "-I" || text == "-J" { return options.dropFirst(index + 1).first?.text }
            if text.hasPrefix("-I") || text.hasPrefix("-J") { return String(text.dropFirst(2)) }
            if text == "-i" || text == "--replace" { return "{}" }
            if text.hasPrefix("--replace=") { return text.utf8.count > 10 ? String(text.dropFirst(10)) : "{}" }
            if text.hasPrefix("-i"), text.utf8.count > 2 { return String(text.dropFirst(2)) }
        }
        return nil
    }

    private static func items(of text: String, _ options: ArraySlice<CommandWord>, wholeLines: Bool) -> [CommandWord] {
        if options.contains(where: { ["-0", "--null", "-d", "--delimiter"].contains($0.text) || $0.text.hasPrefix("-d") }) {
            // A delimiter of another kind: both readings are kept in one unknown word.
            if options.contains(where: { $0.text.hasPrefix("-d") || $0.text.hasPrefix("--d") }) { return [.unknown] }
            return text.split(separator: "\0").map { CommandWord(String($0)) }
        }
        if wholeLines { return text.split(separator: "\n").map { CommandWord(String($0.drop { $0 == " " })) } }
        return text.split { $0 == " " || $0 == "\n" || $0 == "\t" }.map { piece in
            var word = CommandWord(String(piece.filter { $0 != "'" && $0 != "\"" && $0 != "\\" }))
            word.isPattern = false
            return word
        }
    }

    static func replacing(_ mark: String, in word: CommandWord, with item: CommandWord) -> CommandWord {
        guard !mark.isEmpty, word.text.contains(mark) else { return word }
        if word.text == mark { return CommandWord(item.text, isKnown: item.isKnown, isPattern: item.isPattern) }
        var text = ""
        var rest = word.text[...]
        while let range = rest.firstOccurrence(of: mark) {
            text += rest[..<range.lowerBound] + item.text
            rest = rest[range.upperBound...]
        }
        return CommandWord(
            text + rest, isKnown: word.isKnown && item.isKnown, isPattern: word.isPattern || item.isPattern, maySplit: word.maySplit)
    }

    // MARK: parallel

    mutating func runParallel(_ command: ReadCommand) {
        let arguments = Array(command.argv.dropFirst())
        let shape = WrapperShape(
            short: "jaSINnLdPCEsX",
            long: [
                "--jobs", "--arg-file", "--sshlogin", "--sshloginfile", "--colsep", "--delimiter", "--timeout", "--retries",
                "--results", "--joblog", "--tmpdir", "--env", "--max-args", "--max-replace-args", "--load", "--delay", "--nice",
                "--workdir", "--basefile", "--halt", "--tagstring", "--block", "--recstart", "--recend", "--max-procs", "--memfree",
            ])
        guard let index = WrapperTable.skipOptions(arguments, shape) else {
            note("command.computed", "an option of `parallel` is only known when it runs")
            return
        }
        record(ReadCommand(argv: [command.argv[0]], redirections: command.redirections))
        let isFar = arguments.prefix(index).contains { $0.text.hasPrefix("-S") || $0.text.hasPrefix("--sshlogin") }
        if arguments.prefix(index).contains(where: { $0.exact == "--dry-run" || $0.exact == "--dryrun" }) { return }
        var words: [CommandWord] = []
        var sources: [[CommandWord]] = []
        var isFile = false
        for word in arguments[index...] {
            if [":::", ":::+", "::::", "::::+"].contains(word.text) {
                isFile = word.text.hasPrefix("::::")
                sources.append(isFile ? [.unknown] : [])
                continue
            }
            if sources.isEmpty { words.append(word) } else if !isFile { sources[sources.count - 1].append(word) }
        }
        if sources.isEmpty {
            if case .text(let text) = command.input { sources = [text.split(separator: "\n").map { CommandWord(String($0)) }] } else {
                sources = [[.unknown]]
                if words.isEmpty { note("command.computed", "`parallel` runs what it reads from its input") }
            }
        }
        let groups = Self.groups(sources, words)
        _ = within("parallel", remote: isFar) { reader in
            for group in groups.prefix(reader.limits.loopRounds) {
                var line = Self.parallelLine(words, group)
                line.isPattern = false
                _ = reader.isolated { $0.readText(line, what: "`parallel`") }
            }
            return nil
        }
    }

    private static func groups(_ sources: [[CommandWord]], _ words: [CommandWord]) -> [[CommandWord]] {
        var groups: [[CommandWord]] = [[]]
        for source in sources {
            var more: [[CommandWord]] = []
            for group in groups { for item in source where more.count < 64 { more.append(group + [item]) } }
            groups = more
        }
        return groups
    }

    private static func parallelLine(_ words: [CommandWord], _ group: [CommandWord]) -> CommandWord {
        guard !words.isEmpty else { return group.first ?? CommandWord("") }
        // An unknown argument is one quoted argument, so that it can't open new commands.
        let safe = group.map { quoted($0) }
        let all = safe.dropFirst().reduce(safe.first ?? CommandWord("")) { joined($0, $1, " ") }
        var used = false
        var line: CommandWord?
        for word in words {
            // Several words are joined as they are: the inner shell splits them again. A word with blanks keeps its quotes.
            var text = word
            for (number, item) in safe.enumerated() where text.text.contains("{\(number + 1)}") {
                text = replacing("{\(number + 1)}", in: text, with: item)
                used = true
            }
            for mark in ["{}", "{.}", "{/}", "{//}", "{/.}"] where text.text.contains(mark) {
                text = replacing(mark, in: text, with: all)
                used = true
            }
            if words.count > 1, text.text.contains(" ") || text.text.contains("$") || text.text.contains("'"), text.isKnown { text = quoted(text) }
            line = line.map { joined($0, text, " ") } ?? text
        }
        guard let line else { return CommandWord("") }
        return used ? line : joined(line, all, " ")
    }

    // MARK: find

    mutating func runFind(_ name: String, _ command: ReadCommand) {
        let argv = command.argv
        var plain = command
        plain.argv = []
        var start: CommandWord?
        var index = 0
        while index < argv.count {
            let word = argv[index]
            if index > 0, start == nil, word.isKnown, !word.text.hasPrefix("-"), !word.text.hasPrefix("("), word.text != "!" { start = word }
            let isExec = ["-exec", "-execdir", "-ok", "-okdir"].contains(word.text)
            let isBatch = name.hasPrefix("fd") && ["-x", "-X", "--exec", "--exec-batch"].contains(word.text)
            guard isExec || isBatch else { plain.argv.append(word); index += 1; continue }
            var inner: [CommandWord] = []
            index += 1
            while index < argv.count, argv[index].text != ";" {
                if argv[index].text == "+", inner.last?.text == "{}" { break }
                inner.append(argv[index])
                index += 1
            }
            index += 1
            guard !inner.isEmpty else { continue }
            if isBatch, !inner.contains(where: { $0.text.contains("{") }) { inner.append(CommandWord("{}")) }
            let found = Self.found(below: start)
            var body = command
            body.input = .unknown
            body.redirections = []
            body.argv = inner.map { Self.replacing("{}", in: $0, with: found) }
            _ = within(name) { $0.runProgram(body) }
        }
        record(plain)
    }

    /// What `find` hands on: something below where it starts.
    private static func found(below start: CommandWord?) -> CommandWord {
        guard let start else { return CommandWord("./*", isPattern: true) }
        guard start.isKnown else { return .unknownArgument }
        return CommandWord(start.text + "/*", isPattern: true)
    }
}

extension Substring {
    /// The first place where `needle` stands.
    func firstOccurrence(of needle: String) -> Range<String.Index>? {
        let target = Array(needle.utf8)
        let bytes = utf8
        guard let first = target.first, target.count <= bytes.count else { return nil }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == first, bytes[index...].starts(with: target) {
                return index..<bytes.index(index, offsetBy: target.count)
            }
            index = bytes.index(after: index)
        }
        return nil
    }
}
