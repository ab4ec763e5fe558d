// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// What an exported approval proves, without a store and without a network.
///
/// It proves who signed which act, not that the approval is still unused or in time: only the store and the audit know
/// that.
public struct VerifiedApproval: Hashable, Sendable {
    /// SHA-256 of the signed bytes.
    public let digest: Digest
    /// What the signers were shown.
    public let rendering: ApprovalRendering
    /// The distinct persons whose signatures count.
    public let principals: [String]
    /// How many persons had to sign.
    public let threshold: Int

    /// Verifies a bundle.
    ///
    /// - Parameter time: When the keys had to be valid.
    /// - Throws: `ApprovalError` at the first signature that doesn't verify or count, and where too few persons signed.
    public init(_ bundle: SignedBundle, signers: AllowedSigners, at time: Timestamp) throws(ApprovalError) {
        guard bundle.purpose == .approval, let filed = try? FiledDescriptor(bundle.payload),
            let rendering = try? ApprovalRendering(filed.json)
        else { throw ApprovalError("approval.bundle", "the bundle holds no description of an act; export it again") }
        var names: [String] = []
        for candidates in try bundle.verify(signers: signers, at: time) {
            names.append(try SignerRules(filed).eligible(candidates, taken: Set(names)))
        }
        guard names.count >= filed.requirement.threshold else {
            throw ApprovalError(
                "approval.threshold", "the bundle holds \(names.count) of \(filed.requirement.threshold) signatures")
        }
        digest = filed.digest
        self.rendering = rendering
        principals = names
        threshold = filed.requirement.threshold
    }
}
