// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentPolicy
internal import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check, test and explain policies.",
        subcommands: [Check.self, Test.self, Explain.self, Schema.self, Difference.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "check", abstract: "Reports errors and weak spots, as file:line:column; exits 1 on an error.")
        @Argument var files: [String]
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                var problems: [PolicyProblem] = []
                for file in files { problems += try PolicyReview.problems(of: file) }
                if json {
                    Terminal.print(
                        .array(
                            problems.map { problem in
                                [
                                    "severity": .string(problem.severity.rawValue), "id": .string(problem.id),
                                    "message": .string(problem.message), "position": .string(problem.position.description),
                                ]
                            }))
                } else {
                    for problem in problems { Terminal.print(problem.description) }
                    if problems.isEmpty { Terminal.print("good: \(files.joined(separator: ", "))") }
                }
                if problems.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "test", abstract: "Runs fixtures; exits 1 with a diff where one fails.")
        @Argument(help: "Fixture files, or folders whose *.fixtures.yaml, *_test.yaml and fixtures/*.yaml are run.") var paths: [String]
        @Option(help: "Write JUnit XML to this file.") var junit: String?

        func run() async throws {
            try await reporting {
                let report = try await PolicyReview.test(paths)
                if let junit, !HostFiles.writePrivate(HostFiles.absolute(junit), Array(report.junit.utf8), mode: 0o644) {
                    throw HostError(.usage, "`\(junit)` can't be written")
                }
                Terminal.print(report.text)
                if !report.isPassed { throw ExitCode(1) }
            }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: "Tells clause by clause why a call gets its decision.",
            discussion: "Give the call as JSON, such as {\"tool\":\"shell\",\"input\":{\"command\":\"git push --force\"}}, or - for standard input.")
        @OptionGroup var session: SessionOptions
        @Argument(help: "The call as JSON, or - for standard input.") var call: String = "-"
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let options = try session.hostOptions()
                let located = try PolicyLocator(variables: options.variables).locate(
                    explicit: options.policyFile, workspace: options.workspace)
                let engine = try Host.compiled(located.document, vault: nil)
                let bytes = call == "-" ? StandardStreams.readAll(from: 0, limitBytes: 16 << 20) : Array(call.utf8)
                guard let bytes, let value = try? JSONValue.parse(bytes), let tool = value["tool"]?.stringValue, let input = value["input"] else {
                    throw HostError(.usage, "give a call as JSON: {\"tool\": …, \"input\": {…}}")
                }
                let effect: Effect
                do throws(ToolInput.Failure) { effect = try ToolInput.effect(tool: tool, input: input) } catch { throw HostError(.usage, error.description) }
                let context = SessionContext(
                    id: "explain", environment: try Host.selected(options.environment, in: located.document),
                    workspace: options.workspace, principals: options.principals)
                let explanation = engine.explain(effect, in: context)
                if json { return Terminal.print(Self.json(of: explanation, located.path, context)) }
                Terminal.print("policy: \(located.path ?? "built-in strict default")")
                Terminal.print("session environment: \(context.environment)")
                StandardStreams.write(Array(explanation.text.utf8), to: 1)
            }
        }

        private static func json(of explanation: PolicyExplanation, _ path: String?, _ context: SessionContext) -> JSONValue {
            let rules = explanation.rules.map { line -> JSONValue in
                [
                    "rule": .string(line.rule), "verdict": .string(line.verdict.rawValue), "kind": .string(line.kind.rawValue),
                    "act": .string(line.act), "applies": .bool(line.applies), "position": .string(line.position.description),
                    "clauses": .array(line.clauses.map { ["key": .string($0.key), "holds": .bool($0.holds)] }),
                ]
            }
            return [
                "policy": path.map { .string($0) } ?? .null, "sessionEnvironment": .string(context.environment.name),
                "decision": explanation.decision.json, "rules": .array(rules),
            ]
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "schema", abstract: "Prints the JSON Schema of policy files.")
        func run() { Terminal.print(PolicySchema.json.serialized(pretty: true)) }
    }

    struct Difference: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff", abstract: "What changed between two policies, and whether it lets more happen.",
            discussion: "Each change widens, narrows, or is unclear, so that a person must look.")
        @Argument(help: "The older policy file.") var old: String
        @Argument(help: "The newer policy file.") var new: String
        @Flag(help: "Exit 1 where anything may let more happen: for reviews.") var strict = false
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let locator = PolicyLocator(variables: [:])
                let difference = PolicyDiff(
                    from: try locator.read(old, workspace: nil), to: try locator.read(new, workspace: nil))
                if json {
                    Terminal.print(["mayWiden": .bool(difference.mayWiden), "changes": .array(difference.changes.map(Self.json))])
                } else {
                    for change in difference.changes { Terminal.print(change.description) }
                    if difference.changes.isEmpty { Terminal.print("no change that matters to decisions") }
                }
                if strict, difference.mayWiden { throw ExitCode(1) }
            }
        }

        private static func json(_ change: PolicyDiff.Change) -> JSONValue {
            [
                "effect": .string(change.effect.rawValue), "summary": .string(change.summary),
                "position": change.position.map { .string($0.description) } ?? .null,
            ]
        }
    }
}
