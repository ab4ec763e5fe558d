// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Answers calls that come one JSON object to a line, without any effect. A line that can't be read is denied, never skipped.
public struct DecideLine: Sendable {
    private let policy: CompiledPolicy
    private let session: SessionContext
    private let resolvers: [String: any ResourceResolver]

    /// Makes an answerer.
    ///
    /// - Parameters:
    ///   - policy: The policy.
    ///   - session: Who asks, and the environment that every line is judged in.
    ///   - resolvers: By provider; an id of a provider that isn't here stays unproven.
    public init(policy: CompiledPolicy, session: SessionContext, resolvers: [String: any ResourceResolver] = [:]) {
        self.policy = policy
        self.session = session
        self.resolvers = resolvers
    }

    /// Appends the answer to one line, newline included. Asks providers only where the line names ids of theirs.
    public func answer(_ line: some Collection<UInt8>, into output: inout [UInt8]) async {
        let parsed = Self.parse(line)
        guard let effect = parsed.effect else {
            write(denial(parsed.failure), id: parsed.id, into: &output)
            return
        }
        let reading = policy.reader.read(effect, in: session)
        var targets: [ResolvedTarget] = []
        if !reading.queries.isEmpty && !resolvers.isEmpty {
            targets = await Self.resolve(reading.queries, with: resolvers, policy.environments)
        }
        write(policy.decide(reading, targets: targets, in: session), id: parsed.id, into: &output)
    }

    /// Appends the answer to one line, newline included, without asking any provider: ids stay unproven.
    public func answerOffline(_ line: some Collection<UInt8>, into output: inout [UInt8]) {
        let parsed = Self.parse(line)
        guard let effect = parsed.effect else {
            write(denial(parsed.failure), id: parsed.id, into: &output)
            return
        }
        write(
            policy.decide(policy.reader.read(effect, in: session), targets: [], in: session), id: parsed.id,
            into: &output)
    }

    /// Asks each provider about its own ids.
    static func resolve(
        _ queries: [ResourceQuery], with resolvers: [String: any ResourceResolver], _ order: EnvironmentOrder
    ) async -> [ResolvedTarget] {
        var targets: [ResolvedTarget] = []
        for (provider, own) in Dictionary(grouping: queries, by: \.provider).sorted(by: { $0.key < $1.key }) {
            guard let resolver = resolvers[provider] else { continue }
            targets += await resolver.resolve(own, environments: order)
        }
        return targets
    }

    private static func parse(_ line: some Collection<UInt8>) -> (id: JSONValue, effect: Effect?, failure: String) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(line)
        } catch {
            return (.null, nil, "the line is no JSON object: \(error.reason)")
        }
        let id = value["id"] ?? .null
        guard let tool = value["tool"]?.stringValue else { return (id, nil, "the line lacks `tool`") }
        guard let input = value["input"] else { return (id, nil, "the line lacks `input`") }
        do {
            return (id, try ToolInput.effect(tool: tool, input: input), "")
        } catch {
            return (id, nil, error.description)
        }
    }

    private func denial(_ message: String) -> Decision {
        .deny([Reason("input.invalid", message)], environment: policy.environments.mostProtected)
    }

    private func write(_ decision: Decision, id: JSONValue, into output: inout [UInt8]) {
        DecisionWriter.write(decision, id: id, into: &output)
        output.append(0x0A)
    }
}
