// SPDX-License-Identifier: Apache-2.0

#if Examples
internal import AgentKit
internal import AgentTools
internal import Foundation

/// What a harness without a runtime does: it runs whatever the model says, as the user, with everything the user has.
///
/// It exists to show the difference. Nothing here is AgentKit.
struct BareHarness: Harness {
    let folder: String

    var tools: [any Tool] { [ShellTool(), FileReadTool()] }

    func call(_ call: ToolCall, _ console: Console) async -> Answer {
        switch call.tool {
        case "shell": return shell(call.input["command"]?.stringValue ?? "")
        case "file.read":
            let path = folder + "/" + (call.input["path"]?.stringValue ?? "")
            guard let data = FileManager.default.contents(atPath: path) else {
                return Answer(kind: .failed, text: "no such file", isError: true, decision: nil)
            }
            return Answer(kind: .done, text: String(decoding: data, as: UTF8.self), isError: false, decision: nil)
        default: return Answer(kind: .failed, text: "this harness has no such tool", isError: true, decision: nil)
        }
    }

    func close(committing: Bool, _ console: Console) async {}

    private func shell(_ command: String) -> Answer {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return Answer(kind: .failed, text: "\(error)", isError: true, decision: nil) }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Answer(
            kind: .done, text: String(decoding: output, as: UTF8.self), isError: process.terminationStatus != 0, decision: nil)
    }
}
#endif
