// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The few system calls that a test needs to build what Foundation can't.
enum Posix {
    struct Failure: Error { let errno: Int32 }

    struct Info {
        let mode: mode_t
        let inode: UInt
        let links: UInt
        let owner: UInt32
    }

    static func info(_ path: String) -> Info? {
        var raw = stat()
        // SAFETY: `raw` outlives the call and the string is terminated for it.
        guard unsafe lstat(path, &raw) == 0 else { return nil }
        return Info(mode: raw.st_mode, inode: raw.st_ino, links: UInt(raw.st_nlink), owner: raw.st_uid)
    }

    static func setMode(_ path: String, _ mode: mode_t) throws {
        // SAFETY: the string is terminated for the call.
        try check(unsafe chmod(path, mode))
    }

    static func setOwner(_ path: String, _ owner: uid_t, _ group: gid_t) throws {
        // SAFETY: the string is terminated for the call.
        try check(unsafe lchown(path, owner, group))
    }

    static func makeNode(_ path: String, _ mode: mode_t, device: dev_t = 0) throws {
        // SAFETY: the string is terminated for the call.
        try check(unsafe mknod(path, mode, device))
    }

    static func makeHardLink(_ path: String, _ other: String) throws {
        // SAFETY: both strings are terminated for the call.
        try check(unsafe link(path, other))
    }

    private static func check(_ result: Int32) throws {
        guard result >= 0 else { throw Failure(errno: Glibc.errno) }
    }
}
