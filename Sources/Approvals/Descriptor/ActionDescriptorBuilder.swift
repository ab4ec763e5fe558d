// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// Writes down exactly what would happen, from what the runtime parsed and resolved.
///
/// A descriptor holds integers and strings only, so that every reader sees the same bytes. It ends with the digest of
/// the text that is shown to people: who signs the descriptor signs what was shown.
public struct ActionDescriptorBuilder: ActionDescribing {
    private let clock: StateClock
    private let pendingTime: Duration
    private let nonce: @Sendable () -> [UInt8]

    /// The members that differ between two requests for the same act.
    static let perRequest = ["nonce", "requestedAt", "deadline", "shown"]
    static let kind = "agentkit.action"

    /// Makes a builder.
    ///
    /// - Parameters:
    ///   - pendingTime: How long a request may stay unanswered.
    ///   - nonce: 16 random bytes; the system's generator unless a test needs others.
    public init(
        clock: StateClock, pendingTime: Duration = .seconds(3600),
        nonce: @escaping @Sendable () -> [UInt8] = ActionDescriptorBuilder.randomNonce
    ) {
        self.clock = clock
        self.pendingTime = pendingTime
        self.nonce = nonce
    }

    /// 16 bytes of the system's random generator.
    public static func randomNonce() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Describes one act.
    public func describe(
        _ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], decision: Decision, policy: Digest,
        session: SessionContext
    ) throws(StateError) -> ActionDescriptor {
        guard let requirement = decision.requirement, decision.outcome == .requireApproval else {
            throw StateError(.invalid, "the decision asks for no approval, so there is nothing to approve")
        }
        let act: JSONObject = [
            "version": 1, "kind": .string(Self.kind), "uses": 1,
            "act": analysis.canonical, "effect": try EffectFacts.json(effect, isKnown: !analysis.operations.isEmpty),
            "operations": .array(analysis.operations.map(Self.json)), "targets": .array(targets.map(Self.json)),
            "class": .string(decision.effectClass.rawValue), "environment": .string(decision.environment.name),
            "credentials": .array(Self.credentials(effect, decision).map(JSONValue.string)),
            "obligations": .array(decision.obligations.map(\.name).sorted().map(JSONValue.string)),
            "reasons": .array(decision.reasons.map { ["id": .string($0.id), "message": .string($0.message)] }),
            "policy": .string(policy.description),
            "session": [
                "id": .string(session.id), "environment": .string(session.environment.name),
                "workspace": .string(session.workspace),
                "principals": .array(session.principals.map(JSONValue.string)),
            ],
            "requirement": Self.json(requirement),
        ]
        var json = act
        let now = clock.now().wall
        json["nonce"] = .string(HexEncoding.encode(nonce()))
        json["requestedAt"] = .string(now.description)
        json["deadline"] = .string(now.advanced(by: pendingTime).description)
        json["shown"] = .string(try ApprovalRendering(.object(json)).digest.description)
        _ = try Hashing.canonical(.object(json))
        return ActionDescriptor(json: .object(json), act: .object(act))
    }

    /// The act in a whole descriptor: everything but what differs between two requests for it.
    static func act(of descriptor: JSONValue) -> JSONValue? {
        guard case .object(var members) = descriptor else { return nil }
        for name in perRequest { members[name] = nil }
        return .object(members)
    }

    private static func credentials(_ effect: Effect, _ decision: Decision) -> [String] {
        var names: Set<String> = []
        if case .request(let request) = effect.action, let name = request.credential { names.insert(name) }
        for case .injectSecret(let name, _) in decision.obligations { names.insert(name) }
        return names.sorted()
    }

    private static func json(_ operation: EffectAnalysis.Operation) -> JSONValue {
        [
            "id": .string(operation.id), "class": .string(operation.effectClass.rawValue),
            "takesBackups": .bool(operation.takesBackups), "summary": .string(operation.summary),
        ]
    }

    private static func json(_ target: ResolvedTarget) -> JSONValue {
        let proof: (String, String) =
            switch target.proof {
            case .inventory(let entry): ("inventory", entry)
            case .provider(let name): ("provider", name)
            case .pod: ("pod", "")
            case .unproven(let why): ("unproven", why)
            }
        return [
            "provider": .string(target.provider), "type": .string(target.type), "id": .string(target.id),
            "name": target.name.map(JSONValue.string) ?? .null, "environment": .string(target.environment.name),
            "proof": ["kind": .string(proof.0), "detail": .string(proof.1)],
            "blastRadius": .array(target.blastRadius.map(JSONValue.string)),
        ]
    }

    private static func json(_ requirement: ApprovalRequirement) -> JSONValue {
        let point: JSONValue =
            requirement.recoveryPoint.map {
                ["maximumAgeMilliseconds": .integer($0.maximumAge.wholeMilliseconds), "signers": .string($0.signers)]
            } ?? .null
        return [
            "threshold": .integer(Int64(requirement.threshold)),
            "roles": .array(requirement.roles.map(JSONValue.string)),
            "principals": .array(requirement.principals.map(JSONValue.string)),
            "validityMilliseconds": .integer(requirement.validity.wholeMilliseconds),
            "delayMilliseconds": .integer(requirement.delay.wholeMilliseconds), "recoveryPoint": point,
            "excludesRequester": .bool(requirement.excludesRequester),
        ]
    }
}
