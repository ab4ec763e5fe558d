// SPDX-License-Identifier: Apache-2.0

/// Builds what an approver signs and what the audit keeps, from what the runtime parsed and resolved; never from the model's words.
///
/// - SeeAlso: RFC 8785; the descriptor has no floating-point number in it.
struct DescriptorBuilder: Sendable {
    /// 16 random bytes in hexadecimal for each request.
    let nonce: @Sendable () -> String
    /// Milliseconds since 1970 on the wall clock.
    let now: @Sendable () -> Int64
    /// What an approver reads and the audit keeps holds no secret either.
    let redactor: any Redactor

    /// The whole descriptor of a new request.
    func build(
        _ judgements: [ReferenceMonitor.Judgement], _ decision: Decision, _ requirement: ApprovalRequirement,
        tool: String, policy: Digest, in session: SessionContext
    ) -> ActionDescriptor {
        let act = act(judgements, decision, tool: tool, policy: policy, in: session)
        var object = act.objectValue ?? JSONObject()
        object["nonce"] = .string(nonce())
        object["requestedAtMilliseconds"] = .string(String(now()))
        object["requirement"] = [
            "threshold": .integer(Int64(requirement.threshold)),
            "roles": .array(requirement.roles.map { .string($0) }),
            "validitySeconds": .integer(requirement.validity.components.seconds),
            "delaySeconds": .integer(requirement.delay.components.seconds),
            "recoveryPoint": .bool(requirement.recoveryPoint != nil),
        ]
        return ActionDescriptor(json: .object(object), act: act)
    }

    /// The act alone: equal for the same act under the same policy in the same session.
    func act(
        _ judgements: [ReferenceMonitor.Judgement], _ decision: Decision, tool: String, policy: Digest,
        in session: SessionContext
    ) -> JSONValue {
        let act: JSONValue = [
            "version": 1,
            "kind": "agentkit.action",
            "tool": .string(tool),
            "session": .string(session.id),
            "principals": .array(session.principals.map { .string($0) }),
            "sessionEnvironment": .string(session.environment.name),
            "environment": .string(decision.environment.name),
            "class": .string(decision.effectClass.rawValue),
            "policy": .string(policy.description),
            "acts": .array(judgements.map { self.act(of: $0) }),
            "credentials": .array(
                decision.obligations.compactMap {
                    if case .injectSecret(let name, _) = $0 { .string(name) } else { nil }
                }),
            "uses": 1,
        ]
        return redactor.redact(act, from: .message)
    }

    private func act(of judgement: ReferenceMonitor.Judgement) -> JSONValue {
        [
            "act": judgement.analysis.canonical,
            "class": .string(judgement.decision.effectClass.rawValue),
            "operations": .array(
                judgement.analysis.operations.map {
                    ["id": .string($0.id), "summary": .string($0.summary), "takesBackups": .bool($0.takesBackups)]
                }),
            "targets": .array(judgement.targets.map { self.target($0) }),
        ]
    }

    /// What the audit keeps of one effect: no body of a request, no content of a file.
    func summary(of judgement: ReferenceMonitor.Judgement) -> JSONValue {
        let summary: JSONValue = [
            "effect": .string(Self.line(for: judgement.effect)),
            "decision": .string(judgement.decision.outcome.rawValue),
            "class": .string(judgement.decision.effectClass.rawValue),
            "operations": .array(judgement.analysis.operations.map { .string($0.id) }),
            "targets": .array(judgement.targets.map { self.target($0) }),
        ]
        return redactor.redact(summary, from: .message)
    }

    private func target(_ target: ResolvedTarget) -> JSONValue {
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
