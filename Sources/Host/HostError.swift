// SPDX-License-Identifier: Apache-2.0

/// Putting a runtime together failed; nothing ran.
public struct HostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case usage, policy, state, notAvailable }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// What was asked makes no sense.
        public static let usage = Code(.usage)
        /// The policy can't be found, read or used.
        public static let policy = Code(.policy)
        /// State, keys or secrets can't be opened.
        public static let state = Code(.state)
        /// What was asked for isn't built.
        public static let notAvailable = Code(.notAvailable)
    }

    /// What went wrong.
    public let code: Code
    /// What happened, why, what to do next; policy errors take a line each.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
