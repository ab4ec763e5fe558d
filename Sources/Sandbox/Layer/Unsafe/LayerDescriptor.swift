// SPDX-License-Identifier: Apache-2.0

import CLayer

/// An owned file descriptor, closed when the last holder lets go.
///
/// A class because a walk shares a folder's descriptor between the entries below it.
package final class LayerDescriptor: Sendable {
    let raw: Int32

    init(owning raw: Int32) {
        self.raw = raw
    }

    /// Takes an own duplicate of a descriptor that the caller keeps.
    ///
    /// - Throws: `LayerError` with code `system`.
    package init(duplicating descriptor: Int32) throws(LayerError) {
        let raw = ak_layer_dup(descriptor)
        guard raw >= 0 else { throw LayerError(.system, .open, errno: -raw) }
        self.raw = raw
    }

    /// Opens a folder that the caller trusts; symbolic links in the path are followed.
    ///
    /// - Throws: `LayerError` with code `system`.
    package convenience init(openingFolder path: String) throws(LayerError) {
        self.init(owning: try LayerSystem.openTrusted(Array(path.utf8)))
    }

    deinit {
        _ = ak_layer_close(raw)
    }
}
