// SPDX-License-Identifier: Apache-2.0
internal import AgentCore

/// Which principals' signatures count for one request.
struct SignerRules {
    private let requirement: ApprovalRequirement
    private let chain: [String]

    init(_ descriptor: FiledDescriptor) {
        requirement = descriptor.requirement
        chain = descriptor.principals
    }

    /// The first of a key's principals whose signature counts and isn't there yet.
    func eligible(_ candidates: [String], taken: Set<String>) throws(ApprovalError) -> String {
        var refusal = ApprovalError(
            "approval.signer-unknown", "the key stands for nobody; add it to the allowed signers")
        for name in candidates {
            if let why = objection(to: name) {
                refusal = why
            } else if taken.contains(name) {
                refusal = ApprovalError(
                    "approval.threshold",
                    "this person has signed already; the approval needs \(requirement.threshold) persons")
            } else {
                return name
            }
        }
        throw refusal
    }

    private func objection(to name: String) -> ApprovalError? {
        if name.hasPrefix("agent:") || chain.dropFirst().contains(name) {
            return ApprovalError("approval.agent", "an agent can't approve; a person must sign")
        }
        if requirement.excludesRequester && chain.first == name {
            return ApprovalError(
                "approval.requester", "who started the session can't approve here; someone else must sign")
        }
        if !requirement.principals.isEmpty && !requirement.principals.contains(name) {
            return ApprovalError(
                "approval.role", "the signer isn't in a role that may approve this; ask one of the roles named")
        }
        // Roles that nobody was expanded to leave nobody who could sign.
        if requirement.principals.isEmpty && !requirement.roles.isEmpty {
            return ApprovalError("approval.role", "the roles that may approve this have no members; correct the policy")
        }
        return nil
    }
}
