// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentModels

@Suite("Failures and second requests")
struct RetryTests {
    private static let secret = "sk-ant-test-0123456789"

    private func model(_ transport: StubTransport, _ retry: RetryPolicy) -> AnthropicModel {
        AnthropicModel(
            .init(model: "m", baseURL: "https://api.test"), key: APIKey { Self.secret }, transport: transport,
            retry: retry)
    }

    @Test("A transient failure is tried again after the wait that the provider asks for")
    func retryAfter() async throws {
        let waits = Waits()
        let transport = StubTransport([
            .init("{}", status: 429, headers: ["retry-after": "7"]), .init("{}", status: 529),
            .init("{}", status: 503, headers: ["retry-after-ms": "20"]), .init(Streams.anthropic),
        ])
        let turn = try await model(transport, waits.policy).respond(to: Streams.conversation, tools: []) { _ in }
        #expect(turn == Streams.anthropicTurn)
        #expect(waits.all == [.seconds(7), .seconds(1), .milliseconds(20)])
    }

    @Test(
        "What can't get better, or would take too long, isn't tried again",
        arguments: [
            FinalCase(401, [:], .unauthorized), FinalCase(400, [:], .requestRefused),
            FinalCase(302, [:], .requestRefused),
            FinalCase(429, ["retry-after": "3600"], .rateLimited),
        ])
    func final(_ scenario: FinalCase) async {
        let waits = Waits()
        let transport = StubTransport([
            .init("{}", status: scenario.status, headers: scenario.headers), .init(Streams.anthropic),
        ])
        let failing = model(transport, waits.policy)
        let error = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(error?.code == scenario.code)
        #expect(error?.status == scenario.status)
        #expect(transport.requests.count == 1)
    }

    @Test("Attempts are bounded")
    func bounded() async {
        let waits = Waits()
        let transport = StubTransport((0..<9).map { _ in .init("{}", status: 500) })
        let failing = model(transport, waits.policy)
        _ = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(transport.requests.count == 4)
    }

    @Test("Once a part was delivered nothing is asked twice; before that it is")
    func delivered() async throws {
        let overloaded = "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n"
        let range = try #require(Streams.anthropic.firstRange(of: "event: ping"))
        let late = StubTransport([
            .init(String(Streams.anthropic[..<range.lowerBound]) + overloaded), .init(Streams.anthropic),
        ])
        let failing = model(late, Waits().policy)
        let error = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(error?.code == .overloaded)
        #expect(late.requests.count == 1)

        let early = StubTransport([.init(overloaded), .init(Streams.anthropic)])
        let turn = try await model(early, Waits().policy).respond(to: Streams.conversation, tools: []) { _ in }
        #expect(turn == Streams.anthropicTurn)
    }

    @Test("No error repeats the key, whatever the provider answers", arguments: [400, 401, 403, 500])
    func keyInError(_ status: Int) async {
        let body = "{\"error\":{\"message\":\"bad key \(Self.secret)\\nsee x-api-key\"}}"
        let failing = model(StubTransport([.init(body, status: status)]), .never)
        let error = await #expect(throws: ModelError.self) {
            try await failing.respond(to: Streams.conversation, tools: []) { _ in }
        }
        #expect(error?.reason.contains(Self.secret) == false)
        #expect(error?.reason.contains("\n") == false)
    }

    @Test("A key shows in no description, dump or reflection")
    func keyDescription() {
        let key = APIKey { Self.secret }
        let request = ModelRequest(url: "u", headers: [], credential: .init(header: "h", key: key), body: [])
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\(request)", String(reflecting: request), dumped] {
            #expect(!text.contains("sk-ant"))
        }
    }

    @Test("A missing or unusable key stops before anything is sent", arguments: [nil, "", "two words", "line\nbreak"])
    func missingKey(_ value: String?) {
        #expect { try APIKey { value }.reveal() } throws: { ($0 as? ModelError)?.code == .missingKey }
    }

    struct FinalCase: Sendable, CustomTestStringConvertible {
        var status: Int
        var headers: [String: String]
        var code: ModelError.Code
        var testDescription: String { "\(status) \(headers)" }

        init(_ status: Int, _ headers: [String: String], _ code: ModelError.Code) {
            self.status = status
            self.headers = headers
            self.code = code
        }
    }
}
