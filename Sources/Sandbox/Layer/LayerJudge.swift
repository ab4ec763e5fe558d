// SPDX-License-Identifier: Apache-2.0

/// Judges an entry by its name, kind, mode and link target.
struct LayerJudge: Sendable {
    let names: ProtectedNames
    let workspace: LayerDescriptor

    /// The verdict on a name, also where the workspace holds a bare repository, which no name tells.
    func verdict(_ path: LayerPath, _ kind: LayerKind) -> ProtectedNames.Verdict {
        let verdict = names.judge(path, kind)
        guard verdict == .free else { return verdict }
        let raw = path.components.map(Array.init)
        let folded = raw.map { NameFold.fold($0[...]) }
        guard !folded.contains(Array(".git".utf8)) else { return verdict }
        for (index, name) in folded.enumerated() where GitNames.isSuspicious(name) {
            guard isRepository(raw[..<index]) else { continue }
            let inside = GitNames.judge(Array(raw[index...]), folded: Array(folded[index...]), kind)
            if inside != .free { return inside }
        }
        return .free
    }

    // Git also wants `objects` and `refs`, but those may arrive with a later commit; `HEAD` never does.
    private func isRepository(_ folder: ArraySlice<[UInt8]>) -> Bool {
        let head = folder.flatMap { $0 + [UInt8(ascii: "/")] } + Array("HEAD".utf8)
        do throws(LayerError) {
            return try LayerNode.find(head, orNilIn: workspace) != nil
        } catch {
            return true
        }
    }

    /// Why something that the layer adds or changes can't be committed; `nil` where nothing speaks against it.
    func refusal(
        of path: LayerPath, _ change: LayerEntry.Change, _ node: LayerNode, target: [UInt8]?, was seen: LayerNode?
    ) -> LayerRefusal? {
        if let refusal = nameRefusal(path, node.kind) { return refusal }
        // What is replaced goes away: a `.git` file that leads to the repository may not become a folder.
        if let seen, seen.kind != node.kind, let refusal = nameRefusal(path, seen.kind) { return refusal }
        if !acceptsSpecialBits(node.stat, at: path, was: seen?.stat) { return .specialBits }
        if let target, !LinkRule.stays(target, at: path) { return .linkLeaves }
        return nil
    }

    /// Why something can't be deleted.
    func refusal(ofDeleting path: LayerPath, _ node: LayerNode) -> LayerRefusal? {
        switch verdict(path, node.kind) {
        case .free: nil
        case .refused(let refusal): refusal
        case .gitConfiguration: node.kind == .directory ? nil : .protectedName("git configuration may not be deleted")
        }
    }

    /// The verdict on the name alone; git configuration passes here and is judged by its content at commit.
    func nameRefusal(_ path: LayerPath, _ kind: LayerKind) -> LayerRefusal? {
        switch verdict(path, kind) {
        case .free: nil
        case .refused(let refusal): refusal
        case .gitConfiguration: kind == .file ? nil : .protectedName("git configuration must be a plain file")
        }
    }

    // Only bits that the workspace has already: a folder's own, or a shared folder's setgid bit, which what is made in
    // it inherits.
    private func acceptsSpecialBits(_ stat: LayerStat, at path: LayerPath, was seen: LayerStat?) -> Bool {
        if stat.specialBits == 0 || stat.kind == .symlink { return true }
        guard stat.kind == .directory else { return false }
        if let seen, seen.kind == .directory { return stat.specialBits & ~seen.specialBits == 0 }
        var above = path.parent
        while true {
            let name = above.isRoot ? [UInt8(ascii: ".")] : above.bytes
            if let node = try? LayerNode.find(name, in: workspace) {
                return stat.specialBits == 0o2000 && node.stat.specialBits & 0o2000 != 0
            }
            if above.isRoot { return false }
            above = above.parent
        }
    }
}

/// Judges where a symbolic link leads, from its text alone.
enum LinkRule {
    /// Whether a link's target stays below the root: relative, with `..` only at the front and no more of them than
    /// levels above.
    ///
    /// `..` after a name is refused, because that name may itself be a link.
    static func stays(_ target: [UInt8], at path: LayerPath) -> Bool {
        guard !target.isEmpty, target.first != UInt8(ascii: "/"), !target.contains(0) else { return false }
        guard target.count <= LayerPath.byteLimit else { return false }
        var level = path.components.count - 1
        var climbing = true
        for component in target.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                guard climbing, level > 0 else { return false }
                level -= 1
            } else {
                climbing = false
            }
        }
        return true
    }
}
