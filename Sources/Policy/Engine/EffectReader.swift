// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Reads effects: what they consist of, where they land, and what is wrong with them. Does no I/O.
struct EffectReader: Sendable {
    /// What a commit beyond `limits.deletes` is called in `approvals.require`.
    static let manyDeletes = "workspace.deletesMany"

    let inventory: Inventory
    let order: EnvironmentOrder
    let egress: EgressSettings
    let secrets: [SecretDeclaration]
    let catalogue: any CatalogueReading
    /// Deletions that one commit may hold without a person.
    let mostDeletes: Int
    /// The secret whose placeholder a text is.
    let secretOfPlaceholder: @Sendable (String) -> String?

    func read(_ effect: Effect, in session: SessionContext) -> EffectReading {
        switch effect.action {
        case .readFile(let path): return file(path, session, isWrite: false)
        case .writeFile(let path): return file(path, session, isWrite: true)
        case .execute(let execution): return command(execution, session)
        case .request(let request): return self.request(request, session)
        case .sql(let statement): return sql(statement)
        case .commit(let summary): return commit(summary, session)
        }
    }

    private func file(_ path: String, _ session: SessionContext, isWrite: Bool) -> EffectReading {
        var reading = EffectReading(effectClass: isWrite ? .reversible : .read)
        reading.writesToLayer = isWrite
        reading.canonical = ["kind": isWrite ? "file.write" : "file.read", "path": .string(path)]
        guard let location = location(path, session) else {
            reading.problems.append(
                Reason(
                    "path.invalid",
                    "the path is empty, holds a NUL, or the workspace is no absolute path; give a plain path"))
            return reading
        }
        reading.acts = [isWrite ? .writeFile(location) : .readFile(location)]
        if isWrite { reading.stated.append(Self.podTarget(type: "file", id: location.shown)) }
        return reading
    }

    private func commit(_ summary: CommitSummary, _ session: SessionContext) -> EffectReading {
        var reading = EffectReading(effectClass: summary.originalsKept ? .reversible : .irreversible)
        reading.lastingClass = reading.effectClass
        for path in summary.written + summary.deleted {
            guard let location = location(path, session), !path.hasPrefix("/"), !location.shown.hasPrefix("/") else {
                reading.problems.append(
                    Reason(
                        "path.invalid", "a path of the commit leaves the workspace; nothing outside it is ever written")
                )
                continue
            }
            reading.acts.append(.commit(location))
        }
        if reading.acts.isEmpty { reading.acts = [.nothing] }
        if !summary.executesElsewhere.isEmpty {
            let names = summary.executesElsewhere.prefix(5).joined(separator: ", ")
            let operation = EffectAnalysis.Operation(
                id: "workspace.executesElsewhere", effectClass: reading.effectClass,
                summary: "changes files that something outside runs later: \(names)")
            reading.contained.append(operation)
            reading.notes.append(Reason("commit.executes-elsewhere", operation.summary))
        }
        if summary.deleted.count > mostDeletes {
            let operation = EffectAnalysis.Operation(
                id: Self.manyDeletes, effectClass: reading.effectClass,
                summary: "deletes \(summary.deleted.count) files, and `limits.deletes` lets one commit delete \(mostDeletes) without a person")
            reading.contained.append(operation)
            reading.deletesTooMany = true
            reading.notes.append(Reason("commit.deletes", operation.summary))
        }
        if !summary.originalsKept {
            reading.notes.append(
                Reason("commit.originals", "the originals can't be kept, so that the commit can't be undone"))
        }
        var canonical: JSONObject = [
            "kind": "commit", "written": .array(summary.written.map { .string($0) }),
            "deleted": .array(summary.deleted.map { .string($0) }),
            "executesElsewhere": .array(summary.executesElsewhere.map { .string($0) }),
            "originalsKept": .bool(summary.originalsKept),
        ]
        if !summary.contents.isEmpty { canonical["contents"] = .string(summary.contents) }
        reading.canonical = .object(canonical)
        return reading
    }

    private func sql(_ statement: String) -> EffectReading {
        let sight = catalogue.read(sql: statement)
        var reading = EffectReading(effectClass: sight.effectClass)
        reading.lastingClass = sight.effectClass
        reading.operations = sight.operations
        reading.problems = sight.problems
        reading.acts = [.statement(sight.operations)]
        for operation in sight.operations { reading.notes.append(Self.note(operation)) }
        state(.database, type: "database", in: &reading)
        reading.canonical = ["kind": "sql", "statement": .string(statement)]
        return reading
    }

    func location(_ path: String, _ session: SessionContext) -> EffectReading.Location? {
        guard let root = PathText.normalized(session.workspace), let full = PathText.absolute(path, in: root) else {
            return nil
        }
        return EffectReading.Location(
            segments: PathText.segments(of: full), shown: PathText.shown(full, workspace: root))
    }

    /// Adds a URL's environment as the inventory states it.
    func state(_ target: TargetURL, type: String, in reading: inout EffectReading) {
        guard let entry = inventory.entry(for: target), let label = entry.environment else {
            let why = "no inventory entry covers \(target.origin)"
            reading.stated.append(
                ResolvedTarget(
                    provider: target.scheme, type: type, id: target.origin, environment: order.mostProtected,
                    proof: .unproven(why: why)))
            return
        }
        reading.stated.append(
            ResolvedTarget(
                provider: target.scheme, type: type, id: target.origin, environment: label,
                proof: .inventory(entry: entry.summary)))
        reading.notes.append(Reason("inventory.entry", entry.summary, location: entry.position.description))
    }

    static func podTarget(type: String, id: String) -> ResolvedTarget {
        ResolvedTarget(provider: "pod", type: type, id: id, environment: .none, proof: .pod)
    }

    static func note(_ operation: EffectAnalysis.Operation) -> Reason {
        let backups = operation.takesBackups ? "; takes its backups with it" : ""
        return Reason(
            "catalogue.\(operation.id)",
            "\(operation.id) is \(operation.effectClass.rawValue): \(operation.summary)\(backups)")
    }
}
