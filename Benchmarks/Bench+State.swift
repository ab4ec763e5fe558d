// SPDX-License-Identifier: Apache-2.0

internal import AgentApprovals
internal import AgentAudit
internal import AgentCore
internal import AgentHost
internal import AgentStore

extension Bench {
    /// What is forced to the disk: an entry of the audit, and spending an approval with its intent.
    func durable() async {
        do {
            let desk = try await ApprovalDesk(folder: "\(root)/desk")
            let block = [UInt8](repeating: 0x61, count: 400)
            let path = "\(root)/plain"
            let rounds = setting.rounds * 2
            let approved = try await desk.approved(rounds + 2)
            await BenchGroup(
                title: "Durable state", rounds: rounds,
                cases: [
                    BenchCase(name: "400 bytes appended to a file, fdatasync") {
                        guard let file = Program.DurableFile(path) else { return false }
                        return file.append(block)
                    },
                    BenchCase(name: "an audit entry, signed and durable") {
                        try await desk.journal.append(AuditRecord(.intent, session: "bench", body: ["effect": "exec"]))
                        return true
                    },
                    BenchCase(name: "redeeming an approval, with its intent") { try await approved.redeemNext() },
                ]
            ).run()
        } catch {
            Table.line("durable state", "failed: \(error)")
        }
    }
}

/// A store on the disk with its audit and one approver.
struct ApprovalDesk {
    let journal: AuditJournal
    private let service: ApprovalService
    private let key = SigningKey.generate(comment: "bench")
    private let clock = StateClock.machine

    /// Approved requests, each to be redeemed once.
    actor Queue {
        private let desk: ApprovalDesk
        private var acts: [(id: String, session: SessionContext, act: JSONValue)]

        init(_ desk: ApprovalDesk, _ acts: [(id: String, session: SessionContext, act: JSONValue)]) {
            self.desk = desk
            self.acts = acts
        }

        func redeemNext() async throws -> Bool {
            guard let next = acts.popLast() else { throw BenchFailure("no approval is left") }
            let intent = AuditRecord(.intent, session: next.session.id, body: ["effect": "volumeDelete"])
            let outcome = try await desk.service.redeem(
                next.id, act: next.act, policy: .zero, session: next.session, intent: intent)
            if case .redeemed = outcome { return true }
            return false
        }
    }

    init(folder: String) async throws {
        #if SQLite
        let storage = try SQLiteStore(directory: folder)
        let files = try PrivateDirectory("\(folder).head")
        #else
        let storage = MemoryStore()
        let files = MemoryFiles()
        #endif
        journal = try await AuditJournal(
            storage: storage, files: files, clock: clock, limits: AuditLimits(entriesPerMinute: 1_000_000, denialsPerMinute: 1_000_000))
        let line = key.allowedSignersLine(principal: "approver@example.org")
        service = ApprovalService(
            storage: storage, journal: journal, clock: clock, signers: { () throws(StateError) in try AllowedSigners(line) },
            recoverySigners: { _ throws(StateError) in try AllowedSigners("") })
    }

    /// So many requests, filed and signed.
    func approved(_ count: Int) async throws -> Queue {
        var acts: [(id: String, session: SessionContext, act: JSONValue)] = []
        for index in 0..<count {
            let session = SessionContext(
                id: "bench-\(index)", environment: EnvironmentLabel("staging"), workspace: "/srv/shop", principals: ["bench"])
            let decision = Decision(
                .requireApproval, effectClass: .irreversible, environment: session.environment,
                reasons: [Reason("approvals.irreversible", "irreversible acts need a signature")],
                requirement: ApprovalRequirement(threshold: 1))
            let descriptor = try describe(decision, session)
            let ticket = try await service.request(
                descriptor, requirement: ApprovalRequirement(threshold: 1), decision: decision, session: session)
            guard case .accepted = try await service.approve(ticket.id, try key.sign(try await service.bundle(ticket.id).payload)) else {
                throw BenchFailure("the signature was not taken")
            }
            acts.append((ticket.id, session, descriptor.act))
        }
        return Queue(self, acts)
    }

    private func describe(_ decision: Decision, _ session: SessionContext) throws -> ActionDescriptor {
        let query = ResourceQuery(provider: "railway", type: "volume", id: "vol-1")
        let analysis = EffectAnalysis(
            effectClass: .irreversible,
            operations: [
                EffectAnalysis.Operation(
                    id: "railway.volumeDelete", effectClass: .irreversible, queries: [query], takesBackups: true, summary: "deletes a volume")
            ],
            canonical: ["operation": "mutation", "field": "volumeDelete", "variables": ["volumeId": "vol-1"]])
        let target = ResolvedTarget(
            provider: "railway", type: "volume", id: "vol-1", name: "data", environment: session.environment,
            proof: .provider(name: "railway"), blastRadius: ["backup-1"])
        return try ActionDescriptorBuilder(clock: clock).describe(
            Effect(.request(OutgoingRequest(method: "POST", url: "https://api.example.org/graphql", credential: "staging"))), analysis,
            targets: [target], decision: decision, policy: .zero, session: session)
    }
}
