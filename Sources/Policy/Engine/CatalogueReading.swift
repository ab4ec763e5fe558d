// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// What the engine asks of the catalogue and of the reader of commands. Pure, and never the boundary: a gate judges anew.
package protocol CatalogueReading: Sendable {
    /// Changes whenever an answer could change; part of the policy's digest.
    var identity: String { get }

    /// Reads shell text.
    func read(shell text: String) -> CommandSight

    /// Reads an argument vector that no shell interprets.
    func read(argv: [String]) -> CommandSight

    /// Reads a request.
    func read(request: RequestAnalysis) -> RequestSight

    /// Reads SQL.
    func read(sql: String) -> StatementSight

    /// Whether any request to a host is one whose endpoint is known.
    func knowsEndpoint(host: String) -> Bool

    /// Ids of operations, for hints about misspelt rules; needn't be complete.
    var operationIDs: [String] { get }
}

extension CatalogueReading {
    package func knowsEndpoint(host: String) -> Bool { false }
    package var operationIDs: [String] { [] }
}

/// What can be seen in a command without running it.
package struct CommandSight: Sendable {
    /// One program that would run.
    package struct Command: Sendable {
        /// The program first; `nil` for a word that only running would tell.
        package var argv: [String?]
        /// The folder it runs in, relative to the call's own; `nil` where unknown.
        package var directory: String?
        /// Whether it runs on another machine or in another container, so that it isn't a program of this pod.
        package var isRemote: Bool
        /// Programs that start it, such as `sudo` and `xargs`.
        package var wrappers: [String]

        package init(argv: [String?], directory: String? = ".", isRemote: Bool = false, wrappers: [String] = []) {
            self.argv = argv
            self.directory = directory
            self.isRemote = isRemote
            self.wrappers = wrappers
        }
    }

    /// A push to a Git remote.
    package struct Push: Sendable, Hashable {
        /// The remote's URL; `nil` where only its name stands in the command.
        package var remote: String?
        /// The branch; `nil` where the command names none.
        package var branch: String?

        package init(remote: String?, branch: String?) {
            self.remote = remote
            self.branch = branch
        }
    }

    package var commands: [Command] = []
    /// What could not be seen through.
    package var unknowns: [Reason] = []
    /// The class of the whole, as if nothing could be rolled back.
    package var effectClass: EffectClass = .unknown
    /// Operations whose effect the copy-on-write layer takes back.
    package var contained: [EffectAnalysis.Operation] = []
    /// Operations whose effect lands outside the pod, or on something in it that no layer covers.
    package var outgoing: [EffectAnalysis.Operation] = []
    /// Requests that stand in the command, such as a `curl`.
    package var requests: [OutgoingRequest] = []
    /// What is known of requests that can't be judged before they leave: looked at for literal credentials only.
    package var partialRequests: [OutgoingRequest] = []
    package var pushes: [Push] = []
    /// Grounds to deny that the text itself gives, such as a fork bomb.
    package var hazards: [Reason] = []

    package init() {}
}

/// What the catalogue knows about a request.
package struct RequestSight: Sendable {
    /// Whether the endpoint is one that the catalogue knows; there only `operation` rules permit.
    package var knowsEndpoint: Bool
    package var operations: [EffectAnalysis.Operation]
    /// What the method and the words say at an endpoint that isn't known; gives the class, and needs no `operation` permission.
    package var general: [EffectAnalysis.Operation]

    package init(
        knowsEndpoint: Bool = false, operations: [EffectAnalysis.Operation] = [],
        general: [EffectAnalysis.Operation] = []
    ) {
        self.knowsEndpoint = knowsEndpoint
        self.operations = operations
        self.general = general
    }
}

/// What a statement does.
package struct StatementSight: Sendable {
    package var effectClass: EffectClass
    package var operations: [EffectAnalysis.Operation]
    package var problems: [Reason]

    package init(
        effectClass: EffectClass = .unknown, operations: [EffectAnalysis.Operation] = [], problems: [Reason] = []
    ) {
        self.effectClass = effectClass
        self.operations = operations
        self.problems = problems
    }
}

/// A catalogue that knows nothing: everything that isn't a plain word is unknown.
package struct EmptyCatalogue: CatalogueReading {
    package init() {}

    package var identity: String { "empty" }

    /// Reads only what is a list of plain words; anything a shell would interpret stays unknown.
    package func read(shell text: String) -> CommandSight {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20: true
            default: "./_-=:,@%+".utf8.contains(byte)
            }
        }
        let words = text.split(separator: " ").map(String.init)
        guard plain, let first = words.first, !first.contains("=") else {
            var sight = CommandSight()
            sight.unknowns = [
                Reason(
                    "command.unread",
                    "the command's text is more than plain words; what it runs is judged where it runs")
            ]
            return sight
        }
        return read(argv: words)
    }

    package func read(argv: [String]) -> CommandSight {
        var sight = CommandSight()
        sight.commands = [CommandSight.Command(argv: argv)]
        return sight
    }

    package func read(request: RequestAnalysis) -> RequestSight { RequestSight() }

    package func read(sql: String) -> StatementSight { StatementSight() }
}
