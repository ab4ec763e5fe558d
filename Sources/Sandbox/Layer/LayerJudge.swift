// SPDX-License-Identifier: Apache-2.0

/// Judges an entry by its name, kind, mode and link target.
struct LayerJudge: Sendable {
    let names: ProtectedNames

    /// Why something that the layer adds or changes can't be committed; `nil` where nothing speaks against it.
    func refusal(
        of path: LayerPath, _ change: LayerEntry.Change, _ node: LayerNode, target: [UInt8]?, was seen: LayerNode?
    ) -> LayerRefusal? {
        if let refusal = nameRefusal(path, node.kind) { return refusal }
        if !Self.acceptsSpecialBits(node.stat, was: seen?.stat) { return .specialBits }
        if let target, !LinkRule.stays(target, at: path) { return .linkLeaves }
        return nil
    }

    /// Why something can't be deleted.
    func refusal(ofDeleting path: LayerPath, _ node: LayerNode) -> LayerRefusal? {
        switch names.judge(path, node.kind) {
        case .free: nil
        case .refused(let refusal): refusal
        case .gitConfiguration: node.kind == .directory ? nil : .protectedName("git configuration may not be deleted")
        }
    }

    /// The verdict on the name alone; git configuration passes here and is judged by its content at commit.
    func nameRefusal(_ path: LayerPath, _ kind: LayerKind) -> LayerRefusal? {
        switch names.judge(path, kind) {
        case .free: nil
        case .refused(let refusal): refusal
        case .gitConfiguration: kind == .file ? nil : .protectedName("git configuration must be a plain file")
        }
    }

    // A shared folder's setgid bit is inherited by what is made in it; only a bit that the workspace already has passes.
    private static func acceptsSpecialBits(_ stat: LayerStat, was seen: LayerStat?) -> Bool {
        if stat.specialBits == 0 || stat.kind == .symlink { return true }
        guard stat.kind == .directory, let seen, seen.kind == .directory else { return false }
        return stat.specialBits & ~seen.specialBits == 0
    }
}

/// Judges where a symbolic link leads, from its text alone.
enum LinkRule {
    /// Whether a link's target stays below the root: relative, with `..` only at the front and no more of them than levels above.
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
