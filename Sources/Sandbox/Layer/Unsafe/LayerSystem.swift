// SPDX-License-Identifier: Apache-2.0

import CLayer
import Glibc

/// The system calls of this folder, each with a typed error; nothing else here touches a pointer.
enum LayerSystem {
    /// How a node below a folder is opened.
    enum Access {
        /// A handle that reads nothing (`O_PATH`); safe on a FIFO or a device.
        case handle
        /// A folder to list.
        case folder
        /// A new file; fails where the name exists.
        case create(mode: UInt32)
        /// A file of our own stores to append to.
        case append

        var flags: Int32 {
            switch self {
            case .handle: Int32(AK_LAYER_O_PATH) | O_NOFOLLOW | O_CLOEXEC
            case .folder: O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
            case .create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            case .append: O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC
            }
        }
    }

    /// What `openat2` refuses: leaving the folder, any symbolic link, magic links, other mounts. See openat2(2).
    static let strict: UInt64 = 0x01 | 0x02 | 0x04 | 0x08
    /// Like `strict`, but follows links that stay inside; used only to judge where a link leads.
    static let following: UInt64 = 0x02 | 0x08

    static func open(
        _ folder: LayerDescriptor, _ path: [UInt8], _ access: Access, resolve: UInt64 = strict
    ) throws(LayerError) -> LayerDescriptor {
        var mode: UInt64 = 0
        if case .create(let wanted) = access { mode = UInt64(wanted) }
        if case .append = access { mode = 0o600 }
        var flags = access.flags
        if resolve == following { flags &= ~O_NOFOLLOW }
        // SAFETY: the callee reads exactly `count` bytes during the call.
        let raw = unsafe ak_layer_open(folder.raw, path, path.count, UInt64(flags), mode, resolve)
        guard raw >= 0 else { throw LayerError(.system, .open, errno: -raw) }
        return LayerDescriptor(owning: raw)
    }

    static func openTrusted(_ path: [UInt8]) throws(LayerError) -> Int32 {
        // SAFETY: the callee reads exactly `count` bytes during the call.
        let raw = unsafe ak_layer_open_plain(path, path.count, O_RDONLY | O_DIRECTORY)
        guard raw >= 0 else { throw LayerError(.system, .open, errno: -raw) }
        return raw
    }

    /// Opens for reading what a handle holds; the inode can't be swapped any more.
    static func reopen(_ handle: LayerDescriptor) throws(LayerError) -> LayerDescriptor {
        let raw = ak_layer_reopen(handle.raw, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard raw >= 0 else { throw LayerError(.system, .read, errno: -raw) }
        return LayerDescriptor(owning: raw)
    }

    static func stat(_ descriptor: LayerDescriptor) throws(LayerError) -> LayerStat {
        var raw = ak_layer_stat()
        // SAFETY: `raw` outlives the call.
        try check(unsafe ak_layer_fstat(descriptor.raw, &raw), .inspect)
        return LayerStat(raw)
    }

    /// Looks at one name; `nil` where there is none.
    static func stat(_ folder: LayerDescriptor, name: [UInt8]) throws(LayerError) -> LayerStat? {
        var raw = ak_layer_stat()
        // SAFETY: `raw` outlives the call; the callee reads exactly `count` bytes.
        let result = unsafe ak_layer_stat_at(folder.raw, name, name.count, &raw)
        if result == -ENOENT { return nil }
        try check(result, .inspect)
        return LayerStat(raw)
    }

    static func readLink(_ handle: LayerDescriptor) throws(LayerError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: LayerPath.byteLimit + 2)
        // SAFETY: the callee writes at most `count` bytes into the array.
        let count = unsafe ak_layer_readlink(handle.raw, &buffer, buffer.count)
        guard count >= 0 else { throw LayerError(.system, .read, errno: Int32(-count)) }
        guard count < buffer.count else { throw LayerError(.limit, .read) }
        return Array(buffer[..<count])
    }

    /// The names in a folder in byte order, without `.` and `..`.
    static func list(_ folder: LayerDescriptor, limit: Int) throws(LayerError) -> [[UInt8]] {
        let fresh = try open(folder, [UInt8(ascii: ".")], .folder)
        var names: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        while true {
            // SAFETY: the callee writes at most `count` bytes into the array.
            let filled = unsafe ak_layer_list(fresh.raw, &buffer, buffer.count)
            guard filled >= 0 else { throw LayerError(.system, .list, errno: Int32(-filled)) }
            if filled == 0 { break }
            try appendNames(from: buffer[..<filled], to: &names)
            guard names.count <= limit else { throw LayerError(.limit, .list) }
        }
        names.sort { $0.lexicographicallyPrecedes($1) }
        return names
    }

    // The kernel's linux_dirent64: inode (8), offset (8), record length (2), type (1), name with a NUL.
    private static func appendNames(from records: ArraySlice<UInt8>, to names: inout [[UInt8]]) throws(LayerError) {
        var start = records.startIndex
        while start + 19 < records.endIndex {
            let length = Int(records[start + 16]) | Int(records[start + 17]) << 8
            guard length > 19, start + length <= records.endIndex else { throw LayerError(.system, .list, errno: EIO) }
            let name = Array(records[(start + 19)..<(start + length)].prefix { $0 != 0 })
            if name != [46] && name != [46, 46] { names.append(name) }
            start += length
        }
    }

    /// Reads up to `buffer.count` bytes; 0 at the end.
    static func read(_ file: LayerDescriptor, into buffer: inout [UInt8]) throws(LayerError) -> Int {
        // SAFETY: the callee writes at most `count` bytes into the array.
        let count = unsafe ak_layer_read(file.raw, &buffer, buffer.count)
        guard count >= 0 else { throw LayerError(.system, .read, errno: Int32(-count)) }
        return count
    }

    /// Reads a file of known size with one allocation; one byte more than `size` says that it grew.
    static func readWhole(_ file: LayerDescriptor, size: Int) throws(LayerError) -> [UInt8] {
        var failed = 0
        // SAFETY: the callee writes at most the rest of the buffer, and exactly what it wrote is declared initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
            while filled < size + 1, let start = buffer.baseAddress {
                let count = unsafe ak_layer_read(file.raw, start + filled, size + 1 - filled)
                if count < 0 { failed = count }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failed == 0 else { throw LayerError(.system, .read, errno: Int32(-failed)) }
        return bytes
    }

    static func write(_ file: LayerDescriptor, _ bytes: ArraySlice<UInt8>) throws(LayerError) {
        var rest = bytes
        while !rest.isEmpty {
            // SAFETY: the buffer is valid for the call and its own count is passed.
            let count = unsafe rest.withUnsafeBufferPointer {
                unsafe ak_layer_write(file.raw, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw LayerError(.system, .write, errno: Int32(-count)) }
            rest = rest.dropFirst(count)
        }
    }

    static func makeFolder(_ folder: LayerDescriptor, _ name: [UInt8], mode: UInt32) throws(LayerError) {
        // SAFETY: the callee reads exactly `count` bytes during the call.
        try check(unsafe ak_layer_mkdir(folder.raw, name, name.count, mode), .create)
    }

    static func makeLink(_ folder: LayerDescriptor, _ name: [UInt8], target: [UInt8]) throws(LayerError) {
        // SAFETY: the callee reads exactly the given counts during the call.
        try check(unsafe ak_layer_symlink(target, target.count, folder.raw, name, name.count), .create)
    }

    static func remove(_ folder: LayerDescriptor, _ name: [UInt8], directory: Bool = false) throws(LayerError) {
        // SAFETY: the callee reads exactly `count` bytes during the call.
        try check(unsafe ak_layer_unlink(folder.raw, name, name.count, directory ? 1 : 0), .remove)
    }

    /// How a rename treats what stands at the new name.
    enum RenameRule: UInt32 {
        /// Takes the place of what has the new name.
        case replace = 0
        /// Fails where the new name exists (`RENAME_NOREPLACE`).
        case mustBeFree = 1
        /// Swaps both (`RENAME_EXCHANGE`).
        case exchange = 2
    }

    static func rename(
        _ from: LayerDescriptor, _ name: [UInt8], to: LayerDescriptor, _ newName: [UInt8], _ rule: RenameRule
    ) throws(LayerError) {
        // SAFETY: the callee reads exactly the given counts during the call.
        try check(
            unsafe ak_layer_rename(from.raw, name, name.count, to.raw, newName, newName.count, rule.rawValue), .rename)
    }

    static func setMode(_ descriptor: LayerDescriptor, _ mode: UInt32) throws(LayerError) {
        try check(ak_layer_chmod(descriptor.raw, mode), .attributes)
    }

    static func setOwner(_ descriptor: LayerDescriptor, _ owner: UInt32, _ group: UInt32) throws(LayerError) {
        try check(ak_layer_chown(descriptor.raw, owner, group), .attributes)
    }

    static func setOwner(
        _ folder: LayerDescriptor, _ name: [UInt8], _ owner: UInt32, _ group: UInt32
    ) throws(LayerError) {
        // SAFETY: the callee reads exactly `count` bytes during the call.
        try check(unsafe ak_layer_chown_at(folder.raw, name, name.count, owner, group), .attributes)
    }

    static func setModified(_ descriptor: LayerDescriptor, _ time: LayerTime) throws(LayerError) {
        try check(ak_layer_set_times(descriptor.raw, time.seconds, time.nanoseconds), .attributes)
    }

    static func setModified(_ folder: LayerDescriptor, _ name: [UInt8], _ time: LayerTime) throws(LayerError) {
        // SAFETY: the callee reads exactly `count` bytes during the call.
        try check(
            unsafe ak_layer_set_times_at(folder.raw, name, name.count, time.seconds, time.nanoseconds), .attributes)
    }

    /// An extended attribute's value; `nil` where it is absent or the file system has none.
    static func attribute(_ descriptor: LayerDescriptor, _ name: String) throws(LayerError) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // SAFETY: the callee writes at most `count` bytes into the array.
        let count = unsafe ak_layer_get_attribute(descriptor.raw, name, &buffer, buffer.count)
        if count == -Int(ENODATA) || count == -Int(EOPNOTSUPP) { return nil }
        // A value too long for any attribute that matters is still a value.
        if count == -Int(ERANGE) { return buffer }
        guard count >= 0 else { throw LayerError(.system, .attributes, errno: Int32(-count)) }
        return Array(buffer[..<count])
    }

    static func setAttribute(_ descriptor: LayerDescriptor, _ name: String, _ value: [UInt8]) throws(LayerError) {
        // SAFETY: the callee reads exactly `count` bytes during the call.
        try check(unsafe ak_layer_set_attribute(descriptor.raw, name, value, value.count), .attributes)
    }

    static func synchronize(_ descriptor: LayerDescriptor, dataOnly: Bool = false) throws(LayerError) {
        try check(dataOnly ? ak_layer_sync_data(descriptor.raw) : ak_layer_sync(descriptor.raw), .synchronize)
    }

    /// Shares the blocks of a whole file; false where the file system can't.
    static func clone(from: LayerDescriptor, to: LayerDescriptor) -> Bool {
        ak_layer_clone(to.raw, from.raw) == 0
    }

    static func random(_ count: Int) throws(LayerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: the callee writes exactly `count` bytes into the array.
        try check(unsafe ak_layer_random(&bytes, count), .create)
        return bytes
    }

    static func now() throws(LayerError) -> LayerTime {
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        // SAFETY: both variables outlive the call.
        try check(unsafe ak_layer_now(&seconds, &nanoseconds), .inspect)
        return LayerTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    static var isSuperuser: Bool { ak_layer_effective_user() == 0 }

    private static func check(_ result: Int32, _ stage: LayerError.Stage) throws(LayerError) {
        guard result >= 0 else { throw LayerError(.system, stage, errno: -result) }
    }
}

extension LayerStat {
    fileprivate init(_ raw: ak_layer_stat) {
        device = raw.device
        inode = raw.inode
        size = raw.size
        special = raw.special
        modified = LayerTime(seconds: raw.modified_seconds, nanoseconds: raw.modified_nanoseconds)
        changed = LayerTime(seconds: raw.changed_seconds, nanoseconds: raw.changed_nanoseconds)
        mode = raw.mode
        links = raw.links
        owner = raw.owner
        group = raw.group
    }
}
