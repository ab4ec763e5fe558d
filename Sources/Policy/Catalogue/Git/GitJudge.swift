// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// What git's subcommands lose.
///
/// As if nothing else kept the objects: what only the layer or a remote could bring back counts as lost.
enum GitJudge {
    @Sendable static func judge(_ judged: JudgedCommand) -> CommandVerdict? {
        let words = judged.vector.words
        guard let first = words.first else { return .read }
        guard let verb = first.exact?.lowercased() else { return .unknown("git.computed", "runs a git command that is only known when it runs") }
        let vector = ArgumentVector("git", words.dropFirst(), valueOptions: valueOptions[verb] ?? [])
        if vector.asksForHelp || vector.hasExactly("-h") || verb == "help" || first.text == "--version" { return .read }
        if readers.contains(verb) {
            return vector.words.contains { $0.text.hasPrefix("--output") || $0.text.hasPrefix("--ext-diff") || $0.text.hasPrefix("--upload-pack") || $0.text.hasPrefix("--open-files") || $0.text.hasPrefix("-O") && verb == "grep" } ? .unknown("git.\(verb)", "writes a file or runs a program") : .read
        }
        guard let judge = verbs[verb] else { return builtin.contains(verb) ? .reversible : .unknown("git.\(verb)", "runs a git command or alias that is not known") }
        let verdict = judge(vector)
        return verdict.clouded(vector.hidesOptions && sensitive.contains(verb), "git.\(verb)")
    }

    private static let valueOptions: [String: Set<String>] = [
        "push": ["-o", "--push-option", "--receive-pack", "--exec", "--repo"], "commit": ["-m", "--message", "-F", "--file", "-C", "-c", "--author", "--date", "-t", "--template", "--cleanup", "--trailer", "--fixup", "--squash"],
        "restore": ["-s", "--source", "--pathspec-from-file", "--inter-hunk-context", "-U", "--unified", "--conflict"], "checkout": ["-b", "-B", "--orphan", "--conflict", "--pathspec-from-file", "--inter-hunk-context", "-U", "--unified"],
        "switch": ["-c", "-C", "--create", "--force-create", "--orphan", "--conflict"], "clean": ["-e", "--exclude"], "branch": ["-u", "--set-upstream-to", "--sort", "--format"], "tag": ["-m", "-F", "-u", "--sort"],
        "stash": ["-m", "--message"], "rebase": ["--onto", "-s", "-X", "-x", "--exec", "--strategy"], "merge": ["-m", "-s", "-X", "-F"], "rm": ["--pathspec-from-file"], "reset": ["--pathspec-from-file", "-U", "--inter-hunk-context"],
    ]

    private static let sensitive: Set<String> = ["push", "reset", "clean", "checkout", "restore", "switch", "branch", "stash", "tag", "worktree", "rm", "update-ref", "gc", "reflog"]

    private static let readers: Set<String> = [
        "status", "log", "diff", "show", "blame", "annotate", "grep", "shortlog", "describe", "rev-parse", "rev-list", "ls-files", "ls-tree", "ls-remote", "cat-file",
        "name-rev", "merge-base", "for-each-ref", "show-ref", "show-branch", "count-objects", "fsck", "verify-commit", "verify-tag", "whatchanged", "cherry", "range-diff",
        "diff-tree", "diff-files", "diff-index", "check-ignore", "check-attr", "check-ref-format", "var", "version", "request-pull", "help", "archive", "bugreport", "get-tar-commit-id",
    ]
    private static let builtin: Set<String> = [
        "add", "commit", "fetch", "pull", "clone", "init", "merge", "rebase", "cherry-pick", "revert", "am", "apply", "mv", "submodule", "remote", "notes", "bisect", "config", "lfs",
        "format-patch", "bundle", "hash-object", "write-tree", "commit-tree", "update-index", "read-tree", "symbolic-ref", "pack-refs", "repack", "maintenance", "stage", "sparse-checkout", "difftool",
        "mergetool", "rerere", "replace", "send-email", "credential", "daemon", "instaweb", "gui", "citool", "svn", "p4", "mailinfo", "interpret-trailers", "stripspace", "column", "fmt-merge-msg", "unpack-objects", "index-pack", "checkout-index", "multi-pack-index", "commit-graph", "flow",
    ]

    private static let verbs: [String: @Sendable (ArgumentVector) -> CommandVerdict] = [
        "reset": reset, "clean": clean, "checkout": checkout, "restore": restore, "switch": switchBranch, "push": push, "branch": branch,
        "stash": stash, "tag": tag, "worktree": worktree, "rm": remove, "update-ref": updateRef, "reflog": reflog, "gc": collect,
        "prune": prune, "filter-branch": filter, "filter-repo": filter, "merge": abortable, "rebase": abortable, "cherry-pick": abortable,
        "am": abortable, "revert": abortable, "submodule": submodule, "remote": remote, "config": config, "send-email": { _ in .irreversible("git.send-email", "sends mail") },
        "read-tree": { $0.has("--reset") && $0.has("-u") ? lost("git.read-tree", "throws away changes of the working tree") : .reversible },
        "checkout-index": { $0.has("-f") ? lost("git.checkout-index", "overwrites changed files") : .reversible },
        "lfs": { $0.operand(0) == "prune" ? lost("git.lfs", "drops large files from the local store") : .reversible },
        "apply": { $0.has("--unsafe-paths") ? .unknown("git.apply", "changes files outside the workspace") : .reversible },
        "replace": { $0.has("-d") ? lost("git.replace", "deletes replacement refs") : .reversible },
        "pull": { $0.has("--force") || $0.words.contains { $0.text.hasPrefix("+") } ? lost("git.pull", "overwrites local refs") : .reversible },
        "fetch": { $0.words.contains { $0.text.hasPrefix("+") || $0.text.hasPrefix("--upload-pack") } ? .unknown("git.fetch", "overwrites local refs or runs a program") : .reversible },
        "symbolic-ref": { $0.has(any: "-d", "--delete") ? lost("git.symbolic-ref", "deletes a ref") : .reversible },
        "notes": { ["remove", "prune"].contains($0.operand(0) ?? "") ? lost("git.notes", "deletes notes") : .reversible },
        "sparse-checkout": { _ in .reversible }, "repack": { $0.words.contains { $0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.contains("d") && $0.text.contains("a") } && $0.has("--unpack-unreachable") ? lost("git.repack", "drops unreachable objects") : .reversible },
        "svn": { $0.operand(0) == "dcommit" ? .unknown("git.svn", "publishes commits") : .reversible },
    ]

    private static func lost(_ id: String, _ summary: String) -> CommandVerdict { .irreversible(id, summary) }

    @Sendable private static func reset(_ vector: ArgumentVector) -> CommandVerdict {
        if vector.has("--hard") { return lost("git.reset.hard", "throws away uncommitted changes and moves the branch") }
        if vector.has("--merge") { return lost("git.reset.merge", "throws away uncommitted changes") }
        if vector.has("--keep") { return .reversible }
        return .reversible
    }

    @Sendable private static func clean(_ vector: ArgumentVector) -> CommandVerdict {
        let forces = isOn(vector, "--force", "f", shortest: 3, taking: "e")
        guard forces else { return vector.has("-i") || vector.has("--interactive") ? .reversible : (vector.hidesOptions ? .unknown("git.clean", "may delete untracked files") : .read) }
        let shows = isOn(vector, "--dry-run", "n", shortest: 5, taking: "e")
        if shows { return .read }
        return lost("git.clean", "deletes untracked files")
    }

    @Sendable private static func checkout(_ vector: ArgumentVector) -> CommandVerdict {
        if isOn(vector, "--force", "f", taking: "bBU") {
            return lost("git.checkout.force", "throws away uncommitted changes")
        }
        if vector.hasExactly("-p") || vector.hasExactly("--patch") { return .reversible }
        if vector.words.contains(where: { $0.text.hasPrefix("--pathspec-from") }) { return lost("git.checkout.paths", "overwrites files with older ones") }
        if let mark = vector.words.firstIndex(where: { $0.text == "--" }) {
            return mark + 1 < vector.words.count ? lost("git.checkout.paths", "overwrites files with older ones") : .reversible
        }
        let isNew = vector.words.contains { isCluster($0, "b") || isCluster($0, "B") || $0.text.hasPrefix("--orphan") || $0.text == "--track" || $0.text.hasPrefix("--track=") || $0.text == "-t" || $0.text == "--detach" || $0.text == "-d" }
        if ["--ours", "--theirs"].contains(where: { vector.hasExactly($0) }) { return lost("git.checkout.paths", "overwrites files") }
        let operands = vector.operands
        if operands.count == 1, let text = operands[0].word.exact {
            if text == "." || text == "./" || text == ":/" || text == "*" || text.hasPrefix("./") { return lost("git.checkout.paths", "overwrites files with older ones") }
        }
        if operands.count == 1, operands[0].word.isPattern { return lost("git.checkout.paths", "overwrites files with older ones") }
        if operands.count > 1, !isNew { return lost("git.checkout.paths", "overwrites files with older ones") }
        if operands.count > 1, isNew, !vector.words.contains(where: { isCluster($0, "b") || isCluster($0, "B") || $0.text.hasPrefix("--orphan") }),
            vector.hasExactly("--track") || vector.hasExactly("-t"), !["direct", "inherit"].contains(operands[0].word.text) {
            return lost("git.checkout.paths", "overwrites files with older ones")
        }
        return .reversible
    }

    @Sendable private static func restore(_ vector: ArgumentVector) -> CommandVerdict {
        let staged = vector.has("--staged") || vector.options.contains { isCluster($0, "S", taking: "sU") }
        let worktree = vector.has("--worktree") || vector.options.contains { isCluster($0, "W", taking: "sU") }
        if vector.hasExactly("-p") || vector.hasExactly("--patch") || vector.options.contains(where: { isCluster($0, "p", taking: "sU") }) { return .reversible }
        let undoes = vector.hasExactly("--no-worktree") && vector.words.last(where: { $0.text.hasSuffix("worktree") || $0.text == "-W" })?.text == "--no-worktree"
        if (staged && !worktree) || undoes { return .reversible }
        let fromFile = vector.words.contains { $0.text.hasPrefix("--pathspec-from") }
        if vector.operands.isEmpty, !fromFile { return .reversible }
        return lost("git.restore", "throws away uncommitted changes")
    }

    @Sendable private static func switchBranch(_ vector: ArgumentVector) -> CommandVerdict {
        if isOn(vector, "--force", "f", shortest: 5, taking: "cC") || isOn(vector, "--discard-changes", shortest: 5) || vector.words.contains(where: { isCluster($0, "C", taking: "c") || $0.text.hasPrefix("--force-c") }) {
            return lost("git.switch.force", "throws away uncommitted changes or moves a branch")
        }
        return .reversible
    }

    @Sendable private static func push(_ vector: ArgumentVector) -> CommandVerdict {
        if isOn(vector, "--dry-run", "n", shortest: 5, taking: "o") { return vector.hidesOptions ? .unknown("git.push", "pushes") : .read }
        var leased = false
        if isOn(vector, "--force", "f", shortest: 6, taking: "o") { return lost("git.push.force", "overwrites history on the remote") }
        if isOn(vector, "--mirror", shortest: 5) { return lost("git.push.mirror", "makes the remote an exact copy, deleting the rest") }
        if isOn(vector, "--delete", "d", shortest: 5, taking: "o") { return lost("git.push.delete", "deletes branches or tags on the remote") }
        if isOn(vector, "--prune", shortest: 5) { return lost("git.push.prune", "deletes branches on the remote") }
        for word in vector.options {
            let text = word.text
            if text.hasPrefix("--force-w") || text.hasPrefix("--force-i") { leased = true }
            if text.hasPrefix("--receive-p") || text.hasPrefix("--exec") { return .unknown("git.push", "runs a program on the remote") }
        }
        for operand in vector.operands.dropFirst(0) {
            let text = operand.word.text
            if text.hasPrefix("+") || text[...].firstOccurrence(of: ":+") != nil { return lost("git.push.force", "overwrites history on the remote") }
            if text.hasPrefix(":"), text.utf8.count > 1 { return lost("git.push.delete", "deletes branches or tags on the remote") }
            if !operand.word.isKnown { return .unknown("git.push", "pushes to a place that is only known when it runs") }
        }
        // A lease holds only where the remote is as it was last seen, so what it overwrites is at hand and can be pushed back.
        return leased ? .one("git.push.lease", .reversible, "overwrites history on the remote unless it changed since it was last seen") : .one("git.push", .reversible, "publishes commits to a remote")
    }

    @Sendable private static func branch(_ vector: ArgumentVector) -> CommandVerdict {
        let deletes = isOn(vector, "--delete", "d", shortest: 5, taking: "u")
        let forces = isOn(vector, "--force", "f", shortest: 6, taking: "u")
        if vector.options.contains(where: { isCluster($0, "D", taking: "u") }) || (deletes && forces) { return lost("git.branch.delete", "deletes a branch that may not be merged") }
        if vector.options.contains(where: { isCluster($0, "M", taking: "u") || isCluster($0, "C", taking: "u") }) || forces { return lost("git.branch.force", "moves or overwrites a branch") }
        if deletes { return .reversible }
        return vector.operands.isEmpty ? .read : .reversible
    }

    @Sendable private static func stash(_ vector: ArgumentVector) -> CommandVerdict {
        switch vector.operand(0) {
        case "drop", "clear": lost("git.stash." + (vector.operand(0) ?? ""), "throws away stashed changes")
        case "list", "show": .read
        default: .reversible
        }
    }

    @Sendable private static func tag(_ vector: ArgumentVector) -> CommandVerdict {
        if isOn(vector, "--delete", "d", shortest: 5, taking: "mFu") { return lost("git.tag.delete", "deletes a tag") }
        if isOn(vector, "--force", "f", shortest: 6, taking: "mFu") { return lost("git.tag.force", "moves a tag") }
        return vector.operands.isEmpty ? .read : .reversible
    }

    @Sendable private static func worktree(_ vector: ArgumentVector) -> CommandVerdict {
        let forces = isOn(vector, "--force", "f", shortest: 3)
        switch vector.operand(0) {
        case "remove" where forces: return lost("git.worktree.remove", "deletes a working tree with its changes")
        case "add" where vector.words.contains(where: { $0.text.hasPrefix("-B") }): return lost("git.worktree.add", "moves an existing branch")
        case "list": return .read
        default: return .reversible
        }
    }

    @Sendable private static func remove(_ vector: ArgumentVector) -> CommandVerdict {
        if isOn(vector, "--dry-run", "n", shortest: 5) { return .read }
        if isOn(vector, "--cached", shortest: 5) { return .reversible }
        if isOn(vector, "--force", "f", shortest: 4) { return lost("git.rm.force", "deletes files with uncommitted changes") }
        if vector.operands.contains(where: { $0.word.isPattern || $0.word.text == "." }) { return lost("git.rm", "deletes many files") }
        return .reversible
    }

    @Sendable private static func updateRef(_ vector: ArgumentVector) -> CommandVerdict {
        if vector.has("-d") || vector.has("--delete") { return lost("git.update-ref.delete", "deletes a ref") }
        if vector.has("--stdin") { return .unknown("git.update-ref", "changes refs that it reads from its input") }
        return .unknown("git.update-ref", "moves a ref")
    }

    @Sendable private static func reflog(_ vector: ArgumentVector) -> CommandVerdict {
        switch vector.operand(0) {
        case "expire", "delete", "drop":
            if vector.hasExactly("--dry-run") || vector.hasExactly("-n") { .read } else if let time = vector.value(of: "--expire"), let text = time.exact,
                vector.value(of: "--expire-unreachable") == nil, text != "all", text != "now", text != "0", vector.operand(0) == "expire" { .reversible } else {
                lost("git.reflog.expire", "drops the log that could bring commits back")
            }
        default: .read
        }
    }

    @Sendable private static func collect(_ vector: ArgumentVector) -> CommandVerdict {
        if let time = vector.value(of: "--prune"), time.text == "now" || time.text == "all" || !time.isKnown { return lost("git.gc.prune", "drops unreachable objects for good") }
        return vector.words.contains { $0.text == "--prune=now" || $0.text.hasPrefix("--prune=") && $0.text.contains("now") || $0.text == "--aggressive" && vector.has("--prune") } ? lost("git.gc.prune", "drops unreachable objects for good") : .reversible
    }

    @Sendable private static func prune(_ vector: ArgumentVector) -> CommandVerdict {
        vector.hasExactly("-n") || vector.hasExactly("--dry-run") ? .read : lost("git.prune", "drops unreachable objects for good")
    }

    @Sendable private static func filter(_ vector: ArgumentVector) -> CommandVerdict {
        vector.hasExactly("--dry-run") || vector.hasExactly("--analyze") ? .read : lost("git.filter", "rewrites the whole history")
    }

    @Sendable private static func abortable(_ vector: ArgumentVector) -> CommandVerdict {
        if vector.words.contains(where: { $0.text.hasPrefix("--abo") }) { return lost("git.abort", "throws away changes made since it began") }
        return vector.words.contains { $0.text.hasPrefix("--skip") } ? .reversible : .reversible
    }

    @Sendable private static func submodule(_ vector: ArgumentVector) -> CommandVerdict {
        let forces = vector.words.contains { isCluster($0, "f") || $0.text.hasPrefix("--for") }
        switch vector.operand(0) {
        case "deinit" where forces: return lost("git.submodule.deinit", "deletes a submodule's working tree with its changes")
        case "update" where forces: return lost("git.submodule.update", "throws away changes in submodules")
        case "status", "summary": return .read
        default: return .reversible
        }
    }

    @Sendable private static func remote(_ vector: ArgumentVector) -> CommandVerdict {
        switch vector.operand(0) {
        case nil, "show", "get-url", "-v": .read
        default: .reversible
        }
    }

    @Sendable private static func config(_ vector: ArgumentVector) -> CommandVerdict {
        if vector.has(any: "--list", "-l", "--get", "--get-all") || ["list", "get"].contains(vector.operand(0) ?? "") { return .read }
        let key = vector.operands.first { $0.word.text.contains(".") }?.word.text.lowercased() ?? ""
        let runs = ["hookspath", "sshcommand", "pager", "editor", "fsmonitor", ".helper", "alias.", "textconv", "external", "insteadof", "include", "gpg", "filter.", "askpass", "proxy"]
        if vector.operands.count > 1, runs.contains(where: { key.contains($0) }) { return .unknown("git.config", "makes git run or reach something else later") }
        return vector.operands.count > 1 || vector.has("--unset") ? .reversible : .read
    }

    /// Whether an option is on after all that turns it on and off: the last word wins, as in git's own parser.
    ///
    /// - Parameters:
    ///   - shortest: The length from which an abbreviation counts.
    ///   - taking: Letters that take the rest of their word as a value.
    private static func isOn(_ vector: ArgumentVector, _ long: String, _ short: Character? = nil, shortest: Int = 4, taking: String = "") -> Bool {
        var isOn = false
        for word in vector.options where word.text.utf8.first == 0x2D {
            let text = word.text
            if text.hasPrefix("--no-") {
                let rest = "--" + text.dropFirst(5)
                if rest.utf8.count >= shortest, long.hasPrefix(rest) { isOn = false }
            } else if text.hasPrefix("--") {
                let name = text.prefix { $0 != "=" }
                if name.utf8.count >= shortest, long.hasPrefix(name) { isOn = true }
            } else if let short, isCluster(word, short, taking: taking) {
                isOn = true
            }
        }
        return isOn
    }

    /// Whether a one-letter option stands in the word, alone or in a cluster.
    /// - Parameter taking: Letters that take the rest of the word as their value.
    private static func isCluster(_ word: CommandWord, _ letter: Character, taking: String = "") -> Bool {
        guard word.text.utf8.first == 0x2D, !word.text.hasPrefix("--") else { return false }
        for character in word.text.dropFirst() {
            if character == letter { return true }
            if taking.contains(character) || !character.isLetter { return false }
        }
        return false
    }
}
