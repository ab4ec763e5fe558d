// SPDX-License-Identifier: Apache-2.0

/// What would happen in the world if a tool call ran, before anything did.
///
/// Tools propose effects, gates observe them. A proposal is never believed: what a gate observes is decided anew.
public struct Effect: Hashable, Sendable {
    /// What is done.
    public enum Action: Hashable, Sendable {
        /// Reading one file, or listing or searching below one folder. `path` is absolute, or relative to the workspace.
        case readFile(path: String)
        /// Writing one file of the workspace's copy-on-write layer.
        case writeFile(path: String)
        /// Running a program in the pod.
        case execute(Execution)
        /// Sending an HTTP request out of the pod.
        case request(OutgoingRequest)
        /// Running a statement against a database.
        case sql(statement: String)
        /// Writing the layer's changes into the workspace.
        case commit(CommitSummary)
    }

    /// What is done.
    public let action: Action

    /// Makes an effect.
    public init(_ action: Action) { self.action = action }
}

/// A program to run, as far as it is known before the kernel sees it.
public struct Execution: Hashable, Sendable {
    /// The argument vector, the program first. For a shell command: the shell and its arguments.
    public let argv: [String]
    /// The shell text, where a shell would interpret one; read for an early answer, never as the boundary.
    public let commandText: String?
    /// The working folder inside the pod; `nil` is the workspace.
    public let workingDirectory: String?

    /// Makes an execution of a program without a shell.
    public init(argv: [String], workingDirectory: String? = nil) {
        self.argv = argv
        self.commandText = nil
        self.workingDirectory = workingDirectory
    }

    /// Makes an execution of `/bin/sh -c text`.
    public init(shell text: String, workingDirectory: String? = nil) {
        self.argv = ["/bin/sh", "-c", text]
        self.commandText = text
        self.workingDirectory = workingDirectory
    }
}

/// An HTTP request before it is judged.
public struct OutgoingRequest: Hashable, Sendable {
    /// A header field. Names keep their spelling and compare without regard to case where they are looked up.
    public struct Header: Hashable, Sendable {
        /// The name as it would be sent.
        public let name: String
        /// The value as it would be sent.
        public let value: String

        /// Makes a header field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The method as written.
    public let method: String
    /// The absolute URL as written.
    public let url: String
    /// The header fields in their order.
    public let headers: [Header]
    /// The whole body; empty for none.
    public let body: [UInt8]
    /// The name of a granted secret that the runtime is asked to attach at dispatch, if any.
    public let credential: String?

    /// Makes a request.
    public init(method: String, url: String, headers: [Header] = [], body: [UInt8] = [], credential: String? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.credential = credential
    }
}

/// What a commit of the layer would change, in numbers and names.
public struct CommitSummary: Hashable, Sendable {
    /// Paths added or changed, relative to the workspace, printable.
    public let written: [String]
    /// Paths deleted, relative to the workspace, printable.
    public let deleted: [String]
    /// Written paths that something outside runs later (CI, deploy, infrastructure files).
    public let executesElsewhere: [String]
    /// Whether every original that would be replaced or deleted can be kept for `undo`.
    public let originalsKept: Bool
    /// Names the exact bytes, modes and targets that would be written, so that an approval holds for these alone; empty where a layer
    /// can't tell, and then two commits of the same paths are the same act.
    public let contents: String

    /// Makes a summary.
    public init(
        written: [String], deleted: [String], executesElsewhere: [String], originalsKept: Bool, contents: String = ""
    ) {
        self.written = written
        self.deleted = deleted
        self.executesElsewhere = executesElsewhere
        self.originalsKept = originalsKept
        self.contents = contents
    }
}

/// How bad an effect is, as if it happened outside the copy-on-write layer.
public enum EffectClass: String, Hashable, Sendable, CaseIterable {
    case read, reversible, unknown, irreversible

    /// The graver of two classes; `unknown` is graver than `reversible` and lighter than `irreversible`.
    public func combined(with other: EffectClass) -> EffectClass {
        rank >= other.rank ? self : other
    }

    private var rank: Int {
        switch self {
        case .read: 0
        case .reversible: 1
        case .unknown: 2
        case .irreversible: 3
        }
    }
}
