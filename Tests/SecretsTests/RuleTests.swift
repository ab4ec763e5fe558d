// SPDX-License-Identifier: Apache-2.0

import AgentSecrets
import Testing

@Suite("The providers' rules")
struct RuleTests {
    static let containers = [
        "@", "x = \"@\"", "echo @ | cat", "{\"a\":\"@\"}", "<a>@</a>", "see (@), then", "a\\n@\\nb", "q=@&r=1",
        "line\n@\nline\n",
    ]

    @Test("Each finds what is made after its format, whole, wherever it stands", arguments: containers)
    func positives(_ container: String) {
        var random = SeededGenerator(state: 11)
        let detector = SecretDetector()
        for round in 0..<3 {
            for sample in SecretDetector.samples({ random.next() }) {
                let token = String(decoding: sample.text, as: UTF8.self)
                let text = Array(container.replacing("@", with: token).utf8)
                let start = container.utf8.prefix { $0 != 0x40 }.count
                let found = detector.findings(in: text)
                let covered = found.contains { $0.start <= start && $0.end >= start + sample.text.count }
                #expect(covered, "\(sample.rule) in round \(round): \(String(decoding: text, as: UTF8.self)) \(found)")
            }
        }
    }

    @Test("None finds a format filled with x, or one cut short")
    func negatives() {
        var random = SeededGenerator(state: 5)
        let detector = SecretDetector()
        for sample in SecretDetector.samples({ random.next() }) where sample.text.count > 24 {
            let head = sample.text.prefix(8)
            let filler = Array(head) + [UInt8](repeating: 0x78, count: sample.text.count - 8)
            #expect(!detector.findings(in: filler).contains { $0.rule == sample.rule }, "\(sample.rule)")
            let short = Array(sample.text.prefix(12))
            #expect(!detector.findings(in: short).contains { $0.rule == sample.rule }, "\(sample.rule)")
        }
    }

    @Test("Ids are lower case and say who issues what")
    func ids() {
        for rule in SecretDetector.rules {
            #expect(rule.id.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d })
            #expect(!rule.grants.isEmpty)
        }
    }
}

/// Text that looks like a secret and is none.
struct NearMiss: Sendable, CustomTestStringConvertible {
    let text: String
    var testDescription: String { text }

    static let all = [
        "password = changeme", "API_KEY=<your api key>", "token: ${GITHUB_TOKEN}", "secret = \"{{ .Values.secret }}\"",
        "password: string", "token = os.environ[\"TOKEN\"]",
        "const token = getToken(user);", "TOKEN=$(gcloud auth print-access-token)", "api_key: xxxxxxxxxxxxxxxxxxxx",
        "PASSWORD=********", "password: \"Password\"",
        "\"integrity\": \"sha512-q3nTh6nXbCxJDVDF5LGV7zVZt4cqKlSDJpGKvbV2rN8zVY4vlZ0jq7R0TzVfD3kQ9Zb0rN5xJw6yq0m2D0m2Dw==\"",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  file.txt",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8rHgV0l3Z5wqf3n6v0pT8s9dD7uWm2k4xQe1yRbHcN user@host",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
        "token_type: bearer", "tokenUrl: https://auth.example.com/oauth/token", "password_file = /run/secrets/db",
        "max_tokens = 4096", "secretName: my-app-tls",
        "https://example.com/path?page=2#token", "postgres://localhost:5432/app", "postgres://user:${PASSWORD}@db/app",
        "git@github.com:acme/shop.git",
        "the password is stored elsewhere", "Forgot your password? Reset it here.", "key = value",
        "primary_key: 8f14e45fceea167a5a36dedd4bea2543",
        "curl -u user:password https://example.com", "curl -H \"Authorization: Bearer $TOKEN\" https://example.com",
        "password => null,", "if token == nil { return }",
        "author: Jane Doe", "keyboard layout: us", "def authenticate(username, password):",
        "func bypass(token: String) -> Bool", "type Password = string",
        "AKIAIOSFODNN7EXAMPLE", "PASSWORD=password", "auth: true", "cookie: enabled", "pwd = os.getcwd()",
        "salt = crypto.randomBytes(16)",
        "<input type=\"password\" name=\"password\" placeholder=\"Password\">",
        "description: the token that was issued at login",
    ].map { NearMiss(text: $0) }
}

@Suite("What is no secret")
struct NearMissTests {
    @Test("Examples, variables, words, hashes and public keys pass untouched", arguments: NearMiss.all)
    func untouched(_ scenario: NearMiss) {
        let found = SecretDetector().findings(in: Array(scenario.text.utf8))
        #expect(found.isEmpty, "\(found)")
    }
}
