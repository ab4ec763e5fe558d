// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentCore
import Testing

@Suite("An approval lives as long as it was signed for")
struct LifetimeTests {
    static let act = Desk.Act(
        requirement: ApprovalRequirement(threshold: 1, validity: .seconds(600), delay: .seconds(3600)))

    struct Moment: Sendable, CustomTestStringConvertible {
        let seconds: Int64
        let code: String
        var testDescription: String { "\(seconds) s after the signature: \(code)" }
    }

    @Test(
        "It opens when the delay is over, and closes when the validity after it is over",
        arguments: [
            Moment(seconds: 0, code: "waiting"), Moment(seconds: 3599, code: "waiting"),
            Moment(seconds: 3600, code: "redeemed"),
            Moment(seconds: 4199, code: "redeemed"), Moment(seconds: 4200, code: "approval.expired"),
            Moment(seconds: 999_999, code: "approval.expired"),
        ])
    func opensAndCloses(_ moment: Moment) async throws {
        let desk = try await Desk()
        let id = try await desk.approved(Self.act)
        desk.time.advance(.seconds(moment.seconds))
        #expect(try await desk.redeem(id, Self.act).code == moment.code)
    }

    @Test(
        "Setting the wall clock back doesn't bring an approval back to life, nor does setting it forward end its delay")
    func ignoresTheWallClock() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        desk.time.advance(.seconds(601))
        desk.time.setWallBack(.seconds(300))
        #expect(try await desk.redeem(id).code == "approval.expired")

        let other = try await Desk()
        let delayed = try await other.approved(Self.act)
        other.time.setWallBack(.seconds(-3700))
        #expect(try await other.redeem(delayed, Self.act).code == "waiting")
    }

    @Test("After a reboot the wall clock counts; an approval from the future doesn't")
    func survivesReboots() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        desk.time.reboot()
        desk.time.advance(.seconds(60))
        #expect(try await desk.redeem(id).code == "redeemed")

        let other = try await Desk()
        let future = try await other.approved()
        other.time.reboot()
        other.time.setWallBack(.seconds(60))
        #expect(try await other.redeem(future).code == "approval.expired")
    }

    @Test("A request that nobody answers expires, and takes no signature then")
    func expiresUnanswered() async throws {
        let desk = try await Desk()
        let ticket = try await desk.request()
        desk.time.advance(.seconds(3600))
        #expect(try await desk.service.current(ticket.id).state == .expired)
        await #expect(throws: StateError.self) { try await desk.approve(ticket.id, desk.alice) }
        #expect(try await desk.redeem(ticket.id).code == "approval.expired")
    }

    @Test("The same act in the same session joins its request; another act is a request of its own")
    func joins() async throws {
        let desk = try await Desk()
        let first = try await desk.request()
        desk.time.advance(.seconds(5))
        #expect(try await desk.request() == first)
        _ = try await desk.approve(first.id, desk.alice)
        #expect(try await desk.request().state == .approved)
        #expect(try await desk.request(Desk.Act(volume: "vol-2")).id != first.id)
        #expect(try await desk.redeem(first.id).code == "redeemed")
        #expect(try await desk.request().id != first.id, "a spent approval is joined by nobody")
    }

    @Test("An approval whose time is over is joined by nobody")
    func doesNotJoinTheExpired() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        desk.time.advance(.seconds(601))
        let ticket = try await desk.request()
        #expect(ticket.id != id)
        #expect(ticket.state == .pending)
    }

    @Test("A session has at most five pending requests; another session's don't count, and expired ones don't")
    func limitsPending() async throws {
        let desk = try await Desk()
        for index in 1...5 { _ = try await desk.request(Desk.Act(volume: "vol-\(index)")) }
        let error = await #expect(throws: StateError.self) { try await desk.request(Desk.Act(volume: "vol-6")) }
        #expect(error?.code == .conflict)
        let session = SessionContext(
            id: "other", environment: EnvironmentLabel("staging"), workspace: "/srv", principals: ["dana@acme.dev"])
        _ = try await desk.request(Desk.Act(volume: "vol-6", session: session))
        desk.time.advance(.seconds(3600))
        _ = try await desk.request(Desk.Act(volume: "vol-6"))
    }

    @Test("A no is final, and so is taking back, also during the delay")
    func endsForGood() async throws {
        let desk = try await Desk()
        let refused = try await desk.request()
        #expect(
            try await desk.service.refuse(refused.id, by: "alice@acme.dev", because: "no\u{202E}").state == .refused)
        #expect(try await desk.redeem(refused.id).code == "approval.refused")
        #expect(try await desk.service.current(refused.id).answer?.contains("\\u{202E}") == true)
        await #expect(throws: StateError.self) { try await desk.approve(refused.id, desk.alice) }

        let delayed = try await desk.approved(Self.act)
        _ = try await desk.service.cancel(delayed, by: "bob@acme.dev")
        desk.time.advance(.seconds(3700))
        #expect(try await desk.redeem(delayed, Self.act).code == "approval.cancelled")
        await #expect(throws: StateError.self) { try await desk.service.cancel(delayed, by: "bob@acme.dev") }
    }

    @Test("Waiting ends with the answer")
    func waits() async throws {
        let desk = try await Desk()
        let ticket = try await desk.request()
        async let answer = desk.service.wait(for: ticket.id)
        _ = try await desk.approve(ticket.id, desk.alice)
        #expect(try await answer.state == .approved)
    }

    @Test("Waiting ends when the task is cancelled")
    func stopsWaiting() async throws {
        let desk = try await Desk()
        let ticket = try await desk.request()
        let task = Task { try await desk.service.wait(for: ticket.id) }
        task.cancel()
        #expect(try await task.value.state == .pending)
    }

    @Test("A request whose requirement isn't the decision's is refused")
    func bindsTheRequirement() async throws {
        let desk = try await Desk()
        let act = Desk.Act(requirement: ApprovalRequirement(threshold: 2))
        let descriptor = try act.describe(desk.time.clock)
        await #expect(throws: StateError.self) {
            try await desk.service.request(
                descriptor, requirement: ApprovalRequirement(threshold: 1), decision: act.decision, session: act.session
            )
        }
    }
}
