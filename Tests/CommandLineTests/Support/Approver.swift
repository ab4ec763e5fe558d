// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

/// A person with a key whose signature the policy of a bed counts.
enum Approver {
    static let name = "bob@acme.dev"

    static func key(in bed: Bed) -> String { "\(bed.root)/approver" }

    /// Makes the key, and the file of allowed signers beside the policy.
    static func make(in bed: Bed) async throws {
        let made = try await bed.agentkit("approvals", "keygen", "--out", key(in: bed), "--principal", name)
        #expect(made.status == 0, "\(made.error)")
        try bed.write("\(bed.root)/allowed_signers", try #require(made.lines.last) + "\n")
    }

    /// Reads the digest and signs it.
    @discardableResult
    static func approve(_ id: String, in bed: Bed) async throws -> Program.Outcome {
        let digest = try #require(try await bed.agentkit("approvals", "show", id, "--json").json["digest"]?.stringValue)
        let outcome = try await bed.agentkit("approvals", "approve", id, "--key", key(in: bed), "--yes-i-read", digest)
        #expect(outcome.status == 0, "\(outcome.error)")
        return outcome
    }
}
