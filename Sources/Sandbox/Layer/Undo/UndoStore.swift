// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Keeps what commits replaced and deleted, outside the workspace, so that a commit can be undone.
///
/// One folder per commit: `manifest` in JSON lines and `content/`. Nothing is evicted before its time to make room,
/// else an agent could flush an original out by committing often.
package struct UndoStore: Sendable {
    let folder: LayerDescriptor
    /// Most bytes of originals, over all commits.
    package let limitBytes: UInt64
    /// How long a commit can be undone, in seconds.
    package let keepSeconds: Int64

    /// Takes a folder that only the host can reach.
    ///
    /// - Parameters:
    ///   - folder: On the workspace's file system originals are moved, elsewhere copied.
    ///   - limitBytes: Default 4 GiB.
    ///   - keepSeconds: Default 7 days.
    package init(folder: LayerDescriptor, limitBytes: UInt64 = 4 << 30, keepSeconds: Int64 = 7 * 86_400) {
        self.folder = folder
        self.limitBytes = limitBytes
        self.keepSeconds = keepSeconds
    }

    /// The commits that can be undone, oldest first.
    ///
    /// - Throws: `LayerError` with code `system`.
    package func commits() throws(LayerError) -> [String] {
        try LayerSystem.list(folder, limit: 1_000_000).map { String(decoding: $0, as: UTF8.self) }
            .filter(Self.isIdentifier)
    }

    /// Drops commits whose time is over.
    ///
    /// - Throws: `LayerError` with code `system`.
    package func prune(now: LayerTime) throws(LayerError) {
        for identifier in try commits() {
            guard let made = Int64(identifier.prefix(12), radix: 16), made + keepSeconds < now.seconds else { continue }
            try drop(identifier)
        }
    }

    /// The bytes that all kept originals hold.
    package func usedBytes() throws(LayerError) -> UInt64 {
        var sum: UInt64 = 0
        for identifier in try commits() {
            // Without its content folder a commit was being dropped when the host stopped; any other failure counts.
            guard let content = try LayerNode.find(Array("\(identifier)/content".utf8), in: folder) else { continue }
            sum += try Self.size(of: content.openFolder())
        }
        return sum
    }

    // MARK: For commits

    func begin(reserving bytes: UInt64) throws(LayerError) -> UndoJournal {
        let now = try LayerSystem.now()
        try prune(now: now)
        guard try usedBytes() + bytes <= limitBytes else { throw LayerError(.undoFull, .commit) }
        let random = try LayerSystem.random(8).map { PrintableText.hex(UInt32($0), width: 2) }.joined()
        let stamp = String(now.seconds, radix: 16)
        let identifier = String(repeating: "0", count: max(0, 12 - stamp.count)) + stamp + "-" + random
        do throws(LayerError) {
            try LayerSystem.makeFolder(folder, Array(identifier.utf8), mode: 0o700)
            let own = try LayerSystem.open(folder, Array(identifier.utf8), .folder)
            try LayerSystem.makeFolder(own, Self.content, mode: 0o700)
            return try UndoJournal(identifier: identifier, folder: own)
        } catch {
            throw LayerError(.undoUnavailable, .commit, errno: error.errno)
        }
    }

    func open(_ identifier: String) throws(LayerError) -> LayerDescriptor {
        guard Self.isIdentifier(identifier) else { throw LayerError(.unknownCommit, .undo) }
        do throws(LayerError) {
            return try LayerSystem.open(folder, Array(identifier.utf8), .folder)
        } catch {
            throw LayerError(.unknownCommit, .undo, errno: error.errno)
        }
    }

    func drop(_ identifier: String) throws(LayerError) {
        let own = try open(identifier)
        if let content = try? LayerSystem.open(own, Self.content, .folder) {
            try Self.empty(content)
            try LayerSystem.remove(own, Self.content, directory: true)
        }
        for name in try LayerSystem.list(own, limit: 16) { try LayerSystem.remove(own, name) }
        try LayerSystem.remove(folder, Array(identifier.utf8), directory: true)
    }

    // What lies in the store was walked before it came here, so its depth is bounded.
    private static func size(of folder: LayerDescriptor) throws(LayerError) -> UInt64 {
        var sum: UInt64 = 0
        for name in try LayerSystem.list(folder, limit: 10_000_000) {
            guard let node = try LayerNode.find(name, in: folder) else { continue }
            sum += node.kind == .directory ? try size(of: node.openFolder()) : node.stat.size
        }
        return sum
    }

    private static func empty(_ folder: LayerDescriptor) throws(LayerError) {
        for name in try LayerSystem.list(folder, limit: 10_000_000) {
            guard let node = try LayerNode.find(name, in: folder) else { continue }
            if node.kind == .directory {
                let inner = try node.openFolder()
                try LayerSystem.setMode(inner, 0o700)
                try empty(inner)
            }
            try LayerSystem.remove(folder, name, directory: node.kind == .directory)
        }
    }

    static let content = Array("content".utf8)
    static let manifest = Array("manifest".utf8)

    private static func isIdentifier(_ text: String) -> Bool {
        text.utf8.count == 29
            && text.utf8.enumerated().allSatisfy { index, byte in
                index == 12 ? byte == UInt8(ascii: "-") : byte >= 0x30 && byte <= 0x39 || byte >= 0x61 && byte <= 0x66
            }
    }
}
