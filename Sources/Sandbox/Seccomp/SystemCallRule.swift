// SPDX-License-Identifier: Apache-2.0

/// A test of one argument of a system call: `argument & mask == value`.
///
/// Arguments that the kernel takes as `int` are masked to 32 bits, or the unused upper half would get a forbidden value past the filter.
package struct ArgumentTest: Sendable, Hashable {
    package var argument: Int
    package var mask: UInt64
    package var value: UInt64

    /// The argument as a 32-bit integer is this value.
    static func int(_ argument: Int, _ value: UInt64) -> ArgumentTest {
        ArgumentTest(argument: argument, mask: 0xFFFF_FFFF, value: value)
    }

    /// The bits of the argument under the mask are this value.
    static func bits(_ argument: Int, _ mask: UInt64, _ value: UInt64) -> ArgumentTest {
        ArgumentTest(argument: argument, mask: mask, value: value)
    }
}

/// What the filter does with system calls, and why. Documentation is made from these rules.
package struct SystemCallRule: Sendable, Hashable {
    /// The filter's answer.
    package enum Verdict: Sendable, Hashable {
        case allow
        /// Allowed where all tests of one of these lists hold, unknown (ENOSYS) otherwise.
        case allowWhere([[ArgumentTest]])
        /// Refused with this error number.
        case refuse(Int32)
    }

    /// Argument values that are refused with an error that programs understand.
    package struct Refusal: Sendable, Hashable {
        package var tests: [ArgumentTest]
        package var errno: Int32
    }

    package var names: [String]
    package var verdict: Verdict
    package var refusals: [Refusal]
    package var reason: String

    init(_ names: String, _ verdict: Verdict, refusing refusals: [Refusal] = [], _ reason: String) {
        self.names = names.split(separator: " ").map(String.init)
        self.verdict = verdict
        self.refusals = refusals
        self.reason = reason
    }
}
