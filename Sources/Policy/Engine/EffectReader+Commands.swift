// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension EffectReader {
    /// Where a bare name may be found in a pod, in the order of its search path.
    static let searchFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"]

    /// What a POSIX shell runs without executing a file.
    private static let builtins: Set<String> = [
        ".", ":", "[", "alias", "bg", "break", "builtin", "cd", "command", "continue", "declare", "echo", "eval",
        "exec", "exit",
        "export",
        "false", "fc", "fg", "getopts", "hash", "jobs", "kill", "let", "local", "printf", "pwd", "read", "readonly",
        "return", "set",
        "shift", "shopt", "source", "test", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask",
        "unalias",
        "unset", "wait",
    ]

    func command(_ execution: Execution, _ session: SessionContext) -> EffectReading {
        let sight = execution.commandText.map { catalogue.read(shell: $0) } ?? catalogue.read(argv: execution.argv)
        var reading = EffectReading(effectClass: sight.effectClass)
        reading.writesToLayer = true
        reading.problems = sight.hazards
        reading.notes = sight.unknowns
        reading.canonical = Self.canonical(execution)
        guard let program = execution.argv.first, !program.isEmpty, let root = PathText.normalized(session.workspace)
        else {
            reading.problems.append(Reason("command.empty", "the command names no program; give one"))
            return reading
        }
        guard !execution.argv.contains(where: { $0.utf8.contains(0) }) else {
            reading.problems.append(Reason("command.invalid", "an argument holds a NUL; no program can be given one"))
            return reading
        }
        let folder = execution.workingDirectory.flatMap { PathText.absolute($0, in: root) } ?? root
        addPrograms(sight, execution, folder: folder, root: root, to: &reading)
        addOutgoing(sight, session, to: &reading)
        if reading.stated.isEmpty {
            reading.stated = [Self.podTarget(type: "process", id: CommandPath.base(of: program))]
        }
        return reading
    }

    private func addPrograms(
        _ sight: CommandSight, _ execution: Execution, folder: String, root: String, to reading: inout EffectReading
    ) {
        let isShell = execution.commandText != nil
        if isShell {
            reading.acts.append(.program(self.program(execution.argv.map { $0 }, folder: folder, root: root)))
        }
        var hasOwnProgram = isShell
        for command in sight.commands {
            let place = command.directory.flatMap { PathText.absolute($0, in: folder) } ?? folder
            for wrapper in command.wrappers where !Self.builtins.contains(wrapper) {
                reading.acts.append(.program(self.program([wrapper], folder: place, root: root)))
            }
            guard !command.isRemote, let first = command.argv.first else { continue }
            guard let name = first else {
                reading.acts.append(.unknownProgram)
                continue
            }
            if isShell && Self.builtins.contains(name) { continue }
            reading.acts.append(.program(self.program(command.argv, folder: place, root: root)))
            hasOwnProgram = true
        }
        // A reading that sees through wrappers must not lose the file that the kernel is asked to run.
        if !isShell,
            !(hasOwnProgram && sight.commands.count == 1 && sight.commands[0].argv.first == execution.argv.first)
        {
            reading.acts.append(.program(self.program(execution.argv.map { $0 }, folder: folder, root: root)))
        }
    }

    private func program(_ argv: [String?], folder: String, root: String) -> EffectReading.Program {
        let name = argv.first.flatMap { $0 } ?? ""
        let paths: [String] =
            name.contains("/")
            ? [PathText.absolute(name, in: folder)].compactMap { $0 }
            : Self.searchFolders.map { $0 + "/" + name }
        let candidates = paths.map { Self.merged(PathText.segments(of: $0)) }
        let shown = name.hasPrefix(root + "/") ? String(name.dropFirst(root.utf8.count + 1)) : name
        return EffectReading.Program(candidates: candidates, argv: argv, shown: ShapeChecker.shown(shown))
    }

    /// `/bin` and `/sbin` are `/usr/bin` and `/usr/sbin` on merged systems; rules see one spelling.
    static func merged(_ segments: [[UInt8]]) -> [[UInt8]] {
        guard let first = segments.first, segments.count == 2, first == Array("bin".utf8) || first == Array("sbin".utf8)
        else { return segments }
        return [Array("usr".utf8)] + segments
    }

    private func addOutgoing(_ sight: CommandSight, _ session: SessionContext, to reading: inout EffectReading) {
        reading.contained = sight.contained
        for operation in sight.contained { reading.notes.append(Self.note(operation)) }
        for operation in sight.outgoing {
            reading.notes.append(Self.note(operation))
            // What only reads or can be taken back is left to the gate that sees the request itself.
            guard operation.effectClass == .irreversible || operation.effectClass == .unknown else {
                reading.contained.append(operation)
                continue
            }
            reading.operations.append(operation)
            reading.acts.append(.operation(operation))
            reading.lastingClass = reading.lastingClass.combined(with: operation.effectClass)
            // Where a push goes is told by its remote and branch.
            let isPush = operation.id.hasPrefix("git.push") && !sight.pushes.isEmpty
            if operation.queries.isEmpty && !isPush {
                let why = "`\(operation.id)` names nothing whose environment could be proven"
                reading.stated.append(
                    ResolvedTarget(
                        provider: Self.provider(of: operation), type: "operation", id: operation.id,
                        environment: order.mostProtected,
                        proof: .unproven(why: why)))
            }
        }
        for request in sight.requests {
            let inner = self.request(request, session)
            reading.effectClass = reading.effectClass.combined(with: inner.effectClass)
            reading.lastingClass = reading.lastingClass.combined(with: inner.lastingClass)
            reading.acts += inner.acts
            reading.operations += inner.operations
            reading.contained += inner.contained
            reading.stated += inner.stated
            reading.notes += inner.notes
            reading.problems += inner.problems
        }
        for request in sight.partialRequests {
            let literals = self.request(request, session).problems.filter { $0.id == "credential.literal" }
            for literal in literals where !reading.problems.contains(literal) { reading.problems.append(literal) }
        }
        for push in sight.pushes { state(push, in: &reading) }
    }

    private func state(_ push: CommandSight.Push, in reading: inout EffectReading) {
        let entry = push.remote.flatMap { GitRemote($0) }.flatMap { inventory.entry(for: $0, branch: push.branch) }
        guard let entry, let label = entry.environment else {
            let why =
                push.remote == nil
                ? "the command names a remote whose address isn't known here"
                : "no inventory entry covers the remote and branch"
            reading.stated.append(
                ResolvedTarget(
                    provider: "git", type: "remote", id: push.branch ?? "unknown branch",
                    environment: order.mostProtected, proof: .unproven(why: why)))
            return
        }
        reading.stated.append(
            ResolvedTarget(
                provider: "git", type: "remote", id: push.branch ?? "all branches", environment: label,
                proof: .inventory(entry: entry.summary)))
        reading.notes.append(Reason("inventory.entry", entry.summary, location: entry.position.description))
    }

    /// The provider that an operation's id begins with.
    static func provider(of operation: EffectAnalysis.Operation) -> String {
        String(operation.id.prefix { $0 != "." })
    }

    private static func canonical(_ execution: Execution) -> JSONValue {
        var object: JSONObject = ["kind": "exec", "argv": .array(execution.argv.map { .string($0) })]
        if let text = execution.commandText { object["command"] = .string(text) }
        if let folder = execution.workingDirectory { object["workingDirectory"] = .string(folder) }
        return .object(object)
    }
}
