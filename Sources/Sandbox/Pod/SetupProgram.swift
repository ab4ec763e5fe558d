// SPDX-License-Identifier: Apache-2.0

/// The init's registers across programs.
enum Register {
    /// 0…7 hold the descriptors that came with a request, the program first.
    static let firstReceived = 1
    static let lower = 8
    static let base = 9
    static let mask = 10
    static let upper = 11
    static let merged = 12
    static let ruleset = 13
    static let refusals = 14
    static let allowList = 15
    static let scratch = 16
    static let standInFile = 17
    static let standInDirectory = 18
    static let devices = 20
    static let view = 40
}

/// Numbers of the kernel's mount interface.
enum MountFlag {
    static let readOnly: UInt64 = 1
    static let noSetuid: UInt64 = 2
    static let noDevices: UInt64 = 4
    static let noExecute: UInt64 = 8
    static let bind: UInt64 = 4096
    static let recursive: UInt64 = 16384
    static let isPrivate: UInt64 = 1 << 18
    static let detach: UInt64 = 2
    static let emptyPath: UInt64 = 0x1000
    static let allBelow: UInt64 = 0x8000
    static let cloneTree: UInt64 = 1 | 0o2000000
    static let moveEmptyPath: UInt64 = 4
    static let idMap: UInt64 = 0x0010_0000

    /// A `struct mount_attr`.
    static func attributes(set: UInt64, namespace: UInt64 = 0) -> [UInt8] {
        var bytes = LittleEndianBytes()
        for field in [set, 0, 0, namespace] { bytes.append(field) }
        return bytes.bytes
    }
}

/// The two programs that make a pod: the first ends with a root of its own and an empty mask layer for the host to fill, the second
/// mounts the rest, sets Landlock's rules and gives up what is no longer needed.
///
/// The old root is left before any path of the plan is made, so that a link in a name can't lead back to the host.
struct SetupProgram {
    var program = PodProgram()
    private var made: Set<String> = []
    private let exists: [Int32] = [17, 30]

    // MARK: First

    static func first(_ plan: ResolvedPlan) -> PodProgram {
        var setup = SetupProgram()
        // Before the identity changes: the view may name a tree below a folder that only the host's root may enter.
        setup.openSources(plan)
        setup.takeIdentity(plan.identity)
        setup.changeRoot()
        setup.makeStore(plan)
        return setup.program
    }

    private mutating func takeIdentity(_ identity: PodIdentity) {
        if identity.isRootHost {
            let (gid, uid) = (
                PodProgram.Argument.value(UInt64(identity.gid)), PodProgram.Argument.value(UInt64(identity.uid))
            )
            program.call(.identity, SystemCall.setgroups, .value(0), .value(0))
            program.call(.identity, SystemCall.setresgid, gid, gid, gid)
            program.call(.identity, SystemCall.setresuid, uid, uid, uid)
        }
        let setDumpable: UInt64 = 4
        program.call(.identity, SystemCall.prctl, .value(setDumpable), .value(0), .value(0), .value(0), .value(0))
        program.call(.identity, SystemCall.umask, .value(0))
    }

    private mutating func openSources(_ plan: ResolvedPlan) {
        program.call(
            .propagation, SystemCall.mount, .value(0), program.add("/"), .value(0),
            .value(MountFlag.recursive | MountFlag.isPrivate), .value(0))
        let readOnly = program.add(
            MountFlag.attributes(set: MountFlag.readOnly | MountFlag.noSetuid | MountFlag.noDevices))
        for (index, source) in plan.view.enumerated() {
            if case .link = source.kind { continue }
            openTree(.viewSource, source.path, into: Register.view + index)
            setAttributes(.viewSource, readOnly, of: Register.view + index)
        }
        if !plan.identity.isRootHost { openTree(.workspace, plan.plan.workspace, into: Register.lower, below: false) }
        for (index, name) in plan.devices.enumerated() {
            openTree(.device, "/dev/" + name, into: Register.devices + index)
        }
    }

    private mutating func openTree(_ stage: SandboxStage.Step, _ path: String, into register: Int, below: Bool = true) {
        program.call(
            stage, SystemCall.openTree, PodProgram.here, program.add(path),
            .value(MountFlag.cloneTree | (below ? MountFlag.allBelow : 0)), result: register)
    }

    private mutating func setAttributes(_ stage: SandboxStage.Step, _ attributes: PodProgram.Argument, of register: Int)
    {
        program.call(
            stage, SystemCall.mountSetattr, .register(register), program.add(""),
            .value(MountFlag.emptyPath | MountFlag.allBelow),
            attributes, .value(32))
    }

    /// The new root is mounted over some folder of the private copy of the host's mounts, which goes away with it.
    private mutating func changeRoot() {
        let place = ["/tmp", "/run", "/mnt", "/var", "/usr"].first {
            (try? Kernel.status($0, followLinks: false))?.isDirectory ?? false
        }
        let plain = MountFlag.noSetuid | MountFlag.noDevices
        program.call(
            .base, SystemCall.mount, program.add("base"), program.add(place ?? "/tmp"), program.add("tmpfs"),
            .value(plain),
            program.add("mode=0755,size=16m,nr_inodes=16k"))
        program.call(.base, SystemCall.chdir, program.add(place ?? "/tmp"))
        program.call(.proc, SystemCall.mkdirat, PodProgram.here, program.add("proc"), .value(0o555))
        // The kernel allows a fresh /proc only while another one is in full view: the host's now, this one later.
        program.call(
            .proc, SystemCall.mount, program.add("proc"), program.add("proc"), program.add("proc"),
            .value(plain | MountFlag.noExecute | MountFlag.readOnly), .value(0))
        program.call(.pivot, SystemCall.pivotRoot, program.add("."), program.add("."))
        program.call(.pivot, SystemCall.umount2, program.add("."), .value(MountFlag.detach))
        program.call(.pivot, SystemCall.chdir, program.add("/"))
    }

    private mutating func makeStore(_ plan: ResolvedPlan) {
        makeDirectory("/store", mode: 0o700)
        mountMemory(
            "/store", .store,
            options: "mode=0700,size=\(plan.plan.limits.layerBytes),nr_inodes=\(plan.plan.limits.layerFiles)")
        for name in ["lower", "mask", "upper", "work"] { makeDirectory("/store/" + name, mode: 0o700) }
        let mode = UInt64(plan.workspaceStatus.mode & 0o777)
        for name in ["mask", "upper"] {
            program.call(.store, SystemCall.fchmodat, PodProgram.here, program.add("/store/" + name), .value(mode))
        }
        let directory: UInt64 = 0o200000 | 0o2000000
        program.call(
            .mask, SystemCall.openat, PodProgram.here, program.add("/store/mask"), .value(directory),
            result: Register.mask)
        program.call(
            .store, SystemCall.openat, PodProgram.here, program.add("/store/upper"), .value(directory),
            result: Register.upper)
        let lower = plan.identity.isRootHost ? Register.firstReceived : Register.lower
        place(.workspace, register: lower, at: "/store/lower")
        program.call(
            .workspace, SystemCall.openat, PodProgram.here, program.add("/store/lower"), .value(directory),
            result: Register.lower)
    }

    // MARK: Second

    static func second(_ plan: ResolvedPlan, filter: SeccompFilter) -> PodProgram {
        var setup = SetupProgram()
        setup.mountDevices(plan)
        setup.mountView(plan)
        setup.mountWorkspace(plan)
        setup.hide(plan)
        setup.write(plan)
        setup.sealRoot()
        setup.name(plan)
        setup.raiseLoopback()
        setup.makeRuleset(plan)
        setup.program.keepAddress(.seccomp, of: setup.program.add(filter: filter.refusals), in: Register.refusals)
        setup.program.keepAddress(.seccomp, of: setup.program.add(filter: filter.allowList), in: Register.allowList)
        setup.giveUpCapabilities()
        return setup.program
    }

    private mutating func mountView(_ plan: ResolvedPlan) {
        makeDirectory("/tmp", mode: 0o755)
        mountMemory(
            "/tmp", .temporary,
            options: "mode=1777,size=\(plan.plan.limits.temporaryBytes),nr_inodes=\(plan.plan.limits.temporaryFiles)")
        for (index, source) in plan.view.enumerated() {
            makeParents(of: source.path)
            switch source.kind {
            case .link(let target):
                program.call(
                    .view, SystemCall.symlinkat, program.add(target), PodProgram.here, program.add(source.path),
                    tolerating: exists)
                continue
            case .directory: makeDirectory(source.path, mode: 0o755)
            case .file: makeFile(.view, source.path, mode: 0o444, tolerating: exists)
            }
            place(.view, register: Register.view + index, at: source.path)
        }
    }

    private mutating func mountDevices(_ plan: ResolvedPlan) {
        makeDirectory("/dev", mode: 0o755)
        mountMemory("/dev", .device, options: "mode=0755,size=64k,nr_inodes=64")
        for (index, name) in plan.devices.enumerated() {
            makeFile(.device, "/dev/" + name, mode: 0o666)
            place(.device, register: Register.devices + index, at: "/dev/" + name)
        }
        for (name, target) in [
            ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
            ("stderr", "/proc/self/fd/2"),
            ("ptmx", "pts/ptmx"),
        ] {
            program.call(
                .device, SystemCall.symlinkat, program.add(target), PodProgram.here, program.add("/dev/" + name))
        }
        makeDirectory("/dev/pts", mode: 0o755)
        makeDirectory("/dev/shm", mode: 0o755)
        let plain = MountFlag.noSetuid | MountFlag.noExecute
        program.call(
            .device, SystemCall.mount, program.add("devpts"), program.add("/dev/pts"), program.add("devpts"),
            .value(plain),
            program.add("newinstance,ptmxmode=0666,mode=620,max=64"))
        mountMemory("/dev/shm", .device, options: "mode=1777,size=\(plan.plan.limits.sharedMemoryBytes),nr_inodes=16k")
        let readOnly = program.add(MountFlag.attributes(set: MountFlag.readOnly))
        program.call(
            .device, SystemCall.mountSetattr, PodProgram.here, program.add("/dev"), .value(0), readOnly, .value(32))
    }

    private mutating func mountWorkspace(_ plan: ResolvedPlan) {
        makeParents(of: plan.plan.workspace)
        makeDirectory(plan.plan.workspace, mode: 0o755)
        program.call(.overlay, SystemCall.chdir, program.add("/store"))
        program.call(
            .overlay, SystemCall.mount, program.add("workspace"), program.add(plan.plan.workspace),
            program.add("overlay"),
            .value(MountFlag.noSetuid | MountFlag.noDevices),
            program.add("userxattr,lowerdir=mask:lower,upperdir=upper,workdir=work"))
        program.call(.overlay, SystemCall.chdir, program.add("/"))
        let directory: UInt64 = 0o200000 | 0o2000000
        program.call(
            .overlay, SystemCall.openat, PodProgram.here, program.add(plan.plan.workspace), .value(directory),
            result: Register.merged)
    }

    private mutating func hide(_ plan: ResolvedPlan) {
        guard !plan.hidden.isEmpty else { return }
        makeFile(.hidden, "/store/file", mode: 0o444)
        makeDirectory("/store/directory", mode: 0o555)
        let readOnly = program.add(
            MountFlag.attributes(set: MountFlag.readOnly | MountFlag.noSetuid | MountFlag.noDevices))
        for source in plan.hidden {
            openTree(.hidden, source.kind == .directory ? "/store/directory" : "/store/file", into: Register.scratch)
            setAttributes(.hidden, readOnly, of: Register.scratch)
            // What the view doesn't hold needs no stand-in.
            place(.hidden, register: Register.scratch, at: source.path, tolerating: [2, 20])
            program.call(.hidden, SystemCall.close, .register(Register.scratch))
        }
    }

    private mutating func write(_ plan: ResolvedPlan) {
        for file in StandardFiles.all(plan) + plan.plan.generatedFiles {
            makeParents(of: file.path)
            makeFile(.generated, file.path, mode: UInt64(file.mode), contents: file.contents)
        }
    }

    /// The layers stay reachable for the overlay and the host, not by any path inside.
    private mutating func sealRoot() {
        program.call(.store, SystemCall.umount2, program.add("/store"), .value(MountFlag.detach))
        let removeDirectory: UInt64 = 0x200
        program.call(.store, SystemCall.unlinkat, PodProgram.here, program.add("/store"), .value(removeDirectory))
        let readOnly = program.add(MountFlag.attributes(set: MountFlag.readOnly))
        program.call(.base, SystemCall.mountSetattr, PodProgram.here, program.add("/"), .value(0), readOnly, .value(32))
    }

    private mutating func name(_ plan: ResolvedPlan) {
        let name = [UInt8](plan.plan.hostname.utf8.prefix(60))
        program.call(.hostname, SystemCall.sethostname, program.add(name), .value(UInt64(name.count)))
    }

    private mutating func raiseLoopback() {
        var request = [UInt8]("lo".utf8) + [UInt8](repeating: 0, count: 38)
        let (setFlags, upAndRunning): (UInt64, UInt8) = (0x8914, 0x41)
        request[16] = upAndRunning
        let (inet, datagram): (UInt64, UInt64) = (2, 2 | 0o2000000)
        program.call(.loopback, SystemCall.socket, .value(inet), .value(datagram), .value(0), result: Register.scratch)
        program.call(.loopback, SystemCall.ioctl, .register(Register.scratch), .value(setFlags), program.add(request))
        program.call(.loopback, SystemCall.close, .register(Register.scratch))
    }

    /// From here on the init can make namespaces and drop what it has, no more.
    private mutating func giveUpCapabilities() {
        let (setPcap, sysAdmin) = (8, 21)
        for capability in 0..<64 where capability != setPcap && capability != sysAdmin {
            program.call(
                .capabilities, SystemCall.prctl, .value(24), .value(UInt64(capability)), .value(0), .value(0),
                .value(0), tolerating: [22])
        }
        let kept = UInt32(1 << setPcap | 1 << sysAdmin)
        program.call(
            .capabilities, SystemCall.capset, program.add(CapabilityBytes.header),
            program.add(CapabilityBytes.sets(effective: kept, inheritable: 0)))
    }

    // MARK: Helpers

    private mutating func makeParents(of path: String) {
        for ancestor in ResolvedPlan.ancestors(of: path) { makeDirectory(ancestor, mode: 0o755) }
    }

    private mutating func makeDirectory(_ path: String, mode: UInt64) {
        guard made.insert(path).inserted else { return }
        program.call(.base, SystemCall.mkdirat, PodProgram.here, program.add(path), .value(mode), tolerating: exists)
    }

    private mutating func makeFile(
        _ stage: SandboxStage.Step, _ path: String, mode: UInt64, contents: [UInt8] = [], tolerating: [Int32] = []
    ) {
        let createNew: UInt64 = 0o1 | 0o100 | 0o200 | 0o2000000
        program.call(
            stage, SystemCall.openat, PodProgram.here, program.add(path), .value(createNew), .value(mode),
            result: Register.scratch,
            tolerating: tolerating)
        if !contents.isEmpty {
            program.call(
                stage, SystemCall.write, .register(Register.scratch), program.add(contents),
                .value(UInt64(contents.count)))
        }
        program.call(stage, SystemCall.close, .register(Register.scratch), tolerating: [9])
    }

    private mutating func place(_ stage: SandboxStage.Step, register: Int, at path: String, tolerating: [Int32] = []) {
        program.call(
            stage, SystemCall.moveMount, .register(register), program.add(""), PodProgram.here, program.add(path),
            .value(MountFlag.moveEmptyPath), tolerating: tolerating)
    }

    private mutating func mountMemory(_ path: String, _ stage: SandboxStage.Step, options: String) {
        program.call(
            stage, SystemCall.mount, program.add("tmpfs"), program.add(path), program.add("tmpfs"),
            .value(MountFlag.noSetuid | MountFlag.noDevices), program.add(options))
    }
}

extension SetupProgram {
    /// One set of rules for all calls: the view can be read and executed, the workspace and `/tmp` changed, devices used.
    private mutating func makeRuleset(_ plan: ResolvedPlan) {
        let abi = plan.landlockVersion
        guard abi > 0 else { return }
        let attributes = Landlock.ruleset(abi: abi)
        program.call(
            .landlock, SystemCall.landlockCreateRuleset, program.add(attributes), .value(UInt64(attributes.count)),
            .value(0),
            result: Register.ruleset)
        let read = Landlock.readFile | Landlock.readDirectory
        let change = Landlock.changeable(abi: abi)
        let execute = plan.plan.executable.isEmpty ? Landlock.execute : 0
        allow(read | execute, below: "/")
        for path in [plan.plan.workspace, "/tmp", "/dev/shm"] {
            allow(change & ~Landlock.execute | execute, below: path)
        }
        let device = read | Landlock.writeFile | Landlock.truncate | Landlock.ioctlDevice
        allow(device & Landlock.fileRights(abi: abi), below: "/dev")
        for path in plan.plan.executable { allow(Landlock.execute | Landlock.readFile, below: path, tolerating: [2]) }
    }

    private mutating func allow(_ rights: UInt64, below path: String, tolerating: [Int32] = []) {
        let pathOnly: UInt64 = 0o10000000 | 0o2000000
        program.call(
            .landlock, SystemCall.openat, PodProgram.here, program.add(path), .value(pathOnly),
            result: Register.scratch,
            tolerating: tolerating)
        var rule = LittleEndianBytes()
        rule.append(rights)
        rule.append(UInt32(0))
        let beneath = program.add(rule.bytes)
        program.store(.landlock, register: Register.scratch, in: beneath, at: 8)
        let pathBeneath: UInt64 = 1
        program.call(
            .landlock, SystemCall.landlockAddRule, .register(Register.ruleset), .value(pathBeneath), beneath, .value(0),
            tolerating: tolerating.isEmpty ? [] : [9, 77])
        program.call(.landlock, SystemCall.close, .register(Register.scratch), tolerating: [9])
    }
}
