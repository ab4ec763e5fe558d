// SPDX-License-Identifier: Apache-2.0
import AgentAudit
import AgentCore
import Testing

@Suite("A proof shows one entry of a log and no other")
struct ProofTests {
    @Test("Each entry has a proof that verifies with the log's key alone", arguments: 1...6)
    func proves(_ sequence: Int64) async throws {
        let ledger = try await Ledger()
        try await ledger.fill(6)
        let head = try #require(try await SignedHead.latest(in: ledger.files, signedBy: ledger.journal.publicKey))
        let made = try await AuditProof(of: sequence, in: ledger.store, head: head)
        let proof = try #require(AuditProof(made.bytes))
        #expect(proof == made)
        let key = try #require(try await AuditPublicKey.read(from: ledger.files))
        #expect(proof.isValid(for: key))
        #expect(try await !proof.isValid(for: Ledger().journal.publicKey))
        #expect(try JSONValue.parse(proof.payload)["body"]?["index"] == .integer(sequence - 1))
        let text = String(decoding: proof.bytes, as: UTF8.self)
        #expect(!text.contains("\"index\""), "the other entries' content stays hidden")
    }

    @Test("A proof with anything changed is worth nothing")
    func refusesChanges() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(4)
        let head = try await ledger.journal.head()
        let json = try JSONValue.parse(try await AuditProof(of: 2, in: ledger.store, head: head).bytes)
        let other = try await AuditProof(of: 3, in: ledger.store, head: head)
        let changes: [(String, JSONValue)] = [
            ("sequence", 3), ("sequence", 1), ("payload", .string(Base64.encode(other.payload))),
            ("previous", .string(String(repeating: "0", count: 64))), ("later", []),
            ("later", .array((json["later"]?.arrayValue ?? []).reversed())),
            ("head", .string(Base64.encode(try await Ledger().journal.head().bytes))),
        ]
        #expect(AuditProof(json.serializedBytes())?.isValid(for: ledger.journal.publicKey) == true)
        for (name, value) in changes {
            var members = try #require(json.objectValue)
            members[name] = value
            let proof = AuditProof(JSONValue.object(members).serializedBytes())
            #expect(proof?.isValid(for: ledger.journal.publicKey) != true, "\(name) isn't bound")
        }
    }

    @Test("There is no proof of what isn't there", arguments: [Int64(0), -1, 5])
    func refuses(_ sequence: Int64) async throws {
        let ledger = try await Ledger()
        try await ledger.fill(4)
        let head = try await ledger.journal.head()
        await #expect(throws: StateError.self) { try await AuditProof(of: sequence, in: ledger.store, head: head) }
    }

    @Test("An entry reads as what was hashed")
    func reads() async throws {
        let ledger = try await Ledger()
        try await ledger.fill(1)
        let stored = try #require(await ledger.store.lastEntry())
        let entry = try #require(AuditEntry(stored.with(kind: "denial", session: "t")))
        #expect(entry.kind == "intent")
        #expect(entry.session == "s")
        #expect(entry.json["body"] == ["index": 0])
        #expect(AuditEntry(stored.with(payload: [])) == nil)
    }
}
