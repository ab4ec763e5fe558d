// SPDX-License-Identifier: Apache-2.0

extension LayerDiff {
    /// The unified diff of one entry as the agent saw it: against the mask's redacted copy where there is one, so no
    /// secret shows.
    ///
    /// - Returns: `nil` where a side is no text, too large, no regular file, or where the layer changed since the diff.
    package func patch(
        of entry: LayerEntry, in trees: LayerTrees, limits: LayerPatch.Limits = LayerPatch.Limits()
    ) -> LayerPatch? {
        let after: [UInt8]
        switch (entry.change, entry.kind) {
        case (.deleted, .file): after = []
        case (.added, .file), (.modified, .file), (.typeChanged, .file):
            guard let node = try? LayerNode.find(entry.path.bytes, in: trees.upper),
                let bytes = try? node.content(limit: limits.bytes), LayerDigest(of: bytes) == entry.digest
            else { return nil }
            after = bytes
        default: return nil
        }
        guard entry.previousKind == .file else { return LayerPatch(from: [], to: after, limits: limits) }
        guard let node = lowerNode(entry.path, in: trees), let before = try? node.content(limit: limits.bytes) else {
            return nil
        }
        return LayerPatch(from: before, to: after, limits: limits)
    }

    private func lowerNode(_ path: LayerPath, in trees: LayerTrees) -> LayerNode? {
        var folder = trees.lower
        for name in path.parent.components {
            guard let next = try? folder.folder(Array(name)) else { return nil }
            folder = next
        }
        return (try? folder.find(path.name))?.node
    }
}
