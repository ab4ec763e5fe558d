// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// The catalogue and the command reader that ship, as the engine asks them.
package struct StandardCatalogue: CatalogueReading {
    private let catalogue: Catalogue
    package let identity: String
    package let operationIDs: [String]

    /// Makes it; `catalogue` is the one that ships unless a test brings its own.
    package init(_ catalogue: Catalogue = .standard) {
        self.catalogue = catalogue
        operationIDs = catalogue.entries.map(\.id)
        let entries = catalogue.entries.map { "\($0.id) \($0.effectClass.rawValue)" }.sorted()
        identity = "standard-1 " + entries.joined(separator: ",")
    }

    package func read(shell text: String) -> CommandSight { sight(of: CommandReader.read(text)) }

    package func read(argv: [String]) -> CommandSight { sight(of: CommandReader.read(argv: argv)) }

    package func read(request: RequestAnalysis) -> RequestSight {
        guard let url = request.url else { return RequestSight() }
        let operations = catalogue.operations(request: request)
        let isKnown = catalogue.knowsEndpoint(host: url.host.text, path: url.path)
        return isKnown
            ? RequestSight(knowsEndpoint: true, operations: operations)
            : RequestSight(knowsEndpoint: false, general: operations)
    }

    package func read(sql: String) -> StatementSight {
        let reading = SQLReading(sql)
        let operations = reading.statements.flatMap(\.findings).map {
            EffectAnalysis.Operation(id: $0.id, effectClass: $0.effectClass, summary: $0.summary)
        }
        return StatementSight(effectClass: reading.effectClass, operations: operations)
    }

    package func knowsEndpoint(host: String) -> Bool { catalogue.knowsEndpoint(host: host, path: "/") }

    // MARK: Commands

    private func sight(of reading: CommandReading) -> CommandSight {
        var sight = CommandSight()
        sight.effectClass = reading.unknowns.isEmpty ? .read : .unknown
        sight.unknowns = reading.unknowns.map { Reason($0.id, $0.message) }
        sight.hazards = reading.hazards.map { Reason($0.id, $0.message) }
        if !sight.hazards.isEmpty { sight.effectClass = .irreversible }
        for command in reading.commands { add(command, to: &sight) }
        return sight
    }

    private func add(_ command: ReadCommand, to sight: inout CommandSight) {
        let argv = command.argv.map(\.exact)
        if !argv.isEmpty {
            sight.commands.append(
                CommandSight.Command(
                    argv: argv, directory: command.directory, isRemote: command.isRemote, wrappers: command.wrappers))
        }
        var verdict = catalogue.judge(command)
        if command.isRemote, verdict.effectClass == .reversible {
            verdict.add(.unknown("command.remote", "changes something on another machine or in a container"))
        }
        sight.effectClass = sight.effectClass.combined(with: verdict.effectClass)
        for operation in verdict.operations {
            if Self.isContained(operation, isRemote: command.isRemote) {
                Self.append(operation, to: &sight.contained)
            } else {
                Self.append(operation, to: &sight.outgoing)
            }
        }
        for push in GitPushReader.pushes(argv) where !sight.pushes.contains(push) { sight.pushes.append(push) }
        for request in CommandRequest.requests(of: command) { add(request, to: &sight) }
    }

    private static func append(_ operation: EffectAnalysis.Operation, to list: inout [EffectAnalysis.Operation]) {
        if !list.contains(operation) { list.append(operation) }
    }

    /// Whether the copy-on-write layer takes back what an operation does: files of the pod, and what only running would tell.
    private static func isContained(_ operation: EffectAnalysis.Operation, isRemote: Bool) -> Bool {
        if isRemote { return false }
        let family = operation.id.prefix { $0 != "." }
        switch family {
        case "local": return operation.id != "local.overwriteDevice"
        case "git": return !operation.id.hasPrefix("git.push") && operation.id != "git.send-email"
        case "build", "command": return true
        default: return false
        }
    }

    /// Takes a request over where all that matters of it is known; else only its class, and literals in what is known.
    private func add(_ request: CommandRequest, to sight: inout CommandSight) {
        let verdict = catalogue.judge(request)
        sight.effectClass = sight.effectClass.combined(with: verdict.effectClass)
        let hole = CommandWord.hole
        let headers = request.request.headers.filter { !$0.value.contains(hole) && !$0.name.contains(hole) }
        let known = OutgoingRequest(
            method: request.request.method, url: request.request.url, headers: headers, body: request.request.body)
        if request.unknownParts.isSubset(of: [.headers]) {
            sight.requests.append(known)
            return
        }
        let message = "a request is only known in part before it runs; the egress gate judges it as it leaves"
        let reason = Reason("command.request-computed", message)
        if !sight.unknowns.contains(reason) { sight.unknowns.append(reason) }
        for operation in verdict.operations { Self.append(operation, to: &sight.contained) }
        sight.partialRequests.append(known)
    }
}
