// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// What the catalogue makes of one command.
package struct CommandVerdict: Hashable, Sendable {
    package var effectClass: EffectClass
    package var operations: [EffectAnalysis.Operation]

    /// A verdict without an operation of its own.
    static func plain(_ effectClass: EffectClass) -> CommandVerdict { CommandVerdict(effectClass: effectClass, operations: []) }
    static let read = plain(.read)
    static let reversible = plain(.reversible)

    /// A verdict of one operation.
    static func one(
        _ id: String, _ effectClass: EffectClass, _ summary: String, takesBackups: Bool = false, queries: [ResourceQuery] = []
    ) -> CommandVerdict {
        CommandVerdict(
            effectClass: effectClass,
            operations: [
                EffectAnalysis.Operation(
                    id: id, effectClass: effectClass, queries: queries, takesBackups: takesBackups, summary: summary)
            ])
    }

    static func irreversible(_ id: String, _ summary: String) -> CommandVerdict { one(id, .irreversible, summary) }
    static func unknown(_ id: String, _ summary: String) -> CommandVerdict { one(id, .unknown, summary) }

    /// Adds another verdict.
    mutating func add(_ other: CommandVerdict) {
        effectClass = effectClass.combined(with: other.effectClass)
        operations += other.operations
    }

    /// The verdict at its gravest where words could turn into options.
    func clouded(_ isClouded: Bool, _ id: String) -> CommandVerdict {
        guard isClouded, effectClass == .read || effectClass == .reversible else { return self }
        return .unknown(id, "takes arguments that are only known when it runs")
    }
}

/// A command with what its judges need.
struct JudgedCommand {
    let name: String
    let vector: ArgumentVector
    let command: ReadCommand

    /// Where an operand leads.
    func place(_ word: CommandWord) -> PathPlace { PathFacts.place(of: word, in: command.directory) }
}
