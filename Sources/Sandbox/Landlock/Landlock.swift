// SPDX-License-Identifier: Apache-2.0

/// Landlock's rights and versions.
///
/// The constants are ours because distributions ship headers that are years older than their kernels.
/// - SeeAlso: landlock(7), Documentation/userspace-api/landlock.rst.
enum Landlock {
    static let execute: UInt64 = 1 << 0
    static let writeFile: UInt64 = 1 << 1
    static let readFile: UInt64 = 1 << 2
    static let readDirectory: UInt64 = 1 << 3
    static let removeDirectory: UInt64 = 1 << 4
    static let removeFile: UInt64 = 1 << 5
    static let makeCharacterDevice: UInt64 = 1 << 6
    static let makeDirectory: UInt64 = 1 << 7
    static let makeRegular: UInt64 = 1 << 8
    static let makeSocket: UInt64 = 1 << 9
    static let makeFifo: UInt64 = 1 << 10
    static let makeBlockDevice: UInt64 = 1 << 11
    static let makeSymbolicLink: UInt64 = 1 << 12
    static let refer: UInt64 = 1 << 13
    static let truncate: UInt64 = 1 << 14
    static let ioctlDevice: UInt64 = 1 << 15

    static let scopeAbstractUnixSocket: UInt64 = 1 << 0
    static let scopeSignal: UInt64 = 1 << 1

    /// Every right over files that a version knows.
    static func fileRights(abi: Int) -> UInt64 {
        var rights = (makeSymbolicLink << 1) - 1
        if abi >= 2 { rights |= refer }
        if abi >= 3 { rights |= truncate }
        if abi >= 5 { rights |= ioctlDevice }
        return rights
    }

    static func scopes(abi: Int) -> UInt64 { abi >= 6 ? scopeAbstractUnixSocket | scopeSignal : 0 }

    /// What a tree that may be changed allows: everything but devices.
    static func changeable(abi: Int) -> UInt64 {
        fileRights(abi: abi) & ~(makeCharacterDevice | makeBlockDevice | ioctlDevice)
    }

    /// Rights that mean something for a single file.
    static let forFiles = execute | writeFile | readFile | truncate | ioctlDevice

    /// The kernel's version, 0 when Landlock is missing or switched off. Versions above 7 bring nothing that is used here.
    static func version() -> Int {
        let askVersion: UInt64 = 1
        guard let version = try? Kernel.call(SystemCall.landlockCreateRuleset, 0, 0, askVersion) else { return 0 }
        return min(Int(version), 7)
    }

    /// A `struct landlock_ruleset_attr` of the size that the version knows.
    static func ruleset(abi: Int) -> [UInt8] {
        var bytes = LittleEndianBytes()
        bytes.append(fileRights(abi: abi))
        // No right over TCP is handled: the network namespace without a route is the wall.
        if abi >= 4 { bytes.append(UInt64(0)) }
        if abi >= 6 { bytes.append(scopes(abi: abi)) }
        return bytes.bytes
    }
}
