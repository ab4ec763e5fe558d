// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Where the files of the source tree are that a test reads.
enum SourceTree {
    /// The folder of the incident's example. `AGENTKIT_SOURCES` names a copy of the tree, for a user who can't read the original.
    static var pocketOS: URL { root.appending(path: "Examples/PocketOS") }

    private static var root: URL {
        if let copy = ProcessInfo.processInfo.environment["AGENTKIT_SOURCES"], !copy.isEmpty { return URL(filePath: copy) }
        return (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    }
}
