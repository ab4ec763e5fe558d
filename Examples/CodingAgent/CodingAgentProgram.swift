// SPDX-License-Identifier: Apache-2.0

#if Examples
internal import AgentHost
internal import AgentKit
internal import AgentModels
internal import ArgumentParser
internal import Dispatch
internal import Glibc

/// A small coding agent whose every tool call runs under AgentKit.
@main
struct CodingAgentProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coding-agent",
        abstract: "A coding agent whose tool calls run under AgentKit.",
        discussion: """
            Models: `script:FILE` plays FILE (offline, the default is a short script of its own), `script:FILE#PLAY` one play of several, \
            `anthropic:MODEL` (key from ANTHROPIC_API_KEY), `openai:MODEL@BASE-URL` for any compatible endpoint, Ollama and vLLM included \
            (key from OPENAI_API_KEY, if any).
            """)

    @Option(help: "The model.") var model: String = "script:"
    @Option(help: "Values for a script: JSON files, `name=FILE`; a reference `${name.key}` finds them.") var value: [String] = []
    @Option(help: "The policy file; found like agentkit's unless told.") var policy: String?
    @Option(help: "The environment to act under.") var environment: String?
    @Option(help: "The folder to work in; the working folder unless told.") var workspace: String?
    @Option(help: "The folder of approvals and audit.") var state: String?
    @Option(help: "How long to wait for an approval given elsewhere, such as 30s; without a terminal of its own the agent waits for nothing else.")
    var waitForApproval: String?
    @Option(help: "A key to sign approvals with, after showing them on this terminal.") var approverKey: String?
    @Option(help: "Most turns.") var turns: Int = 60
    @Flag(help: "What a harness does without AgentKit: nothing stands between the model and the machine.") var bare = false
    @Flag(help: "Apply the changes to the workspace at the end; they are dropped unless told.") var commit = false
    @Option(help: "Write the transcript to this file as JSON lines.") var transcript: String?
    @Option(help: "What to say when the model has finished; may stand several times.") var followUp: [String] = []
    @Argument(help: "The task.") var task: String = "Look around the workspace and say what it is."

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let folder = HostFiles.realPath(workspace ?? ".") ?? "/"
        let variables = StandardStreams.environment()
        let console = Console(transcript: transcript)
        do {
            let chosen = try ModelChoice(model, values: value, variables: variables).model()
            let harness = try await harness(folder, variables, console)
            let loop = AgentLoop(model: chosen, harness: harness, console: console, turnLimit: turns, followUps: followUp)
            let work = Task { await loop.run(task) }
            let interrupt = Self.onInterrupt { work.cancel() }
            let summary = await work.value
            interrupt.cancel()
            await harness.close(committing: commit && !summary.wasInterrupted, console)
            console.summary(summary)
            if let failure = summary.failure { throw ValidationError(failure) }
        } catch let error as HostError {
            throw ValidationError(error.message)
        } catch let error as SessionError {
            throw ValidationError(error.message)
        }
    }

    private func harness(_ folder: String, _ variables: [String: String], _ console: Console) async throws -> any Harness {
        if bare { return BareHarness(folder: folder) }
        var options = HostOptions(workspace: folder, variables: variables, state: state.map { .folder(HostFiles.absolute($0)) })
        options.policyFile = policy
        options.environment = environment
        options.principals = [variables["USER"] ?? "user", "coding-agent"]
        let host = try await Host.open(options)
        let session = try await host.openSession()
        console.opened(session, policy: host.policy.path)
        let mode: ApprovalMode = try waitForApproval.map { .wait(atMost: try HostDuration.parse($0)) } ?? .deferred
        return GuardedHarness(session: session, host: host, mode: mode, approver: try approverKey.map { try Approver(keyFile: $0) })
    }

    /// Ctrl-C ends the tree of whatever runs; a second one ends the program, and its pod with it.
    private static func onInterrupt(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            body()
            signal(SIGINT, SIG_DFL)
        }
        source.resume()
        return source
    }
}
#else
@main
struct CodingAgentProgram {
    static func main() { Swift.print("built without the trait Examples") }
}
#endif
