// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// A folder of mode 0700 whose files only this user may read and write.
///
/// It is opened once: what happens to its path later changes nothing. A folder that others may enter, or that belongs
/// to someone else, is refused, and so is every file in it that isn't a plain, private file of this user. Whoever may
/// write a folder further up the path can put another folder in its place before it is opened; choose a place where
/// nobody can.
public final class PrivateDirectory: PrivateFiles {
    /// Who may use the folder beside its owner.
    public enum Access: Sendable {
        /// Nobody: for state and keys of the runtime.
        case ownerOnly
        /// Others may list it, but not write: for a key in an approver's own folder. The files themselves stay private.
        case othersMayRead
    }

    private let folder: OwnedDescriptor
    private let queue = BlockingQueue("agentkit.files")

    /// Opens a folder, and makes it where it is missing; folders above it must exist.
    ///
    /// - Throws: `StateError`; `.invalid` where others may use it, `.unavailable` where it can't be opened or made.
    public init(_ path: String, access: Access = .ownerOnly) throws(StateError) {
        do throws(SystemCalls.Failure) {
            try SystemCalls.makeFolder(path)
        } catch {
            if !error.isTaken { throw error.stateError("making the state folder") }
        }
        folder = try staged("opening the state folder") { () throws(SystemCalls.Failure) in
            try SystemCalls.openFolder(path)
        }
        let facts = try SystemCalls.staged(facts: folder, "checking the state folder")
        guard facts.owner == SystemCalls.effectiveUser else {
            throw StateError(.invalid, "the state folder belongs to another user; use one of your own")
        }
        guard access == .ownerOnly ? !facts.isOpenToOthers : !facts.isWritableByOthers else {
            throw StateError(.invalid, "the state folder is open to other users; make it private with `chmod 700`")
        }
    }

    /// The content of a file, or `nil` where there is none.
    public func read(_ name: String, limitBytes: Int) async throws(StateError) -> [UInt8]? {
        try await queue.run { () throws(StateError) in try self.readNow(name, limitBytes: limitBytes) }
    }

    /// The content of a file that others may read but not write, such as allowed signers; its owner is this user or
    /// root.
    ///
    /// - Returns: `nil` where there is none.
    public func readShared(_ name: String, limitBytes: Int) async throws(StateError) -> [UInt8]? {
        try await queue.run { () throws(StateError) in try self.readNow(name, limitBytes: limitBytes, isShared: true) }
    }

    /// Makes a new file of mode 0600, durable on return.
    public func create(_ name: String, _ bytes: [UInt8]) async throws(StateError) {
        try await queue.run { () throws(StateError) in
            try Self.checkName(name)
            let file: OwnedDescriptor
            do throws(SystemCalls.Failure) {
                file = try SystemCalls.openFile(name, in: self.folder, flags: SystemCalls.makeNew)
            } catch {
                if !error.isTaken { throw error.stateError("making `\(name)`") }
                throw StateError(.conflict, "a file named `\(name)` exists already; it is never overwritten")
            }
            try self.fill(file, bytes, durable: true, removing: name)
            try self.flushFolder()
        }
    }

    /// Replaces a file in one step while other processes wait.
    public func update(
        _ name: String, limitBytes: Int, durable: Bool,
        _ change: @escaping @Sendable ([UInt8]?) throws(StateError) -> [UInt8]?
    ) async throws(StateError) {
        try await queue.run { () throws(StateError) in
            try Self.checkName(name)
            let stage = "replacing `\(name)`"
            let temporary = ".\(name).new"
            let lock = try staged(stage) { () throws(SystemCalls.Failure) in
                let lock = try SystemCalls.openFile(".\(name).lock", in: self.folder, flags: SystemCalls.openOrMake)
                try SystemCalls.lockExclusively(lock)
                return lock
            }
            guard let bytes = try change(try self.readNow(name, limitBytes: limitBytes)) else { return }
            SystemCalls.remove(temporary, in: self.folder)
            let file = try staged(stage) { () throws(SystemCalls.Failure) in
                try SystemCalls.openFile(temporary, in: self.folder, flags: SystemCalls.makeNew)
            }
            try self.fill(file, bytes, durable: durable, removing: temporary)
            try staged(stage) { () throws(SystemCalls.Failure) in
                try SystemCalls.rename(temporary, to: name, in: self.folder)
            }
            if durable { try self.flushFolder() }
            _ = consume lock
        }
    }

    /// Bytes that may still be written to the folder's disk, `nil` where the kernel doesn't tell.
    public func freeBytes() -> Int64? {
        do throws(SystemCalls.Failure) { return try SystemCalls.freeBytes(folder) } catch { return nil }
    }

    /// Makes sure that a file is there, private and plain, before a library opens it by its path.
    func prepareFile(_ name: String) throws(StateError) {
        let file = try staged("opening `\(name)`") { () throws(SystemCalls.Failure) in
            try SystemCalls.openFile(name, in: folder, flags: SystemCalls.openOrMake)
        }
        try Self.check(try SystemCalls.staged(facts: file, "checking `\(name)`"), name)
        try flushFolder()
    }

    private func readNow(_ name: String, limitBytes: Int, isShared: Bool = false) throws(StateError) -> [UInt8]? {
        try Self.checkName(name)
        let file: OwnedDescriptor
        do throws(SystemCalls.Failure) {
            file = try SystemCalls.openFile(name, in: folder, flags: SystemCalls.readOnly)
        } catch {
            if error.isMissing { return nil }
            throw error.stateError("reading `\(name)`")
        }
        try Self.check(try SystemCalls.staged(facts: file, "checking `\(name)`"), name, isShared: isShared)
        let bytes = try SystemCalls.staged(reading: file, limitBytes: limitBytes, "reading `\(name)`")
        guard bytes.count <= limitBytes else {
            throw StateError(.invalid, "`\(name)` is larger than it may be; check what it is")
        }
        return bytes
    }

    private func fill(
        _ file: borrowing OwnedDescriptor, _ bytes: [UInt8], durable: Bool, removing name: String
    ) throws(StateError) {
        do throws(SystemCalls.Failure) {
            try SystemCalls.writeAll(bytes, to: file)
            if durable { try SystemCalls.flush(file) }
        } catch {
            SystemCalls.remove(name, in: folder)
            throw error.stateError("writing `\(name)`")
        }
    }

    private func flushFolder() throws(StateError) {
        try staged("flushing the state folder") { () throws(SystemCalls.Failure) in try SystemCalls.flush(folder) }
    }

    private static func check(_ facts: FileFacts, _ name: String, isShared: Bool = false) throws(StateError) {
        guard facts.isRegular, facts.links == 1 || isShared else {
            throw StateError(.invalid, "`\(name)` is not a plain file of its own; it isn't used")
        }
        guard facts.owner == SystemCalls.effectiveUser || (isShared && facts.owner == 0) else {
            throw StateError(.invalid, "`\(name)` belongs to another user; it isn't used")
        }
        if isShared && !facts.isWritableByOthers { return }
        guard !facts.isOpenToOthers else {
            throw StateError(.invalid, "`\(name)` is open to other users; make it private with `chmod 600`")
        }
    }

    private static func checkName(_ name: String) throws(StateError) {
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 200 else {
            throw StateError(
                .invalid, "a name of a state file must be printable, without `/` and without a leading `.`")
        }
    }
}
