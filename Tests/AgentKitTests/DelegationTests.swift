// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Delegation")
struct DelegationTests {
    @Test(
        "A sub-agent holds what it was given and nothing else",
        arguments: [ToolCall.shell("true"), .write("a"), .get("https://a.example/")])
    func onlyWhatIsGiven(_ call: ToolCall) async throws {
        let bench = Bench()
        let session = try await bench.session()
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(fileRead: session.capabilities.fileRead))
        let denied = try await agent.call(call)
        #expect(denied.outcome == "denied")
        #expect(denied.decision.reasonIDs.first == "capability.missing")
        #expect(bench.isUntouched)
        #expect(try await session.call(call).outcome == "completed")
    }

    @Test("The chain of principals grows with each delegation")
    func principals() async throws {
        let session = try await Bench().session()
        let helper = try session.delegated(to: "helper", holding: session.capabilities)
        let second = try helper.delegated(to: "second", holding: helper.capabilities)
        #expect(second.context.principals == ["ada", "helper", "second"])
        #expect(second.context.id == session.context.id)
        #expect(second.context.environment == session.context.environment)
    }

    @Test("Ending a delegate ends what it passed on, and not what it was given")
    func ending() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let helper = try session.delegated(to: "helper", holding: session.capabilities)
        let second = try helper.delegated(to: "second", holding: helper.capabilities)
        await helper.close()
        #expect(try await helper.call(.shell("true")).outcome == "denied")
        #expect(try await second.call(.shell("true")).outcome == "denied")
        #expect(try await session.call(.shell("true")).outcome == "completed")
        #expect(!bench.pod.isClosed.value)
    }

    @Test("Revoking a session ends its delegates at once")
    func revocation() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let helper = try session.delegated(to: "helper", holding: session.capabilities)
        session.revoke()
        #expect(try await helper.call(.shell("true")).outcome == "denied")
        #expect(bench.isUntouched)
    }

    @Test("A delegate over a part of the workspace can't commit the whole of it")
    func commit() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let write = try #require(session.capabilities.fileWrite)
        let part = try session.delegated(
            to: "helper", holding: CapabilitySet(fileWrite: try write.attenuated(to: FileWriteScope(["src"]))))
        let without = try session.delegated(
            to: "helper", holding: CapabilitySet(fileWrite: try write.attenuated(to: FileWriteScope(mayCommit: false))))
        #expect(try await part.commit().outcome == "denied")
        #expect(try await without.commit().outcome == "denied")
        #expect(bench.pod.commits.value == 0)
        #expect(try await session.commit().outcome == "completed")
        #expect(bench.pod.commits.value == 1)
    }

    @Test("A secret is put in only for who holds a capability to use it")
    func secretUse() async throws {
        let bench = Bench()
        bench.policy.decision.value = { effect, _ in
            .permitted(effect, obligations: [.injectSecret(name: "deploy", place: "Authorization: Bearer {}")])
        }
        let session = try await bench.session()
        let all = session.capabilities
        let secrets = try #require(all.secretUse)
        let without = try session.delegated(to: "a", holding: CapabilitySet(http: all.http))
        let other = try session.delegated(
            to: "b",
            holding: CapabilitySet(
                http: all.http, secretUse: try secrets.attenuated(to: SecretUseScope(names: ["other"]))))
        let holder = try session.delegated(
            to: "c",
            holding: CapabilitySet(
                http: all.http, secretUse: try secrets.attenuated(to: SecretUseScope(names: ["deploy"]), uses: 1)))
        for agent in [without, other] {
            let denied = try await agent.call(.get("https://a.example/"))
            #expect(denied.outcome == "denied")
            #expect(denied.decision.reasonIDs.first == "capability.secret")
        }
        #expect(bench.isUntouched)
        #expect(try await holder.call(.get("https://a.example/")).outcome == "completed")
        #expect(bench.transport.sent.value.first?.injections.map(\.secret.name) == ["deploy"])
        #expect(try await holder.call(.get("https://a.example/")).outcome == "denied")
        #expect(bench.transport.sent.value.count == 1)
    }
}
