// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentCore
import Testing

@Suite("Where a recovery point is demanded, nothing happens without one")
struct RecoveryPointTests {
    static let act = Desk.Act(
        requirement: ApprovalRequirement(
            threshold: 1, recoveryPoint: .init(maximumAge: .seconds(86_400), signers: "backup_signers")))

    struct Statement: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var type = "volume"
        var id = "vol-1"
        var domain = "aws-eu-central-1"
        var own = "railway-eu-west"
        var location = "s3-backup-7"
        var ageSeconds: Int64 = 3600
        var signer: @Sendable (Desk) -> SigningKey = { $0.backup }
        var code = "approval.recovery-point"
    }

    static let statements = [
        Statement(testDescription: "elsewhere, recent", code: "redeemed"),
        Statement(testDescription: "of another resource", id: "vol-2"),
        Statement(testDescription: "of another type", type: "service"),
        Statement(testDescription: "in the same failure domain", domain: "railway-eu-west"),
        Statement(testDescription: "in the same failure domain, other case", domain: "Railway-EU-West"),
        Statement(testDescription: "at the same provider", domain: "railway"),
        Statement(testDescription: "inside the resource", domain: "vol-1"),
        Statement(testDescription: "in a backup that is lost along with it", location: "backup-2"),
        Statement(testDescription: "without a failure domain", domain: ""),
        Statement(testDescription: "too old", ageSeconds: 86_401),
        Statement(testDescription: "from the future", ageSeconds: -60),
        Statement(testDescription: "signed by a stranger", signer: { _ in SigningKey.generate() }),
        Statement(testDescription: "signed by the approver", signer: { $0.alice }),
    ]

    @Test(
        "A statement helps only if it is about another place, recent, and by the backup system", arguments: statements)
    func judges(_ statement: Statement) async throws {
        let desk = try await Desk()
        let id = try await desk.approved(Self.act)
        #expect(try await desk.redeem(id, Self.act).code == "approval.recovery-point")
        let taken = desk.time.clock.now().wall.milliseconds - statement.ageSeconds * 1000
        let point = RecoveryPoint(
            provider: "railway", type: statement.type, id: statement.id, failureDomain: statement.domain,
            resourceFailureDomain: statement.own, location: statement.location, takenAt: Timestamp(milliseconds: taken))
        let payload = try point.payload()
        let signature = try statement.signer(desk).sign(payload, for: .recoveryPoint)
        try await desk.service.addRecoveryPoint(
            SignedBundle(purpose: .recoveryPoint, payload: payload, signatures: [signature]))
        #expect(try await desk.redeem(id, Self.act).code == statement.code)
    }

    @Test("A statement signed as if it were an approval is refused")
    func keepsPurposesApart() async throws {
        let desk = try await Desk()
        let id = try await desk.approved(Self.act)
        let point = RecoveryPoint(
            provider: "railway", type: "volume", id: "vol-1", failureDomain: "a", resourceFailureDomain: "b",
            location: "c",
            takenAt: desk.time.clock.now().wall)
        let payload = try point.payload()
        let bundle = SignedBundle(
            purpose: .recoveryPoint, payload: payload, signatures: [try desk.backup.sign(payload)])
        try await desk.service.addRecoveryPoint(bundle)
        #expect(try await desk.redeem(id, Self.act).code == "approval.recovery-point")
    }
}
