// SPDX-License-Identifier: Apache-2.0

/// Reads where a `git push` goes, as far as its arguments tell. What they don't tell stays `nil`, which nothing proves.
enum GitPushReader {
    private static let globalValues: Set<String> = [
        "-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env", "--super-prefix",
    ]
    private static let pushValues: Set<String> = ["-o", "--push-option", "--receive-pack", "--exec"]

    /// The pushes of one command; empty where it is none, or only a rehearsal.
    static func pushes(_ argv: [String?]) -> [CommandSight.Push] {
        guard let first = argv.first, let program = first, CommandPath.base(of: program) == "git" else { return [] }
        var rest = argv.dropFirst()
        while let next = rest.first, let word = next, word.hasPrefix("-") {
            rest = rest.dropFirst(globalValues.contains(word) ? 2 : 1)
        }
        guard let verb = rest.first, verb == "push" else { return [] }
        return read(rest.dropFirst())
    }

    private static func read(_ words: ArraySlice<String?>) -> [CommandSight.Push] {
        var operands: [String?] = []
        var repository: String?
        var isWhole = false
        var rest = words
        var optionsEnded = false
        while let next = rest.popFirst() {
            guard let word = next else {
                // It may be an option, a remote or a branch: nothing behind it can be told apart.
                return [CommandSight.Push(remote: nil, branch: nil)]
            }
            guard word.hasPrefix("-"), !optionsEnded else {
                operands.append(word)
                continue
            }
            switch word {
            case "--": optionsEnded = true
            case "--dry-run", "-n": return []
            case "--all", "--branches", "--mirror", "--tags", "--prune", "--follow-tags": isWhole = true
            case "--repo": repository = rest.popFirst() ?? nil
            case _ where word.hasPrefix("--repo="): repository = String(word.dropFirst(7))
            case _ where pushValues.contains(word): _ = rest.popFirst()
            default: break
            }
        }
        let named = operands.first.flatMap { $0 } ?? repository
        let remote = named.flatMap { GitRemote($0) == nil ? nil : $0 }
        let branches = operands.dropFirst().map { branch($0) }
        if isWhole || branches.isEmpty { return [CommandSight.Push(remote: remote, branch: nil)] }
        return branches.map { CommandSight.Push(remote: remote, branch: $0) }
    }

    /// The branch that a refspec writes; `nil` where the text doesn't tell.
    private static func branch(_ refspec: String?) -> String? {
        guard var text = refspec else { return nil }
        if text.hasPrefix("+") { text.removeFirst() }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last, !last.isEmpty else { return nil }
        var name = String(last)
        if name.hasPrefix("refs/heads/") { name.removeFirst(11) }
        let isPlain =
            name != "HEAD" && name != "@" && !name.hasPrefix("refs/") && !name.contains("*") && !name.contains("~")
            && !name.contains("^")
        return isPlain ? name : nil
    }
}
