// SPDX-License-Identifier: Apache-2.0

/// The program of one call: a fresh /proc, then everything between the init and the program's first instruction.
struct CallProgram {
    private var program = PodProgram()

    /// The call's descriptors come as 1 (input), 2 (output) and 3 (error).
    static func make(_ call: PodCall, plan: ResolvedPlan) -> PodProgram {
        var made = CallProgram()
        made.mountProc()
        made.program.beginProcess()
        made.leaveSession(directory: call.workingDirectory ?? plan.plan.workspace)
        made.takeStreams()
        made.limit(call.limits)
        made.giveUpPrivileges()
        made.confine(hasLandlock: plan.landlockVersion > 0)
        made.execute(call)
        return made.program
    }

    /// Entries that tell about the machine or its other users and that a plain user may read or write.
    private static let hidden = [
        "cmdline", "keys", "key-users", "kcore", "kallsyms", "kmsg", "sysrq-trigger", "timer_list", "sched_debug",
        "latency_stats",
        "modules",
    ].map { "/proc/" + $0 }.filter { (try? Kernel.status($0, followLinks: false)) != nil }

    private mutating func mountProc() {
        let flags = MountFlag.readOnly | MountFlag.noSetuid | MountFlag.noDevices | MountFlag.noExecute
        program.call(
            .callProc, SystemCall.mount, program.add("proc"), program.add("/proc"), program.add("proc"), .value(flags),
            .value(0))
        let null = program.add("/dev/null")
        for path in Self.hidden {
            program.call(
                .callProc, SystemCall.mount, null, program.add(path), .value(0), .value(MountFlag.bind), .value(0))
        }
    }

    private mutating func leaveSession(directory: String) {
        program.call(.session, SystemCall.setsid)
        let joinSessionKeyring: UInt64 = 1
        program.call(.keyring, SystemCall.keyctl, .value(joinSessionKeyring), .value(0), tolerating: [38])
        program.call(.directory, SystemCall.chdir, program.add(directory))
        program.call(.session, SystemCall.umask, .value(0o022))
    }

    private mutating func takeStreams() {
        for stream in 0..<3 {
            program.call(
                .streams, SystemCall.dup3, .register(Register.firstReceived + stream), .value(UInt64(stream)), .value(0)
            )
        }
    }

    private mutating func limit(_ limits: PodCall.Limits) {
        let noCore: UInt64 = 0
        let wanted: [(resource: Int32, soft: UInt64?, more: UInt64)] = [
            (0, limits.processorSeconds, 1), (1, limits.fileBytes, 0), (2, limits.memoryBytes, 0), (4, noCore, 0),
            (6, limits.processes, 0), (7, limits.descriptors, 0),
        ]
        for (resource, soft, more) in wanted {
            guard let soft else { continue }
            let most = Kernel.hardLimit(resource)
            var bytes = LittleEndianBytes()
            bytes.append(min(soft, most))
            bytes.append(min(soft &+ more, most))
            program.call(
                .limits, SystemCall.prlimit64, .value(0), .value(UInt64(resource)), program.add(bytes.bytes), .value(0))
        }
    }

    private mutating func giveUpPrivileges() {
        for capability in 0..<64 {
            program.call(
                .privileges, SystemCall.prctl, .value(24), .value(UInt64(capability)), .value(0), .value(0), .value(0),
                tolerating: [22])
        }
        let (ambient, clearAll): (UInt64, UInt64) = (47, 4)
        program.call(.privileges, SystemCall.prctl, .value(ambient), .value(clearAll), .value(0), .value(0), .value(0))
        program.call(
            .privileges, SystemCall.capset, program.add(CapabilityBytes.header),
            program.add(CapabilityBytes.sets(effective: 0, inheritable: 0)))
        let noNewPrivileges: UInt64 = 38
        program.call(.privileges, SystemCall.prctl, .value(noNewPrivileges), .value(1), .value(0), .value(0), .value(0))
    }

    private mutating func confine(hasLandlock: Bool) {
        if hasLandlock {
            program.call(.callLandlock, SystemCall.landlockRestrictSelf, .register(Register.ruleset), .value(0))
        }
        // 3 is the control socket, close-on-exec: it carries the report of a failure from here on.
        program.call(.streams, SystemCall.closeRange, .value(4), .value(UInt64(UInt32.max)), .value(0))
        let (block, none): (UInt64, PodProgram.Argument) = (2, program.add([UInt8](repeating: 0, count: 8)))
        program.call(.session, SystemCall.rtSigprocmask, .value(block), none, .value(0), .value(8))
        let modeFilter: UInt64 = 1
        program.call(.callSeccomp, SystemCall.seccomp, .value(modeFilter), .value(0), .register(Register.refusals))
        program.call(.callSeccomp, SystemCall.seccomp, .value(modeFilter), .value(0), .register(Register.allowList))
    }

    private mutating func execute(_ call: PodCall) {
        let environment = Self.environment(call)
        let name = call.arguments[0]
        let arguments = program.add(list: call.arguments)
        let variables = program.add(list: environment.map { "\($0.key)=\($0.value)" }.sorted())
        var candidates = [name]
        if !name.contains("/") {
            candidates = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
        }
        for candidate in candidates {
            program.call(
                .exec, SystemCall.execve, program.add(candidate), arguments, variables, tolerating: [2, 13, 20])
        }
        program.fail(.exec)
    }

    private static func environment(_ call: PodCall) -> [String: String] {
        let defaults = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": StandardFiles.home,
            "TMPDIR": "/tmp",
            "LANG": "C.UTF-8", "USER": StandardFiles.user, "LOGNAME": StandardFiles.user,
        ]
        return defaults.merging(call.environment) { _, given in given }
    }
}
