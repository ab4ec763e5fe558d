// SPDX-License-Identifier: Apache-2.0

/// One program to run inside a pod.
public struct PodCall: Sendable {
    /// What the program reads from its standard input.
    public enum Input: Sendable {
        /// Nothing: the null device.
        case none
        /// These bytes, then the end.
        case bytes([UInt8])
        /// A descriptor of the caller's, who keeps it open during the call.
        case descriptor(OwnedDescriptor)
    }

    /// What happens to output beyond the limit.
    public enum ExcessOutput: Sendable, Hashable {
        /// It is read, dropped and counted.
        case drop
        /// The call is ended.
        case end
    }

    /// What a single process of the call may use. `nil` leaves the host's limit.
    public struct Limits: Sendable, Hashable {
        /// Private writable memory of one process, in bytes (RLIMIT_DATA).
        public var memoryBytes: UInt64?
        /// Processes and threads of the pod's user inside the pod.
        public var processes: UInt64? = 4096
        /// Open descriptors of one process.
        public var descriptors: UInt64? = 4096
        /// Size of one written file, in bytes.
        public var fileBytes: UInt64?
        /// Processor time of one process, in seconds.
        public var processorSeconds: UInt64?

        /// The defaults: 4096 processes and 4096 descriptors.
        public init() {}
    }

    /// The program and its arguments. A name without a slash is searched in `PATH` inside the pod.
    public var arguments: [String]
    /// Variables of the program. `PATH`, `HOME`, `TMPDIR`, `LANG`, `USER` and `LOGNAME` have defaults; nothing of the host's is passed.
    public var environment: [String: String] = [:]
    /// The directory to start in; by default the workspace.
    public var workingDirectory: String?
    /// What the program reads.
    public var input = Input.none
    /// Most bytes kept of each stream.
    public var limitBytes = 1 << 20
    /// What happens beyond that.
    public var excessOutput = ExcessOutput.drop
    /// How long the call may last before the whole tree is killed.
    public var timeout: Duration?
    /// What a single process may use. The pod's memory as a whole is limited by its file systems' sizes only.
    public var limits = Limits()

    /// A call of a program with arguments, the program's name first.
    public init(_ arguments: [String]) { self.arguments = arguments }
}
