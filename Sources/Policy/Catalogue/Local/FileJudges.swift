// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Judges of programs that delete, overwrite and move files.
enum FileJudges {
    @Sendable static func remove(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp { return .read }
        let paths = judged.vector.operands.map(\.word)
        if paths.contains(where: PathFacts.isRepositoryStore) { return .irreversible("local.removeRepository", "deletes a repository's history") }
        return judge(judged, paths, "local.remove", "deletes files")
    }

    /// The gravest of what happens to the paths.
    private static func judge(
        _ judged: JudgedCommand, _ paths: [CommandWord], _ id: String, _ summary: String, whole: Bool = true
    ) -> CommandVerdict {
        var verdict = CommandVerdict.reversible
        for path in paths {
            switch judged.place(path) {
            case .inside, .temporary: continue
            case .sink where !whole: continue
            case .whole, .outside, .device, .sink:
                verdict.add(.irreversible(id, summary + " outside what the workspace's layer keeps apart, or all of it"))
            case .unknown: verdict.add(.unknown(id, summary + " whose place is only known when it runs"))
            }
        }
        return verdict
    }

    @Sendable static func shred(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp { return .read }
        return .irreversible("local.shred", "overwrites files so that they can't be recovered")
    }

    @Sendable static func truncate(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp { return .read }
        let size = judged.vector.value(of: "-s", "--size")
        if let text = size?.exact, text.hasPrefix("+") || text.hasPrefix(">") { return .reversible }
        if let text = size?.exact, text.first != "0", text.first?.isNumber == true { return judge(judged, judged.vector.operands.map(\.word), "local.truncate", "cuts files off") }
        return .irreversible("local.truncate", "cuts a file's content off")
    }

    @Sendable static func copyBlocks(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.name == "ddrescue" {
            guard let target = judged.vector.operands.dropFirst().first?.word else { return .reversible }
            return judge(judged, [target], "local.dd", "overwrites", whole: false)
        }
        for word in judged.vector.words {
            guard word.text.hasPrefix("of=") else {
                if !word.isKnown, word.text.first == CommandWord.hole { return .unknown("local.dd", "copies blocks to a place that is only known when it runs") }
                continue
            }
            let target = CommandWord(String(word.text.dropFirst(3)), isKnown: word.isKnown)
            return judge(judged, [target], "local.dd", "overwrites blocks", whole: false)
        }
        return .read
    }

    @Sendable static func move(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp { return .read }
        let operands = judged.vector.operands.map(\.word)
        guard operands.count > 1 else { return .reversible }
        if let last = operands.last, judged.place(last) == .sink {
            return .irreversible("local.moveToNull", "moves files to where they are lost")
        }
        let target = judged.vector.value(of: "-t", "--target-directory") ?? operands.last
        if let target, !["/tmp", "/tmp/"].contains(target.text), ![.inside, .whole, .temporary].contains(judged.place(target)) {
            return judge(judged, [target], "local.move", "moves files").softened("local.move")
        }
        return judge(judged, Array(operands.dropLast()), "local.move", "moves files").softened("local.move")
    }

    @Sendable static func copy(_ judged: JudgedCommand) -> CommandVerdict? {
        if judged.vector.asksForHelp { return .read }
        if let target = judged.vector.value(of: "-t", "--target-directory") ?? judged.vector.operands.last?.word, judged.vector.operands.count > 1 {
            switch judged.place(target) {
            case .device: return .irreversible("local.overwriteDevice", "writes over a device")
            case .outside: return .unknown("local.copyOutside", "may overwrite files outside the workspace")
            default: break
            }
        }
        return .reversible
    }

    @Sendable static func tee(_ judged: JudgedCommand) -> CommandVerdict? {
        judge(judged, judged.vector.operands.map(\.word), "local.overwrite", "overwrites files", whole: false)
    }

    @Sendable static func find(_ judged: JudgedCommand) -> CommandVerdict? {
        let words = judged.vector.words
        // Tests that take a value, so that the value is not taken for an action.
        var index = 0
        var deletes = false
        var writes: CommandWord?
        var roots: [CommandWord] = []
        var inRoots = true
        while index < words.count {
            let word = words[index]
            index += 1
            if !word.isKnown, !inRoots || word.mayBeOption, word.maySplit { return .unknown("local.find", "searches by a test that is only known when it runs") }
            if ["-H", "-L", "-P"].contains(word.text) { continue }
            if word.text == "-f", index < words.count { roots.append(words[index]); index += 1; continue }
            if inRoots, !word.text.hasPrefix("-"), !["(", "!", "\\("].contains(word.text) { roots.append(word); continue }
            inRoots = false
            switch word.text {
            case "-delete": deletes = true
            case "-fprint", "-fls", "-fprint0", "-fprintf": writes = index < words.count ? words[index] : .unknown; index += 1
            case let text where FindGrammar.taking.contains(text): index += 1
            default: break
            }
        }
        guard deletes else {
            if let writes { return judge(judged, [writes], "local.overwrite", "overwrites a file", whole: false) }
            return .read
        }
        let narrowed = words.contains { ["-name", "-iname", "-path", "-regex", "-mtime", "-newer"].contains($0.text) }
        if roots.isEmpty { roots = [CommandWord(".")] }
        if narrowed, roots.allSatisfy({ judged.place($0) == .whole }) { return .unknown("local.findDelete", "deletes what a search finds") }
        return judge(judged, roots, "local.findDelete", "deletes everything that a search finds")
    }

    @Sendable static func rsync(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        let removes = vector.words.contains { $0.text.hasPrefix("--del") || $0.text == "--remove-source-files" }
        if vector.hasExactly("--dry-run") || vector.words.contains(where: { $0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.contains("n") }) { return .read }
        if let rsh = vector.value(of: "-e", "--rsh"), rsh.exact?.hasPrefix("ssh") != true { return .unknown("local.rsync", "copies files through a program of its own") }
        if removes { return .irreversible("local.rsyncDelete", "deletes whatever the source doesn't have") }
        guard let target = vector.operands.last?.word else { return .read }
        if target.text.contains(":") { return .unknown("local.rsync", "overwrites files on another machine") }
        return judge(judged, [target], "local.rsync", "overwrites files", whole: false).softened("local.rsync")
            .clouded(vector.hidesOptions, "local.rsync")
    }

    /// Where a download is written; the request itself is judged apart.
    @Sendable static func download(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        let names = judged.name == "wget" ? ["-O", "--output-document", "-P", "--directory-prefix"] : ["-o", "--output", "--output-dir", "-c", "--cookie-jar", "-D", "--dump-header"]
        for name in names {
            guard let target = vector.value(of: name), target.text != "-" else { continue }
            let verdict = judge(judged, [target], "local.download", "overwrites a file", whole: false).softened("local.download")
            if verdict.effectClass != .reversible { return verdict }
            return .reversible
        }
        let saves = judged.name == "wget" || vector.words.contains { $0.text == "--remote-name" || $0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.contains("O") }
        return saves ? .reversible : .read
    }

    @Sendable static func permissions(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        let isDeep = vector.has("-R") || vector.has("--recursive")
        let operands = vector.operands.map(\.word)
        let paths = operands.count > 1 ? Array(operands.dropFirst()) : operands
        guard isDeep else {
            for path in paths where [.device].contains(judged.place(path)) { return .unknown("local.permissions", "changes a device's permissions") }
            return .reversible
        }
        for path in paths {
            switch judged.place(path) {
            case .outside, .device: return .irreversible("local.permissions", "changes owners or permissions of a whole tree outside the workspace")
            case .unknown, .whole: return .unknown("local.permissions", "changes permissions of a whole tree")
            default: continue
            }
        }
        return .reversible
    }

    @Sendable static func archive(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        for word in vector.words {
            if word.text.hasPrefix("--checkpoint-action=exec") || word.text.hasPrefix("--to-command") || word.text.hasPrefix("--use-compress-program") || word.text == "-I" || word.text.hasPrefix("--rsh-command") || word.text == "--info-script" || word.text == "-TT" || word.text.hasPrefix("--unzip-command") {
                return .unknown("local.archiveExec", "an archiver runs a program of its own")
            }
        }
        if let folder = vector.value(of: "-C", "--directory", "-d"), judged.name != "gzip" {
            return judge(judged, [folder], "local.unpack", "unpacks files", whole: false).softened("local.unpack")
        }
        return .reversible
    }

    @Sendable static func edit(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        let inPlace = vector.words.contains { $0.text.hasPrefix("--in-place") || ($0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.dropFirst().prefix(4).contains("i")) }
        // GNU sed's `e` and `w` commands run programs and write files.
        let script = vector.value(of: "-e", "--expression") ?? vector.operands.first?.word
        if let text = script?.text, text.hasSuffix("/e") || text == "e" || text.hasPrefix("e ") || text.hasSuffix(";e") || text.hasPrefix("1e ") {
            return .unknown("local.sedExec", "an editor's script runs programs")
        }
        guard inPlace else { return .read }
        let files = vector.operands.map(\.word).dropFirst(vector.has("-e") ? 0 : 1)
        return judge(judged, Array(files), "local.edit", "changes files", whole: false).softened("local.edit")
    }
}

/// Words of `find` that take a value.
enum FindGrammar {
    static let taking: Set<String> = [
        "-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename", "-regex", "-iregex", "-regextype", "-type", "-xtype", "-size", "-mtime",
        "-atime", "-ctime", "-mmin", "-amin", "-cmin", "-newer", "-anewer", "-cnewer", "-perm", "-user", "-group", "-uid", "-gid", "-maxdepth",
        "-mindepth", "-samefile", "-links", "-inum", "-fstype", "-lname", "-ilname", "-printf", "-used", "-context", "-newermt", "-newerct", "-newerat",
        "-files0-from", "-D",
    ]
}

extension CommandVerdict {
    /// An irreversible verdict as unknown: what is lost depends on what stood there.
    func softened(_ id: String) -> CommandVerdict {
        guard effectClass == .irreversible, let first = operations.first else { return self }
        return .unknown(id, first.summary)
    }
}
