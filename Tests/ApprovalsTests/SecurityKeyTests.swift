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
        enum Curve: String, CaseIterable {
            case ed25519 = "sk-ssh-ed25519@openssh.com"
            case p256 = "sk-ecdsa-sha2-nistp256@openssh.com"
        }

        let curve: Curve
        let edwards = Curve25519.Signing.PrivateKey()
        let nist = P256.Signing.PrivateKey()
        var application = "ssh:"

        init(_ curve: Curve) { self.curve = curve }

        static func string(_ bytes: [UInt8]) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
        }
        static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

        static func integer(_ bytes: Data) -> [UInt8] {
            let digits = Array(bytes.drop { $0 == 0 })
            return string((digits.first ?? 0) & 0x80 != 0 ? [0] + digits : digits)
        }

        var blob: [UInt8] {
            let key =
                curve == .ed25519
                ? Self.string(Array(edwards.publicKey.rawRepresentation))
                : Self.string("nistp256") + Self.string(Array(nist.publicKey.x963Representation))
            return Self.string(curve.rawValue) + key + Self.string(application)
        }

        func body(_ signed: [UInt8]) throws -> [UInt8] {
            guard curve == .p256 else { return Array(try edwards.signature(for: signed)) }
            let raw = try nist.signature(for: signed).rawRepresentation
            return Self.integer(raw.prefix(32)) + Self.integer(raw.suffix(32))
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
            let signature = Self.string(curve.rawValue) + Self.string(try body(signed)) + [flags] + counter
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
        "Presence is demanded and can't be added afterwards", arguments: Token.Curve.allCases,
        [
            Touch(testDescription: "touched", flags: 1, code: "accepted, 0 missing"),
            Touch(testDescription: "touched and verified", flags: 5, code: "accepted, 0 missing"),
            Touch(testDescription: "not touched", flags: 0, code: "approval.presence"),
            Touch(testDescription: "verified but not touched", flags: 4, code: "approval.presence"),
            Touch(testDescription: "the flag set after signing", flags: 1, signedFlags: 0, code: "approval.altered"),
            Touch(
                testDescription: "signed for another application", flags: 1, application: "https://evil.test",
                code: "approval.altered"),
        ])
    func demandsTouch(_ curve: Token.Curve, _ touch: Touch) async throws {
        let desk = try await Desk()
        let token = Token(curve)
        desk.signersFile.set("alice@acme.dev \(curve.rawValue) \(Base64.encode(token.blob))")
        let ticket = try await desk.request()
        let text = try token.sign(
            try await desk.service.bundle(ticket.id).payload, flags: touch.flags, signedFlags: touch.signedFlags,
            signedApplication: touch.application)
        #expect(try await desk.service.approve(ticket.id, try PayloadSignature(armored: text)).code == touch.code)
    }

    @Test("A signature with any byte changed, or cut anywhere, never counts", arguments: Token.Curve.allCases)
    func refusesDamage(_ curve: Token.Curve) async throws {
        let desk = try await Desk()
        let token = Token(curve)
        let message = Array("message".utf8)
        let signers = try AllowedSigners("alice@acme.dev \(curve.rawValue) \(Base64.encode(token.blob))")
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
