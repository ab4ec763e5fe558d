// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

@Suite("Arbitrary bytes")
struct FuzzTests {
    static let fragments: [[UInt8]] = [
        "token", "=", ":", "\"", "'", " ", "\n", "\\", "password", "-----BEGIN PRIVATE KEY-----", "-----END ",
        "eyJhbGciOiJIUzI1NiJ9.", "://", "user:pw@", "curl -u a:",
        "kind: Secret\ndata:\n  a: ", "00000000: 4749 ", "%41%42%43%44%45%46%47%48%49", "\\u0041\\u0042\\u0043\\u0044",
        "H4sIAAAAAAACA", "R0lUSFVCX1RPS0VOPWdocF9", "ghp_",
        "value", "name: ", "<", ">", "key", "(", ")", "{{", "}}", "${", "}", "AKIA", "xoxb-",
        "a b c d e f g h i j k l m n o p q", "&#", ";", "&amp;", "\u{0}", "sk-", "T3BlbkFJ", "machine",
        "login x password ", "Private-Lines: 9\n", "0: ", "//:", "agentkit_", "a9e47c17-", "+", "Bearer ",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9", ".", "é",
    ].map { Array($0.utf8) }

    static func input(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<(random.next() % 24) {
            if random.next() % 4 == 0 {
                for _ in 0..<(random.next() % 12) { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
            } else {
                bytes += fragments[Int(random.next() % UInt64(fragments.count))]
            }
        }
        return bytes
    }

    @Test(
        "Detection neither fails nor gives ranges that overlap or leave the input; redaction by pieces leaves what redaction of the whole does"
    )
    func arbitrary() throws {
        var random = SeededGenerator(state: 2026)
        let detector = SecretDetector()
        let known = KnownValues()
        try known.add([(Array("token=password".utf8), "agentkit_one"), (Array("xoxb-ghp_AKIA".utf8), "agentkit_two")])
        let redactor = SecretRedactor(known: known, mint: PlaceholderMint())
        for _ in 0..<4000 {
            let bytes = Self.input(&random)
            var last = 0
            for finding in detector.findings(in: bytes) {
                #expect(finding.start >= last && finding.end > finding.start && finding.end <= bytes.count)
                last = finding.end
            }
            _ = redactor.maskedCopy(of: "f", bytes).map { redactor.finds.restoring($0, in: "f") }
            var stream = redactor.stream(from: .output)
            var out: [UInt8] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(rest.count, 1 + Int(random.next() % 9))
                out += stream.feed(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            out += stream.finish()
            #expect(!String(decoding: out, as: UTF8.self).contains("token=password"))
        }
    }
}
