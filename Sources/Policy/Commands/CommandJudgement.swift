// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// What a command's text amounts to.
package struct CommandJudgement: Sendable {
    package var effectClass: EffectClass
    package var operations: [EffectAnalysis.Operation]
    package var requests: [CommandRequest]
    package var unknowns: [CommandUnknown]
}

extension CommandReading {
    /// Judges every command that was read.
    package func judgement(by catalogue: Catalogue = .standard) -> CommandJudgement {
        var result = CommandJudgement(effectClass: .read, operations: [], requests: [], unknowns: unknowns)
        if !unknowns.isEmpty { result.effectClass = .unknown }
        for hazard in hazards {
            result.effectClass = .irreversible
            result.operations.append(
                EffectAnalysis.Operation(id: hazard.id, effectClass: .irreversible, summary: hazard.message))
        }
        for command in commands {
            var verdict = catalogue.judge(command)
            let requests = CommandRequest.requests(of: command)
            for request in requests {
                verdict.add(catalogue.judge(request))
                result.requests.append(request)
            }
            if command.isRemote, verdict.effectClass == .reversible {
                verdict.add(.unknown("command.remote", "changes something on another machine or in a container"))
            }
            result.effectClass = result.effectClass.combined(with: verdict.effectClass)
            for operation in verdict.operations where !result.operations.contains(operation) { result.operations.append(operation) }
        }
        return result
    }

    /// How bad the whole is, by the catalogue that ships.
    package var effectClass: EffectClass { judgement().effectClass }
    /// The operations that the catalogue that ships sees in it.
    package var operations: [EffectAnalysis.Operation] { judgement().operations }
    /// The HTTP requests that it would make, as far as the text tells.
    package var requests: [CommandRequest] { commands.flatMap { CommandRequest.requests(of: $0) } }
}
