// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

@testable import AgentSandbox

/// A workspace, mask, upper layer and undo store in a temporary folder, with an `outside` beside them that nothing may
/// touch.
final class Workbench {
    let base: String
    let trees: LayerTrees
    let store: UndoStore

    var workspace: String { base + "/workspace" }
    var mask: String { base + "/mask" }
    var upper: String { base + "/upper" }
    var outside: String { base + "/outside" }

    init(limitBytes: UInt64 = 1 << 30, in parent: String = NSTemporaryDirectory()) throws {
        base = parent + "/layer-" + UUID().uuidString
        for name in ["", "/workspace", "/mask", "/upper", "/outside", "/undo"] {
            try FileManager.default.createDirectory(atPath: base + name, withIntermediateDirectories: true)
        }
        trees = LayerTrees(
            workspace: try LayerDescriptor(openingFolder: base + "/workspace"),
            mask: try LayerDescriptor(openingFolder: base + "/mask"),
            upper: try LayerDescriptor(openingFolder: base + "/upper"))
        store = UndoStore(folder: try LayerDescriptor(openingFolder: base + "/undo"), limitBytes: limitBytes)
    }

    deinit {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "chmod -R u+rwX \"$0\" 2>/dev/null; rm -rf \"$0\"", base]
        try? process.run()
        process.waitUntilExit()
    }

    // MARK: Making trees

    func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
        try makeParents(of: path)
        try? FileManager.default.removeItem(atPath: path)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try Posix.setMode(path, mode)
    }

    func makeParents(of path: String) throws {
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    }

    func link(_ target: String, at path: String) throws {
        try makeParents(of: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    func whiteout(_ path: String) throws {
        try makeParents(of: upper + "/" + path)
        try Posix.makeNode(upper + "/" + path, S_IFCHR | 0o600)
    }

    func opaque(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: upper + "/" + path, withIntermediateDirectories: true)
        let folder = try LayerDescriptor(openingFolder: upper + "/" + path)
        try LayerSystem.setAttribute(folder, "user.overlay.opaque", Array("y".utf8))
    }

    // MARK: Running

    /// The identities of everything that stands in the workspace now.
    func snapshot() throws -> LayerSnapshot {
        var table: [LayerPath: FileIdentity] = [:]
        for path in paths(below: workspace) {
            let path = try LayerPath(path)
            if let node = try LayerNode.find(path.bytes, in: trees.workspace), node.kind != .directory {
                table[path] = node.stat.identity
            }
        }
        return .table(table)
    }

    func diff(names: ProtectedNames = ProtectedNames()) throws -> LayerDiff { try LayerDiff(of: trees, names: names) }

    func commit(
        _ diff: LayerDiff? = nil, snapshot: LayerSnapshot? = nil,
        _ change: (inout LayerCommit.Options) -> Void = { _ in }
    ) throws -> LayerCommit.Report {
        var options = LayerCommit.Options(snapshot: try snapshot ?? self.snapshot(), undo: store)
        change(&options)
        return try LayerCommit(trees: trees, options: options).run(try diff ?? self.diff())
    }

    // MARK: Looking

    func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    func exists(_ path: String) -> Bool {
        Posix.info(path) != nil
    }

    /// Everything below a folder: path, kind, mode and content or target, in order.
    func picture(of folder: String) -> [String] {
        paths(below: folder).map { path in
            let full = folder + "/" + path
            guard let info = Posix.info(full) else { return "\(path) gone" }
            let mode = String(info.mode & 0o7777, radix: 8)
            switch info.mode & S_IFMT {
            case S_IFDIR: return "\(path)/ \(mode)"
            case S_IFLNK:
                return "\(path) -> " + ((try? FileManager.default.destinationOfSymbolicLink(atPath: full)) ?? "?")
            case S_IFREG: return "\(path) \(mode) " + (read(full) ?? "?")
            default: return "\(path) other"
            }
        }
    }

    func paths(below folder: String) -> [String] {
        var found: [String] = []
        func walk(_ prefix: String) {
            let full = prefix.isEmpty ? folder : folder + "/" + prefix
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: full)) ?? []).sorted() {
                let path = prefix.isEmpty ? name : prefix + "/" + name
                found.append(path)
                if (Posix.info(folder + "/" + path)?.mode ?? 0) & S_IFMT == S_IFDIR { walk(path) }
            }
        }
        walk("")
        return found
    }
}

extension LayerDiff {
    /// `change kind path`, one line per entry.
    var lines: [String] { entries.map { "\($0.change.rawValue) \($0.kind.rawValue) \($0.path)" } }
}

extension LayerCommit.Report {
    var committedPaths: [String] { committed.map(\.path.description) }
    var refusedPaths: [String] { refused.map(\.entry.path.description).sorted() }
    var conflictPaths: [String] { conflicts.map(\.entry.path.description).sorted() }
}
