// SPDX-License-Identifier: Apache-2.0

/// Where a path leads, seen from the workspace.
package enum PathPlace: Hashable, Sendable {
    /// Below the working folder: the copy-on-write layer keeps what is lost there.
    case inside
    /// The working folder itself, or everything in it.
    case whole
    /// Below a folder for temporary files.
    case temporary
    /// A device that loses nothing, such as `/dev/null`.
    case sink
    /// A disk or another device.
    case device
    case outside
    case unknown
}

/// Reads paths without touching the file system.
package enum PathFacts {
    /// Where `word` leads for a command in `directory`.
    package static func place(of word: CommandWord, in directory: String?) -> PathPlace {
        let text = word.isKnown ? word.text : String(word.knownPrefix)
        if text.isEmpty { return word.isKnown ? .inside : .unknown }
        let first = text.utf8.first
        if first == 0x7E { return .outside }
        if first == 0x2F { return absolute(text, isKnown: word.isKnown) }
        guard let directory else { return .unknown }
        if directory.utf8.first == 0x2F || directory.utf8.first == 0x7E {
            if directory.utf8.first == 0x7E { return .outside }
            return absolute(directory + "/" + text, isKnown: word.isKnown)
        }
        guard let joined = normal(directory + "/" + text) else { return .outside }
        // A hole could climb; only what stands before it is known.
        if !word.isKnown { return .unknown }
        if joined.isEmpty || joined == "*" || joined == ".*" || joined == "**" || joined == "{*,.*}" { return .whole }
        return word.isPattern && namesNothing(joined) ? .whole : .inside
    }

    /// Whether a pattern holds no letter of its own, such as `?*` and `[!.]*`, so that it takes whatever is there.
    private static func namesNothing(_ pattern: String) -> Bool {
        var bracketed = false
        for byte in pattern.utf8 {
            switch byte {
            case 0x5B: bracketed = true
            case 0x5D: bracketed = false
            case 0x2A, 0x3F, 0x2E, 0x2F: continue
            default: if !bracketed { return false }
            }
        }
        return true
    }

    /// Whether a path leads to a repository's own store, or into it.
    static func isRepositoryStore(_ word: CommandWord) -> Bool {
        guard let path = normal(word.text) else { return false }
        return path.split(separator: "/").contains { $0.lowercased() == ".git" }
    }

    private static func absolute(_ path: String, isKnown: Bool) -> PathPlace {
        guard let parts = normal(path) else { return .outside }
        if parts == "dev/null" || parts == "dev/stdout" || parts == "dev/stderr" || parts == "dev/tty" || parts.hasPrefix("dev/fd/") { return .sink }
        if parts.hasPrefix("dev/shm/") { return .temporary }
        if parts.hasPrefix("dev/") { return .device }
        for folder in ["tmp/", "var/tmp/", "private/tmp/"] where parts.hasPrefix(folder) {
            let rest = parts.dropFirst(folder.utf8.count)
            if !isKnown { return rest.contains("/") ? .temporary : .unknown }
            return rest.isEmpty || rest == "*" ? .outside : .temporary
        }
        return isKnown || !parts.isEmpty ? .outside : .unknown
    }

    /// The path without `.`, `..` and doubled slashes, relative to its root; `nil` where it climbs above where it starts.
    static func normal(_ path: String) -> String? {
        var parts: [Substring] = []
        let isAbsolute = path.utf8.first == 0x2F
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            if part == "." { continue }
            if part == ".." {
                if parts.isEmpty { if isAbsolute { continue } else { return nil } }
                parts.removeLast()
                continue
            }
            parts.append(part)
        }
        return parts.joined(separator: "/")
    }

    /// The folder after `cd word` in `directory`.
    static func change(_ directory: String?, to word: CommandWord) -> String? {
        guard word.isKnown else { return nil }
        if word.text.utf8.first == 0x2F || word.text.utf8.first == 0x7E { return word.text }
        guard let directory else { return nil }
        let joined = directory + "/" + word.text
        if directory.utf8.first == 0x2F || directory.utf8.first == 0x7E { return joined }
        guard let inside = normal(joined) else { return "/.." }
        return inside.isEmpty ? "." : inside
    }

    /// Of two folders that a command may run in, the one in which more is lost.
    static func graver(_ one: String?, _ other: String?) -> String? {
        guard let one, let other else { return nil }
        if one.utf8.first == 0x2F || one.utf8.first == 0x7E { return one }
        if other.utf8.first == 0x2F || other.utf8.first == 0x7E { return other }
        return one.utf8.count <= other.utf8.count ? one : other
    }
}
