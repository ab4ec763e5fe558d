// SPDX-License-Identifier: Apache-2.0

/// What the audit and an approver see of an effect, with no secret in it.
struct EffectSummary: Sendable {
    let redactor: any Redactor

    /// What the audit keeps of one effect: no body of a request, no content of a file.
    func json(of judgement: ReferenceMonitor.Judgement) -> JSONValue {
        let summary: JSONValue = [
            "effect": .string(Self.line(for: judgement.effect)),
            "decision": .string(judgement.decision.outcome.rawValue),
            "class": .string(judgement.decision.effectClass.rawValue),
            "operations": .array(judgement.analysis.operations.map { .string($0.id) }),
            "targets": .array(judgement.targets.map { Self.json(of: $0) }),
        ]
        return redactor.redact(summary, from: .message)
    }

    /// The effect as an approver may see it.
    func redacted(_ effect: Effect) -> Effect {
        func text(_ value: String) -> String { redactor.redact(value, from: .message) }
        switch effect.action {
        case .readFile(let path): return Effect(.readFile(path: text(path)))
        case .writeFile(let path): return Effect(.writeFile(path: text(path)))
        case .sql(let statement): return Effect(.sql(statement: text(statement)))
        case .commit(let summary):
            return Effect(
                .commit(
                    CommitSummary(
                        written: summary.written.map { text($0) }, deleted: summary.deleted.map { text($0) },
                        executesElsewhere: summary.executesElsewhere.map { text($0) }, originalsKept: summary.originalsKept,
                        contents: summary.contents)))
        case .execute(let execution):
            let argv = execution.argv.map { text($0) }
            let folder = execution.workingDirectory.map { text($0) }
            guard execution.commandText != nil, let command = argv.last else {
                return Effect(.execute(Execution(argv: argv, workingDirectory: folder)))
            }
            return Effect(.execute(Execution(shell: command, workingDirectory: folder)))
        case .request(let request):
            return Effect(
                .request(
                    OutgoingRequest(
                        method: request.method, url: text(request.url),
                        headers: request.headers.map { OutgoingRequest.Header($0.name, text($0.value)) },
                        // Only its digest is described: redacted first, two bodies that differ in a secret would be one act.
                        body: request.body, credential: request.credential)))
        }
    }

    /// The analysis as an approver may see it.
    func redacted(_ analysis: EffectAnalysis) -> EffectAnalysis {
        EffectAnalysis(
            effectClass: analysis.effectClass, operations: analysis.operations, stated: analysis.stated,
            problems: analysis.problems.map { redacted($0) },
            canonical: redactor.redact(analysis.canonical, from: .message))
    }

    /// The decision as it may be shown and kept.
    func redacted(_ decision: Decision) -> Decision {
        Decision(
            decision.outcome, effectClass: decision.effectClass, environment: decision.environment,
            reasons: decision.reasons.map { redacted($0) }, obligations: decision.obligations,
            requirement: decision.requirement)
    }

    /// A reason as it may be shown and kept.
    func redacted(_ reason: Reason) -> Reason {
        Reason(reason.id, redactor.redact(reason.message, from: .message), location: reason.location)
    }

    private static func json(of target: ResolvedTarget) -> JSONValue {
        let proof =
            switch target.proof {
            case .inventory(let entry): "inventory: \(entry)"
            case .provider(let name): "provider: \(name)"
            case .pod: "pod"
            case .unproven(let why): "unproven: \(why)"
            }
        return [
            "provider": .string(target.provider), "type": .string(target.type), "id": .string(target.id),
            "name": target.name.map { .string($0) } ?? .null, "environment": .string(target.environment.name),
            "proof": .string(proof), "blastRadius": .array(target.blastRadius.map { .string($0) }),
        ]
    }

    /// One line for people: what the effect is, without its contents.
    static func line(for effect: Effect) -> String {
        switch effect.action {
        case .readFile(let path): "read \(path.isEmpty ? "." : path)"
        case .writeFile(let path): "write \(path)"
        case .execute(let execution): "run \(execution.commandText ?? execution.argv.joined(separator: " "))"
        case .request(let request): "\(request.method) \(request.url)"
        case .sql(let statement): "sql \(statement)"
        case .commit(let summary): "commit \(summary.written.count) written, \(summary.deleted.count) deleted"
        }
    }
}

extension Decision {
    /// The decision for machines, as `agentkit decide` prints it.
    public var json: JSONValue {
        [
            "decision": .string(outcome.rawValue),
            "class": .string(effectClass.rawValue),
            "environment": .string(environment.name),
            "reasons": .array(
                reasons.map { reason in
                    var object: JSONObject = ["id": .string(reason.id), "message": .string(reason.message)]
                    if let location = reason.location { object["location"] = .string(location) }
                    return .object(object)
                }),
            "obligations": .array(obligations.map { .string($0.name) }),
        ]
    }
}
