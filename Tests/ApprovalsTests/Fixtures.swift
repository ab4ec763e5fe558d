// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentAudit
import AgentCore
import AgentStore
import Foundation
import Synchronization

/// A clock that moves only when a test moves it.
final class TestClock: Sendable {
    private let state = Mutex((wall: Int64(1_777_110_060_000), boot: Int64(5_000_000), name: "boot-1"))

    var clock: StateClock {
        StateClock { [self] in
            state.withLock { Moment(wall: Timestamp(milliseconds: $0.wall), sinceBoot: $0.boot, boot: $0.name) }
        }
    }
    func advance(_ duration: Duration) {
        let step = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        state.withLock {
            $0.wall += step
            $0.boot += step
        }
    }
    func setWallBack(_ duration: Duration) { state.withLock { $0.wall -= duration.components.seconds * 1000 } }
    func reboot() {
        state.withLock {
            $0.boot = 1000
            $0.name += "'"
        }
    }
}

/// Everything that a request for approval of one act needs, over any storage.
struct Desk {
    let time = TestClock()
    let storage: any StateStorage
    let files = MemoryFiles()
    let journal: AuditJournal
    let service: ApprovalService
    let signersFile: SignersFile
    let alice = SigningKey.generate(comment: "alice")
    let bob = SigningKey.generate(comment: "bob")
    let backup = SigningKey.generate(comment: "backup")

    final class SignersFile: Sendable {
        private let state = Mutex((text: "", revoked: ""))
        func set(_ text: String) { state.withLock { $0.text = text } }
        func revoke(_ key: SigningKey) { state.withLock { $0.revoked += key.publicFile } }
        func read() throws(StateError) -> AllowedSigners {
            let (text, revoked) = state.withLock { $0 }
            return try AllowedSigners(text, revokedKeys: revoked)
        }
    }

    init(_ storage: any StateStorage = MemoryStore()) async throws {
        self.storage = storage
        journal = try await AuditJournal(
            storage: storage, files: files, clock: time.clock, limits: AuditLimits(entriesPerMinute: 1_000_000))
        let file = SignersFile()
        signersFile = file
        file.set(
            alice.allowedSignersLine(principal: "alice@acme.dev") + bob.allowedSignersLine(principal: "bob@acme.dev"))
        let backupLine = backup.allowedSignersLine(principal: "backup@acme.dev", for: .recoveryPoint)
        service = ApprovalService(
            storage: storage, journal: journal, clock: time.clock,
            signers: { () throws(StateError) in try file.read() },
            recoverySigners: { _ throws(StateError) in try AllowedSigners(backupLine) }, pause: { await Task.yield() })
    }

    static let session = SessionContext(
        id: "5e551000000000000000000000000001", environment: EnvironmentLabel("staging"), workspace: "/srv/shop",
        principals: ["dana@acme.dev", "agent:coder"])
    static let policy = digest(7)

    static func digest(_ byte: UInt8) -> AgentCore.Digest { Digest(Array(repeating: byte, count: 32)) ?? .zero }

    /// The pieces of an act, each of which a test may change.
    struct Act {
        var volume = "vol-1"
        var name: String? = "pg-data"
        var environment = "staging"
        var policy = Desk.policy
        var session = Desk.session
        var requirement = ApprovalRequirement(threshold: 1)
        var blastRadius = ["backup-1", "backup-2"]
        var extra = ""

        var decision: Decision {
            Decision(
                .requireApproval, effectClass: .irreversible, environment: EnvironmentLabel(environment),
                reasons: [Reason("approvals.irreversible", "irreversible acts need a signature")],
                obligations: [.injectSecret(name: "railway-staging", place: "Authorization: Bearer {}")],
                requirement: requirement)
        }

        func describe(_ clock: StateClock) throws -> ActionDescriptor {
            let operation = EffectAnalysis.Operation(
                id: "railway.volumeDelete", effectClass: .irreversible,
                queries: [ResourceQuery(provider: "railway", type: "volume", id: volume)], takesBackups: true,
                summary: "deletes a volume and its backups")
            let analysis = EffectAnalysis(
                effectClass: .irreversible, operations: [operation],
                canonical: [
                    "operation": "mutation", "field": "volumeDelete",
                    "variables": ["volumeId": .string(volume + extra)],
                ])
            let effect = Effect(
                .request(
                    OutgoingRequest(
                        method: "POST", url: "https://backboard.railway.app/graphql/v2", credential: "railway-staging"))
            )
            let target = ResolvedTarget(
                provider: "railway", type: "volume", id: volume, name: name, environment: EnvironmentLabel(environment),
                proof: .provider(name: "railway"), blastRadius: blastRadius)
            return try ActionDescriptorBuilder(clock: clock).describe(
                effect, analysis, targets: [target], decision: decision, policy: policy, session: session)
        }
    }

    func request(_ act: Act = Act()) async throws -> ApprovalTicket {
        try await service.request(
            try act.describe(time.clock), requirement: act.requirement, decision: act.decision, session: act.session)
    }

    func approve(_ id: String, _ key: SigningKey) async throws -> SignatureOutcome {
        try await service.approve(id, try key.sign(try await service.bundle(id).payload))
    }

    func redeem(_ id: String, _ act: Act = Act()) async throws -> Redemption {
        let intent = AuditRecord(.intent, session: act.session.id, body: ["effect": "railway.volumeDelete"])
        return try await service.redeem(
            id, act: try act.describe(time.clock).act, policy: act.policy, session: act.session, intent: intent)
    }

    func approved(_ act: Act = Act()) async throws -> String {
        let ticket = try await request(act)
        _ = try await approve(ticket.id, alice)
        return ticket.id
    }
}

extension Redemption {
    /// The code of a refusal, or what else it was.
    var code: String {
        switch self {
        case .redeemed: "redeemed"
        case .waiting: "waiting"
        case .refused(let reason): reason.id
        }
    }
}

extension SignatureOutcome {
    var code: String {
        switch self {
        case .accepted(_, _, let missing): "accepted, \(missing) missing"
        case .rejected(let reason): reason.id
        }
    }
}

/// A folder that is gone afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path =
        FileManager.default.temporaryDirectory.path + "/agentkit-"
        + HexEncoding.encode(ActionDescriptorBuilder.randomNonce())
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
