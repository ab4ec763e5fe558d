// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentPolicy
internal import ArgumentParser

struct DecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Decides JSON lines from standard input, without any effect.",
        discussion: "In: {\"id\",\"tool\",\"input\"} a line. Out, in order: id, decision, class, environment, reasons, obligations. No provider is asked: opaque ids stay unproven.")

    @OptionGroup var session: SessionOptions

    func run() async throws {
        try await reporting {
            let options = try session.hostOptions()
            let located = try PolicyLocator(variables: options.variables).locate(
                explicit: options.policyFile, workspace: options.workspace)
            let engine = try Host.compiled(located.document, vault: nil)
            let context = SessionContext(
                id: "decide", environment: try Host.selected(options.environment, in: located.document),
                workspace: options.workspace, principals: options.principals)
            let decider = DecideLine(policy: engine, session: context)
            var reader = LineReader()
            var output: [UInt8] = []
            while let line = reader.next() {
                if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
                decider.answerOffline(line, into: &output)
                if output.count > 1 << 16 {
                    guard StandardStreams.write(output, to: 1) else { return }
                    output.removeAll(keepingCapacity: true)
                }
            }
            StandardStreams.write(output, to: 1)
        }
    }
}
