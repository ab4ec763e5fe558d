// SPDX-License-Identifier: Apache-2.0

/// How a call ended.
public struct ExitReport: Sendable, Hashable {
    /// Why there is no process of the call any more.
    public enum Ending: Sendable, Hashable {
        /// The program left with this code.
        case exited(Int32)
        /// A signal ended the program.
        case signalled(Int32)
        /// The time was over; everything was killed.
        case timedOut
        /// More output than allowed; everything was killed.
        case outputLimit
        /// The task was cancelled; everything was killed.
        case cancelled
    }

    /// How it ended.
    public var ending: Ending
    /// What was kept of the standard output, from its beginning.
    public var standardOutput: [UInt8]
    /// What was kept of the standard error, from its beginning.
    public var standardError: [UInt8]
    /// Bytes of the standard output that were read and not kept.
    public var droppedOutput: Int
    /// Bytes of the standard error that were read and not kept.
    public var droppedError: Int
    /// From the request until nothing of the call was left.
    public var wallTime: Duration

    /// Whether the program left with code 0.
    public var succeeded: Bool { ending == .exited(0) }
    /// The standard output as text; bytes that aren't UTF-8 are replaced.
    public var outputText: String { String(decoding: standardOutput, as: UTF8.self) }
    /// The standard error as text; bytes that aren't UTF-8 are replaced.
    public var errorText: String { String(decoding: standardError, as: UTF8.self) }
}
