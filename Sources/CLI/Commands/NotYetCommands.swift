// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

// Commands whose place is fixed and whose work is not built: they refuse with a sentence.

struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "session", abstract: "Long-lived pods (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit session`") }
}

struct RecoveryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "recovery", abstract: "Statements about recovery points (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit recovery`") }
}

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "The approvals inbox as a web page (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit serve`") }
}

struct MCPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mcp", abstract: "MCP server (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit mcp`") }
}

struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gateway", abstract: "Another MCP server's tools under policy (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit gateway`") }
}

struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "hook", abstract: "Hooks of other harnesses (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit hook`") }
}

struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stop", abstract: "Ends sessions and revokes their grants (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit stop`") }
}

struct GrantsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "grants", abstract: "What is granted now (not available yet).")
    @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    func run() throws { throw notYet(Self.self, rest, "`agentkit grants`") }
}
