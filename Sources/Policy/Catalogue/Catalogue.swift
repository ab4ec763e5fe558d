// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// The actions that can't be undone, and those near them: what they are called, and what they touch.
///
/// Pure and immutable. Everything that it doesn't understand is `unknown`; a program that it has never heard of is `reversible` where it
/// runs by a plain name, since what it does here can be rolled back and what it sends out is judged where it leaves.
package struct Catalogue: Sendable {
    /// The catalogue that ships.
    package static let standard = Catalogue(entries: CatalogueTables.all)

    /// A judge for one program's arguments; `nil` leaves the command to the entries.
    typealias Judge = @Sendable (JudgedCommand) -> CommandVerdict?

    /// All entries.
    package let entries: [CatalogueEntry]
    private let byProgram: [String: [CatalogueEntry]]
    private let byHost: [String: [CatalogueEntry]]
    private let byHostPattern: [CatalogueEntry]
    let byField: [String: CatalogueEntry]

    /// Makes a catalogue.
    package init(entries: [CatalogueEntry]) {
        self.entries = entries
        var byProgram: [String: [CatalogueEntry]] = [:]
        var byHost: [String: [CatalogueEntry]] = [:]
        var byHostPattern: [CatalogueEntry] = []
        var byField: [String: CatalogueEntry] = [:]
        for entry in entries {
            switch entry.matcher {
            case .command(let pattern): for program in pattern.programs { byProgram[program, default: []].append(entry) }
            case .http(let pattern):
                if pattern.host.contains("*") { byHostPattern.append(entry) } else { byHost[pattern.host, default: []].append(entry) }
            case .graphQL(let provider, let field): byField[provider + "." + field] = entry
            }
        }
        self.byProgram = byProgram
        self.byHost = byHost
        self.byHostPattern = byHostPattern
        self.byField = byField
    }

    /// The entries for a place, whatever the method.
    func entries(host: String, path: [String]) -> [(entry: CatalogueEntry, method: String)] {
        var all: [(CatalogueEntry, String)] = []
        for entry in byHost[host] ?? [] {
            if case .http(let pattern) = entry.matcher, pattern.matches(path: path) { all.append((entry, pattern.method)) }
        }
        for entry in byHostPattern {
            if case .http(let pattern) = entry.matcher, pattern.matches(host: host), pattern.matches(path: path) { all.append((entry, pattern.method)) }
        }
        return all
    }

    /// The operations of a program as the kernel would start it.
    package func operations(argv: [String]) -> [EffectAnalysis.Operation] {
        CommandReader.read(argv: argv).judgement(by: self).operations
    }

    /// Judges one command.
    package func judge(_ command: ReadCommand) -> CommandVerdict {
        var verdict = judgeRedirections(command)
        guard let first = command.argv.first else { return verdict }
        guard let path = first.exact else {
            verdict.add(.unknown("command.computed", "runs a program whose name is only known when it runs"))
            return verdict
        }
        var name = CommandNames.base(of: path)
        if name.utf8.contains(where: { (0x41...0x5A).contains($0) }) { name = name.lowercased() }
        verdict.add(judgeProgram(name, path, command))
        return verdict
    }

    private func judgeProgram(_ name: String, _ path: String, _ command: ReadCommand) -> CommandVerdict {
        let shape = ProgramShapes.table[name]
        let vector = ArgumentVector(name, command.argv.dropFirst(), valueOptions: shape?.valueOptions ?? [])
        let judged = JudgedCommand(name: name, vector: vector, command: command)
        if let judge = LocalPrograms.judges[name], let verdict = judge(judged) { return verdict }
        if let verdict = judgeEntries(judged, shape) { return verdict }
        if LocalPrograms.readers.contains(name) { return .read }
        if name.utf8.contains(0x3D) { return .unknown("command.computed", "runs something that only looks like an assignment") }
        if !CommandNames.isSystem(path), command.wrappers.last != "docker" {
            return .unknown("command.script", "runs a program of its own, which is not read here")
        }
        return .reversible
    }

    private func judgeEntries(_ judged: JudgedCommand, _ shape: ProgramShape?) -> CommandVerdict? {
        let entries = byProgram[judged.name]
        guard entries != nil || shape != nil else { return nil }
        if judged.vector.asksForHelp { return .read }
        var matched: CommandVerdict?
        for entry in entries ?? [] {
            guard case .command(let pattern) = entry.matcher else { continue }
            guard pattern.matches(judged.vector) else {
                if pattern.lacksOperand(judged.vector) { matched = matched ?? .read }
                continue
            }
            if pattern.isSafe(judged.vector) {
                matched = matched ?? .read
                continue
            }
            let verdict = CommandVerdict(effectClass: entry.effectClass, operations: [entry.operation(queries: RailwayCommand.queries(judged))])
            if var all = matched { all.add(verdict); matched = all } else { matched = verdict }
        }
        if let matched { return matched }
        return ProgramShapes.fallback(judged, shape)
    }
}
