// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import Glibc
internal import Synchronization

/// A pod with its layer, behind the core's port.
final class PodWorkspace: ConfinedWorkspace {
    let report: AgentCore.EnforcementReport
    let files: any WorkspaceFiles
    private let pod: Pod
    private let trees: LayerTrees
    private let scan: WorkspaceScan
    private let limits: AgentCore.SessionLimits
    private let running = Mutex<[UInt64: PodTask]>([:])
    private let lastTask = Atomic<UInt64>(0)

    init(pod: Pod, specification: ConfinementSpecification, scan: WorkspaceScan) throws(SandboxError) {
        self.pod = pod
        self.scan = scan
        limits = specification.limits
        report = Self.report(of: pod)
        do throws(LayerError) {
            files = try MergedFiles(pod: pod, workspace: specification.workspace)
            trees = LayerTrees(
                workspace: try LayerDescriptor(openingFolder: specification.workspace),
                mask: try LayerDescriptor(duplicating: pod.mask.rawValue),
                upper: try LayerDescriptor(duplicating: pod.upper.rawValue))
        } catch {
            throw SandboxError(.setUpFailed, stage: SandboxStage(.workspace), errno: error.errno)
        }
    }

    func run(
        _ command: ConfinedCommand, onOutput: (@Sendable (AgentCore.OutputStream, [UInt8]) -> Void)?
    ) async throws(ConfinementError) -> CommandResult {
        var call = PodCall(command.argv)
        call.environment = command.environment
        call.workingDirectory = command.workingDirectory
        call.limitBytes = command.outputLimitBytes
        call.timeout = command.timeout
        call.limits.memoryBytes = limits.memoryBytes
        call.limits.processes = limits.processes
        switch command.input {
        case .none: call.input = .none
        case .bytes(let bytes): call.input = .bytes(bytes)
        case .descriptor(let number): call.input = try duplicate(number)
        }
        do throws(SandboxError) {
            let task = try pod.start(call, onOutput: Self.handler(onOutput))
            let id = lastTask.wrappingAdd(1, ordering: .relaxed).newValue
            running.withLock { $0[id] = task }
            defer { running.withLock { $0[id] = nil } }
            return CommandResult(try await task.report())
        } catch {
            if error.code == .programNotFound {
                return CommandResult(ending: .programNotFound, standardOutput: [], standardError: [], droppedBytes: 0, duration: .zero)
            }
            throw PodConfinement.confinementError(for: error)
        }
    }

    func signal(_ number: Int32) {
        for task in running.withLock({ Array($0.values) }) { task.signal(number) }
    }

    func changes() async throws(ConfinementError) -> LayerChanges {
        let diff = try layer { () throws(LayerError) in try LayerDiff(of: trees, names: try scan.names()) }
        let texts = diff.entries.map { entry in
            let head = "\(entry.change.rawValue) \(entry.path)"
            guard let patch = diff.patch(of: entry, in: trees) else { return head }
            return ([head] + patch.lines + (patch.isCut ? ["…"] : [])).joined(separator: "\n")
        }
        return LayerChanges(
            changes: diff.entries.map { LayerChanges.Change($0) }, patch: texts.joined(separator: "\n"),
            digest: diff.digest.description)
    }

    func commit(
        undoStore: String, identifier: String, expecting summary: CommitSummary
    ) async throws(ConfinementError) -> CommitReport {
        let diff = try layer { () throws(LayerError) in try LayerDiff(of: trees, names: try scan.names()) }
        let changes = LayerChanges(changes: diff.entries.map { LayerChanges.Change($0) }, patch: "", digest: diff.digest.description)
        guard changes.summary(originalsKept: true) == summary else {
            throw ConfinementError(.conflict, "the layer changed after the commit was decided; nothing was committed, commit again")
        }
        let result = try layer { () throws(LayerError) in
            let options = LayerCommit.Options(snapshot: scan.snapshot, undo: UndoStore(folder: try LayerDescriptor(openingFolder: undoStore)))
            return try LayerCommit(trees: trees, names: try scan.names(), options: options).run(diff)
        }
        if let failure = result.failure {
            throw ConfinementError(
                .io, "the commit stopped halfway (\(failure)); what it wrote can be taken back with `agentkit undo \(result.undoIdentifier ?? "")`")
        }
        return CommitReport(
            id: result.undoIdentifier ?? identifier, committed: result.committed.map { LayerChanges.Change($0) },
            refused: result.refused.map { LayerChanges.Change($0.entry, refusal: "\($0.reason)") },
            conflicts: result.conflicts.map { "\($0.entry.path): \($0.reason)" })
    }

    func close() async { await pod.close() }

    private static func handler(_ sink: (@Sendable (AgentCore.OutputStream, [UInt8]) -> Void)?) -> OutputHandler? {
        guard let sink else { return nil }
        return { stream, bytes in sink(stream == .standardError ? .standardError : .standardOutput, bytes) }
    }

    /// The host's descriptor as a program may have it: to read from, and nothing else.
    ///
    /// A terminal is open for writing too, and what a program writes there nobody redacts; a folder of the host is a way around the view.
    /// Sockets stay as they are, since harnesses use them as pipes.
    private func duplicate(_ number: Int32) throws(ConfinementError) -> PodCall.Input {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 100)
        guard copy >= 0 else { throw ConfinementError(.setup, "standard input can't be handed to the program; redirect it from a file") }
        let given = OwnedDescriptor(taking: copy)
        let access = fcntl(copy, F_GETFL)
        guard let status = try? Kernel.status(of: given), !status.isDirectory, access >= 0 else {
            throw ConfinementError(.setup, "standard input is no file, pipe or terminal; redirect it from a file or /dev/null")
        }
        if access & O_ACCMODE == O_RDONLY || status.mode & S_IFMT == S_IFSOCK { return .descriptor(given) }
        guard let reader = try? Kernel.open("/proc/self/fd/\(copy)", flags: O_RDONLY | O_NOCTTY) else {
            throw ConfinementError(.setup, "standard input can't be opened for reading alone; redirect it from a file or /dev/null")
        }
        return .descriptor(reader)
    }

    private func layer<Value>(_ body: () throws(LayerError) -> Value) throws(ConfinementError) -> Value {
        do throws(LayerError) { return try body() } catch {
            throw ConfinementError(.io, "the layer: \(error)")
        }
    }

    private static func report(of pod: Pod) -> AgentCore.EnforcementReport {
        AgentCore.EnforcementReport(
            tier: pod.report.tier,
            layers: pod.report.entries.map {
                AgentCore.EnforcementReport.Layer(name: $0.layer.rawValue, isEnforced: $0.isEnforced, detail: $0.detail)
            })
    }
}

extension CommandResult {
    init(_ report: ExitReport) {
        let ending: Ending =
            switch report.ending {
            case .exited(let code): .exited(code: code)
            case .signalled(let number): .signalled(number: number)
            case .timedOut: .timedOut
            case .outputLimit, .cancelled: .cancelled
            }
        self.init(
            ending: ending, standardOutput: report.standardOutput, standardError: report.standardError,
            droppedBytes: report.droppedOutput + report.droppedError, duration: report.wallTime)
    }
}

extension LayerChanges.Change {
    init(_ entry: LayerEntry, refusal: String? = nil) {
        let kind: Kind =
            switch entry.change {
            case .added: .added
            case .modified: .modified
            case .deleted: .deleted
            case .typeChanged: .typeChanged
            case .modeChanged: .modeChanged
            }
        self.init(
            kind: kind, path: "\(entry.path)", refusal: refusal ?? entry.refusal.map { "\($0)" },
            executesElsewhere: entry.executesElsewhere != nil)
    }
}
