// SPDX-License-Identifier: Apache-2.0

/// One change that a layer makes to the workspace.
package struct LayerEntry: Hashable, Sendable {
    /// What happens to the path.
    package enum Change: String, Hashable, Sendable {
        case added, modified, deleted, typeChanged, modeChanged
    }

    /// Where.
    package let path: LayerPath
    /// What happens.
    package let change: Change
    /// What stands there afterwards; for a deletion, what stood there.
    package let kind: LayerKind
    /// What the agent saw there before, where there was something.
    package let previousKind: LayerKind?
    /// The new size in bytes; for a deletion, the old one.
    package let size: UInt64
    /// The new permission bits, special bits included; for a deletion, the old ones.
    package let mode: UInt32
    /// The permission bits before.
    package let previousMode: UInt32?
    /// Whether a file gains an execute bit that the original did not have.
    package let becomesExecutable: Bool
    /// A symbolic link's new target.
    package let target: [UInt8]?
    /// The digest of a file's new bytes; a commit writes only these.
    package let digest: LayerDigest?
    /// Which machinery runs this file elsewhere (CI, deployment, infrastructure, build), if any.
    package let executesElsewhere: ElsewhereKind?
    /// Whether the agent saw a redacted copy here.
    package let isMasked: Bool
    /// Why it can't be committed, as far as the layer alone shows.
    package let refusal: LayerRefusal?
}
