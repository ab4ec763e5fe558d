// SPDX-License-Identifier: Apache-2.0

/// The folders that a pod's overlay is made of.
///
/// The upper layer is written by the pod's programs and is never trusted. The mask lies above the workspace.
package struct LayerTrees: Sendable {
    let workspace: LayerDescriptor
    let mask: LayerDescriptor?
    let upper: LayerDescriptor

    /// Takes the open folders.
    package init(workspace: LayerDescriptor, mask: LayerDescriptor?, upper: LayerDescriptor) {
        self.workspace = workspace
        self.mask = mask
        self.upper = upper
    }

    var lower: LowerFolder { LowerFolder(mask: mask, workspace: workspace) }
}

/// What the agent saw at a name before it changed anything.
struct LowerNode: Sendable {
    let node: LayerNode
    /// Whether `node` is the mask's.
    let isInMask: Bool
    /// The workspace's own inode.
    let original: LayerNode?

    /// Whether the agent saw nothing here: the mask hides the name.
    var isHidden: Bool { isInMask && node.kind == .whiteout }

    /// Whether a redacted copy stands here: the mask has its own content at this name.
    func isMasked(limit: UInt64) -> Bool {
        guard isInMask, node.kind != .directory else { return false }
        guard let original else { return true }
        guard node.kind == .file, original.kind == .file, node.stat.size == original.stat.size else { return true }
        do throws(LayerError) {
            // A copy made for its owner's sake holds the same bytes and hides nothing.
            return try !LayerStream.digest(node.openFile(), comparedWith: original.openFile(), limit: limit).equal
        } catch {
            return true
        }
    }
}

/// A folder below the upper layer: the mask's above the workspace's.
struct LowerFolder: Sendable {
    let mask: LayerDescriptor?
    let workspace: LayerDescriptor?

    static let empty = LowerFolder(mask: nil, workspace: nil)

    func find(_ name: [UInt8]) throws(LayerError) -> LowerNode? {
        var original: LayerNode?
        if let workspace { original = try LayerNode.find(name, in: workspace) }
        if let mask, let node = try LayerNode.find(name, in: mask) {
            return LowerNode(node: node, isInMask: true, original: original)
        }
        guard let original else { return nil }
        return LowerNode(node: original, isInMask: false, original: original)
    }

    /// The folder of this name; empty where the agent saw none.
    func folder(_ name: [UInt8]) throws(LayerError) -> LowerFolder {
        var inMask: LayerDescriptor?
        if let mask, let node = try LayerNode.find(name, in: mask) {
            guard node.kind == .directory else { return .empty }
            let folder = try node.openFolder()
            if try OverlayMarks(folder: folder).isOpaque { return LowerFolder(mask: folder, workspace: nil) }
            inMask = folder
        }
        if let workspace, let node = try LayerNode.find(name, in: workspace), node.kind == .directory {
            return LowerFolder(mask: inMask, workspace: try node.openFolder())
        }
        return LowerFolder(mask: inMask, workspace: nil)
    }

    /// Every name that the agent saw here, in byte order.
    func names(limit: Int) throws(LayerError) -> [[UInt8]] {
        var names: Set<[UInt8]> = []
        if let workspace { names.formUnion(try LayerSystem.list(workspace, limit: limit)) }
        if let mask {
            for name in try LayerSystem.list(mask, limit: limit) {
                names.insert(name)
            }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
