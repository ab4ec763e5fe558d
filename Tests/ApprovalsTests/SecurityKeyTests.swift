// SPDX-License-Identifier: Apache-2.0
import AgentApprovals
import AgentCore
import Crypto
import Foundation
import Testing

@Suite("A security key's signature counts only with a touch")
struct SecurityKeyTests {
    /// What a security key and `ssh-keygen -Y sign` do together, in software.
    struct Token {
        let key = Curve25519.Signing.PrivateKey()
        var application = "ssh:"

        static func string(_ bytes: [UInt8]) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
        }
        static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

        var blob: [UInt8] {
            Self.string("sk-ssh-ed25519@openssh.com") + Self.string(Array(key.publicKey.rawRepresentation))
                + Self.string(application)
        }

        func sign(_ message: [UInt8], flags: UInt8, signedFlags: UInt8? = nil, signedApplication: String? = nil) throws
            -> String
        {
            let header = Array("SSHSIG".utf8)
            let digest = Array(SHA512.hash(data: message))
            let wrapped =
                header + Self.string("agentkit-approval-v1") + Self.string("") + Self.string("sha512")
                + Self.string(digest)
            let counter: [UInt8] = [0, 0, 0, 7]
            let signed =
                Array(SHA256.hash(data: Array((signedApplication ?? application).utf8))) + [signedFlags ?? flags]
                + counter
                + Array(SHA256.hash(data: wrapped))
            let signature =
                Self.string("sk-ssh-ed25519@openssh.com") + Self.string(Array(try key.signature(for: signed))) + [flags]
                + counter
            let whole =
                header + [0, 0, 0, 1] + Self.string(blob) + Self.string("agentkit-approval-v1") + Self.string("")
                + Self.string("sha512") + Self.string(signature)
            return "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(whole))\n-----END SSH SIGNATURE-----\n"
        }
    }

    struct Touch: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let flags: UInt8
        var signedFlags: UInt8?
        var application: String?
        let code: String
    }

    @Test(
        "Presence is demanded and can't be added afterwards",
        arguments: [
            Touch(testDescription: "touched", flags: 1, code: "accepted, 0 missing"),
            Touch(testDescription: "touched and verified", flags: 5, code: "accepted, 0 missing"),
            Touch(testDescription: "not touched", flags: 0, code: "approval.presence"),
            Touch(testDescription: "verified but not touched", flags: 4, code: "approval.presence"),
            Touch(testDescription: "the flag set after signing", flags: 1, signedFlags: 0, code: "approval.altered"),
            Touch(
                testDescription: "signed for another application", flags: 1, application: "https://evil.test",
                code: "approval.altered"),
        ])
    func demandsTouch(_ touch: Touch) async throws {
        let desk = try await Desk()
        let token = Token()
        desk.signersFile.set("alice@acme.dev sk-ssh-ed25519@openssh.com \(Base64.encode(token.blob))")
        let ticket = try await desk.request()
        let text = try token.sign(
            try await desk.service.bundle(ticket.id).payload, flags: touch.flags, signedFlags: touch.signedFlags,
            signedApplication: touch.application)
        #expect(try await desk.service.approve(ticket.id, try PayloadSignature(armored: text)).code == touch.code)
    }

    @Test("A signature with any byte changed, or cut anywhere, never counts")
    func refusesDamage() async throws {
        let desk = try await Desk()
        let token = Token()
        let message = Array("message".utf8)
        let signers = try AllowedSigners("alice@acme.dev sk-ssh-ed25519@openssh.com \(Base64.encode(token.blob))")
        let lines = try token.sign(message, flags: 1).split(separator: "\n")
        let whole = try #require(Base64.decode(lines[1]))
        func counts(_ bytes: [UInt8]) -> Bool {
            let text = "\(lines[0])\n\(Base64.encode(bytes))\n\(lines[2])\n"
            let names = try? PayloadSignature(armored: text).verify(
                message, for: .approval, signers: signers, at: desk.time.clock.now().wall)
            return names != nil
        }
        #expect(counts(whole))
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 0x01
            #expect(!counts(changed), "byte \(index) isn't bound")
            #expect(!counts(Array(whole[..<index])))
        }
        #expect(!counts(whole + [0]))
    }
}
