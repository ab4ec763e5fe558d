// SPDX-License-Identifier: Apache-2.0

/// Builds the descriptor of an act from what the runtime parsed and resolved; never from what a model or a caller says about it.
public protocol ActionDescribing: Sendable {
    /// Describes one act. Texts come redacted; of a request's body, which comes as it is, only a digest may stand in the result.
    ///
    /// Called once to file a request, and again at dispatch with targets resolved anew.
    ///
    /// - Throws: `StateError` with `.invalid` where the act can't be shown to a person in full; it can then not be approved.
    func describe(
        _ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], decision: Decision, policy: Digest,
        session: SessionContext
    ) throws(StateError) -> ActionDescriptor
}
