// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Simple commands: assignments, functions, builtins that change what is known.
extension ShellReader {
    mutating func runSimple(_ node: SimpleCommandNode) -> String? {
        var argv: [CommandWord] = []
        argv.reserveCapacity(node.words.count)
        for word in node.words { argv += expand(word) }
        var assigned: [String: CommandWord] = [:]
        for assignment in node.assignments {
            let value = value(of: assignment)
            noteLoader(assignment.name, value.first)
            if argv.isEmpty { assign(assignment, value) } else { assigned[assignment.name] = value.first ?? CommandWord("") }
        }
        let (redirections, fed) = node.redirections.isEmpty ? ([], nil) : expandRedirections(node.redirections)
        var command = ReadCommand(
            argv: argv, redirections: redirections, input: fed ?? input, environment: assigned, feedsPipe: feedsPipe)
        if argv.isEmpty {
            // `$X` that is empty or a bare redirection: nothing runs but the redirection.
            if !redirections.isEmpty { record(command) }
            return ""
        }
        if let name = argv[0].exact {
            if let text = aliases[name], node.words[0].plain != nil, !calls.contains("alias " + name) {
                return runAlias(name, text, Array(argv.dropFirst()))
            }
            if let body = functions[name] { return call(name, body, command) }
            if let output = runStateful(name, &command) { return output }
        }
        let output = runProgram(command)
        return redirections.contains(where: \.writes) ? nil : output
    }

    /// Variables that make programs load or run something else.
    private mutating func noteLoader(_ name: String, _ value: CommandWord?) {
        switch name {
        case "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "BASH_ENV", "ENV", "PROMPT_COMMAND", "PERL5OPT", "PERL5DB", "RUBYOPT", "PYTHONSTARTUP", "DYLD_INSERT_LIBRARIES", "PS4":
            note("command.environment", "a variable makes programs load or run something that is not read here")
        case "PATH":
            guard let first = value?.knownPrefix.split(separator: ":", omittingEmptySubsequences: false).first else { return }
            if first.isEmpty && value?.isKnown == true || first.hasPrefix(".") || first.hasPrefix("/tmp") || first.hasPrefix("/var/tmp") || first.hasPrefix("/dev/shm") {
                note("command.environment", "programs are looked for in a folder that anybody may have written")
            }
        default: break
        }
    }

    private mutating func value(of assignment: AssignmentNode) -> [CommandWord] {
        guard let elements = assignment.elements else { return [expandSingle(assignment.value)] }
        return elements.flatMap { expand($0) }
    }

    private mutating func assign(_ assignment: AssignmentNode, _ value: [CommandWord]) {
        if assignment.isElement { variables[assignment.name] = [.unknown]; return }
        guard assignment.appends else { variables[assignment.name] = value; return }
        guard let old = variables[assignment.name] else { variables[assignment.name] = [.unknown]; return }
        if assignment.elements != nil { variables[assignment.name] = old + value } else {
            let whole = Self.joined(old.first ?? CommandWord(""), value.first ?? CommandWord(""), "")
            expandedLeft -= whole.text.utf8.count
            variables[assignment.name] = expandedLeft > 0 ? [whole] : [.unknown]
        }
    }

    private mutating func runAlias(_ name: String, _ text: String, _ arguments: [CommandWord]) -> String? {
        calls.append("alias " + name)
        defer { calls.removeLast() }
        let whole = arguments.reduce(CommandWord(text)) { Self.joined($0, Self.quoted($1), " ") }
        return readText(whole, what: "an alias")
    }

    private mutating func call(_ name: String, _ body: ShellNode, _ command: ReadCommand) -> String? {
        if calls.contains(name) {
            if isForking {
                let hazard = CommandUnknown("local.forkBomb", "a function calls itself from a pipeline or the background without end")
                if !reading.hazards.contains(hazard) { reading.hazards.append(hazard) }
            } else {
                note("command.recursion", "a function calls itself")
            }
            return nil
        }
        guard calls.count < limits.depth else {
            note("command.deep", "the text is nested deeper than is read")
            return nil
        }
        calls.append(name)
        let saved = (positional, input)
        positional = Array(command.argv.dropFirst())
        input = command.input
        for (key, value) in command.environment { variables[key] = [value] }
        if command.redirections.contains(where: \.writes) { record(ReadCommand(argv: [], redirections: command.redirections)) }
        let output = run(body)
        (positional, input) = saved
        calls.removeLast()
        return command.redirections.contains(where: \.writes) ? nil : output
    }

    /// Handles builtins that change the reader's state. Returns `nil` where `name` isn't one, or is to be recorded as well.
    private mutating func runStateful(_ name: String, _ command: inout ReadCommand) -> String? {
        let arguments = command.argv.dropFirst()
        switch name {
        case "cd", "pushd": changeDirectory(arguments)
        case "popd": directory = nil
        case "export", "declare", "local", "typeset", "readonly": declare(arguments)
        case "unset": for word in arguments { variables[word.text] = [CommandWord("")]; functions[word.text] = nil }
        case "set":
            if let start = arguments.firstIndex(where: { $0.text == "--" }) {
                positional = Array(arguments[(start + 1)...])
            } else if arguments.contains(where: { !$0.text.hasPrefix("-") && !$0.text.hasPrefix("+") && $0.text != "pipefail" }) {
                positional = nil
            }
        case "shift": if let count = positional?.count, count > 0 { positional?.removeFirst() } else { positional = nil }
        case "read", "mapfile", "readarray", "getopts", "let":
            for word in arguments where !word.text.hasPrefix("-") {
                variables[String(word.text.prefix { $0 != "=" })] = [.unknown]
            }
            if name == "read", arguments.allSatisfy({ $0.text.hasPrefix("-") }) { variables["REPLY"] = [.unknown] }
        case "printf" where arguments.first?.text == "-v":
            if let target = arguments.dropFirst().first { variables[target.text] = [.unknown] }
        case "alias":
            for word in arguments where word.isKnown {
                guard let sign = word.text.firstIndex(of: "=") else { continue }
                aliases[String(word.text[..<sign])] = String(word.text[word.text.index(after: sign)...])
            }
        case "unalias": aliases = [:]
        case "hash" where arguments.contains(where: { $0.text.hasPrefix("-p") }), "enable" where arguments.contains(where: { $0.text.hasPrefix("-f") }):
            note("command.environment", "a name is bound to another program")
        default: return nil
        }
        if !command.redirections.isEmpty || command.argv.contains(where: { !$0.isKnown }) || name == "export" || name == "alias" {
            reading.programs.append(name)
            record(command)
        } else {
            reading.programs.append(name)
            record(command)
        }
        return ""
    }

    private mutating func changeDirectory(_ arguments: ArraySlice<CommandWord>) {
        let operands = arguments.filter { !["-P", "-L", "--", "-e", "-n"].contains($0.text) }
        guard let target = operands.first else { directory = "~"; return }
        directory = target.text == "-" ? nil : PathFacts.change(directory, to: target)
    }

    private mutating func declare(_ arguments: ArraySlice<CommandWord>) {
        for word in arguments {
            guard let sign = word.text.firstIndex(of: "="), !word.text.hasPrefix("-") else { continue }
            let value = String(word.text[word.text.index(after: sign)...])
            noteLoader(String(word.text[..<sign]), CommandWord(value, isKnown: word.isKnown))
            variables[String(word.text[..<sign])] = [CommandWord(value, isKnown: word.isKnown, maySplit: word.maySplit)]
        }
    }

    /// The word as a shell would read it back, where all of it is known.
    static func quoted(_ word: CommandWord) -> CommandWord {
        let plain = word.text.utf8.allSatisfy {
            ShellParser.isNameByte($0) || [0x2D, 0x2E, 0x2F, 0x3A, 0x3D, 0x2B, 0x40, 0x25].contains($0)
        }
        if (plain && !word.text.isEmpty) || !word.isKnown || word.isPattern { return word }
        var text = "'"
        for character in word.text { text += character == "'" ? "'\\''" : String(character) }
        return CommandWord(text + "'")
    }

    // MARK: Constant output

    /// The output of a program that only computes on its arguments and known input.
    static func constantOutput(of name: String, _ command: ReadCommand) -> String? {
        var texts: [String] = []
        for word in command.argv.dropFirst() {
            guard let text = word.exact else { return nil }
            texts.append(text)
        }
        var fed: String?
        if case .text(let text) = command.input { fed = text }
        switch name {
        case "echo": return echo(texts)
        case "printf": return printf(texts)
        case "cat": return texts.isEmpty || texts == ["-"] ? fed : nil
        case "base64", "gbase64":
            guard texts.count == 1 || (texts.count == 2 && texts.contains("-i")), let fed,
                texts.contains(where: { ["-d", "-D", "--decode", "--d", "--de", "--dec", "-di", "-id"].contains($0) })
            else { return nil }
            let kept = fed.filter { !$0.isWhitespace }
            return Base64.decode(kept, padding: .optional).map { String(decoding: $0, as: UTF8.self) }
        case "rev":
            guard texts.isEmpty, let fed else { return nil }
            return fed.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.reversed()) }
                .joined(separator: "\n")
        case "xxd" where texts == ["-r", "-p"] || texts == ["-p", "-r"] || texts == ["-rp"]:
            return fed.flatMap { HexEncoding.decode($0.filter { !$0.isWhitespace }) }.map { String(decoding: $0, as: UTF8.self) }
        case "true", ":", "sleep": return ""
        default: return nil
        }
    }

    private static func echo(_ texts: [String]) -> String {
        var rest = texts[...]
        var escapes = false
        var newline = true
        while let first = rest.first, first.utf8.count > 1, first.utf8.first == 0x2D,
            first.dropFirst().allSatisfy({ "neE".contains($0) })
        {
            if first.contains("e") { escapes = true }
            if first.contains("n") { newline = false }
            rest = rest.dropFirst()
        }
        let text = rest.joined(separator: " ")
        return (escapes ? unescaped(text) : text) + (newline ? "\n" : "")
    }

    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x5C) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == 0x5C, position < bytes.count else { result.append(byte); continue }
            let escape = bytes[position]
            position += 1
            ShellEscapes.append(escape, from: bytes, at: &position, to: &result)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func printf(_ texts: [String]) -> String? {
        guard let format = texts.first else { return nil }
        let pieces = Array(unescaped(format).utf8)
        var arguments = texts.dropFirst()
        var output: [UInt8] = []
        var rounds = 0
        repeat {
            var consumed = false
            var position = 0
            while position < pieces.count {
                let byte = pieces[position]
                position += 1
                guard byte == 0x25 else { output.append(byte); continue }
                guard position < pieces.count else { return nil }
                let conversion = pieces[position]
                position += 1
                switch conversion {
                case 0x25: output.append(0x25)
                case 0x73, 0x62, 0x64:
                    consumed = true
                    let value = arguments.popFirst() ?? ""
                    output += Array((conversion == 0x62 ? unescaped(value) : value).utf8)
                default: return nil
                }
            }
            rounds += 1
            if !consumed { break }
        } while !arguments.isEmpty && rounds < 256
        return String(decoding: output, as: UTF8.self)
    }
}
