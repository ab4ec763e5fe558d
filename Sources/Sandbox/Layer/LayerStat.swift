// SPDX-License-Identifier: Apache-2.0

/// A point in time as a file system stamps it.
package struct LayerTime: Hashable, Sendable, Comparable {
    /// Seconds since 1970.
    package let seconds: Int64
    /// Nanoseconds within the second.
    package let nanoseconds: Int64

    package init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: LayerTime, right: LayerTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// What something in a tree is.
package enum LayerKind: String, Hashable, Sendable {
    case file, directory, symlink, device, fifo, socket, whiteout, unknown
}

/// What the kernel says about one inode.
package struct LayerStat: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    /// In bytes.
    package let size: UInt64
    package let special: UInt64
    package let modified: LayerTime
    package let changed: LayerTime
    /// The type and permission bits.
    package let mode: UInt32
    package let links: UInt32
    package let owner: UInt32
    package let group: UInt32

    /// The type bits as a kind; a character device 0:0 is an overlay's whiteout.
    package var kind: LayerKind {
        switch mode & 0o170000 {
        case 0o100000: .file
        case 0o040000: .directory
        case 0o120000: .symlink
        case 0o020000: special == 0 ? .whiteout : .device
        case 0o060000: .device
        case 0o010000: .fifo
        case 0o140000: .socket
        default: .unknown
        }
    }

    /// Read, write and execute bits of owner, group and others.
    package var permissions: UInt32 { mode & 0o777 }
    /// The setuid, setgid and sticky bits.
    package var specialBits: UInt32 { mode & 0o7000 }
    /// What a later look is compared with.
    package var identity: FileIdentity {
        FileIdentity(inode: inode, size: size, modified: modified, changed: changed)
    }
}

/// What tells whether a file is still the one that was seen before.
package struct FileIdentity: Hashable, Sendable {
    package let inode: UInt64
    /// In bytes.
    package let size: UInt64
    package let modified: LayerTime
    /// The inode's change time, which a program can't set.
    package let changed: LayerTime

    package init(inode: UInt64, size: UInt64, modified: LayerTime, changed: LayerTime) {
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// Equal apart from the change time, which a rename moves.
    func isSame(beforeRename other: FileIdentity) -> Bool {
        inode == other.inode && size == other.size && modified == other.modified
    }
}
