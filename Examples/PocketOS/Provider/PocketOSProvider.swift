// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import SystemPackage

/// A local stand-in of the incident's provider, whose state is files that one can look at.
@main
struct PocketOSProvider: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pocketos-provider",
        abstract: "A local stand-in of an infrastructure provider's GraphQL API.",
        discussion: """
            Seeds a made-up company and serves it over TLS on 127.0.0.1, at /graphql/v2. State, backups included, is files \
            under DIR/state: what a request deletes is gone from there.
            """)

    @Option(help: ArgumentHelp("Write a new state, tokens.json and ids.json into this folder.", valueName: "dir"))
    var seed: String?

    @Option(help: ArgumentHelp("Serve the state in this folder; default: the seeded one.", valueName: "dir"))
    var state: String?

    @Option(help: ArgumentHelp("Listen on this port, 0 for any. Without it nothing is served.", valueName: "port"))
    var port: Int?

    @Option(
        help: ArgumentHelp("Write ca.pem, port and requests.jsonl here; default: the state's folder.", valueName: "dir")
    )
    var out: String?

    @Option(help: "incident: deletes at once, backups too. today: queued, final after 48 hours.")
    var mode: Mode = .incident

    @Flag(help: "Also take batches, GET, application/graphql, other media types and other spellings of the path.")
    var lenient = false

    @Option(help: ArgumentHelp("Answer 429 beyond this many requests in a minute.", valueName: "n"))
    var rateLimit: Int?

    @Option(help: ArgumentHelp("Run the clock ahead, to see queued deletions become final.", valueName: "hours"))
    var clockOffsetHours = 0

    func validate() throws {
        if seed == nil, port == nil { throw ValidationError("nothing to do; give `--seed` or `--port`") }
        if port != nil, seed == nil, state == nil { throw ValidationError("no state; give `--seed` or `--state`") }
    }

    func run() async throws {
        if let seed {
            let folder = URL(filePath: seed)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Seed.write(to: folder)
        }
        guard let port, let served = state ?? seed else { return }
        var configuration = ProviderServer.Configuration(
            folder: URL(filePath: served), output: URL(filePath: out ?? served))
        configuration.port = port
        configuration.mode = mode
        configuration.lenient = lenient
        configuration.rateLimit = rateLimit
        configuration.clockOffset = clockOffsetHours * 3_600
        try await ProviderServer(configuration).run { port in
            // Not `print`: a pipe would keep the line in a buffer.
            _ = try? FileDescriptor.standardOutput.writeAll(Array("listening 127.0.0.1:\(port)\n".utf8))
        }
    }
}

extension Mode: ExpressibleByArgument {}
