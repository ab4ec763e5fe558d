// SPDX-License-Identifier: Apache-2.0

/// The system calls that programs in a pod may make. What isn't named here doesn't exist for them (ENOSYS), so that a newer kernel's
/// additions stay closed.
package enum SystemCallTable {
    static let permissionDenied: Int32 = 1
    static let noSystemCall: Int32 = 38
    static let protocolNotSupported: Int32 = 93
    static let familyNotSupported: Int32 = 97

    /// All rules. The first that names a system call counts.
    package static let rules: [SystemCallRule] = conditional + ordinary + refused

    static let conditional: [SystemCallRule] = [
        SystemCallRule(
            "clone", .allowWhere([[.bits(0, cloneNamespaces, 0)]]),
            refusing: namespaceBits.map { .init(tests: [.bits(0, $0, $0)], errno: permissionDenied) },
            "processes and threads, no new namespaces"),
        SystemCallRule("clone3", .refuse(noSystemCall), "its flags lie in memory; the C libraries fall back to clone"),
        SystemCallRule(
            "socket", .allowWhere(socketKinds), refusing: socketRefusals,
            "local, TCP, UDP and routing information; no raw, packet, vsock, crypto or other families"),
        SystemCallRule("socketpair", .allowWhere([[.int(0, 1)]]), "local pairs"),
        SystemCallRule(
            "ioctl", .allow,
            refusing: [0x5412, 0x541C, 0x5423, 0x541D].map { .init(tests: [.int(1, $0)], errno: permissionDenied) },
            "devices in view; no typing into a terminal (TIOCSTI, TIOCLINUX), no line disciplines, no console redirection"
        ),
        SystemCallRule(
            "prctl", .allowWhere(prctlOptions.map { [.int(0, $0)] }),
            refusing: [28, 35, 41, 62, 0x5961_6D61].map { .init(tests: [.int(0, $0)], errno: permissionDenied) },
            "names, death signals, timer slack, reading state"),
        SystemCallRule(
            "personality", .allowWhere([[.int(0, 0xFFFF_FFFF)], [.int(0, 0)]]),
            "asking, and the plain Linux personality"),
        SystemCallRule(
            "seccomp", .allowWhere([[.int(0, 0)], [.int(0, 1), .bits(1, 0x8, 0)], [.int(0, 2)]]),
            refusing: [.init(tests: [.int(0, 1), .bits(1, 0x8, 0x8)], errno: permissionDenied)],
            "more filters on top, no listener"),
        SystemCallRule(
            "execveat", .allowWhere([[.bits(4, 0x1000, 0)]]),
            refusing: [.init(tests: [.bits(4, 0x1000, 0x1000)], errno: noSystemCall)],
            "programs by path; not a bare descriptor, which has no path that could be judged"),
        SystemCallRule(
            "setsockopt", .allow,
            refusing: [26, 50, 51, 52].map { .init(tests: [.int(1, 1), .int(2, $0)], errno: permissionDenied) },
            "socket options; no packet filter programs, which are code for the kernel"),
        SystemCallRule("mknod", .allowWhere(fileTypes(argument: 1)), "regular files, pipes and sockets; no devices"),
        SystemCallRule("mknodat", .allowWhere(fileTypes(argument: 2)), "regular files, pipes and sockets; no devices"),
    ]

    private static let namespaceBits: [UInt64] = [
        0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]
    private static let cloneNamespaces = namespaceBits.reduce(0, |)

    private static let socketKinds: [[ArgumentTest]] = {
        var kinds: [[ArgumentTest]] = []
        let typeMask: UInt64 = 0xF
        for type: UInt64 in [1, 2, 5] { kinds.append([.int(0, 1), .bits(1, typeMask, type), .int(2, 0)]) }
        for family: UInt64 in [2, 10] {
            for proto: UInt64 in [0, 6] { kinds.append([.int(0, family), .bits(1, typeMask, 1), .int(2, proto)]) }
            for proto: UInt64 in [0, 17] { kinds.append([.int(0, family), .bits(1, typeMask, 2), .int(2, proto)]) }
        }
        for type: UInt64 in [2, 3] { kinds.append([.int(0, 16), .bits(1, typeMask, type), .int(2, 0)]) }
        return kinds
    }()

    private static let socketRefusals: [SystemCallRule.Refusal] = {
        let families = (UInt64(0)..<64).filter { ![1, 2, 10, 16].contains($0) }
        var refusals = families.map { SystemCallRule.Refusal(tests: [.int(0, $0)], errno: familyNotSupported) }
        for family: UInt64 in [2, 10] {
            for type: UInt64 in [3, 4, 5, 6, 10] {
                refusals.append(.init(tests: [.int(0, family), .bits(1, 0xF, type)], errno: permissionDenied))
            }
            // ICMP, DCCP, ICMPv6, SCTP, UDP-Lite, SMC, MPTCP: with this error libraries fall back to plain TCP.
            for proto: UInt64 in [1, 33, 58, 132, 136, 256, 262] {
                refusals.append(.init(tests: [.int(0, family), .int(2, proto)], errno: protocolNotSupported))
            }
        }
        for proto in (UInt64(1)..<32) {
            refusals.append(.init(tests: [.int(0, 16), .int(2, proto)], errno: protocolNotSupported))
        }
        return refusals
    }()

    /// PDEATHSIG, DUMPABLE, KEEPCAPS (reading), NAME, SECCOMP, CAPBSET_READ, TIMERSLACK, CHILD_SUBREAPER, NO_NEW_PRIVS, THP_DISABLE,
    /// TID_ADDRESS, speculation, CAP_AMBIENT, SVE, tagged addresses, MDWE, names of memory, auxiliary vector.
    private static let prctlOptions: [UInt64] = [
        1, 2, 3, 4, 7, 15, 16, 21, 22, 23, 25, 27, 29, 30, 36, 37, 38, 39, 40, 42, 47, 50, 51, 52, 53, 55, 56, 65, 66,
        0x5356_4D41,
        0x4155_5856,
    ]

    private static func fileTypes(argument: Int) -> [[ArgumentTest]] {
        [0, 0o100000, 0o010000, 0o140000].map { [.bits(argument, 0o170000, $0)] }
    }
}
