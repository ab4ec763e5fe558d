// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// A pod in memory: files in a dictionary, programs as a function.
final class TestPod: Confinement, ConfinedWorkspace {
    typealias Program = @Sendable (ConfinedCommand) -> (chunks: [String], ending: CommandResult.Ending)

    let events: Events
    let content = Box<[String: String]>([:])
    let fileError = Box<FileError?>(nil)
    let program = Box<Program>({ _ in (["ok"], .exited(code: 0)) })
    let runError = Box<ConfinementError?>(nil)
    let ran = Box<[ConfinedCommand]>([])
    let signals = Box<[Int32]>([])
    let layer = Box(LayerChanges(changes: [], patch: ""))
    let commits = Box(0)
    let isClosed = Box(false)
    let specification = Box<ConfinementSpecification?>(nil)
    let openError = Box<ConfinementError?>(nil)

    init(events: Events) { self.events = events }

    var report: EnforcementReport { EnforcementReport(tier: "full", layers: []) }
    var files: any WorkspaceFiles { TestFiles(pod: self) }

    func open(_ specification: ConfinementSpecification) async throws(ConfinementError) -> any ConfinedWorkspace {
        if let error = openError.value { throw error }
        self.specification.value = specification
        return self
    }

    func run(
        _ command: ConfinedCommand, onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)?
    ) async throws(ConfinementError) -> CommandResult {
        events.note("run")
        ran.update { $0.append(command) }
        if let error = runError.value { throw error }
        let (chunks, ending) = program.value(command)
        for chunk in chunks { onOutput?(.standardOutput, Array(chunk.utf8)) }
        let output = Array(chunks.joined().utf8)
        let kept = Array(output.prefix(command.outputLimitBytes))
        return CommandResult(
            ending: ending, standardOutput: kept, standardError: kept, droppedBytes: 2 * (output.count - kept.count),
            duration: .milliseconds(1))
    }

    func signal(_ number: Int32) { signals.update { $0.append(number) } }

    func changes() async throws(ConfinementError) -> LayerChanges { layer.value }

    func commit(
        undoStore: String, identifier: String, expecting summary: CommitSummary
    ) async throws(ConfinementError) -> CommitReport {
        events.note("commit")
        commits.update { $0 += 1 }
        return CommitReport(id: identifier, committed: layer.value.changes, refused: [], conflicts: [])
    }

    func close() async {
        events.note("pod.close")
        isClosed.value = true
    }
}

/// The files of a `TestPod`, by their path relative to the workspace.
struct TestFiles: WorkspaceFiles {
    let pod: TestPod

    func read(_ path: String, offset: Int64, limitBytes: Int) async throws(FileError) -> FileContent {
        pod.events.note("read \(path)")
        if let error = pod.fileError.value { throw error }
        guard let text = pod.content.value[path] else {
            throw FileError(.notFound, "there is no `\(path)` in the workspace")
        }
        let bytes = Array(text.utf8)
        return FileContent(
            bytes: Array(bytes.dropFirst(Int(offset)).prefix(limitBytes)), totalBytes: Int64(bytes.count))
    }

    func write(_ path: String, _ bytes: [UInt8]) async throws(FileError) {
        if let error = pod.fileError.value { throw error }
        pod.events.note("write \(path)")
        pod.content.update { $0[path] = String(decoding: bytes, as: UTF8.self) }
    }

    func list(_ path: String) async throws(FileError) -> [FileEntry] {
        pod.events.note("list \(path)")
        if path.contains("unreadable") { throw FileError(.refused, "the system refuses access to `\(path)`") }
        let prefix = path.isEmpty ? "" : path + "/"
        var entries: [String: FileEntry] = [:]
        for (name, text) in pod.content.value where name.hasPrefix(prefix) {
            let parts = name.dropFirst(prefix.count).split(separator: "/")
            guard let first = parts.first else { continue }
            let isFolder = parts.count > 1
            entries[String(first)] = FileEntry(
                name: String(first), kind: isFolder ? .folder : .file, size: isFolder ? 0 : Int64(text.utf8.count))
        }
        return entries.values.sorted { $0.name < $1.name }
    }
}
