// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// A policy engine with one wall off: what it asks of the real one, and what it does with the answer.
struct PiercedPolicy: PolicyEngine {
    let inner: any PolicyEngine
    let hole: @Sendable (Question) -> Decision

    /// What a policy engine is asked.
    struct Question {
        let effect: Effect
        let analysis: EffectAnalysis
        let targets: [ResolvedTarget]
        let session: SessionContext
        let policy: any PolicyEngine

        var answer: Decision { policy.decide(effect, analysis, targets: targets, in: session) }
    }

    var digest: Digest { inner.digest }
    var environments: EnvironmentOrder { inner.environments }

    func analyse(_ effect: Effect, in session: SessionContext) -> EffectAnalysis { inner.analyse(effect, in: session) }

    func decide(_ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], in session: SessionContext) -> Decision {
        hole(Question(effect: effect, analysis: analysis, targets: targets, session: session, policy: inner))
    }
}

extension PiercedPolicy {
    /// The literal credential, off: a request is judged as if its credential fields were not there, and leaves with them.
    static func overlookingCredentials(_ policy: any PolicyEngine) -> PiercedPolicy {
        PiercedPolicy(inner: policy) { question in
            let decision = question.answer
            guard decision.reasons.contains(where: { $0.id.hasPrefix("credential.") }), case .request(let request) = question.effect.action
            else { return decision }
            let bare = Effect(
                .request(
                    OutgoingRequest(
                        method: request.method, url: request.url, headers: request.headers.filter { $0.name.lowercased() != "authorization" },
                        body: request.body, credential: request.credential)))
            let again = policy.decide(bare, policy.analyse(bare, in: question.session), targets: question.targets, in: question.session)
            return Decision(
                again.outcome, effectClass: again.effectClass, environment: again.environment, reasons: again.reasons,
                obligations: again.obligations.filter { if case .injectSecret = $0 { false } else { true } }, requirement: again.requirement)
        }
    }

    /// The session's label, off: a session has whatever label the effect asks for.
    static func overlookingLabels(_ policy: any PolicyEngine) -> PiercedPolicy {
        PiercedPolicy(inner: policy) { question in
            let decision = question.answer
            guard decision.reasons.contains(where: { $0.id == "environment.mismatch" }) else { return decision }
            let session = question.session
            return policy.decide(
                question.effect, question.analysis, targets: question.targets,
                in: SessionContext(
                    id: session.id, environment: decision.environment, workspace: session.workspace, principals: session.principals))
        }
    }

    /// The signed approval, off: what needs one is permitted.
    static func askingNobody(_ policy: any PolicyEngine) -> PiercedPolicy {
        PiercedPolicy(inner: policy) { question in
            let decision = question.answer
            guard decision.outcome == .requireApproval else { return decision }
            return Decision(
                .permit, effectClass: decision.effectClass, environment: decision.environment, reasons: decision.reasons,
                obligations: decision.obligations)
        }
    }
}
