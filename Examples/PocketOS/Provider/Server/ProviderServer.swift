// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import SystemPackage

/// The stand-in as a server: TLS on loopback, one endpoint.
package struct ProviderServer: Sendable {
    /// How the stand-in behaves.
    package struct Configuration: Sendable {
        /// The folder with `state/`.
        package var folder: URL
        /// The folder for `ca.pem`, `port` and `requests.jsonl`.
        package var output: URL
        /// Zero for any free port.
        package var port = 0
        package var mode = Mode.incident
        /// Takes every form of a request that a GraphQL server has been seen to take, so that an evasion can succeed here.
        package var lenient = false
        /// Requests per minute; nil for no limit.
        package var rateLimit: Int?
        /// Added to the clock, in seconds.
        package var clockOffset = 0

        package init(folder: URL, output: URL) {
            self.folder = folder
            self.output = output
        }
    }

    private let configuration: Configuration
    private let certificates: Certificates
    private let handler: RequestHandler

    /// Makes certificates and writes `ca.pem`; nothing listens yet.
    package init(_ configuration: Configuration) throws {
        self.configuration = configuration
        certificates = try Certificates.make()
        let world = World(root: configuration.folder.appending(path: "state"))
        let offset = configuration.clockOffset
        let now: @Sendable () -> Int = { Int(Date.now.timeIntervalSince1970) + offset }
        let log = RequestLog(
            file: FilePath(configuration.output.appending(path: "requests.jsonl").path),
            tokens: Set(world.tokens().map(\.sha256)))
        handler = RequestHandler(
            engine: try ProviderEngine(world: world, mode: configuration.mode, now: now), log: log, now: now,
            limiter: configuration.rateLimit.map { RateLimiter(perMinute: $0) }, lenient: configuration.lenient)
        try FileManager.default.createDirectory(at: configuration.output, withIntermediateDirectories: true)
        try Data(certificates.authority.utf8).write(to: configuration.output.appending(path: "ca.pem"))
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter onListening: Called once with the port, after the file `port` holds it.
    package func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificates.leaf.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(certificates.key.utf8), format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.applicationProtocols = ["http/1.1"]
        let handler = handler
        let portFile = configuration.output.appending(path: "port")
        var logger = Logger(label: "pocketos-provider")
        logger.logLevel = .error
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await handler.respond(to: request) },
            server: try .tls(tlsConfiguration: tls),
            configuration: .init(address: .hostname("127.0.0.1", port: configuration.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                try? Data("\(port)\n".utf8).write(to: portFile, options: .atomic)
                await onListening(port)
            }, logger: logger)
        try await application.run()
    }
}
