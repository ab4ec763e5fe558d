// SPDX-License-Identifier: Apache-2.0

/// Which stream a piece of output came from.
public enum OutputStream: Sendable, Hashable { case standardOutput, standardError }

/// Gets output as it arrives, on the pod's thread: it must not wait.
public typealias OutputHandler = @Sendable (_ stream: OutputStream, _ bytes: [UInt8]) -> Void

/// What the pod's thread does from the opening to the end.
struct PodLoop {
    let plan: ResolvedPlan
    let process: PodProcess
    let engine: PodEngine
    private var calls: [UInt32: RunningCall] = [:]
    /// Cancelled before the request to run them arrived.
    private var cancelled: Set<UInt32> = []
    private var closing: [CheckedContinuation<Void, Never>] = []
    private var isClosing = false

    init(plan: ResolvedPlan, process: PodProcess, engine: PodEngine) {
        self.plan = plan
        self.process = process
        self.engine = engine
    }

    mutating func run() {
        while !isClosing {
            wait()
            for command in engine.takeCommands() { handle(command) }
            if !takeReports() { isClosing = true }
            for id in calls.keys { calls[id]?.readOutput() }
            endOverdueCalls()
            finishCalls()
        }
        end()
    }

    private func wait() {
        var descriptors = [engine.bellDescriptor.rawValue, process.control.rawValue, process.process.rawValue]
        for call in calls.values { descriptors += call.openStreams }
        let deadline = calls.values.compactMap(\.deadline).min()
        var milliseconds: Int32 = -1
        if let deadline {
            let left = Kernel.now.duration(to: deadline).components
            let rounded = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
            milliseconds = Int32(clamping: max(0, rounded))
        }
        _ = Kernel.wait(for: descriptors, milliseconds: milliseconds)
    }

    private mutating func handle(_ command: PodEngine.Command) {
        switch command {
        case .run(let id, let call, let handler, let continuation): begin(id, call, handler, continuation)
        case .signal(let id, let number): if calls[id] != nil { try? process.send(.signal(id, number)) }
        case .cancel(let id):
            if calls[id] == nil { cancelled.insert(id) } else { kill(id, .cancelled) }
        case .close(let continuation):
            if let continuation { closing.append(continuation) }
            isClosing = true
        }
    }

    private mutating func begin(
        _ id: UInt32, _ call: PodCall, _ handler: OutputHandler?,
        _ continuation: CheckedContinuation<Result<ExitReport, SandboxError>, Never>
    ) {
        let started = Kernel.now
        if cancelled.remove(id) != nil {
            continuation.resume(returning: .success(.neverStarted))
            return
        }
        guard calls.count < Pod.mostCalls else {
            continuation.resume(
                returning: .failure(
                    SandboxError(
                        .tooManyCalls, stage: SandboxStage(.initSpawn),
                        message: "the pod already runs \(Pod.mostCalls) calls; wait for one to end")))
            return
        }
        do throws(KernelError) {
            let input = try Self.open(call.input)
            let (output, error) = (try Kernel.pipe(), try Kernel.pipe())
            for pipe in [output, error] {
                try Kernel.setNonBlocking(pipe.read)
                try Kernel.give(pipe.write, to: plan.identity)
            }
            let program = try CallProgram.make(call, plan: plan).sealed()
            try process.send(.spawn(id, program, with: [input, output.write, error.write]))
            calls[id] = RunningCall(
                call: call, started: started, output: output.read, error: error.read, handler: handler,
                continuation: continuation)
        } catch {
            continuation.resume(
                returning: .failure(SandboxError(.callFailed, stage: SandboxStage(.control), errno: error.errno)))
        }
    }

    private static func open(_ input: PodCall.Input) throws(KernelError) -> OwnedDescriptor {
        switch input {
        case .none: try Kernel.open("/dev/null", flags: 0)
        case .bytes(let bytes): try Kernel.sealedMemory("input", bytes, executable: false)
        case .descriptor(let descriptor): descriptor
        }
    }

    /// False at the end of the init.
    private mutating func takeReports() -> Bool {
        do throws(KernelError) {
            while let report = try process.receive() { take(report) }
            return true
        } catch {
            return false
        }
    }

    private mutating func take(_ report: PodReport) {
        switch report.kind {
        case .failed: calls[report.call]?.fail(report)
        case .exited: calls[report.call]?.status = report.status
        case .gone: calls[report.call]?.isGone = true
        case .done, .unknown: break
        }
    }

    private mutating func endOverdueCalls() {
        let now = Kernel.now
        for (id, call) in calls {
            if let deadline = call.deadline, deadline <= now { kill(id, .timedOut) }
            if call.exceedsLimit { kill(id, .outputLimit) }
        }
    }

    private mutating func kill(_ id: UInt32, _ why: ExitReport.Ending) {
        guard calls[id]?.forcedEnding == nil else { return }
        calls[id]?.forcedEnding = why
        let killSignal: Int32 = 9
        try? process.send(.signal(id, killSignal))
    }

    private mutating func finishCalls() {
        for (id, call) in calls where call.isGone {
            calls[id] = nil
            call.finish()
        }
    }

    /// Ends the init and thereby everything in the pod, then answers all who wait.
    private mutating func end() {
        process.end()
        let ended = SandboxError(
            .podEnded, stage: SandboxStage(.control), message: "the pod has ended; open a new one")
        for call in calls.values { call.continuation.resume(returning: .failure(ended)) }
        for command in engine.shut() {
            switch command {
            case .run(_, _, _, let continuation): continuation.resume(returning: .failure(ended))
            case .close(let continuation): continuation?.resume()
            case .signal, .cancel: break
            }
        }
        for continuation in closing { continuation.resume() }
    }
}

extension ExitReport {
    static let neverStarted = ExitReport(
        ending: .cancelled, standardOutput: [], standardError: [], droppedOutput: 0, droppedError: 0, wallTime: .zero)
}
