// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "What this machine can enforce, found by doing it; exits 1 where a layer is missing.")
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let findings = await Doctor.examine()
        if json {
            Terminal.print([
                "tier": .string(findings.tier),
                "layers": .array(
                    findings.layers.map { layer in
                        [
                            "name": .string(layer.name), "enforced": .bool(layer.isEnforced), "detail": .string(layer.detail),
                            "remedy": layer.remedy.map { .string($0) } ?? .null,
                        ]
                    }),
            ])
        } else {
            Terminal.print("tier: \(findings.tier)")
            Terminal.print(
                Terminal.table(
                    ["LAYER", "STATE", "DETAIL"],
                    findings.layers.map { [$0.name, $0.isEnforced ? "enforced" : "MISSING", $0.detail] }))
            for layer in findings.layers { if let remedy = layer.remedy { Terminal.print("\(layer.name): \(remedy)") } }
        }
        if findings.layers.contains(where: { !$0.isEnforced }) { throw ExitCode(1) }
    }
}
