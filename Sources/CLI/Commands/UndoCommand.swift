// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import ArgumentParser

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Takes a commit back: replaced and deleted files return, added ones go.",
        discussion: "Nothing is touched where the workspace changed since; those paths are listed and the exit code is 1.")
    @OptionGroup var state: StateOptions
    @Option(help: "The workspace that was committed to; the working folder unless told.") var workspace: String?
    @Argument(help: "The commit; the newest unless told.") var id: String?
    @Flag(help: "List what can be undone.") var list = false

    func run() async throws {
        try await reporting {
            let variables = StandardStreams.environment()
            guard let folder = HostFiles.realPath(workspace ?? "."), HostFiles.isFolder(folder) else {
                throw HostError(.usage, "there is no such workspace")
            }
            let access = try await StateAccess.open(.folder(state.folder(variables)), workspace: folder)
            if list {
                for commit in try access.commits() { Terminal.print(commit) }
                return
            }
            let (undone, conflicts) = try await access.undo(id, in: folder)
            guard conflicts.isEmpty else {
                for path in conflicts { Terminal.error("changed since the commit: \(path)") }
                throw fail(1, "nothing was undone, because the workspace changed since")
            }
            Terminal.print("undone: \(undone)")
        }
    }
}
