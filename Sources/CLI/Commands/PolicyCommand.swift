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
        @Argument var call: String = "-"

        func run() async throws {
            try await reporting {
                let options = try session.hostOptions()
                let located = try PolicyLocator(variables: options.variables).locate(
                    explicit: options.policyFile, workspace: options.workspace)
                let engine = try Host.compiled(located.document, vault: nil)
                let bytes = call == "-" ? StandardStreams.readAll(from: 0, limitBytes: 16 << 20) : Array(call.utf8)
                guard let bytes, let json = try? JSONValue.parse(bytes), let tool = json["tool"]?.stringValue, let input = json["input"] else {
                    throw HostError(.usage, "give a call as JSON: {\"tool\": …, \"input\": {…}}")
                }
                let effect: Effect
                do throws(ToolInput.Failure) { effect = try ToolInput.effect(tool: tool, input: input) } catch { throw HostError(.usage, error.description) }
                let context = SessionContext(
                    id: "explain", environment: try Host.selected(options.environment, in: located.document),
                    workspace: options.workspace, principals: options.principals)
                Terminal.print("policy: \(located.path ?? "built-in strict default")")
                Terminal.print("session environment: \(context.environment)")
                let analysis = engine.analyse(effect, in: context)
                for operation in analysis.operations {
                    Terminal.print("operation \(operation.id), class \(operation.effectClass.rawValue): \(operation.summary)")
                }
                Terminal.print(Terminal.lines(of: engine.decide(effect, analysis, targets: analysis.stated, in: context)))
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "schema", abstract: "Prints the JSON Schema of policy files.")
        func run() { Terminal.print(PolicySchema.json.serialized(pretty: true)) }
    }

    struct Difference: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "diff", abstract: "What changed between two policies (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet("`agentkit policy diff`") }
    }
}
