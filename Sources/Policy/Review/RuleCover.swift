// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Whether one rule's conditions hold wherever another's do. Answers only what is certain from the patterns' texts: `false` may be wrong.
enum RuleCover {
    static func covers(_ wide: Rule, _ narrow: Rule) -> Bool {
        guard wide.kind == narrow.kind else { return false }
        if !wide.environments.isEmpty {
            guard !narrow.environments.isEmpty, Set(narrow.environments).isSubset(of: wide.environments) else {
                return false
            }
        }
        let (left, right) = (wide.conditions, narrow.conditions)
        if left.argv != nil, left.argv != right.argv || wide.verdict != narrow.verdict { return false }
        guard covers(left.paths.map(\.text), right.paths.map(\.text), path),
            covers(left.programs.map(\.text), right.programs.map(\.text), path),
            covers(left.hosts.map(\.text), right.hosts.map(\.text), host), covers(left.methods, right.methods, ==),
            covers(left.operations.map(\.text), right.operations.map(\.text), operation)
        else { return false }
        // Without ports a permission covers the scheme's own only and a denial all, so that only equal lists compare.
        return left.ports == right.ports || (left.ports.isEmpty && wide.verdict == .deny)
    }

    private static func covers(_ wide: [String], _ narrow: [String], _ includes: (String, String) -> Bool) -> Bool {
        if wide.isEmpty { return true }
        return !narrow.isEmpty && narrow.allSatisfy { pattern in wide.contains { includes($0, pattern) } }
    }

    private static func path(_ wide: String, _ narrow: String) -> Bool {
        let (left, right) = (plain(wide), plain(narrow))
        if left == right { return true }
        guard left.hasSuffix("**") else { return false }
        let folder = left.dropLast(2)
        if folder.isEmpty { return !right.hasPrefix("/") }
        return !folder.contains("*") && right.hasPrefix(folder)
    }

    private static func plain(_ pattern: String) -> String {
        pattern.hasPrefix("${workspace}/") ? String(pattern.dropFirst(13)) : pattern
    }

    private static func host(_ wide: String, _ narrow: String) -> Bool {
        if wide == narrow || wide == "*" { return true }
        guard wide.hasPrefix("*."), !narrow.contains(":") else { return false }
        return narrow.hasSuffix(wide.dropFirst(1)) && narrow != String(wide.dropFirst(2))
    }

    private static func operation(_ wide: String, _ narrow: String) -> Bool {
        if wide == narrow || wide == "*" { return true }
        return wide.hasSuffix(".*") && narrow.hasPrefix(wide.dropLast(1))
    }
}
