// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct ApprovalTests {
    /// A bed whose policy sends nothing without a signature of the approver, and the server that would be reached.
    private func withServer(_ body: (Bed, LoopbackServer, [String]) async throws -> Void) async throws {
        let server = try LoopbackServer()
        server.start()
        defer { server.stop() }
        try await withBed { bed in
            try bed.writePolicy(
                Bed.policy + """
                      - { id: send, permit: http, hosts: ["127.0.0.1:\(server.port)"], methods: [POST, DELETE] }
                    inventory:
                      - { resource: "http://127.0.0.1:\(server.port)/**", environment: staging }
                    egress: { private_addresses: permit }
                    approvals:
                      signers: allowed_signers
                      require:
                        - { class: unknown, environments: [staging], threshold: 1, expires: 10m }
                        - { class: irreversible, environments: [staging], threshold: 1, expires: 10m }

                    """)
            try await Approver.make(in: bed)
            let input = #"{"method":"DELETE","url":"http://127.0.0.1:\#(server.port)/volumes/v1"}"#
            try await body(bed, server, ["call", "--tool", "http.request", "--input", input])
        }
    }

    /// Makes the call that waits; the id of its request.
    private func waiting(_ bed: Bed, _ call: [String]) async throws -> String {
        let outcome = try await bed.run(call)
        #expect(outcome.status == 75, "\(outcome.output)\(outcome.error)")
        let id = try #require(outcome.json["approval"]?.stringValue)
        #expect(outcome.error.contains(id))
        #expect(outcome.json["decision"]?["decision"] == "requireApproval")
        #expect(outcome.json["result"] == .null)
        return id
    }

    private func state(_ id: String, _ bed: Bed) async throws -> String {
        try await bed.agentkit("approvals", "show", id, "--json").json["state"]?.stringValue ?? ""
    }

    @Test("A call waits, is approved with a key, goes on once, and is refused the second time")
    func approveWithKey() async throws {
        try await withServer { bed, server, call in
            let id = try await waiting(bed, call)
            #expect(server.requests.isEmpty)
            let listed = try await bed.agentkit("approvals", "list", "--json").json.arrayValue ?? []
            #expect(listed.count == 1)
            for key in ["id", "state", "digest", "class", "environment", "summary", "requestedAt", "expiresAt"] {
                #expect(listed.first?[key] != nil, "\(key) is missing")
            }
            #expect(listed.first?["state"] == "pending" && listed.first?["environment"] == "staging")
            #expect(try await bed.agentkit("approvals", "list").output.contains(id))
            let early = try await bed.run(call + ["--resume", id])
            #expect(early.status == 75)
            #expect(early.json["approval"]?.stringValue == id)

            try await Approver.approve(id, in: bed)
            #expect(try await state(id, bed) == "approved")
            let shown = try await bed.agentkit("approvals", "show", id, "--json").json
            #expect(shown["signatures"]?.arrayValue?.first?["principal"]?.stringValue == Approver.name)
            #expect(shown["descriptor"]?["environment"] == "staging")
            let done = try await bed.run(call + ["--resume", id])
            #expect(done.status == 0, "\(done.output)\(done.error)")
            #expect(server.requests.count == 1)
            #expect(server.requests.first?.hasPrefix("DELETE /volumes/v1 ") == true)
            #expect(try await state(id, bed) == "spent")

            let replayed = try await bed.run(call + ["--resume", id])
            #expect(replayed.status == 126, "\(replayed.output)\(replayed.error)")
            #expect(replayed.output.contains("approval.replayed"))
            #expect(server.requests.count == 1)
            #expect(try await bed.agentkit("audit", "verify").status == 0)
        }
    }

    @Test("An approval is good for that act only")
    func otherAct() async throws {
        try await withServer { bed, server, call in
            let id = try await waiting(bed, call)
            try await Approver.approve(id, in: bed)
            let other = call.map { $0.replacingOccurrences(of: "/volumes/v1", with: "/volumes/v2") }
            let outcome = try await bed.run(other + ["--resume", id])
            #expect(outcome.status == 75, "\(outcome.output)")
            #expect(outcome.json["approval"]?.stringValue != id)
            #expect(server.requests.isEmpty)
            #expect(try await state(id, bed) == "approved")
        }
    }

    @Test("ssh-keygen signs the exported bytes, and --signature brings the result back")
    func approveWithSSH() async throws {
        try await withServer { bed, server, call in
            let made = try await bed.shell(
                "ssh-keygen -q -t ed25519 -N '' -C '' -f ../ssh && printf '%s namespaces=\"agentkit-approval-v1\" %s\\n' \(Approver.name) \"$(cat ../ssh.pub)\" > ../allowed_signers")
            #expect(made.status == 0, "\(made.error)")
            let id = try await waiting(bed, call)
            let signed = try await bed.shell(
                "\"$AGENTKIT\" approvals export \(id) > ../request && ssh-keygen -q -Y sign -f ../ssh -n agentkit-approval-v1 ../request && \"$AGENTKIT\" approvals approve \(id) --signature ../request.sig")
            #expect(signed.status == 0, "\(signed.output)\(signed.error)")
            let done = try await bed.run(call + ["--resume", id])
            #expect(done.status == 0, "\(done.error)")
            #expect(server.requests.count == 1)
        }
    }

    @Test("A signature for another purpose, of a stranger, or over other bytes doesn't count", arguments: ["purpose", "stranger", "bytes"])
    func badSignature(_ what: String) async throws {
        try await withServer { bed, server, call in
            let made = try await bed.shell(
                "ssh-keygen -q -t ed25519 -N '' -C '' -f ../ssh && printf '%s %s\\n' \(Approver.name) \"$(cat ../ssh.pub)\" > ../allowed_signers; ssh-keygen -q -t ed25519 -N '' -f ../stranger")
            #expect(made.status == 0, "\(made.error)")
            let id = try await waiting(bed, call)
            let key = what == "stranger" ? "stranger" : "ssh"
            let purpose = what == "purpose" ? "file" : "agentkit-approval-v1"
            let more = what == "bytes" ? "printf ' ' >> ../request;" : ""
            let signed = try await bed.shell(
                "\"$AGENTKIT\" approvals export \(id) > ../request; \(more) ssh-keygen -q -Y sign -f ../\(key) -n \(purpose) ../request && \"$AGENTKIT\" approvals approve \(id) --signature ../request.sig")
            #expect(signed.status == 1, "\(signed.output)\(signed.error)")
            #expect(try await state(id, bed) == "pending")
            #expect(try await bed.run(call + ["--resume", id]).status == 75)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("Nobody signs unread: without a terminal or the digest, and with a wrong one, it is wrong usage")
    func unread() async throws {
        try await withServer { bed, _, call in
            let id = try await waiting(bed, call)
            let approve = ["approvals", "approve", id]
            #expect(try await bed.run(approve).status == 64)
            #expect(try await bed.run(approve + ["--key", Approver.key(in: bed)], input: "approve\n").status == 64)
            let wrong = String(repeating: "0", count: 64)
            #expect(try await bed.run(approve + ["--key", Approver.key(in: bed), "--yes-i-read", wrong]).status == 64)
            #expect(try await state(id, bed) == "pending")
        }
    }

    @Test("What is refused or cancelled never runs", arguments: ["refuse", "cancel"])
    func final(_ verb: String) async throws {
        try await withServer { bed, server, call in
            let id = try await waiting(bed, call)
            #expect(try await bed.agentkit("approvals", verb, id).status == 0)
            #expect(try await state(id, bed) == (verb == "refuse" ? "refused" : "cancelled"))
            let digest = try await bed.agentkit("approvals", "show", id, "--json").json["digest"]?.stringValue ?? ""
            let late = try await bed.agentkit("approvals", "approve", id, "--key", Approver.key(in: bed), "--yes-i-read", digest)
            #expect(late.status != 0)
            let outcome = try await bed.run(call + ["--resume", id])
            #expect(outcome.status == 126, "\(outcome.output)\(outcome.error)")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("An exported bundle verifies offline, and a changed one doesn't")
    func bundle() async throws {
        try await withServer { bed, _, call in
            let id = try await waiting(bed, call)
            try await Approver.approve(id, in: bed)
            let exported = try await bed.agentkit("approvals", "export", id, "--bundle")
            #expect(exported.status == 0, "\(exported.error)")
            let file = try bed.write("\(bed.root)/bundle", exported.output)
            let verify = ["approvals", "verify", file, "--signers", "\(bed.root)/allowed_signers"]
            let good = try await bed.run(verify, environment: ["AGENTKIT_STATE": "\(bed.root)/no-state"])
            #expect(good.status == 0, "\(good.error)")
            #expect(good.output.contains(Approver.name))
            try bed.write("\(bed.root)/allowed_signers", "")
            #expect(try await bed.run(verify).status == 1)
        }
    }

    @Test("A request that doesn't exist is named as such", arguments: [["show"], ["approve", "--key", "k"], ["refuse"], ["cancel"], ["export"]])
    func unknown(_ verb: [String]) async throws {
        try await withBed { bed in
            let outcome = try await bed.run(["approvals", verb[0], "0123456789abcdef"] + verb.dropFirst())
            #expect(outcome.status == 64)
            #expect(!outcome.error.isEmpty)
        }
    }

    @Test("keygen writes a private key for its owner alone, and never over another")
    func keygen() async throws {
        try await withBed { bed in
            try await Approver.make(in: bed)
            let facts = try FileManager.default.attributesOfItem(atPath: Approver.key(in: bed))
            #expect(facts[.posixPermissions] as? Int == 0o600)
            let again = try await bed.agentkit("approvals", "keygen", "--out", Approver.key(in: bed))
            #expect(again.status == 64)
            let read = try await bed.shell("ssh-keygen -y -P '' -f ../approver")
            #expect(read.status == 0, "\(read.error)")
        }
    }
}
