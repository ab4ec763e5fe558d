// SPDX-License-Identifier: Apache-2.0

/// Judges a change of a git configuration file key by key.
///
/// Pure. Allowed are only keys that are known to execute and redirect nothing; all others must stand in the new text
/// exactly as, and in the order in which, they stood in the old one. So an unknown key, a removed safety setting and a
/// moved `include` are all refused.
enum GitConfigurationRule {
    /// Why a change may not be committed, one text per key; empty where it may.
    ///
    /// - Parameters:
    ///   - old: What stands in the workspace; `nil` where nothing does.
    ///   - new: What would stand there.
    static func refusals(changing old: [UInt8]?, to new: [UInt8]) -> [String] {
        let before: [GitConfigurationEntry]
        let after: [GitConfigurationEntry]
        do throws(GitConfigurationParser.Malformed) {
            before = try GitConfigurationParser.parse(old ?? [])
            after = try GitConfigurationParser.parse(new)
        } catch {
            return ["it can't be read in exactly one way"]
        }
        let remotes = Set(before.filter { $0.section == "remote" && $0.key == "url" }.compactMap(\.subsection))
        let kept = before.filter { !isHarmless($0, remotes: remotes) }
        let wanted = after.filter { !isHarmless($0, remotes: remotes) }
        if kept == wanted { return [] }
        return reasons(kept, wanted)
    }

    /// Files that the configuration makes git execute or read as configuration, as paths that the text names.
    static func namedFiles(in text: [UInt8]) -> [[UInt8]] {
        guard let entries = try? GitConfigurationParser.parse(text) else { return [] }
        return entries.filter {
            $0.section == "core" && $0.key == "hookspath" || $0.section.hasPrefix("include") && $0.key == "path"
        }.compactMap(\.value)
    }

    // MARK: Reasons

    private static func reasons(_ kept: [GitConfigurationEntry], _ wanted: [GitConfigurationEntry]) -> [String] {
        var reasons: [String] = []
        for entry in wanted where !kept.contains(entry) { note("`\(entry.name)` \(danger(of: entry))", in: &reasons) }
        for entry in kept where !wanted.contains(entry) {
            note("`\(entry.name)` would be removed or changed", in: &reasons)
        }
        // Same entries, other order or number: later ones win over earlier ones.
        return reasons.isEmpty ? ["the order of keys that execute or redirect would change"] : reasons
    }

    private static func note(_ reason: String, in reasons: inout [String]) {
        if !reasons.contains(reason) { reasons.append(reason) }
    }

    private static func danger(of entry: GitConfigurationEntry) -> String {
        if executingSections.contains(entry.section) || executingKeys.contains(entry.key) { return "executes" }
        if redirectingSections.contains(entry.section) || redirectingKeys.contains(entry.key) { return "redirects" }
        if entry.section == "branch" { return "points to an unknown remote or is not known to be harmless" }
        return "is not known to be harmless"
    }

    // These only word the reason; what passes is decided by the allow-list alone.
    private static let executingSections = words(
        """
        alias filter credential gpg pager difftool mergetool man browser web instaweb guitool sendemail hook trailer \
        tar uploadpack
        """
    )
    private static let executingKeys = words(
        """
        fsmonitor sshcommand pager editor gitproxy askpass hookspath textconv command external driver cmd program \
        helper clean smudge process alternaterefscommand packobjectshook difffilter vcs update tool cmdlist \
        defaultkeycommand uploadpack receivepack
        """)
    private static let redirectingSections = words(
        "include includeif url http https protocol remote submodule extensions safe")
    private static let redirectingKeys = words(
        "worktree attributesfile excludesfile insteadof pushinsteadof url pushurl proxy")

    // MARK: Allow-list

    private static func isHarmless(_ entry: GitConfigurationEntry, remotes: Set<[UInt8]>) -> Bool {
        if let subsection = entry.subsection { return isHarmless(entry, of: subsection, remotes: remotes) }
        if harmlessSections.contains(entry.section) { return true }
        return harmless[entry.section]?.contains(entry.key) ?? false
    }

    private static func isHarmless(
        _ entry: GitConfigurationEntry, of subsection: [UInt8], remotes: Set<[UInt8]>
    ) -> Bool {
        switch (entry.section, entry.key) {
        case ("branch", "merge"): return entry.value?.starts(with: "refs/".utf8) ?? false
        case ("branch", "rebase"), ("branch", "description"): return true
        case ("branch", "remote"), ("branch", "pushremote"):
            // A remote may also be written as an address, so only one that was there before passes.
            guard let value = entry.value else { return false }
            return value == [UInt8(ascii: ".")] || remotes.contains(value)
        case ("remote", "fetch"): return isTracking(entry.value, of: subsection)
        case ("remote", "prune"), ("remote", "prunetags"), ("submodule", "active"): return true
        case ("color", _): return true
        default: return false
        }
    }

    // `+refs/heads/*:refs/remotes/NAME/*`: fetching moves nothing but this remote's tracking branches.
    private static func isTracking(_ value: [UInt8]?, of remote: [UInt8]) -> Bool {
        guard let parts = value?.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false), parts.count == 2
        else {
            return false
        }
        return parts[1].starts(with: Array("refs/remotes/".utf8) + remote + [UInt8(ascii: "/")])
    }

    private static let harmlessSections = words("color column advice")

    private static let harmless: [String: Set<String>] = [
        "core": words(
            """
            repositoryformatversion filemode bare logallrefupdates ignorecase precomposeunicode symlinks autocrlf eol \
            safecrlf abbrev compression loosecompression untrackedcache preloadindex quotepath sparsecheckout \
            sparsecheckoutcone commentchar whitespace checkstat trustctime splitindex commitgraph bigfilethreshold \
            longpaths fscache
            """),
        "user": words("name email useconfigonly"), "author": words("name email"), "committer": words("name email"),
        "branch": words("autosetupmerge autosetuprebase sort"), "init": words("defaultbranch"),
        "pull": words("rebase ff"),
        "push": words("autosetupremote"), "fetch": words("prune prunetags parallel"),
        "merge": words("conflictstyle ff renamelimit renames log stat autostash"),
        "diff": words(
            """
            algorithm renames renamelimit colormoved colormovedws mnemonicprefix context interhunkcontext noprefix \
            submodule wserrorhighlight indentheuristic suppressblankempty wordregex
            """),
        "rebase": words("autosquash autostash updaterefs stat missingcommitscheck"),
        "rerere": words("enabled autoupdate"),
        "status": words("short branch showuntrackedfiles submodulesummary relativepaths showstash aheadbehind"),
        "log": words("date decorate follow abbrevcommit showsignature mailmap"),
        "gc": words("auto autodetach autopacklimit"),
        "index": words("version threads skiphash"), "tag": words("sort"),
        "extensions": words("worktreeconfig objectformat refstorage"),
        "i18n": words("commitencoding logoutputencoding"),
        "lfs": words("repositoryformatversion"), "pack": words("threads window depth windowmemory compression"),
        "commit": words("verbose status cleanup"), "stash": words("showpatch showstat showincludeuntracked"),
        "blame": words("coloring date showemail showroot"), "grep": words("linenumber column patterntype"),
        "checkout": words("defaultremote guess workers"), "maintenance": words("auto"),
    ]

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
}
