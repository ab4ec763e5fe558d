// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// Why a signature, a key or a statement isn't accepted.
public struct ApprovalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The ground, with a stable code such as `approval.signer-unknown`.
    public let reason: Reason

    init(_ id: String, _ message: String) { reason = Reason(id, message) }

    /// The reason's sentence.
    public var description: String { reason.message }
}
