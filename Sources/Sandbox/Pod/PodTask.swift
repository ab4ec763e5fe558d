// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// One call on its way.
public final class PodTask: Sendable {
    private let id: UInt32
    private let call: PodCall
    private let handler: OutputHandler?
    private let engine: PodEngine
    private let isUsed = Mutex(false)

    init(id: UInt32, call: PodCall, handler: OutputHandler?, engine: PodEngine) {
        self.id = id
        self.call = call
        self.handler = handler
        self.engine = engine
    }

    /// Runs the call and waits until nothing of it is left; once.
    public func report() async throws(SandboxError) -> ExitReport {
        let isFirst = isUsed.withLock { used in
            defer { used = true }
            return !used
        }
        guard isFirst else {
            throw SandboxError(.invalidPlan, stage: SandboxStage(.plan), message: "a call runs once; start another")
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !engine.post(.run(id, call, handler, continuation)) {
                    let ended = SandboxError(
                        .podEnded, stage: SandboxStage(.control), message: "the pod has ended; open a new one")
                    continuation.resume(returning: .failure(ended))
                }
            }
        } onCancel: {
            _ = engine.post(.cancel(id))
        }
        return try result.get()
    }

    /// Sends a signal to the program's process group. Nothing happens before it started or after it ended.
    public func signal(_ number: Int32) {
        if (1...64).contains(number) { _ = engine.post(.signal(id, number)) }
    }
}
