// SPDX-License-Identifier: Apache-2.0

import Testing

/// What stands between the agent of the incident and the provider's data. Each is a port of the runtime, which a test can put a hole in.
enum Wall: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// Files and output show placeholders where secrets stand.
    case redactedView
    /// A credential that the agent found doesn't leave.
    case literalCredential
    /// What lies in another environment than the session's is out of reach.
    case sessionLabel
    /// An id counts with all that it reaches.
    case blastRadius
    /// A program has no network.
    case noNetwork
    /// What can't be undone needs a signature.
    case signedApproval

    var testDescription: String { rawValue }
}

extension Set<Wall> {
    /// Every wall.
    static var all: Set<Wall> { Set(Wall.allCases) }
}
