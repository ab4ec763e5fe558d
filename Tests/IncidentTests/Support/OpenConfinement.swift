// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation

/// The pod, off: programs run as plain processes with the test's own network, in a copy of the workspace.
///
/// The copy is masked as a pod's view would be, so that nothing but the pod is missing.
struct OpenConfinement: Confinement {
    func open(_ specification: ConfinementSpecification) async throws(ConfinementError) -> any ConfinedWorkspace {
        let view = specification.workspace + ".view"
        do {
            for path in try FileManager.default.subpathsOfDirectory(atPath: specification.workspace) {
                let source = "\(specification.workspace)/\(path)"
                guard let bytes = FileManager.default.contents(atPath: source), let target = OpenFiles.url(path, in: view) else { continue }
                try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(specification.mask(path, Array(bytes)) ?? Array(bytes)).write(to: target)
                let mode = try FileManager.default.attributesOfItem(atPath: source)[.posixPermissions] ?? 0o644
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target.path)
            }
        } catch {
            throw ConfinementError(.setup, "the copy can't be made: \(error)")
        }
        return OpenWorkspace(folder: view)
    }
}

/// A workspace without confinement.
private struct OpenWorkspace: ConfinedWorkspace {
    let folder: String

    var report: AgentCore.EnforcementReport { AgentCore.EnforcementReport(tier: "none", layers: []) }
    var files: any WorkspaceFiles { OpenFiles(folder: folder) }

    func run(
        _ command: ConfinedCommand, onOutput: (@Sendable (AgentCore.OutputStream, [UInt8]) -> Void)?
    ) async throws(ConfinementError) -> CommandResult {
        let output = "\(folder).output-\(UUID().uuidString)"
        do {
            try Data().write(to: URL(filePath: output))
            let status = try await Self.finished(command, in: folder, writing: try FileHandle(forWritingTo: URL(filePath: output)))
            let bytes = Array(FileManager.default.contents(atPath: output) ?? Data())
            return CommandResult(
                ending: .exited(code: status), standardOutput: bytes, standardError: [], droppedBytes: 0, duration: .zero)
        } catch {
            throw ConfinementError(.io, "the program can't be run: \(error)")
        }
    }

    private static func finished(_ command: ConfinedCommand, in folder: String, writing output: FileHandle) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = command.argv
            process.environment = command.environment
            process.currentDirectoryURL = URL(filePath: folder)
            process.standardOutput = output
            process.standardError = output
            process.standardInput = FileHandle.nullDevice
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    func signal(_ number: Int32) {}
    func changes() async throws(ConfinementError) -> LayerChanges { LayerChanges(changes: [], patch: "") }

    func commit(undoStore: String, identifier: String, expecting summary: CommitSummary) async throws(ConfinementError) -> CommitReport {
        throw ConfinementError(.notAvailable, "nothing is committed without a pod")
    }

    func close() async {}
}

/// Files without confinement.
private struct OpenFiles: WorkspaceFiles {
    let folder: String

    static func url(_ path: String, in folder: String) -> URL? {
        path.contains("..") || path.hasPrefix("/") ? nil : URL(filePath: folder).appending(path: path)
    }

    func read(_ path: String, offset: Int64, limitBytes: Int) async throws(FileError) -> FileContent {
        guard let url = Self.url(path, in: folder), let data = FileManager.default.contents(atPath: url.path) else {
            throw FileError(.notFound, "there is no such file")
        }
        return FileContent(bytes: Array(data.dropFirst(Int(offset)).prefix(limitBytes)), totalBytes: Int64(data.count))
    }

    func write(_ path: String, _ bytes: [UInt8]) async throws(FileError) {
        guard let url = Self.url(path, in: folder) else { throw FileError(.outside, "the path leads out") }
        do {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        } catch {
            throw FileError(.io, "the file can't be written")
        }
    }

    func list(_ path: String) async throws(FileError) -> [FileEntry] {
        guard let url = Self.url(path, in: folder) else { throw FileError(.outside, "the path leads out") }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.sorted().map { FileEntry(name: $0, kind: .file, size: 0) }
    }
}
