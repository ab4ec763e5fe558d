// SPDX-License-Identifier: Apache-2.0

#if HTTP && Examples
    import AgentCore
    import HTTPTypes
    import Hummingbird
    import Logging
    import NIOCore
    import Synchronization
    import Testing

    @testable import AgentModels

    @Suite("Model clients over a real connection", .serialized)
    struct LoopbackTests {
        private static let key = APIKey { "sk-loopback-0123456789" }

        private func anthropic(_ server: LoopbackServer, _ path: String) -> AnthropicModel {
            AnthropicModel(
                .init(model: "m", baseURL: "http://127.0.0.1:\(server.port)/\(path)"), key: Self.key,
                transport: AsyncHTTPTransport(timeout: .seconds(10)), retry: .never)
        }

        private func failure(_ model: AnthropicModel) async -> ModelError? {
            do {
                _ = try await model.respond(to: Streams.conversation, tools: []) { _ in }
                return nil
            } catch {
                return error
            }
        }

        @Test("A stream that arrives in pieces of three bytes becomes the turn, and the key is in its header only")
        func stream() async throws {
            try await withLoopbackServer { server in
                let turn = try await anthropic(server, "stream").respond(to: Streams.conversation, tools: []) { _ in }
                #expect(turn == Streams.anthropicTurn)
                let seen = try #require(server.seen.last)
                #expect(seen.headers[.apiKey] == "sk-loopback-0123456789")
                #expect(seen.headers[.contentType] == "application/json")
                #expect(!seen.body.contains("sk-loopback"))
            }
        }

        @Test("The OpenAI-compatible client gets its turn over a connection too")
        func openAI() async throws {
            try await withLoopbackServer { server in
                let model = OpenAIModel(
                    .init(model: "m", baseURL: "http://127.0.0.1:\(server.port)/openai"), key: Self.key,
                    transport: AsyncHTTPTransport(timeout: .seconds(10)), retry: .never)
                let turn = try await model.respond(to: Streams.conversation, tools: []) { _ in }
                #expect(turn == Streams.openAITurn)
                #expect(server.seen.last?.headers[.authorization] == "Bearer sk-loopback-0123456789")
            }
        }

        @Test("A redirect is not followed, so the key stays with its host")
        func redirect() async throws {
            try await withLoopbackServer { server in
                let error = await failure(anthropic(server, "redirect"))
                #expect(error?.status == 307)
                #expect(server.seen.count == 1)
            }
        }

        @Test("A connection that breaks off is an error")
        func broken() async throws {
            try await withLoopbackServer { server in
                #expect(await failure(anthropic(server, "broken"))?.code == .interrupted)
            }
        }

        @Test("A server that isn't there is unreachable")
        func unreachable() async {
            let model = AnthropicModel(
                .init(model: "m", baseURL: "http://127.0.0.1:1"), key: Self.key, transport: AsyncHTTPTransport(),
                retry: .never)
            #expect(await failure(model)?.code == .unreachable)
        }

        @Test("Cancelling ends a stream that would go on")
        func cancelled() async throws {
            try await withLoopbackServer { server in
                let model = anthropic(server, "hang")
                let (parts, arrived) = AsyncStream.makeStream(of: Void.self)
                let running = Task {
                    do throws(ModelError) {
                        _ = try await model.respond(to: Streams.conversation, tools: []) { _ in arrived.yield() }
                        return nil as ModelError?
                    } catch {
                        return error
                    }
                }
                for await _ in parts { break }
                running.cancel()
                #expect(await running.value?.code == .cancelled)
            }
        }
    }

    /// A provider on loopback: the first part of the path chooses how it answers.
    struct LoopbackServer: Sendable {
        struct Seen: Sendable {
            var headers: HTTPFields
            var body: String
        }

        final class Record: Sendable {
            let seen = Mutex<[Seen]>([])
        }

        let port: Int
        let record: Record
        var seen: [Seen] { record.seen.withLock { $0 } }

        static func respond(to request: Request, record: Record) async throws -> Response {
            let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
            record.seen.withLock { $0.append(Seen(headers: request.headers, body: body)) }
            switch request.uri.path.split(separator: "/").first {
            case "stream": return stream(Streams.anthropic, ends: true)
            case "openai": return stream(Streams.openAI, ends: true)
            case "broken": return stream(String(Streams.anthropic.prefix(1_200)), ends: false)
            case "hang":
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: String(Streams.anthropic.prefix(1_200))))
                        try await Task.sleep(for: .seconds(60))
                        try await writer.finish(nil)
                    })
            default:
                return Response(status: .temporaryRedirect, headers: [.location: "/stream/v1/messages"])
            }
        }

        struct BrokenOff: Error {}

        private static func stream(_ text: String, ends: Bool) -> Response {
            let reply = StubTransport.Reply(text, size: 3)
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody { writer in
                    for chunk in reply.chunks { try await writer.write(ByteBuffer(bytes: chunk)) }
                    guard ends else { throw BrokenOff() }
                    try await writer.finish(nil)
                })
        }
    }

    /// Runs a body while a provider listens on a free port of loopback.
    func withLoopbackServer(_ body: (LoopbackServer) async throws -> Void) async throws {
        let record = LoopbackServer.Record()
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "loopback")
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                try await LoopbackServer.respond(to: request, record: record)
            }, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in listening.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await application.run()
            }
            for await port in ports {
                try await body(LoopbackServer(port: port, record: record))
                break
            }
            group.cancelAll()
            // Being cancelled ends the server with an error, which is what was asked for.
            while let result = await group.nextResult() { _ = result }
        }
    }

    extension HTTPField.Name {
        fileprivate static let apiKey = HTTPField.Name("x-api-key") ?? .authorization
    }
#endif
