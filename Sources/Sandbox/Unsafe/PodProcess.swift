// SPDX-License-Identifier: Apache-2.0
internal import CSandbox
internal import Glibc

/// What the init said.
struct PodReport: Sendable {
    enum Kind: Sendable { case done, failed, exited, gone, unknown }

    var kind: Kind
    var call: UInt32
    var stage: SandboxStage
    var errno: Int32
    var status: Int32
    var descriptors: [OwnedDescriptor]
}

/// The init of one pod and the socket to it.
struct PodProcess: Sendable {
    let pid: Int32
    let process: OwnedDescriptor
    let control: OwnedDescriptor

    /// Starts the init in new namespaces. It does nothing before the first request.
    static func start() throws(SandboxError) -> PodProcess {
        let (pid, pidfd, stage, errno, control) = try SandboxError.wrap(.setUpFailed, .initImage) {
            () throws(KernelError) -> (Int32, Int32, UInt32, Int32, OwnedDescriptor) in
            let image = try InitImage.make()
            let (ours, theirs) = try Kernel.messageSockets()
            let host = try Kernel.processDescriptor(Kernel.processID)
            let null = try Kernel.open("/dev/null", flags: O_RDWR)
            var plan = ak_clone_plan(
                control_fd: theirs.rawValue, host_fd: host.rawValue, image_fd: image.rawValue, null_fd: null.rawValue,
                flags: namespaces)
            // SAFETY: the plan outlives the call; the child that shares our memory has exec'd or gone when it returns.
            let result = unsafe ak_clone_init(&plan)
            withExtendedLifetime((image, theirs, host, null)) {}
            return (result.pid, result.pidfd, result.stage, result.error, ours)
        }
        if stage != 0 {
            throw SandboxError.setUp(SandboxStage(wire: stage), errno: errno)
        }
        return PodProcess(pid: pid, process: OwnedDescriptor(taking: pidfd), control: control)
    }

    func write(_ map: String, to name: String) throws(KernelError) {
        let file = try Kernel.open("/proc/\(pid)/\(name)", flags: O_WRONLY)
        try Kernel.write([UInt8](map.utf8), to: file)
    }

    func send(_ request: PodRequest) throws(KernelError) {
        var wire = ak_request()
        wire.kind = request.kind.rawValue
        wire.call = request.call
        wire.signal = request.signal
        wire.return_count = UInt32(request.returns.count)
        wire.spawn_flags = request.spawnFlags
        // SAFETY: the tuple has room for eight registers, and no request names more.
        unsafe withUnsafeMutableBytes(of: &wire.returns) { buffer in
            for (index, register) in request.returns.prefix(8).enumerated() {
                unsafe buffer.storeBytes(of: UInt32(register), toByteOffset: index * 4, as: UInt32.self)
            }
        }
        let numbers = request.descriptors.map(\.rawValue)
        // SAFETY: both buffers outlive the call and their lengths are passed.
        let sent = unsafe ak_send(
            control.rawValue, &wire, UInt32(MemoryLayout<ak_request>.size), numbers, UInt32(numbers.count))
        _ = try Kernel.check(sent)
    }

    /// The next report; nil when there is none now. The end of the init is an error.
    func receive() throws(KernelError) -> PodReport? {
        var wire = ak_report()
        var numbers = [Int32](repeating: -1, count: 16)
        var count: UInt32 = 0
        // SAFETY: the buffers outlive the call and their capacities are passed.
        let got = unsafe ak_receive(
            control.rawValue, &wire, UInt32(MemoryLayout<ak_report>.size), &numbers, UInt32(numbers.count), &count)
        if got == -Int64(EAGAIN) { return nil }
        let descriptors = numbers.prefix(Int(count)).map { OwnedDescriptor(taking: $0) }
        if try Kernel.check(got) != Int64(MemoryLayout<ak_report>.size) { throw KernelError(errno: EPIPE) }
        let kinds: [UInt32: PodReport.Kind] = [1: .done, 2: .failed, 3: .exited, 4: .gone]
        return PodReport(
            kind: kinds[wire.kind] ?? .unknown, call: wire.call, stage: SandboxStage(wire: wire.stage),
            errno: wire.error,
            status: wire.status, descriptors: descriptors)
    }

    /// Ends the init and with it all of the pod, and waits until nothing is left.
    func end() {
        Kernel.kill(process)
        Kernel.reap(process)
    }

    private static var namespaces: UInt64 {
        let (mount, uts, ipc, user, pid, net): (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) =
            (0x0002_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000)
        return mount | uts | ipc | user | pid | net
    }
}
