// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentAudit
import AgentCore
import Testing

@Suite("An exported approval verifies without store and network")
struct BundleTests {
    @Test("It verifies as it was exported, and not with any byte of its payload changed")
    func verifiesOffline() async throws {
        let desk = try await Desk()
        let id = try await desk.approved()
        let bundle = try SignedBundle(try await desk.service.bundle(id).bytes)
        let signers = try desk.signersFile.read()
        let now = desk.time.clock.now().wall
        #expect(try bundle.verify(signers: signers, at: now) == [["alice@acme.dev"]])
        for index in stride(from: 0, to: bundle.payload.count, by: 17) {
            var payload = bundle.payload
            payload[index] ^= 1
            let changed = SignedBundle(purpose: .approval, payload: payload, signatures: bundle.signatures)
            #expect(throws: ApprovalError.self) { try changed.verify(signers: signers, at: now) }
        }
        let other = SignedBundle(purpose: .recoveryPoint, payload: bundle.payload, signatures: bundle.signatures)
        #expect(throws: ApprovalError.self) { try other.verify(signers: signers, at: now) }
    }

    @Test("It tells who approved what, and that enough persons did")
    func tellsWhoApproved() async throws {
        let desk = try await Desk()
        let act = Desk.Act(requirement: ApprovalRequirement(threshold: 2))
        let ticket = try await desk.request(act)
        let signers = try desk.signersFile.read()
        let now = desk.time.clock.now().wall
        _ = try await desk.approve(ticket.id, desk.bob)
        let half = try await desk.service.bundle(ticket.id)
        #expect(throws: ApprovalError.self) { try VerifiedApproval(half, signers: signers, at: now) }
        let twice = SignedBundle(
            purpose: .approval, payload: half.payload, signatures: half.signatures + half.signatures)
        #expect(throws: ApprovalError.self) { try VerifiedApproval(twice, signers: signers, at: now) }
        _ = try await desk.approve(ticket.id, desk.alice)
        let verified = try VerifiedApproval(try await desk.service.bundle(ticket.id), signers: signers, at: now)
        #expect(verified.digest == ticket.digest)
        #expect(verified.principals == ["bob@acme.dev", "alice@acme.dev"])
        #expect(verified.rendering.text.contains("vol-1"))
    }

    @Test("Printing or dumping a key shows nothing of its secret")
    func hidesSecrets() throws {
        let key = SigningKey.generate()
        var dumped = ""
        dump(key, to: &dumped)
        let secret = key.privateFile.split(separator: "\n").dropFirst().dropLast().joined()
        let seed = try #require(Base64.decode(secret)).suffix(100)
        for text in [dumped, "\(key)", String(reflecting: key)] {
            #expect(!text.contains("PrivateKey"))
            for start in seed.indices.dropLast(3) {
                #expect(!text.contains(seed[start..<start + 4].map(String.init).joined(separator: ", ")))
            }
        }
    }

    @Test("One without signatures verifies nothing")
    func needsSignatures() async throws {
        let desk = try await Desk()
        let bundle = try await desk.service.bundle(try await desk.request().id)
        let error = #expect(throws: ApprovalError.self) {
            try bundle.verify(signers: try desk.signersFile.read(), at: desk.time.clock.now().wall)
        }
        #expect(error?.reason.id == "approval.threshold")
    }

    @Test(
        "What isn't a bundle is refused",
        arguments: ["", "{}", "[]", "{\"payload\":\"!\",\"payloadType\":\"x\",\"signatures\":[]}", "null"])
    func refuses(_ text: String) {
        #expect(throws: ApprovalError.self) { try SignedBundle(Array(text.utf8)) }
    }

    @Test("A cut or flipped armour, key or signature never verifies and never crashes")
    func survivesDamage() async throws {
        let key = SigningKey.generate(comment: "approver")
        let file = Array(key.privateFile.utf8)
        for index in 0..<file.count {
            _ = try? SigningKey(privateFile: String(decoding: file[..<index], as: UTF8.self))
            var flipped = file
            flipped[index] ^= 4
            let read = try? SigningKey(privateFile: String(decoding: flipped, as: UTF8.self))
            // Only the comment, the padding and the two check numbers may differ without harm.
            if let read { #expect(read.publicKey == key.publicKey) }
        }
        for length in 0..<key.publicKey.blob.count {
            let line = "ssh-ed25519 " + Base64.encode(key.publicKey.blob.prefix(length))
            #expect(throws: ApprovalError.self) { try SSHPublicKey(line: line) }
        }
    }
}
