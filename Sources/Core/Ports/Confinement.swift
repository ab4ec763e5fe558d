// SPDX-License-Identifier: Apache-2.0

/// Opens confined workspaces: a pod, or whatever holds a session's programs and its copy-on-write layer.
public protocol Confinement: Sendable {
    /// Opens a workspace under confinement; on return every required layer is in force.
    ///
    /// - Throws: `ConfinementError`; `.enforcementUnavailable` where a required layer is missing. Nothing ran then.
    func open(_ specification: ConfinementSpecification) async throws(ConfinementError) -> any ConfinedWorkspace
}

/// What a session's pod must look like.
public struct ConfinementSpecification: Sendable {
    /// The tier asked for; nothing weaker is ever used instead.
    public enum Tier: String, Sendable, Hashable {
        case full, confined
    }

    /// The absolute path of the workspace on the host; it has the same path inside.
    public let workspace: String
    /// The tier asked for; nothing weaker is used instead.
    public let tier: Tier
    /// Further absolute paths that are visible read-only.
    public let visiblePaths: [String]
    /// Absolute paths below the visible ones that are replaced by an empty stand-in.
    public let hiddenPaths: [String]
    /// Absolute paths of programs, or folders of programs, that may be handed to `execve`; `nil` means everything in view.
    public let executablePaths: [String]?
    /// The unprivileged user id that programs run as where the host runs as root and root owns the workspace.
    public let unprivilegedID: UInt32?
    /// The bounds of the pod and of each call.
    public let limits: SessionLimits
    /// Makes a redacted copy of a workspace file, or `nil` where it may be shown as it is.
    public let mask: @Sendable (_ path: String, _ bytes: [UInt8]) -> [UInt8]?

    /// Makes a specification.
    public init(
        workspace: String, tier: Tier = .full, visiblePaths: [String] = [], hiddenPaths: [String] = [],
        executablePaths: [String]? = nil,
        unprivilegedID: UInt32? = nil, limits: SessionLimits = SessionLimits(),
        mask: @escaping @Sendable (_ path: String, _ bytes: [UInt8]) -> [UInt8]?
    ) {
        self.workspace = workspace
        self.tier = tier
        self.visiblePaths = visiblePaths
        self.hiddenPaths = hiddenPaths
        self.executablePaths = executablePaths
        self.unprivilegedID = unprivilegedID
        self.limits = limits
        self.mask = mask
    }
}

/// The bounds of a session and of each of its calls.
public struct SessionLimits: Sendable, Hashable {
    /// Wall-clock time of one call.
    public var wall: Duration
    /// Private writable memory of one process, in bytes; several processes together may use more.
    public var memoryBytes: UInt64
    /// Processes and threads at once.
    public var processes: UInt64
    /// Bytes kept from each output stream of a call.
    public var outputBytes: Int
    /// Bytes that the copy-on-write layer may hold.
    public var layerBytes: UInt64
    /// Most deletions that a commit makes without asking.
    public var deletes: Int
    /// Denials after which the session is ended.
    public var denials: Int

    /// Makes limits; the defaults suit an interactive agent.
    public init(
        wall: Duration = .seconds(60), memoryBytes: UInt64 = 8 << 30, processes: UInt64 = 512,
        outputBytes: Int = 1 << 20, layerBytes: UInt64 = 2 << 30, deletes: Int = 200, denials: Int = 1000
    ) {
        self.wall = wall
        self.memoryBytes = memoryBytes
        self.processes = processes
        self.outputBytes = outputBytes
        self.layerBytes = layerBytes
        self.deletes = deletes
        self.denials = denials
    }
}

/// One program to run in the pod.
public struct ConfinedCommand: Sendable, Hashable {
    /// Where standard input comes from.
    public enum Input: Sendable, Hashable {
        case none
        case bytes([UInt8])
        /// A descriptor of the host, read by the program directly.
        case descriptor(Int32)
    }

    /// The argument vector; a program without a slash is looked up in the pod's `PATH`.
    public let argv: [String]
    /// The whole environment; nothing of the host's is added.
    public let environment: [String: String]
    /// The working folder inside the pod; `nil` is the workspace.
    public let workingDirectory: String?
    /// Where standard input comes from.
    public let input: Input
    /// Wall-clock time after which the whole tree is killed.
    public let timeout: Duration
    /// Bytes kept of each stream; more is dropped and counted.
    public let outputLimitBytes: Int

    /// Makes a command.
    public init(
        argv: [String], environment: [String: String] = [:], workingDirectory: String? = nil, input: Input = .none,
        timeout: Duration = .seconds(60), outputLimitBytes: Int = 1 << 20
    ) {
        self.argv = argv
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
        self.timeout = timeout
        self.outputLimitBytes = outputLimitBytes
    }
}

/// How a program in the pod ended.
public struct CommandResult: Sendable, Hashable {
    /// The end.
    public enum Ending: Sendable, Hashable {
        case exited(code: Int32)
        case signalled(number: Int32)
        /// The wall-clock limit was reached; the whole tree was killed.
        case timedOut
        /// The caller cancelled; the whole tree was killed.
        case cancelled
        /// No such program in the pod; nothing ran.
        case programNotFound
    }

    /// How it ended.
    public let ending: Ending
    /// What was kept of standard output.
    public let standardOutput: [UInt8]
    /// What was kept of standard error.
    public let standardError: [UInt8]
    /// Bytes beyond the output limit, of both streams.
    public let droppedBytes: Int
    /// Wall-clock time from start to end.
    public let duration: Duration

    /// Makes a result.
    public init(
        ending: Ending, standardOutput: [UInt8], standardError: [UInt8], droppedBytes: Int, duration: Duration
    ) {
        self.ending = ending
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.droppedBytes = droppedBytes
        self.duration = duration
    }
}

/// A stream of a running program.
public enum OutputStream: Sendable, Hashable {
    case standardOutput, standardError
}

/// A pod with its workspace.
public protocol ConfinedWorkspace: Sendable {
    /// What the kernel really enforces.
    var report: EnforcementReport { get }
    /// The merged view of the workspace, as programs in the pod see it.
    var files: any WorkspaceFiles { get }

    /// Runs a program and waits for its whole tree to end. Cancelling kills the tree and still waits.
    ///
    /// `onOutput` gets each chunk as it comes, before the limit is applied to what is kept.
    func run(
        _ command: ConfinedCommand, onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)?
    ) async throws(ConfinementError) -> CommandResult

    /// Sends a signal to the program that runs now, if any.
    func signal(_ number: Int32)

    /// What the layer changes, as a commit would see it.
    func changes() async throws(ConfinementError) -> LayerChanges

    /// Writes the layer's changes into the workspace, originals kept in `undoStore`.
    ///
    /// - Throws: `.conflict` where the layer no longer changes what `summary`, on which the decision rests, says.
    func commit(undoStore: String, identifier: String, expecting summary: CommitSummary) async throws(ConfinementError) -> CommitReport

    /// Ends every process and drops the layer. Idempotent.
    func close() async
}

/// What a layer changes.
public struct LayerChanges: Sendable, Hashable {
    /// One change.
    public struct Change: Sendable, Hashable {
        /// The kind of change.
        public enum Kind: String, Sendable, Hashable { case added, modified, deleted, typeChanged, modeChanged }

        /// What happens to the path.
        public let kind: Kind
        /// Relative to the workspace, printable; bytes that aren't UTF-8 and control characters are escaped.
        public let path: String
        /// Why a commit refuses this change; `nil` where it may be committed.
        public let refusal: String?
        /// Whether something outside runs the file later.
        public let executesElsewhere: Bool

        /// Makes a change.
        public init(kind: Kind, path: String, refusal: String?, executesElsewhere: Bool) {
            self.kind = kind
            self.path = path
            self.refusal = refusal
            self.executesElsewhere = executesElsewhere
        }
    }

    /// Each change, sorted by path.
    public let changes: [Change]
    /// The same as a unified patch; binary files are named only.
    public let patch: String
    /// A digest over every change with its bytes, mode and target; empty where the layer has none.
    public let digest: String

    /// Makes a list of changes.
    public init(changes: [Change], patch: String, digest: String = "") {
        self.changes = changes
        self.patch = patch
        self.digest = digest
    }

    /// What the policy is asked before a commit.
    public func summary(originalsKept: Bool) -> CommitSummary {
        let committable = changes.filter { $0.refusal == nil }
        return CommitSummary(
            written: committable.filter { $0.kind != .deleted }.map(\.path),
            deleted: committable.filter { $0.kind == .deleted }.map(\.path),
            executesElsewhere: committable.filter(\.executesElsewhere).map(\.path), originalsKept: originalsKept, contents: digest)
    }
}

/// What a commit did.
public struct CommitReport: Sendable, Hashable {
    /// The id for `undo`.
    public let id: String
    /// Changes that now stand in the workspace.
    public let committed: [LayerChanges.Change]
    /// Changes that stay in the layer, each with its refusal.
    public let refused: [LayerChanges.Change]
    /// Paths whose original changed meanwhile; not overwritten.
    public let conflicts: [String]

    /// Makes a report.
    public init(
        id: String, committed: [LayerChanges.Change], refused: [LayerChanges.Change], conflicts: [String]
    ) {
        self.id = id
        self.committed = committed
        self.refused = refused
        self.conflicts = conflicts
    }
}

/// What is enforced on a pod, layer by layer.
public struct EnforcementReport: Sendable, Hashable {
    /// One layer.
    public struct Layer: Sendable, Hashable {
        /// The layer's name, such as `landlock`.
        public let name: String
        /// Whether the kernel enforces it.
        public let isEnforced: Bool
        /// Versions, ids or the reason why it is missing.
        public let detail: String

        /// Makes a layer.
        public init(name: String, isEnforced: Bool, detail: String) {
            self.name = name
            self.isEnforced = isEnforced
            self.detail = detail
        }
    }

    /// `full`, `confined`, or `none` where nothing confines.
    public let tier: String
    /// Each layer, the missing ones too.
    public let layers: [Layer]

    /// Makes a report.
    public init(tier: String, layers: [Layer]) {
        self.tier = tier
        self.layers = layers
    }

    /// The report for machines.
    public var json: JSONValue {
        let rows = layers.map { layer -> JSONValue in
            ["name": .string(layer.name), "enforced": .bool(layer.isEnforced), "detail": .string(layer.detail)]
        }
        return ["tier": .string(tier), "layers": .array(rows)]
    }
}

/// Confinement failed.
public struct ConfinementError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case enforcementUnavailable, notAvailable, setup, conflict, limit, closed, io }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// A required layer is missing on this machine; nothing ran.
        public static let enforcementUnavailable = Code(.enforcementUnavailable)
        /// What was asked for isn't built.
        public static let notAvailable = Code(.notAvailable)
        /// A step of the set-up failed; nothing ran.
        public static let setup = Code(.setup)
        /// The workspace changed meanwhile.
        public static let conflict = Code(.conflict)
        /// A limit was reached.
        public static let limit = Code(.limit)
        /// The pod is closed.
        public static let closed = Code(.closed)
        /// Reading or writing failed.
        public static let io = Code(.io)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what happened, why, what to do next.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
