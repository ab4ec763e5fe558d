// SPDX-License-Identifier: Apache-2.0

/// Why a secret could not be kept, read, or watched for.
public struct SecretsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable {
            case tooShort, tooLong, unavailable, permissions, wrongPassphrase, corrupt, unsupported, notFound, conflict
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The value is too short to be told from ordinary text.
        public static let tooShort = Code(.tooShort)
        /// The value, or the file that holds it, is larger than what is taken.
        public static let tooLong = Code(.tooLong)
        /// The source can't be read or written.
        public static let unavailable = Code(.unavailable)
        /// Others may read the file, or it belongs to someone else.
        public static let permissions = Code(.permissions)
        /// The passphrase doesn't open the file, or the file was changed.
        public static let wrongPassphrase = Code(.wrongPassphrase)
        /// The file isn't a vault.
        public static let corrupt = Code(.corrupt)
        /// The kind of source doesn't exist yet.
        public static let unsupported = Code(.unsupported)
        /// There is no such secret.
        public static let notFound = Code(.notFound)
        /// The name is taken.
        public static let conflict = Code(.conflict)
    }

    /// What was being done.
    public enum Stage: String, Sendable, Hashable {
        case knownValue, environment, file, vault, scan
    }

    /// What went wrong.
    public let code: Code
    /// What was being done.
    public let stage: Stage
    /// The system's error number, or 0.
    public let errno: Int32
    /// One line: what happened, why, what to do next. No secret, no host path.
    public let message: String

    package init(_ code: Code, _ stage: Stage, _ message: String, errno: Int32 = 0) {
        self.code = code
        self.stage = stage
        self.message = message
        self.errno = errno
    }

    /// The message.
    public var description: String { message }
}
