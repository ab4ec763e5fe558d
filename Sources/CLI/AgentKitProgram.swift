// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import ArgumentParser

/// The operators' program.
@main
struct AgentKitProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentkit",
        abstract: "Runs an agent's tool calls under capabilities: confined, decided, approved, recorded.",
        discussion: """
            Exit codes: the child's own where one ran; 125 the runtime failed before the effect; 126 denied by policy; 127 no such \
            program in the pod; 64 wrong usage; 75 waiting for approval; 70 the effect happened and something after it failed. \
            A child can return any of these itself: only --report tells them apart.
            """,
        version: "0.1.0",
        subcommands: [
            ExecCommand.self, CallCommand.self, DecideCommand.self, InitCommand.self, PolicyCommand.self, SecretsCommand.self,
            ApprovalsCommand.self, AuditCommand.self, UndoCommand.self, StopCommand.self, GrantsCommand.self,
            DoctorCommand.self, SessionCommand.self, RecoveryCommand.self, ServeCommand.self, MCPCommand.self,
            GatewayCommand.self, HookCommand.self,
        ])

    static func main() async {
        // A closed standard stream would be taken by the next file that is opened.
        StandardStreams.openMissing()
        await main(nil)
    }
}
