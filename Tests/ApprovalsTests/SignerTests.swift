// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentAudit
import AgentCore
import Testing

@Suite("Only the right persons' signatures count")
struct SignerTests {
    @Test("A stranger's signature is refused")
    func refusesStrangers() async throws {
        let desk = try await Desk()
        let ticket = try await desk.request()
        #expect(try await desk.approve(ticket.id, SigningKey.generate()).code == "approval.signer-unknown")
        #expect(try await desk.redeem(ticket.id).code == "waiting")
    }

    @Test("A signature over another request is refused")
    func refusesOtherRequestsSignature() async throws {
        let desk = try await Desk()
        let one = try await desk.request()
        let other = try await desk.request(Desk.Act(volume: "vol-2"))
        let signature = try desk.alice.sign(try await desk.service.bundle(other.id).payload)
        #expect(try await desk.service.approve(one.id, signature).code == "approval.altered")
    }

    @Test("A signature for another purpose is refused")
    func refusesOtherPurposes() async throws {
        let desk = try await Desk()
        let ticket = try await desk.request()
        let signature = try desk.alice.sign(try await desk.service.bundle(ticket.id).payload, for: .recoveryPoint)
        #expect(try await desk.service.approve(ticket.id, signature).code == "approval.altered")
    }

    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let requirement: ApprovalRequirement
        let signers: @Sendable (Desk) -> String
        let code: String
    }

    static let rules = [
        Rule(
            testDescription: "anyone allowed", requirement: ApprovalRequirement(threshold: 1),
            signers: { $0.alice.allowedSignersLine(principal: "alice@acme.dev") }, code: "accepted, 0 missing"),
        Rule(
            testDescription: "somebody outside the role",
            requirement: ApprovalRequirement(threshold: 1, principals: ["bob@acme.dev"]),
            signers: { $0.alice.allowedSignersLine(principal: "alice@acme.dev") }, code: "approval.role"),
        Rule(
            testDescription: "a role without members",
            requirement: ApprovalRequirement(threshold: 1, roles: ["on-call"]),
            signers: { $0.alice.allowedSignersLine(principal: "alice@acme.dev") }, code: "approval.role"),
        Rule(
            testDescription: "who started the session, where excluded",
            requirement: ApprovalRequirement(threshold: 1, excludesRequester: true),
            signers: { $0.alice.allowedSignersLine(principal: "dana@acme.dev") }, code: "approval.requester"),
        Rule(
            testDescription: "who started the session, where not excluded",
            requirement: ApprovalRequirement(threshold: 1),
            signers: { $0.alice.allowedSignersLine(principal: "dana@acme.dev") }, code: "accepted, 0 missing"),
        Rule(
            testDescription: "the agent itself", requirement: ApprovalRequirement(threshold: 1),
            signers: { $0.alice.allowedSignersLine(principal: "agent:coder") }, code: "approval.agent"),
        Rule(
            testDescription: "a key for another namespace", requirement: ApprovalRequirement(threshold: 1),
            signers: { "alice@acme.dev namespaces=\"git\" \($0.alice.publicKey)" }, code: "approval.signer-unknown"),
        Rule(
            testDescription: "a key that isn't valid yet", requirement: ApprovalRequirement(threshold: 1),
            signers: { "alice@acme.dev valid-after=\"20300101Z\" \($0.alice.publicKey)" },
            code: "approval.signer-unknown"),
        Rule(
            testDescription: "a key that isn't valid any more", requirement: ApprovalRequirement(threshold: 1),
            signers: { "alice@acme.dev valid-before=\"20260101Z\" \($0.alice.publicKey)" },
            code: "approval.signer-unknown"),
        Rule(
            testDescription: "a key within its time", requirement: ApprovalRequirement(threshold: 1),
            signers: { "alice@acme.dev valid-after=\"20260101\",valid-before=\"20270101\" \($0.alice.publicKey)" },
            code: "accepted, 0 missing"),
    ]

    @Test("A signature counts for whom the requirement lets sign", arguments: rules)
    func appliesRules(_ rule: Rule) async throws {
        let desk = try await Desk()
        desk.signersFile.set(rule.signers(desk))
        let ticket = try await desk.request(Desk.Act(requirement: rule.requirement))
        #expect(try await desk.approve(ticket.id, desk.alice).code == rule.code)
    }

    @Test("Two persons are two persons, not two signatures or two names of one key")
    func countsPersons() async throws {
        let desk = try await Desk()
        let second = SigningKey.generate(comment: "alice's other key")
        desk.signersFile.set(
            desk.alice.allowedSignersLine(principal: "alice@acme.dev")
                + desk.alice.allowedSignersLine(principal: "alias@acme.dev")
                + second.allowedSignersLine(principal: "alice@acme.dev")
                + desk.bob.allowedSignersLine(principal: "bob@acme.dev"))
        let act = Desk.Act(requirement: ApprovalRequirement(threshold: 2))
        let ticket = try await desk.request(act)
        #expect(try await desk.approve(ticket.id, desk.alice).code == "accepted, 1 missing")
        await #expect(throws: StateError.self) { try await desk.approve(ticket.id, desk.alice) }
        #expect(try await desk.approve(ticket.id, second).code == "approval.threshold")
        #expect(try await desk.redeem(ticket.id, act).code == "waiting")
        #expect(try await desk.approve(ticket.id, desk.bob).code == "accepted, 0 missing")
        #expect(try await desk.redeem(ticket.id, act).code == "redeemed")
    }

    @Test("A key that is revoked, or dropped from the file, after it signed counts no more")
    func recountsAtRedemption() async throws {
        let desk = try await Desk()
        let revoked = try await desk.approved()
        desk.signersFile.revoke(desk.alice)
        #expect(try await desk.redeem(revoked).code == "approval.signer-revoked")

        let other = try await Desk()
        let dropped = try await other.approved()
        other.signersFile.set(other.bob.allowedSignersLine(principal: "bob@acme.dev"))
        #expect(try await other.redeem(dropped).code == "approval.signer-unknown")
        other.signersFile.set("this is no line")
        #expect(try await other.redeem(dropped).code == "approval.signer-unknown")
    }

    @Test("A row that says approved without signatures redeems nothing")
    func believesNoState() async throws {
        let desk = try await Desk()
        let descriptor = try Desk.Act().describe(desk.time.clock)
        let bytes = try descriptor.json.canonical()
        let ticket = try await desk.request()
        let row = try await desk.service.current(ticket.id)
        let forged = MemoryStore()
        let draft = try desk.journal.draft(AuditRecord(.approvalRequested, session: row.session, body: [:]))
        _ = try await forged.file(
            StoredApproval(
                id: row.id, session: row.session, descriptor: row.descriptor, digest: row.digest, act: row.act,
                state: .approved,
                requestedAt: row.requestedAt, pendingMilliseconds: row.pendingMilliseconds,
                approvedAt: row.requestedAt),
            pendingLimit: 5, usable: { _ in true }, draft)
        let service = ApprovalService(
            storage: forged, journal: desk.journal, clock: desk.time.clock,
            signers: { () throws(StateError) in try desk.signersFile.read() },
            recoverySigners: { _ throws(StateError) in try AllowedSigners("") })
        let intent = AuditRecord(.intent, session: row.session, body: [:])
        let result = try await service.redeem(
            row.id, act: descriptor.act, policy: Desk.policy, session: Desk.session, intent: intent)
        #expect(result.code == "approval.threshold")
        #expect(bytes != row.descriptor, "each request has a nonce of its own")
    }

    @Test(
        "A line that OpenSSH's format has but approvals can't count is refused with its number",
        arguments: [
            "* ssh-ed25519 KEY", "*@acme.dev ssh-ed25519 KEY", "a@b cert-authority ssh-ed25519 KEY", "a@b ssh-ed25519",
            "a@b ssh-ed25519 AAAA", "a@b namespaces=\"git ssh-ed25519 KEY", "a@b no-such-option ssh-ed25519 KEY",
            "a@b valid-after=\"2026\" ssh-ed25519 KEY", "a@b namespaces=\"*\" ssh-ed25519 KEY", "a@b ssh-rsa KEY",
        ])
    func refusesLines(_ line: String) throws {
        let key = SigningKey.generate().publicKey.description.split(separator: " ")[1]
        let text = "# comment\n\n" + line.replacing("KEY", with: String(key))
        let error = #expect(throws: StateError.self) { try AllowedSigners(text) }
        #expect(error?.message.contains("line 3") == true)
    }

    @Test("Comments, empty lines, several principals and quotes are read as OpenSSH reads them")
    func readsLines() throws {
        let key = SigningKey.generate().publicKey
        let file = try AllowedSigners(
            """
            # on call
              # indented

            "alice@acme.dev",bob@acme.dev namespaces="git,agentkit-approval-v1",valid-after="20260101Z" \(key) a comment
            """)
        #expect(file.signers.count == 1)
        #expect(file.signers.first?.principals == ["alice@acme.dev", "bob@acme.dev"])
        #expect(file.signers.first?.namespaces == ["git", "agentkit-approval-v1"])
        #expect(file.signers.first?.validAfter == Timestamp("2026-01-01T00:00:00Z"))
    }
}
