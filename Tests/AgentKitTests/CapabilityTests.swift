// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

// That nobody can make a capability or copy an authorisation is the compiler's matter: neither has a public initializer,
// `AuthorizedInvocation` is ~Copyable, and no way leads from data to either.
@Suite("Capabilities")
struct CapabilityTests {
    @Test("A session's root capabilities live; a copy with a narrower scope covers less")
    func attenuation() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let root = try #require(session.capabilities.fileRead)
        let narrowed = try root.attenuated(to: FileReadScope(["src"]))
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(fileRead: narrowed))
        bench.pod.content.value = ["src/a": "A", "b": "B"]
        #expect(try await agent.call(.read("src/a")).outcome == "completed")
        let denied = try await agent.call(.read("b"))
        #expect(denied.outcome == "denied")
        #expect(denied.decision.reasonIDs.first == "capability.missing")
        #expect(try await session.call(.read("b")).outcome == "completed")
    }

    @Test(
        "Widening throws and makes nothing",
        arguments: [FileReadScope([""]), FileReadScope(["src", "lib"]), FileReadScope(["/"]), FileReadScope(["srcs"])])
    func widening(_ scope: FileReadScope) async throws {
        let session = try await Bench().session()
        let narrowed = try #require(session.capabilities.fileRead).attenuated(to: FileReadScope(["src"]))
        let error = await failure { () async throws(CapabilityError) in _ = try narrowed.attenuated(to: scope) }
        #expect(error?.code == .widening)
        #expect(try narrowed.attenuated(to: FileReadScope(["src/deep"])).isLive)
    }

    @Test("A capability ends at its expiry and not before, with everything derived from it")
    func expiry() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let short = try #require(session.capabilities.exec).attenuated(expiresIn: .seconds(10))
        let derived = try short.attenuated(expiresIn: .seconds(100))
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(exec: derived))
        bench.clock.advance(by: .milliseconds(9999))
        #expect(short.isLive && derived.isLive)
        #expect(try await agent.call(.shell("true")).outcome == "completed")
        bench.clock.advance(by: .milliseconds(1))
        #expect(!short.isLive && !derived.isLive)
        let denied = try await agent.call(.shell("true"))
        #expect(denied.outcome == "denied")
        #expect(denied.decision.reasonIDs.first == "capability.dead")
        #expect(bench.pod.ran.value.count == 1)
        let error = await failure { () async throws(CapabilityError) in _ = try short.attenuated() }
        #expect(error?.code == .expired)
        #expect(session.capabilities.exec?.isLive == true)
    }

    @Test("A use counts against the capability and against each one that it comes from")
    func uses() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let three = try #require(session.capabilities.exec).attenuated(uses: 3)
        let first = try session.delegated(to: "one", holding: CapabilitySet(exec: try three.attenuated(uses: 2)))
        let second = try session.delegated(to: "two", holding: CapabilitySet(exec: try three.attenuated(uses: 2)))
        #expect(try await first.call(.shell("1")).outcome == "completed")
        #expect(try await first.call(.shell("2")).outcome == "completed")
        #expect(try await first.call(.shell("3")).outcome == "denied")
        #expect(try await second.call(.shell("4")).outcome == "completed")
        #expect(try await second.call(.shell("5")).outcome == "denied")
        #expect(!three.isLive)
        #expect(bench.pod.ran.value.count == 3)
        let error = await failure { () async throws(CapabilityError) in _ = try three.attenuated() }
        #expect(error?.code == .exhausted)
    }

    @Test("No use at all is a capability that does nothing", arguments: [0, -1])
    func noUse(_ uses: Int) async throws {
        let bench = Bench()
        let session = try await bench.session()
        let none = try #require(session.capabilities.exec).attenuated(uses: uses)
        #expect(!none.isLive)
        let error = await failure { () async throws(CapabilityError) in
            _ = try session.delegated(to: "helper", holding: CapabilitySet(exec: none))
        }
        #expect(error?.code == .exhausted)
    }

    @Test("Of many calls at once no more happen than there are uses")
    func usesUnderContention() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let five = try #require(session.capabilities.exec).attenuated(uses: 5)
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(exec: five))
        let completed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<40 { group.addTask { try await agent.call(.shell("\(index)")).outcome == "completed" } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(completed == 5)
        #expect(bench.pod.ran.value.count == 5)
    }

    @Test("A call that is denied for one of its capabilities spends no use of the others")
    func allOrNone() async throws {
        let bench = Bench()
        bench.pod.content.value = ["a": "old"]
        let session = try await bench.session()
        let read = try #require(session.capabilities.fileRead).attenuated(uses: 1)
        let write = try #require(session.capabilities.fileWrite).attenuated(uses: 1)
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(fileRead: read, fileWrite: write))
        #expect(try await agent.call(.write("b")).outcome == "completed")
        let edit = ToolCall(tool: "file.edit", input: ["path": "a", "old": "old", "new": "new"])
        #expect(try await agent.call(edit).outcome == "denied")
        #expect(read.isLive)
        #expect(try await agent.call(.read("a")).value?.text == "old")
    }

    @Test("Two effects under one capability take two uses")
    func usesPerEffect() async throws {
        let bench = Bench()
        let tool = ClosureTool(proposing: [.write("a"), .write("b")])
        let session = try await bench.session(tools: [tool])
        let once = try #require(session.capabilities.fileWrite).attenuated(uses: 1)
        let agent = try session.delegated(to: "helper", holding: CapabilitySet(fileWrite: once))
        #expect(try await agent.call(.test).outcome == "denied")
        #expect(once.isLive)
    }

    @Test("Revoking ends a capability and everything derived from it, and nothing else")
    func revocation() async throws {
        let bench = Bench()
        let session = try await bench.session()
        let parent = try #require(session.capabilities.exec).attenuated()
        let child = try parent.attenuated()
        let grandchild = try child.attenuated()
        let sibling = try #require(session.capabilities.exec).attenuated()
        parent.revoke()
        #expect(!parent.isLive && !child.isLive && !grandchild.isLive)
        #expect(sibling.isLive && session.capabilities.exec?.isLive == true)
        let error = await failure { () async throws(CapabilityError) in _ = try child.attenuated() }
        #expect(error?.code == .revoked)
        #expect(try await session.call(.shell("true")).outcome == "completed")
    }

    @Test("A capability of another session is refused")
    func foreign() async throws {
        let bench = Bench()
        let mine = try await bench.session()
        let other = try await bench.session()
        let error = await failure { () async throws(CapabilityError) in
            _ = try mine.delegated(to: "helper", holding: CapabilitySet(exec: other.capabilities.exec))
        }
        #expect(error?.code == .missing)
        #expect((try? mine.delegated(to: "helper", holding: CapabilitySet(exec: mine.capabilities.exec))) != nil)
    }
}
