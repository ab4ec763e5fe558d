// SPDX-License-Identifier: Apache-2.0

/// A place in a policy or fixture file.
public struct SourcePosition: Hashable, Sendable, CustomStringConvertible {
    /// The file as the caller named it for people; never a path of the host that the caller didn't choose to show.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column in Unicode scalars, from 1.
    public let column: Int

    /// Makes a place.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`.
    public var description: String { "\(file):\(line):\(column)" }
}

extension SourcePosition: Comparable {
    /// Files by name, then lines, then columns.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
