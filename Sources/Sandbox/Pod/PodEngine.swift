// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// The thread of one pod: it opens it, waits for its init and the output of its calls, and closes it.
///
/// Others leave commands and ring; everything else belongs to the thread alone.
final class PodEngine: Sendable {
    enum Command: Sendable {
        case run(UInt32, PodCall, OutputHandler?, CheckedContinuation<Result<ExitReport, SandboxError>, Never>)
        case signal(UInt32, Int32)
        case cancel(UInt32)
        case close(CheckedContinuation<Void, Never>?)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isOpen = true
    }

    private let inbox = Mutex(Inbox())
    private let bell: OwnedDescriptor

    init() throws(KernelError) { bell = try Kernel.event() }

    var bellDescriptor: OwnedDescriptor { bell }

    /// Leaves a command; false when the thread takes no more.
    func post(_ command: Command) -> Bool {
        let accepted = inbox.withLock { inbox in
            if inbox.isOpen { inbox.commands.append(command) }
            return inbox.isOpen
        }
        if accepted { try? Kernel.write([1, 0, 0, 0, 0, 0, 0, 0], to: bell) }
        return accepted
    }

    func takeCommands() -> [Command] {
        _ = try? Kernel.read(bell, atMost: 8)
        return inbox.withLock { inbox in
            defer { inbox.commands = [] }
            return inbox.commands
        }
    }

    /// Takes no more commands and gives back those that are left.
    func shut() -> [Command] {
        inbox.withLock { inbox in
            inbox.isOpen = false
            defer { inbox.commands = [] }
            return inbox.commands
        }
    }

    /// Opens a pod on a new thread and lets the thread serve it.
    func start(_ plan: PodPlan) async -> Result<(ResolvedPlan, PodMount), SandboxError> {
        await withCheckedContinuation { continuation in
            do throws(KernelError) {
                try Kernel.startThread { self.serve(plan, continuation) }
            } catch {
                continuation.resume(
                    returning: .failure(SandboxError(.setUpFailed, stage: SandboxStage(.thread), errno: error.errno)))
            }
        }
    }

    private func serve(
        _ plan: PodPlan, _ continuation: CheckedContinuation<Result<(ResolvedPlan, PodMount), SandboxError>, Never>
    ) {
        let resolved: ResolvedPlan
        let mount: PodMount
        do throws(SandboxError) {
            resolved = try ResolvedPlan(plan)
            mount = try PodOpening(plan: resolved).open()
        } catch {
            _ = shut()
            continuation.resume(returning: .failure(error))
            return
        }
        continuation.resume(returning: .success((resolved, mount)))
        var loop = PodLoop(plan: resolved, process: mount.process, engine: self)
        loop.run()
    }
}
