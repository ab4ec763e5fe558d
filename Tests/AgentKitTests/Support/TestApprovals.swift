// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// Describes an act by its canonical form, its targets and where they are.
struct TestDescriber: ActionDescribing {
    let events: Events
    let seen = Box<[String]>([])

    func describe(
        _ effect: Effect, _ analysis: EffectAnalysis, targets: [ResolvedTarget], decision: Decision, policy: Digest,
        session: SessionContext
    ) throws(StateError) -> ActionDescriptor {
        events.note("describe")
        seen.update { $0.append("\(effect) \(analysis) \(decision)") }
        let rows = targets.map { target -> JSONValue in [.string(target.id), .string(target.environment.name)] }
        let act: JSONValue = ["act": analysis.canonical, "targets": .array(rows)]
        return ActionDescriptor(json: act, act: act)
    }
}

/// Approvals in memory: joined by act, spent once, for exactly the act that was asked about.
final class TestApprovals: ApprovalAuthority {
    struct Request: Sendable {
        let act: JSONValue
        let session: String
        var state: ApprovalTicket.State
    }

    let events: Events
    let audit: TestAudit
    let requests = Box<[Request]>([])
    /// What the approver answers at once, if anything.
    let answer = Box<ApprovalTicket.State?>(nil)
    /// Whether approved requests still cool off.
    let coolsOff = Box(false)
    /// Called when a request is about to be redeemed.
    let beforeRedeem = Box<@Sendable () -> Void>({})

    init(events: Events, audit: TestAudit) {
        self.events = events
        self.audit = audit
    }

    func approveAll() {
        requests.update { for index in $0.indices where $0[index].state == .pending { $0[index].state = .approved } }
    }

    func request(
        _ descriptor: ActionDescriptor, requirement: ApprovalRequirement, decision: Decision, session: SessionContext
    ) async throws(StateError) -> ApprovalTicket {
        events.note("approvals.request")
        let answer = answer.value
        let (index, state) = requests.update { requests -> (Int, ApprovalTicket.State) in
            if let index = requests.firstIndex(where: {
                $0.act == descriptor.act && $0.session == session.id && [.pending, .approved].contains($0.state)
            }) {
                return (index, requests[index].state)
            }
            requests.append(Request(act: descriptor.act, session: session.id, state: answer ?? .pending))
            return (requests.count - 1, answer ?? .pending)
        }
        return ticket(index, state)
    }

    func redeem(
        _ id: String, act: JSONValue, policy: Digest, session: SessionContext, intent: AuditRecord
    ) async throws(StateError) -> Redemption {
        beforeRedeem.value()
        events.note("approvals.redeem")
        guard let index = Int(id) else { throw StateError(.notFound, "there is no request `\(id)`") }
        let cools = coolsOff.value
        let verdict = requests.update { requests -> Redemption? in
            guard requests[index].state == .approved else {
                return .refused(Reason("approval.replayed", "the approval was used already"))
            }
            guard requests[index].act == act else {
                return .refused(Reason("approval.changed", "the act is not what was approved: \(TestRedactor.secret)"))
            }
            if cools { return .waiting(ticket(index, .approved)) }
            requests[index].state = .spent
            return nil
        }
        if let verdict { return verdict }
        return .redeemed(try await audit.append(intent))
    }

    func wait(for id: String) async throws(StateError) -> ApprovalTicket {
        events.note("approvals.wait")
        guard let index = Int(id) else { throw StateError(.notFound, "there is no request `\(id)`") }
        approveAll()
        return ticket(index, requests.value[index].state)
    }

    private func ticket(_ index: Int, _ state: ApprovalTicket.State) -> ApprovalTicket {
        ApprovalTicket(id: String(index), state: state, digest: .filled(with: UInt8(truncatingIfNeeded: index)))
    }
}
