// SPDX-License-Identifier: Apache-2.0

import AgentKit
import AgentTools

/// A runtime over fakes, everything permitted unless a test says otherwise.
struct Bench {
    let events = Events()
    let clock = TestClock()
    let policy: TestPolicy
    let audit: TestAudit
    let approvals: TestApprovals
    let describer: TestDescriber
    let pod: TestPod
    let transport: TestTransport
    let resolver: TestResolver

    init() {
        policy = TestPolicy(events: events)
        audit = TestAudit(events: events)
        approvals = TestApprovals(events: events, audit: audit)
        describer = TestDescriber(events: events)
        pod = TestPod(events: events)
        transport = TestTransport(events: events)
        resolver = TestResolver(provider: "railway", events: events)
    }

    var configuration: RuntimeConfiguration {
        var configuration = RuntimeConfiguration(policy: policy, audit: audit, redactor: TestRedactor())
        configuration.approvals = approvals
        configuration.describer = describer
        configuration.confinement = pod
        configuration.transport = transport
        configuration.resolvers = [resolver]
        configuration.undoStore = "/var/lib/undo"
        configuration.now = clock.now
        return configuration
    }

    /// Opens a session and forgets what opening it noted.
    func session(
        tools: [any Tool] = [], _ change: (inout RuntimeConfiguration) -> Void = { _ in }
    ) async throws(SessionError) -> Session {
        var configuration = configuration
        change(&configuration)
        let runtime = Runtime(configuration, tools: tools + StandardTools.all)
        let session = try await runtime.openSession(workspace: "/ws", environment: .staging, principals: ["ada"])
        events.clear()
        return session
    }

    /// Whether nothing happened that a session could be blamed for.
    var isUntouched: Bool {
        pod.ran.value.isEmpty && transport.sent.value.isEmpty && pod.commits.value == 0
            && !events.all.contains { $0.hasPrefix("read ") || $0.hasPrefix("write ") || $0.hasPrefix("list ") }
    }
}

/// A tool made of two functions.
struct ClosureTool: Tool {
    let name: String
    let description = "a tool of a test"
    let inputSchema: JSONValue = ["type": "object"]
    var effects: [Effect]
    var body: @Sendable (consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult

    init(
        _ name: String = "test", proposing effects: [Effect],
        _ body: @escaping @Sendable (consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult = { _ in
            ToolResult(text: "done")
        }
    ) {
        self.name = name
        self.effects = effects
        self.body = body
    }

    func propose(_ input: JSONValue, in session: SessionContext) throws(ToolError) -> [Effect] { effects }

    func run(_ input: JSONValue, with invocation: consuming AuthorizedInvocation) async throws(ToolError) -> ToolResult
    {
        try await body(invocation)
    }
}

extension Attempt {
    var outcome: String {
        switch self {
        case .completed: "completed"
        case .denied: "denied"
        case .waiting: "waiting"
        case .refused: "refused"
        }
    }

    var value: Value? { if case .completed(let value, _) = self { value } else { nil } }
}

extension ToolCall {
    static let test = ToolCall(tool: "test", input: [:])
    static func read(_ path: String) -> ToolCall { ToolCall(tool: "file.read", input: ["path": .string(path)]) }
    static func write(_ path: String) -> ToolCall {
        ToolCall(tool: "file.write", input: ["path": .string(path), "content": "text"])
    }
    static func shell(_ command: String) -> ToolCall { ToolCall(tool: "shell", input: ["command": .string(command)]) }
    static func get(_ url: String) -> ToolCall { ToolCall(tool: "http.request", input: ["url": .string(url)]) }
    static func post(_ url: String) -> ToolCall {
        ToolCall(tool: "http.request", input: ["url": .string(url), "method": "POST", "body": "{}"])
    }
}

extension Effect {
    static func read(_ path: String) -> Effect { Effect(.readFile(path: path)) }
    static func write(_ path: String) -> Effect { Effect(.writeFile(path: path)) }
    static func run(_ argv: String...) -> Effect { Effect(.execute(Execution(argv: argv))) }
    static func get(_ url: String) -> Effect { Effect(.request(OutgoingRequest(method: "GET", url: url))) }
}

/// Runs a body and hands back what it threw.
func failure<Failure: Error>(_ body: () async throws(Failure) -> Void) async -> Failure? {
    do throws(Failure) { try await body() } catch { return error }
    return nil
}
