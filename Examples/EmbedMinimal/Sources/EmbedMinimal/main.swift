// SPDX-License-Identifier: Apache-2.0

import AgentHost
import AgentKit
import AgentTools

// Runs an agent's calls on the folder given as argument, under the built-in policy; nothing that they do outlives the program.
let options = HostOptions(workspace: CommandLine.arguments[1], variables: [:], state: .memory)
let host = try await Host.open(options, tools: StandardTools.all + [LineCount()])
let session = try await host.openSession()

let calls = [
    ToolCall(tool: "shell", input: ["command": "ls; echo from the agent > new.txt"]),
    ToolCall(tool: "file.read", input: ["path": "new.txt"]),
    ToolCall(tool: "line.count", input: ["path": "new.txt"]),
    ToolCall(tool: "shell", input: ["command": "cat /etc/shadow"]),
]
for call in calls {
    switch try await session.call(call) {
    case .completed(let result, let decision): print("\(call.tool): \(decision.outcome.rawValue): \(result.text)")
    case .denied(let decision): print("\(call.tool): denied: \(decision.reasons.map(\.id))")
    case .waiting(let ticket, _): print("\(call.tool): waits for approval \(ticket.id)")
    case .refused(let reason, _): print("\(call.tool): refused: \(reason.message)")
    }
}
await session.close()
