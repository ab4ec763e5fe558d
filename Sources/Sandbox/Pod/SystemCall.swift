// SPDX-License-Identifier: Apache-2.0

/// Numbers of the system calls that the host and its programs make.
enum SystemCall {
    private static func number(_ x86: Int64, _ arm: Int64) -> Int64 {
        #if arch(x86_64)
            x86
        #else
            arm
        #endif
    }

    static let read = number(0, 63)
    static let close = number(3, 57)
    static let ppoll = number(271, 73)
    static let lseek = number(8, 62)
    static let ioctl = number(16, 29)
    static let socket = number(41, 198)
    static let getpid = number(39, 172)
    static let sethostname = number(170, 161)
    static let execve = number(59, 221)
    static let chdir = number(80, 49)
    static let fchdir = number(81, 50)
    static let fchown = number(93, 55)
    static let fchmod = number(91, 52)
    static let umask = number(95, 166)
    static let geteuid = number(107, 175)
    static let getegid = number(108, 177)
    static let setsid = number(112, 157)
    static let setgroups = number(116, 159)
    static let setresuid = number(117, 147)
    static let setresgid = number(119, 149)
    static let rtSigprocmask = number(14, 135)
    static let write = number(1, 64)
    static let capset = number(126, 91)
    static let pivotRoot = number(155, 41)
    static let prctl = number(157, 167)
    static let mount = number(165, 40)
    static let umount2 = number(166, 39)
    static let keyctl = number(250, 219)
    static let waitid = number(247, 95)
    static let openat = number(257, 56)
    static let mkdirat = number(258, 34)
    static let unlinkat = number(263, 35)
    static let symlinkat = number(266, 36)
    static let readlinkat = number(267, 78)
    static let fchmodat = number(268, 53)
    static let eventfd2 = number(290, 19)
    static let dup3 = number(292, 24)
    static let pipe2 = number(293, 59)
    static let fcntl = number(72, 25)
    static let socketpair = number(53, 199)
    static let prlimit64 = number(302, 261)
    static let seccomp = number(317, 277)
    static let memfdCreate = number(319, 279)
    static let pidfdSendSignal: Int64 = 424
    static let openTree: Int64 = 428
    static let moveMount: Int64 = 429
    static let pidfdOpen: Int64 = 434
    static let closeRange: Int64 = 436
    static let mountSetattr: Int64 = 442
    static let landlockCreateRuleset: Int64 = 444
    static let landlockAddRule: Int64 = 445
    static let landlockRestrictSelf: Int64 = 446
}
