// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentAudit
import AgentCore
import Foundation
import Testing

@Suite(
    "Keys and signatures are OpenSSH's",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")))
struct InteroperationTests {
    @discardableResult
    static func keygen(_ arguments: [String], input: [UInt8] = []) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-keygen")
        process.arguments = arguments
        let output = Pipe()
        // A file and not a pipe: a program that ends early must not end the tests with a signal.
        let given = FileManager.default.temporaryDirectory.appendingPathComponent("agentkit-input-\(UUID().uuidString)")
        try Data(input).write(to: given)
        defer { try? FileManager.default.removeItem(at: given) }
        process.standardOutput = output
        process.standardError = output
        process.standardInput = try FileHandle(forReadingFrom: given)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    static func write(_ text: String, _ path: String) {
        _ = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    }

    @Test(
        "A signature of `ssh-keygen -Y sign` over the exported bytes approves",
        arguments: [["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"]])
    func takesTheirSignatures(_ type: [String]) async throws {
        try await withTemporaryFolder { folder in
            let desk = try await Desk()
            try Self.keygen(["-q", "-t"] + type + ["-N", "", "-f", folder + "/key"])
            let line = try String(contentsOfFile: folder + "/key.pub", encoding: .utf8)
            desk.signersFile.set("alice@acme.dev " + line)
            let ticket = try await desk.request()
            let bytes = try await desk.service.bundle(ticket.id).payload
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/request"))
            try Self.keygen(["-Y", "sign", "-f", folder + "/key", "-n", "agentkit-approval-v1", folder + "/request"])
            let text = try String(contentsOfFile: folder + "/request.sig", encoding: .utf8)
            let signature = try PayloadSignature(armored: text)
            #expect(try await desk.service.approve(ticket.id, signature).code == "accepted, 0 missing")
            #expect(try await desk.redeem(ticket.id).code == "redeemed")
            let bundle = try SignedBundle(try await desk.service.bundle(ticket.id).bytes)
            #expect(
                try bundle.verify(signers: try desk.signersFile.read(), at: desk.time.clock.now().wall) == [
                    ["alice@acme.dev"]
                ])
        }
    }

    @Test("Their signature in another namespace, over other bytes, or with an RSA key doesn't")
    func refusesTheirOtherSignatures() async throws {
        try await withTemporaryFolder { folder in
            let desk = try await Desk()
            try Self.keygen(["-q", "-t", "ed25519", "-N", "", "-f", folder + "/key"])
            try Self.keygen(["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", folder + "/rsa"])
            let lines = try ["key", "rsa"].map { try String(contentsOfFile: folder + "/\($0).pub", encoding: .utf8) }
            desk.signersFile.set("alice@acme.dev \(lines[0])bob@acme.dev \(lines[1])")
            let ticket = try await desk.request()
            let bytes = try await desk.service.bundle(ticket.id).payload
            for (key, namespace, content, code) in [
                ("key", "git", bytes, "approval.namespace"),
                ("key", "agentkit-approval-v1", bytes + [0x0A], "approval.altered"),
                ("rsa", "agentkit-approval-v1", bytes, "approval.key-type"),
            ] {
                let signed = try Self.keygen(
                    ["-q", "-Y", "sign", "-f", folder + "/" + key, "-n", namespace], input: content)
                let text = signed.output.drop { $0 != "-" }
                let signature = try PayloadSignature(armored: String(text))
                #expect(try await desk.service.approve(ticket.id, signature).code == code)
            }
        }
    }

    @Test("Their unencrypted key file signs here; an encrypted one is refused with a way out")
    func readsTheirKeys() async throws {
        try await withTemporaryFolder { folder in
            try Self.keygen(["-q", "-t", "ed25519", "-N", "", "-C", "me@host", "-f", folder + "/key"])
            let key = try SigningKey(privateFile: try String(contentsOfFile: folder + "/key", encoding: .utf8))
            #expect(key.publicFile == (try String(contentsOfFile: folder + "/key.pub", encoding: .utf8)))
            try Self.keygen(["-q", "-t", "ed25519", "-N", "secret", "-f", folder + "/locked"])
            let error = #expect(throws: ApprovalError.self) {
                try SigningKey(privateFile: try String(contentsOfFile: folder + "/locked", encoding: .utf8))
            }
            #expect(error?.reason.id == "approval.key-file")
            #expect(error?.reason.message.contains("ssh-keygen -Y sign") == true)
        }
    }

    @Test("OpenSSH reads our key file, and verifies what it signs with our line of allowed signers")
    func writesTheirKeys() async throws {
        try await withTemporaryFolder { folder in
            let key = SigningKey.generate(comment: "approver")
            Self.write(key.privateFile, folder + "/key")
            Self.write(key.allowedSignersLine(principal: "alice@acme.dev"), folder + "/allowed_signers")
            let shown = try Self.keygen(["-y", "-f", folder + "/key"])
            #expect(shown.status == 0)
            #expect(shown.output.hasPrefix(key.publicKey.description))
            #expect(try Self.keygen(["-l", "-f", folder + "/key"]).output.contains(key.publicKey.fingerprint))
            let message = Array("message".utf8)
            let signed = try Self.keygen(
                ["-q", "-Y", "sign", "-f", folder + "/key", "-n", "agentkit-approval-v1"], input: message)
            Self.write(String(signed.output.drop { $0 != "-" }), folder + "/sig")
            let checked = try Self.keygen(
                [
                    "-Y", "verify", "-f", folder + "/allowed_signers", "-I", "alice@acme.dev", "-n",
                    "agentkit-approval-v1", "-s", folder + "/sig",
                ],
                input: message)
            #expect(checked.status == 0, "\(checked.output)")
            #expect(try SigningKey(privateFile: key.privateFile).publicKey == key.publicKey)
        }
    }
}
