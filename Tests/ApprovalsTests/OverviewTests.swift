// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentCore
import Testing

@Suite("Lists and details say what scripts rely on")
struct OverviewTests {
    @Test("A list's line has exactly the promised members")
    func lists() async throws {
        let desk = try await Desk()
        let ticket = try await desk.request(Desk.Act(volume: "vol-1\u{202E}"))
        let line = ApprovalOverview(try #require(try await desk.service.list().first)).json
        #expect(
            line == [
                "id": .string(ticket.id), "state": "pending", "digest": .string(ticket.digest.description),
                "class": "irreversible",
                "environment": "staging", "summary": "railway.volumeDelete on volume vol-1\\u{202E}",
                "requestedAt": "2026-04-25T09:41:00.000Z", "expiresAt": "2026-04-25T10:41:00.000Z",
            ])
    }

    @Test("Details add the description, the signatures and the new end")
    func shows() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        let details = try await desk.service.details(id)
        #expect(details["state"] == "approved")
        #expect(details["expiresAt"] == "2026-04-25T09:51:00.000Z")
        #expect(details["descriptor"]?["targets"]?[0]?["id"] == "vol-1")
        #expect(details["signatures"]?[0]?["principal"] == "alice@acme.dev")
        #expect(details["warnings"] == [])
        await #expect(throws: StateError.self) { try await desk.service.details("nothing") }
    }

    @Test("A resource that changed its name during the session is flagged, another session's name isn't")
    func flagsRenaming() async throws {
        let desk = try await Desk()
        let before = try await desk.request(Desk.Act(name: "pg-data"))
        let after = try await desk.request(Desk.Act(name: "scratch"))
        let session = SessionContext(
            id: "t", environment: EnvironmentLabel("staging"), workspace: "/srv", principals: ["dana@acme.dev"])
        let elsewhere = try await desk.request(Desk.Act(name: "other", session: session))
        #expect(
            try await desk.service.view(after.id).warnings == [
                "railway volume vol-1 is called \"scratch\" here and \"pg-data\" in request \(before.id) "
                    + "of the same session"
            ])
        #expect(try await desk.service.view(elsewhere.id).warnings.isEmpty)
    }
}
