// SPDX-License-Identifier: Apache-2.0

import AgentSandbox
import FoundationEssentials
import Testing

/// What a test needs of the machine. A machine without it skips the test, and says so; with AGENTKIT_REQUIRE_ENFORCEMENT=1 the test
/// runs and fails instead, so that nobody takes a skipped wall for a standing one.
enum Enforcement {
    /// Whom pods run as where the tests are root.
    static let unprivilegedID: UInt32 = 65533

    static var isRequired: Bool { ProcessInfo.processInfo.environment["AGENTKIT_REQUIRE_ENFORCEMENT"] == "1" }

    static let report = Task {
        await Pod.probe(unprivilegedID: PodPlan.UnprivilegedID(uid: unprivilegedID, gid: unprivilegedID))
    }
}

extension Trait where Self == ConditionTrait {
    /// Needs a whole pod.
    static var confined: Self {
        .enabled("the sandbox can't be enforced here; see `doctor`") {
            if Enforcement.isRequired { return true }
            return await Enforcement.report.value.tier == "full"
        }
    }
}
