// SPDX-License-Identifier: Apache-2.0

/// The files of a workspace as a session sees them: masked where they hold secrets, copy-on-write where they are written.
///
/// Paths are relative to the workspace or absolute below it; nothing outside is reachable, through no link of any kind.
public protocol WorkspaceFiles: Sendable {
    /// Reads a part of a regular file.
    func read(_ path: String, offset: Int64, limitBytes: Int) async throws(FileError) -> FileContent
    /// Replaces or creates a regular file, and makes missing folders.
    func write(_ path: String, _ bytes: [UInt8]) async throws(FileError)
    /// Lists a folder, sorted by name.
    func list(_ path: String) async throws(FileError) -> [FileEntry]
}

/// A part of a file.
public struct FileContent: Sendable, Hashable {
    /// The part that was read.
    public let bytes: [UInt8]
    /// The file's whole size, in bytes.
    public let totalBytes: Int64

    /// Makes a content.
    public init(bytes: [UInt8], totalBytes: Int64) {
        self.bytes = bytes
        self.totalBytes = totalBytes
    }

    /// Whether it looks like something other than text: a NUL byte among the first 8,000.
    public var isBinary: Bool { bytes.prefix(8000).contains(0) }
}

/// One entry of a folder.
public struct FileEntry: Sendable, Hashable {
    /// The kind of an entry.
    public enum Kind: String, Sendable, Hashable { case file, folder, link, other }

    /// The name in its folder, without a slash.
    public let name: String
    /// What it is; a link is not followed.
    public let kind: Kind
    /// In bytes; 0 for anything but a file.
    public let size: Int64

    /// Makes an entry.
    public init(name: String, kind: Kind, size: Int64) {
        self.name = name
        self.kind = kind
        self.size = size
    }
}

/// Reading or writing a file failed.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable { case notFound, outside, notRegular, tooLarge, refused, io, closed }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// There is no such file.
        public static let notFound = Code(.notFound)
        /// The path leads out of the workspace.
        public static let outside = Code(.outside)
        /// It isn't a regular file (or not a folder, where one is listed).
        public static let notRegular = Code(.notRegular)
        /// It is larger than the limit.
        public static let tooLarge = Code(.tooLarge)
        /// The system or the monitor refused.
        public static let refused = Code(.refused)
        /// Reading or writing failed.
        public static let io = Code(.io)
        /// The session is closed.
        public static let closed = Code(.closed)
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
