// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the environment says about tests that need more time or data.
enum TestEnvironment {
    static func number(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
    }

    /// A file of the folder with the corpora, or `nil` where none is named.
    static func corpus(_ name: String) -> String? {
        guard let folder = ProcessInfo.processInfo.environment["AGENTKIT_CORPORA"] else { return nil }
        return try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }
}
