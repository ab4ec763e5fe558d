// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One inode of a tree, held by a handle that reads nothing, so that its kind is known before it is opened.
struct LayerNode: Sendable {
    let handle: LayerDescriptor
    let stat: LayerStat

    var kind: LayerKind { stat.kind }

    /// Looks a path up below a folder; symbolic links are never followed and mounts never crossed.
    ///
    /// - Returns: `nil` where there is nothing, or where a parent is not a folder.
    static func find(_ path: [UInt8], in folder: LayerDescriptor) throws(LayerError) -> LayerNode? {
        do throws(LayerError) {
            let handle = try LayerSystem.open(folder, path, .handle)
            return LayerNode(handle: handle, stat: try LayerSystem.stat(handle))
        } catch {
            if error.errno == ENOENT || error.errno == ENOTDIR { return nil }
            throw error
        }
    }

    /// Opens a regular file for reading.
    ///
    /// - Throws: `LayerError` with code `system` and `EINVAL` for anything else, before it is opened.
    func openFile() throws(LayerError) -> LayerDescriptor {
        guard stat.kind == .file else { throw LayerError(.system, .read, errno: EINVAL) }
        return try LayerSystem.reopen(handle)
    }

    /// Opens a folder for listing.
    func openFolder() throws(LayerError) -> LayerDescriptor {
        guard stat.kind == .directory else { throw LayerError(.system, .list, errno: ENOTDIR) }
        return try LayerSystem.open(handle, [UInt8(ascii: ".")], .folder)
    }

    /// A symbolic link's target.
    func target() throws(LayerError) -> [UInt8] {
        guard stat.kind == .symlink else { throw LayerError(.system, .read, errno: EINVAL) }
        return try LayerSystem.readLink(handle)
    }

    /// A regular file's bytes.
    ///
    /// - Throws: `LayerError` with code `limit` where it holds more than `limit` bytes.
    func content(limit: Int) throws(LayerError) -> [UInt8] {
        guard stat.size <= UInt64(limit) else { throw LayerError(.limit, .read) }
        let bytes = try LayerSystem.readWhole(try openFile(), size: Int(stat.size))
        // It grew since the look: what was judged by its size may not be cut.
        guard bytes.count <= limit, UInt64(bytes.count) <= stat.size else { throw LayerError(.limit, .read) }
        return bytes
    }
}

extension LayerNode {
    /// Like ``find(_:in:)``, but also `nil` where a parent is a link or a mount point.
    static func find(_ path: [UInt8], orNilIn folder: LayerDescriptor) throws(LayerError) -> LayerNode? {
        do throws(LayerError) {
            return try find(path, in: folder)
        } catch {
            if error.errno == ELOOP || error.errno == EXDEV { return nil }
            throw error
        }
    }
}
