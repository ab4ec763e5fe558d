// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A session's sandbox: namespaces, a view of the host's files, a copy-on-write workspace, and an init that holds them.
///
/// Every call runs as a new process tree inside. The init shares no memory with the host, and nothing of the pod outlives the host: it
/// ends when the host's process does, however that ends. Files of the host change by nothing that happens inside.
public final class Pod: Sendable {
    /// The most calls that run at the same time.
    public static let mostCalls = 48

    /// What the kernel really enforces.
    public let report: EnforcementReport
    /// The layer that changes to the workspace land in: a directory descriptor, also usable after the pod's end.
    public let upper: OwnedDescriptor
    /// The layer of stand-ins for files of the workspace.
    public let mask: OwnedDescriptor
    /// The workspace as the programs inside see it. For openat2 with RESOLVE_BENEATH.
    public let merged: OwnedDescriptor

    private let engine: PodEngine
    private let plan: ResolvedPlan
    private let lastCall = Mutex<UInt32>(0)

    /// Makes a pod and returns when everything is in force.
    ///
    /// - Throws: `SandboxError`; `.enforcementUnavailable` when a required layer is missing, `.invalidPlan` for a plan that can't be
    ///   carried out as it is written, `.setUpFailed` with the step and the kernel's error otherwise. Nothing is left then.
    public static func open(_ plan: PodPlan) async throws(SandboxError) -> Pod {
        let engine = try SandboxError.wrap(.setUpFailed, .thread) { () throws(KernelError) in try PodEngine() }
        let (resolved, mount) = try await engine.start(plan).get()
        return Pod(engine: engine, plan: resolved, mount: mount)
    }

    private init(engine: PodEngine, plan: ResolvedPlan, mount: PodMount) {
        self.engine = engine
        self.plan = plan
        (upper, mask, merged) = (mount.upper, mount.mask, mount.merged)
        report = EnforcementReport(
            landlockVersion: plan.landlockVersion, requiredLandlock: plan.plan.landlockVersion, identity: plan.identity)
    }

    deinit { _ = engine.post(.close(nil)) }

    /// Runs one program and waits until nothing of it is left.
    ///
    /// All walls are in force before the program's first instruction. Its background children end with it. Cancelling the task kills the
    /// whole tree, waits for its end and returns a report that says so.
    ///
    /// - Parameters:
    ///   - call: The program, its environment and its limits.
    ///   - onOutput: Gets output as it arrives, on the pod's thread, where it must not wait.
    /// - Returns: How the program ended. A code other than 0 is a result, not an error.
    /// - Throws: `SandboxError`; `.programNotFound`, `.callFailed` with the step, `.podEnded`. The program has not run then, unless the
    ///   pod was closed in between.
    public func run(_ call: PodCall, onOutput: OutputHandler? = nil) async throws(SandboxError) -> ExitReport {
        try await start(call, onOutput: onOutput).report()
    }

    /// Prepares a call that can be signalled while it runs.
    public func start(_ call: PodCall, onOutput: OutputHandler? = nil) throws(SandboxError) -> PodTask {
        try Self.validate(call)
        let id = lastCall.withLock { last in
            last &+= 1
            if last == 0 { last = 1 }
            return last
        }
        return PodTask(id: id, call: call, handler: onOutput, engine: engine)
    }

    /// Ends the pod: every process in it is killed, and gone when this returns. The layers' descriptors stay valid.
    public func close() async {
        await withCheckedContinuation { continuation in
            if !engine.post(.close(continuation)) { continuation.resume() }
        }
    }

    /// Runs a body with the file identity of the pod's programs on this thread.
    ///
    /// A host that is root needs it to write through `merged`, `upper` or `mask`, whose file systems don't know the host's root.
    package func withFileIdentity<Value>(_ body: () throws -> Value) throws -> Value {
        try Kernel.withFileIdentity(plan.identity, body)
    }

    private static func validate(_ call: PodCall) throws(SandboxError) {
        let strings = call.arguments + call.environment.flatMap { [$0.key, $0.value] } + [call.workingDirectory ?? "/"]
        let isWhole = call.arguments.first?.isEmpty == false && strings.allSatisfy { !$0.utf8.contains(0) }
        guard isWhole, call.environment.keys.allSatisfy({ !$0.isEmpty && !$0.contains("=") }),
            call.workingDirectory?.first ?? "/" == "/"
        else {
            throw SandboxError(
                .invalidPlan, stage: SandboxStage(.plan),
                message: "a call needs a program, variables with names, an absolute directory, and no zero bytes")
        }
    }
}
