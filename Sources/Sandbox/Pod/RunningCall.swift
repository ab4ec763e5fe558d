// SPDX-License-Identifier: Apache-2.0

/// The host's side of one call: its streams, its limits and who waits for it.
struct RunningCall {
    /// One stream's reading end and what was kept of it.
    private struct Capture {
        var descriptor: OwnedDescriptor?
        var bytes: [UInt8] = []
        var dropped = 0

        /// Reads what there is; what came.
        mutating func read(limit: Int) -> [UInt8] {
            guard let descriptor else { return [] }
            let part: [UInt8]?
            do throws(KernelError) {
                part = try Kernel.read(descriptor, atMost: 65536)
            } catch {
                part = []
            }
            guard let part else { return [] }
            if part.isEmpty { self.descriptor = nil }
            let kept = min(part.count, max(0, limit - bytes.count))
            bytes += part[..<kept]
            dropped += part.count - kept
            return part
        }
    }

    let call: PodCall
    let started: ContinuousClock.Instant
    let handler: OutputHandler?
    let continuation: CheckedContinuation<Result<ExitReport, SandboxError>, Never>
    private var output: Capture
    private var error: Capture
    /// The wait status of the main process.
    var status: Int32?
    /// Nothing of the call is left.
    var isGone = false
    /// Why it was killed by us.
    var forcedEnding: ExitReport.Ending?
    private var failure: SandboxError?

    init(
        call: PodCall, started: ContinuousClock.Instant, output: OwnedDescriptor, error: OwnedDescriptor,
        handler: OutputHandler?,
        continuation: CheckedContinuation<Result<ExitReport, SandboxError>, Never>
    ) {
        self.call = call
        self.started = started
        self.handler = handler
        self.continuation = continuation
        self.output = Capture(descriptor: output)
        self.error = Capture(descriptor: error)
    }

    var openStreams: [Int32] { [output.descriptor, error.descriptor].compactMap { $0?.rawValue } }
    var deadline: ContinuousClock.Instant? { forcedEnding == nil ? call.timeout.map { started + $0 } : nil }
    var exceedsLimit: Bool { call.excessOutput == .end && (output.dropped > 0 || error.dropped > 0) }

    mutating func readOutput() {
        let fromOutput = output.read(limit: call.limitBytes)
        let fromError = error.read(limit: call.limitBytes)
        if !fromOutput.isEmpty { handler?(.standardOutput, fromOutput) }
        if !fromError.isEmpty { handler?(.standardError, fromError) }
    }

    mutating func fail(_ report: PodReport) {
        let notFound = report.stage == SandboxStage(.exec) && (report.errno == 2 || report.errno == 20)
        failure = SandboxError(
            notFound ? .programNotFound : .callFailed, stage: report.stage, errno: report.errno,
            message: notFound ? "there is no such program inside the pod; check its name and the view" : nil)
    }

    /// Takes the last output and answers. Every process of the call is gone, so what isn't there now never comes.
    consuming func finish() {
        var call = self
        var quiet = false
        // A pipe holds 1 MiB at most. A bound, because a process of another call may have been handed its writing end.
        for _ in 0..<32 where !quiet {
            let before = (call.output.bytes.count + call.output.dropped, call.error.bytes.count + call.error.dropped)
            call.readOutput()
            quiet =
                before == (call.output.bytes.count + call.output.dropped, call.error.bytes.count + call.error.dropped)
        }
        if let failure = call.failure {
            call.continuation.resume(returning: .failure(failure))
            return
        }
        let report = ExitReport(
            ending: call.ending, standardOutput: call.output.bytes, standardError: call.error.bytes,
            droppedOutput: call.output.dropped, droppedError: call.error.dropped,
            wallTime: call.started.duration(to: Kernel.now))
        call.continuation.resume(returning: .success(report))
    }

    private var ending: ExitReport.Ending {
        if let forcedEnding { return forcedEnding }
        // Without a status the call's own init was killed, which only happens from outside.
        guard let status else { return .signalled(9) }
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
    }
}
