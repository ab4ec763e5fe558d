// SPDX-License-Identifier: Apache-2.0

/// Something wrong in a policy or fixture file, at the place where it stands.
public struct PolicyProblem: Hashable, Sendable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// The file can't be used.
        case error
        /// The file works, but probably not as its author thinks.
        case warning
    }

    /// Whether the file can be used in spite of it.
    public let severity: Severity
    /// A stable, dotted, lower-case code such as `key.unknown`.
    public let id: String
    /// What is wrong and what to do about it, in one line.
    public let message: String
    /// Where it stands.
    public let position: SourcePosition

    /// Makes a problem.
    public init(_ id: String, _ message: String, at position: SourcePosition, severity: Severity = .error) {
        self.severity = severity
        self.id = id
        self.message = message
        self.position = position
    }

    /// `file:line:column: message`, as compilers print it.
    public var description: String {
        severity == .error ? "\(position): \(message)" : "\(position): warning: \(message)"
    }
}

/// A policy or fixture file that can't be used, with everything that is wrong in it.
public struct PolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// All problems in the order of the file; never empty.
    public let problems: [PolicyProblem]

    /// Makes an error; without a problem it says so itself, so that it is never empty.
    public init(_ problems: [PolicyProblem]) {
        let unknown = PolicyProblem(
            "file.unusable", "the file can't be used", at: SourcePosition(file: "policy", line: 1, column: 1))
        self.problems = problems.isEmpty ? [unknown] : problems.sorted { $0.position < $1.position }
    }

    /// One line per problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
