// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// A policy that a test writes as two functions.
final class TestPolicy: PolicyEngine {
    typealias Decide = @Sendable (Effect, [ResolvedTarget]) -> Decision

    let events: Events
    let environments = EnvironmentOrder([
        EnvironmentOrder.Entry(.staging, isProtected: false), EnvironmentOrder.Entry(.production, isProtected: true),
    ])
    /// What must be asked of providers about an effect.
    let queries = Box<@Sendable (Effect) -> [ResourceQuery]>({ _ in [] })
    /// The decision; permits unless told.
    let decision = Box<Decide>({ effect, _ in .permitted(effect) })
    let digestByte = Box<UInt8>(1)

    init(events: Events) { self.events = events }

    var digest: Digest { .filled(with: digestByte.value) }

    func analyse(_ effect: Effect, in session: SessionContext) -> EffectAnalysis {
        events.note("analyse")
        let queries = queries.value(effect)
        let operations = queries.map {
            EffectAnalysis.Operation(
                id: "test.\($0.type)", effectClass: .irreversible, queries: [$0], summary: "touches \($0.id)")
        }
        return EffectAnalysis(effectClass: .unknown, operations: operations, canonical: .string("\(effect.action)"))
    }

    func decide(
        _ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], in session: SessionContext
    ) -> Decision {
        events.note("decide")
        return decision.value(effect, targets)
    }
}

extension EnvironmentLabel {
    static let staging = EnvironmentLabel("staging")
    static let production = EnvironmentLabel("production")
}

extension Digest {
    static func filled(with byte: UInt8) -> Digest {
        guard let digest = Digest(Array(repeating: byte, count: 32)) else {
            preconditionFailure("32 bytes make a digest")
        }
        return digest
    }
}

extension Decision {
    static func permitted(_ effect: Effect, obligations: [Obligation] = []) -> Decision {
        Decision(
            .permit, effectClass: .reversible, environment: .staging,
            reasons: [Reason("rule.test", "the test permits it")],
            obligations: obligations)
    }

    static func denied(_ message: String = "the test denies it") -> Decision {
        .deny([Reason("rule.no", message)], environment: .staging)
    }

    static func asking(in environment: EnvironmentLabel = .production, message: String = "the test asks") -> Decision {
        Decision(
            .requireApproval, effectClass: .irreversible, environment: environment,
            reasons: [Reason("rule.ask", message)],
            requirement: ApprovalRequirement(threshold: 1))
    }

    var reasonIDs: [String] { reasons.map(\.id) }
}
