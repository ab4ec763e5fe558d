// SPDX-License-Identifier: Apache-2.0

/// Keeps private files in memory, for tests and for embedders that try things out. Not durable.
public actor MemoryFiles: PrivateFiles {
    private var files: [String: [UInt8]] = [:]

    /// Makes an empty folder.
    public init() {}

    /// The content of a file.
    public func read(_ name: String, limitBytes: Int) throws(StateError) -> [UInt8]? {
        guard let bytes = files[name] else { return nil }
        guard bytes.count <= limitBytes else {
            throw StateError(.invalid, "`\(name)` is larger than it may be; check what it is")
        }
        return bytes
    }

    /// Makes a new file.
    public func create(_ name: String, _ bytes: [UInt8]) throws(StateError) {
        guard files[name] == nil else {
            throw StateError(.conflict, "a file named `\(name)` exists already; it is never overwritten")
        }
        files[name] = bytes
    }

    /// Replaces a file.
    public func update(
        _ name: String, limitBytes: Int, durable: Bool,
        _ change: @escaping @Sendable ([UInt8]?) throws(StateError) -> [UInt8]?
    ) throws(StateError) {
        if let bytes = try change(try read(name, limitBytes: limitBytes)) { files[name] = bytes }
    }

    /// Puts any content in place of a file, `nil` removes it: what somebody with access to the folder could do.
    package func overwrite(_ name: String, _ bytes: [UInt8]?) { files[name] = bytes }
}
