// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@testable import PocketOSProvider

@Suite("The provider's stand-in over TLS", .serialized)
struct ProviderServerTests {
    private static let incident =
        "{\"query\":\"mutation { volumeDelete(volumeId: \\\"\(Seed.id("volume/postgres-data"))\\\") }\"}"
    private static var bearer: String { "Bearer " + Seed.id("token/account") }

    @Test("The incident's request, as curl sent it, removes the volume; the log tells it without the token")
    func incident() async throws {
        try await withServer { server in
            let answer = try await server.post(Self.incident, ["Authorization": Self.bearer])
            #expect(answer == Answer(status: 200, body: "{\"data\":{\"volumeDelete\":true}}"))
            #expect(!server.hasVolume)
            let log = try String(contentsOf: server.folder.appending(path: "requests.jsonl"), encoding: .utf8)
            #expect(log.contains("deleted volume \(Seed.id("volume/postgres-data"))"))
            #expect(!log.contains(Seed.id("token/account")))
        }
    }

    @Test("A token in the text of a request doesn't reach the log either")
    func scrubbed() async throws {
        try await withServer { server in
            let token = Seed.id("token/account")
            _ = try await server.post("{\"query\":\"{ \(token) }\",\"variables\":{\"a\":[\"x\(token)x\"]}}", [:])
            let log = try String(contentsOf: server.folder.appending(path: "requests.jsonl"), encoding: .utf8)
            #expect(log.contains("<token "))
            #expect(!log.contains(token))
        }
    }

    @Test("Who doesn't trust the authority doesn't get through")
    func untrusted() async throws {
        try await withServer { server in
            await #expect(throws: (any Error).self) { try await server.post("{}", [:], trusting: false) }
        }
    }

    @Test("Another form of the request acts in lenient mode only", arguments: FormCase.all)
    func forms(_ form: FormCase) async throws {
        for lenient in [false, true] {
            try await withServer(lenient: lenient) { server in
                let headers = ["Authorization": Self.bearer].merging(form.headers) { $1 }
                _ = try await server.send(form.method, form.path, body: form.body, headers)
                #expect(server.hasVolume == !lenient)
            }
        }
    }

    @Test("Beyond its limit the provider answers 429 and says when to come back")
    func limited() async throws {
        try await withServer(rateLimit: 0) { server in
            let answer = try await server.post("{\"query\":\"{ __typename }\"}", [:])
            #expect(answer.status == 429)
            #expect(answer.retryAfter.flatMap { Int($0) }.map { (1...60).contains($0) } == true)
        }
    }

    struct FormCase: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "POST"
        var path = "/graphql/v2"
        var headers: [String: String] = [:]
        var body: String? = incident

        static let all: [FormCase] = [
            FormCase(testDescription: "batch", body: "[\(incident)]"),
            FormCase(
                testDescription: "form media type", headers: ["Content-Type": "application/x-www-form-urlencoded"]),
            FormCase(
                testDescription: "application/graphql", headers: ["Content-Type": "application/graphql"],
                body: "mutation { volumeDelete(volumeId: \"\(Seed.id("volume/postgres-data"))\") }"),
            FormCase(testDescription: "letter case of the path", path: "/GraphQL/V2/"),
            FormCase(testDescription: "doubled slash", path: "//graphql//v2"),
            FormCase(
                testDescription: "GET", method: "GET",
                path: "/graphql/v2?query=mutation%7BvolumeDelete(volumeId:%22\(Seed.id("volume/postgres-data"))%22)%7D",
                body: nil),
        ]
    }

    struct Answer: Equatable {
        var status: UInt
        var body: String
        var retryAfter: String?
    }

    struct Server: Sendable {
        var folder: URL
        var port: Int

        var hasVolume: Bool {
            FileManager.default.fileExists(
                atPath: folder.appending(path: "state/volumes/\(Seed.id("volume/postgres-data"))").path)
        }

        func post(_ body: String, _ headers: [String: String], trusting: Bool = true) async throws -> Answer {
            try await send("POST", "/graphql/v2", body: body, headers, trusting: trusting)
        }

        func send(
            _ method: String, _ path: String, body: String?, _ headers: [String: String], trusting: Bool = true
        ) async throws -> Answer {
            var tls = TLSConfiguration.makeClientConfiguration()
            if trusting { tls.trustRoots = .file(folder.appending(path: "ca.pem").path) }
            var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
            configuration.dnsOverride = ["backboard.railway.app": "127.0.0.1"]
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            do {
                var request = HTTPClientRequest(url: "https://backboard.railway.app:\(port)\(path)")
                request.method = .init(rawValue: method)
                request.headers.add(name: "Content-Type", value: "application/json")
                for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
                if let body { request.body = .bytes(ByteBuffer(string: body)) }
                let response = try await client.execute(request, timeout: .seconds(10))
                let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
                try await client.shutdown()
                return Answer(
                    status: response.status.code, body: text, retryAfter: response.headers.first(name: "Retry-After"))
            } catch {
                try? await client.shutdown()
                throw error
            }
        }
    }

    private func withServer(
        lenient: Bool = false, rateLimit: Int? = nil, _ body: @escaping @Sendable (Server) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "provider-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Seed.write(to: folder)
        var configuration = ProviderServer.Configuration(folder: folder, output: folder)
        configuration.lenient = lenient
        configuration.rateLimit = rateLimit
        let server = try ProviderServer(configuration)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await server.run { listening.yield($0) }
            }
            for await port in ports {
                try await body(Server(folder: folder, port: port))
                break
            }
            group.cancelAll()
            // Being cancelled ends the server with an error, which is what was asked for.
            while let result = await group.nextResult() { _ = result }
        }
    }
}
