// SPDX-License-Identifier: Apache-2.0

extension ProtectedNames {
    /// Protects also what the workspace's own git configuration executes or includes: targets of `core.hooksPath` and `include.path`.
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
            guard let node = try LayerNode.find(Array(name.utf8), orNilIn: workspace), node.kind == .file else { continue }
            let text = try node.content(limit: 16 << 20)
            for target in GitConfigurationRule.namedFiles(in: text) {
                // Hooks are looked up from the work tree, includes from the file; which it is matters less than missing one.
                for base in [[], [Array(".git".utf8)[...]]] {
                    if let path = Self.resolve(target, from: base, root: root) { paths.append(path) }
                }
            }
        }
        self.init(extra: paths.filter { $0 != Self.gitFolder })
    }

    private static let gitFolder = try? LayerPath(".git")

    private static func resolve(_ target: [UInt8], from base: [ArraySlice<UInt8>], root: LayerPath?) -> LayerPath? {
        let slash = UInt8(ascii: "/")
        var stack = base
        var rest = target[...]
        if target.first == slash {
            guard let root, let path = try? LayerPath(Array(target.drop { $0 == slash })), path.isWithin(root) else { return nil }
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
