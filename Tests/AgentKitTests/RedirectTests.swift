// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Redirects")
struct RedirectTests {
    static func call(_ method: String = "GET") -> ToolCall {
        ToolCall(
            tool: "http.request",
            input: [
                "method": .string(method), "url": "https://a.example/start", "body": "payload", "credential": "deploy",
                "headers": [
                    "Accept": "text/html", "Authorization": "Bearer {{deploy}}", "Cookie": "session=1",
                    "X-Api-Key": "k",
                    "User-Agent": "agent", "Content-Type": "text/plain",
                ],
            ])
    }

    static func bench(to location: String, status: Int = 302) -> Bench {
        let bench = Bench()
        bench.transport.answer.value = { request in
            request.url == "https://a.example/start" ? .answer(status, location: location) : .answer(200, "arrived")
        }
        bench.policy.decision.value = { effect, _ in
            guard case .request(let request) = effect.action else { return .denied() }
            let secret = Obligation.injectSecret(name: "deploy", place: "Authorization: Bearer {}")
            return .permitted(effect, obligations: request.credential == nil ? [] : [secret])
        }
        return bench
    }

    @Test(
        "A redirect is a request of its own: decided, recorded, without credential, body or a field that could hold one"
    )
    func stripped() async throws {
        let bench = Self.bench(to: "https://b.example/next")
        let session = try await bench.session()
        #expect(try await session.call(Self.call()).value?.text == "HTTP 200\narrived")
        let sent = bench.transport.sent.value
        #expect(sent.map(\.url) == ["https://a.example/start", "https://b.example/next"])
        #expect(sent.first?.injections.count == 1)
        let second = try #require(sent.last)
        #expect(second.injections == [])
        #expect(second.body == [])
        #expect(Set(second.headers.map(\.name)) == ["Accept", "User-Agent"])
        #expect(bench.audit.kinds.filter { $0 == .intent }.count == 2)
    }

    @Test("A redirect that isn't permitted by itself isn't followed")
    func denied() async throws {
        let bench = Self.bench(to: "https://evil.example/")
        bench.policy.decision.value = { effect, _ in
            if case .request(let request) = effect.action, request.url.contains("evil") {
                .denied("evil is not granted")
            } else {
                .permitted(effect)
            }
        }
        let session = try await bench.session()
        let result = try #require(try await session.call(Self.call()).value)
        #expect(result.isError)
        #expect(result.text.contains("evil is not granted"))
        #expect(bench.transport.urls == ["https://a.example/start"])
        #expect(bench.audit.kinds.contains(.denial))
    }

    @Test("A redirect that would need an approval isn't followed")
    func asking() async throws {
        let bench = Self.bench(to: "https://b.example/")
        bench.policy.decision.value = { effect, _ in
            if case .request(let request) = effect.action, request.url.contains("b.example") {
                .asking()
            } else {
                .permitted(effect)
            }
        }
        let session = try await bench.session()
        #expect(try await session.call(Self.call()).value?.isError == true)
        #expect(bench.transport.urls == ["https://a.example/start"])
    }

    @Test("A redirect out of the capability's hosts isn't followed, whatever the policy permits")
    func outsideTheCapability() async throws {
        let bench = Self.bench(to: "https://b.example/")
        bench.policy.decision.value = { effect, _ in .permitted(effect) }
        let session = try await bench.session()
        let http = try #require(session.capabilities.http).attenuated(to: HTTPScope(hosts: ["a.example"]))
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(http: http))
        #expect(try await agent.call(Self.call()).value?.isError == true)
        #expect(bench.transport.urls == ["https://a.example/start"])
    }

    struct LocationCase: Sendable, CustomTestStringConvertible {
        let method: String
        let status: Int
        let location: String
        let next: String?
        var testDescription: String { "\(method) \(status) \(location)" }

        init(_ method: String, _ status: Int, _ location: String, _ next: String?) {
            (self.method, self.status, self.location, self.next) = (method, status, location, next)
        }

        static let all = [
            LocationCase("GET", 301, "/x", "GET https://a.example/x"),
            LocationCase("GET", 302, "x", "GET https://a.example/x"),
            LocationCase("GET", 307, "//b.example/x", "GET https://b.example/x"),
            LocationCase("GET", 308, "?q=1", "GET https://a.example/start?q=1"),
            LocationCase("HEAD", 302, "/x", "HEAD https://a.example/x"),
            LocationCase("POST", 303, "/x", "GET https://a.example/x"),
            LocationCase("GET", 302, "http://a.example/x", "GET http://a.example/x"),
            // Repeating an act elsewhere is never implied.
            LocationCase("POST", 301, "/x", nil), LocationCase("POST", 302, "/x", nil),
            LocationCase("POST", 307, "/x", nil),
            LocationCase("DELETE", 308, "/x", nil), LocationCase("GET", 300, "/x", nil),
            LocationCase("GET", 304, "/x", nil),
            LocationCase("GET", 302, "file:///etc/passwd", nil), LocationCase("GET", 302, "https://", nil),
        ]
    }

    @Test("Only a request that is repeated safely follows a redirect", arguments: LocationCase.all)
    func locations(_ scenario: LocationCase) async throws {
        let bench = Self.bench(to: scenario.location, status: scenario.status)
        let session = try await bench.session()
        _ = try await session.call(Self.call(scenario.method))
        let sent = bench.transport.sent.value.map { "\($0.method) \($0.url)" }
        #expect(sent == ["\(scenario.method) https://a.example/start"] + [scenario.next].compactMap(\.self))
    }

    @Test("A chain of redirects ends")
    func endless() async throws {
        let bench = Bench()
        bench.transport.answer.value = { request in .answer(302, location: request.url + "x") }
        let session = try await bench.session()
        #expect(try await session.call(.get("https://a.example/")).value?.text.hasPrefix("HTTP 302") == true)
        #expect(bench.transport.sent.value.count == 6)
    }

    @Test("When the request behind a POST's redirect fails, nobody hears that nothing happened")
    func failedAfterPost() async throws {
        let bench = Bench()
        bench.transport.answer.value = { request in
            request.method == "POST"
                ? .answer(303, location: "/done") : .failure(TransportError(.resolution, "no such host"))
        }
        let session = try await bench.session()
        let error = await failure { () async throws(SessionError) in
            _ = try await session.call(.post("https://a.example/"))
        }
        #expect(error?.code == .afterEffect)
    }

    @Test("A GraphQL call follows no redirect")
    func graphQL() async throws {
        let bench = Self.bench(to: "/x", status: 303)
        let session = try await bench.session()
        _ = try await session.call(
            ToolCall(tool: "graphql", input: ["url": "https://a.example/start", "query": "{ me { id } }"]))
        #expect(bench.transport.sent.value.count == 1)
    }
}
