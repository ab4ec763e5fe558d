// SPDX-License-Identifier: Apache-2.0

/// Bounds on what a hostile layer can make the host do.
package struct LayerLimits: Hashable, Sendable {
    /// Most levels of folders. Each holds up to three descriptors while it is walked.
    package var depth = 100
    /// Most entries in one folder and most changes in one layer.
    package var entries = 1_000_000
    /// Largest single file that is committed, in bytes.
    package var fileBytes: UInt64 = 4 << 30
    /// Most bytes that one diff reads and one commit writes; a sparse file counts in full.
    package var totalBytes: UInt64 = 16 << 30
    /// Largest file that is read whole into memory, in bytes: git configuration, masked files, patches.
    package var memoryBytes = 16 << 20

    package init() {}
}
