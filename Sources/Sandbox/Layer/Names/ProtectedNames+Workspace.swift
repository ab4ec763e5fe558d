// SPDX-License-Identifier: Apache-2.0

extension ProtectedNames {
    /// Protects also what the workspace makes git execute or read: targets of `core.hooksPath` and `include.path`, and
    /// where the developer's own links of protected names lead, such as `.git/hooks/pre-commit` or a linked policy.
    ///
    /// Links are looked for in the workspace's root and its `.git/hooks`; ``MaskBuilder`` finds those deeper down.
    ///
    /// - Parameters:
    ///   - workspace: The workspace before the agent sees it.
    ///   - root: The workspace's absolute path, by which an absolute target is recognised.
    ///   - extra: Further protected paths, such as targets that the developer's global configuration names.
    /// - Throws: `LayerError` where the configuration is there and can't be read.
    package init(
        of workspace: LayerDescriptor, root: LayerPath? = nil, extra: [LayerPath] = []
    ) throws(LayerError) {
        var paths = extra
        for name in [".git/config", ".git/config.worktree"] {
            guard let node = try LayerNode.find(Array(name.utf8), orNilIn: workspace), node.kind == .file else {
                continue
            }
            let text = try node.content(limit: 16 << 20)
            for target in GitConfigurationRule.namedFiles(in: text) {
                // Hooks are looked up from the work tree, includes from the file; which it is matters less than missing
                // one.
                for base in [[], [Array(".git".utf8)[...]]] {
                    if let path = Self.resolve(target, from: base, root: root) { paths.append(path) }
                }
            }
        }
        paths += try Self.linkTargets(in: workspace, root: root)
        self.init(extra: paths.filter { $0 != Self.gitFolder })
    }

    private static func linkTargets(in workspace: LayerDescriptor, root: LayerPath?) throws(LayerError) -> [LayerPath] {
        var candidates: [LayerPath] = []
        for name in try LayerSystem.list(workspace, limit: 1_000_000) { candidates.append(try LayerPath(name)) }
        if let node = try LayerNode.find(Array(".git/hooks".utf8), orNilIn: workspace) {
            let hooks = try LayerPath(".git/hooks")
            candidates.append(hooks)
            if node.kind == .directory {
                for name in try LayerSystem.list(node.openFolder(), limit: 100_000) {
                    candidates.append(try hooks.appending(name))
                }
            }
        }
        var targets: [LayerPath] = []
        for path in candidates {
            guard let node = try LayerNode.find(path.bytes, orNilIn: workspace), node.kind == .symlink else { continue }
            if let target = protectedTarget(of: path, try node.target(), root: root) { targets.append(target) }
        }
        return targets
    }

    /// Where a link of a protected name leads, provided that it stays in the workspace; that place is as protected as
    /// the name.
    static func protectedTarget(of link: LayerPath, _ target: [UInt8], root: LayerPath?) -> LayerPath? {
        if case .free = ProtectedNames().judge(link, .symlink) { return nil }
        return resolve(target, from: link.parent.components, root: root)
    }

    private static let gitFolder = try? LayerPath(".git")

    private static func resolve(_ target: [UInt8], from base: [ArraySlice<UInt8>], root: LayerPath?) -> LayerPath? {
        let slash = UInt8(ascii: "/")
        var stack = base
        var rest = target[...]
        if target.first == slash {
            guard let root, let path = try? LayerPath(Array(target.drop { $0 == slash })), path.isWithin(root) else {
                return nil
            }
            stack = []
            rest = target.drop { $0 == slash }.dropFirst(root.bytes.count)
        }
        for component in rest.split(separator: slash) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                if stack.popLast() == nil { return nil }
            } else {
                stack.append(component)
            }
        }
        return stack.isEmpty ? nil : try? LayerPath(Array(stack.joined(separator: [slash])))
    }
}
