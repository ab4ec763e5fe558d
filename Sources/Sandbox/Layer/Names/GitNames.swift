// SPDX-License-Identifier: Apache-2.0

/// Judges what lies in a git folder by an allow-list: objects, refs, index and messages pass, what runs or redirects
/// does not.
///
/// See gitrepository-layout(5).
enum GitNames {
    /// Whether a folded name means something to git only inside a repository and would be harmless elsewhere.
    static func isSuspicious(_ folded: [UInt8]) -> Bool { suspicious.contains(folded) }

    private static let suspicious = table("hooks config config.worktree commondir info objects worktrees modules")

    /// Judges the components below a git folder.
    static func judge(_ rest: [[UInt8]], folded: [[UInt8]], _ kind: LayerKind) -> ProtectedNames.Verdict {
        guard let first = rest.first, let foldedFirst = folded.first else {
            return kind == .directory ? .free : refused("`.git` would lead to another repository")
        }
        if kind == .symlink { return refused("links inside `.git` redirect git") }
        let below = Array(rest.dropFirst())
        let foldedBelow = Array(folded.dropFirst())
        if equals(foldedFirst, "hooks") { return refused("git hooks run with the developer's authority") }
        if equals(first, "config") || equals(first, "config.worktree") {
            return below.isEmpty ? .gitConfiguration : refused("git configuration is a file")
        }
        if equals(first, "modules") { return judgeModule(below, folded: foldedBelow, kind) }
        if equals(first, "worktrees") { return judgeWorktree(below, folded: foldedBelow, kind) }
        if equals(first, "objects") { return judgeObjects(foldedBelow) }
        if equals(first, "info") { return judgeInfo(below, kind) }
        if equals(first, "lfs") { return judgeLargeFiles(below, kind) }
        if folders.contains(first) { return .free }
        // `git init` makes `branches` empty; what lies in either names the address of a remote.
        if kind == .directory, below.isEmpty, equals(first, "branches") || equals(first, "remotes") { return .free }
        if below.isEmpty, kind != .directory, files.contains(first) || isSharedIndex(first) { return .free }
        return refused("`.git/\(PrintableText.escape(first))` is not known to be harmless")
    }

    // A submodule's name may hold slashes and may itself be called `objects`, so every component counts.
    private static func judgeModule(
        _ rest: [[UInt8]], folded: [[UInt8]], _ kind: LayerKind
    ) -> ProtectedNames.Verdict {
        for name in folded where equals(name, "hooks") {
            return refused("git hooks run with the developer's authority")
        }
        for name in folded
        where equals(name, "rebase-merge") || equals(name, "rebase-apply") || equals(name, "sequencer") {
            return refused("a half-done rebase runs commands when it continues")
        }
        guard let last = rest.last, let foldedLast = folded.last else { return .free }
        if kind == .directory { return .free }
        if equals(last, "config") || equals(last, "config.worktree") { return .gitConfiguration }
        if redirecting.contains(foldedLast) { return refused("it leads git to other files") }
        let known = rest.contains { folders.contains($0) || equals($0, "objects") }
        if known || files.contains(last) || isSharedIndex(last) || equals(last, "exclude") { return .free }
        return refused("it is not known to be harmless in `.git/modules`")
    }

    private static func judgeWorktree(
        _ rest: [[UInt8]], folded: [[UInt8]], _ kind: LayerKind
    ) -> ProtectedNames.Verdict {
        guard rest.count >= 2 else {
            return kind == .directory ? .free : refused("it is not known to be harmless in `.git/worktrees`")
        }
        if redirecting.contains(folded[1]) { return refused("it leads git to other files") }
        return judge(Array(rest.dropFirst()), folded: Array(folded.dropFirst()), kind)
    }

    private static func judgeObjects(_ folded: [[UInt8]]) -> ProtectedNames.Verdict {
        guard folded.count >= 2, equals(folded[0], "info") else { return .free }
        return redirecting.contains(folded[1]) ? refused("alternates lead git to other files") : .free
    }

    private static func judgeInfo(_ rest: [[UInt8]], _ kind: LayerKind) -> ProtectedNames.Verdict {
        guard let first = rest.first else { return kind == .directory ? .free : refused("`.git/info` is a folder") }
        let known = ["exclude", "refs", "sparse-checkout"].contains { equals(first, $0) }
        return known && rest.count == 1 && kind == .file
            ? .free : refused("hidden attributes choose filters and drivers")
    }

    private static func judgeLargeFiles(_ rest: [[UInt8]], _ kind: LayerKind) -> ProtectedNames.Verdict {
        guard let first = rest.first else { return .free }
        return equals(first, "objects") ? .free : refused("only objects of git-lfs are committed")
    }

    // `sharedindex.` and the digest.
    private static func isSharedIndex(_ name: [UInt8]) -> Bool {
        name.starts(with: "sharedindex.".utf8)
            && name.dropFirst(12).allSatisfy { $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 }
    }

    private static func refused(_ rule: String) -> ProtectedNames.Verdict { .refused(.protectedName(rule)) }

    private static func equals(_ name: [UInt8], _ text: String) -> Bool { name.elementsEqual(text.utf8) }

    private static func table(_ text: String) -> Set<[UInt8]> {
        Set(text.split(separator: " ").map { Array($0.utf8) })
    }

    private static let folders = table("refs logs reftable")
    private static let redirecting = table("commondir gitdir alternates http-alternates grafts attributes config.lock")
    private static let files = table(
        """
        HEAD ORIG_HEAD FETCH_HEAD MERGE_HEAD MERGE_MSG MERGE_MODE MERGE_RR CHERRY_PICK_HEAD REVERT_HEAD REBASE_HEAD \
        AUTO_MERGE COMMIT_EDITMSG SQUASH_MSG TAG_EDITMSG NOTES_EDITMSG BISECT_LOG BISECT_START BISECT_TERMS \
        BISECT_NAMES BISECT_EXPECTED_REV BISECT_ANCESTORS_OK index packed-refs description shallow gc.log
        """)
}
