// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

/// A bare UUID and where it stands.
struct UUIDCase: Sendable, CustomTestStringConvertible {
    /// `@` marks where the UUID goes.
    let template: String
    let isSecret: Bool

    var testDescription: String { "\(isSecret ? "secret" : "harmless"): \(template)" }

    static let uuid = "3d2c1f0e-9b8a-4c7d-8e6f-5a4b3c2d1e0f"

    static let secrets = [
        "RAILWAY_TOKEN=@", "export RAILWAY_API_TOKEN=\"@\"", "railway_token: @", "{\"token\": \"@\"}",
        "Authorization: Bearer @", "Project-Access-Token: @",
        "curl -H 'Project-Access-Token: @' https://backboard.railway.app/graphql/v2",
        "curl -H \"Authorization: Bearer @\" https://example.com/",
        "const railwayToken = '@'", "token := `@`", "ENV RAILWAY_TOKEN @",
        "machine railway.app\n  login deploy\n  password @", "<add key=\"ApiToken\" value=\"@\" />",
        "- name: RAILWAY_TOKEN\n  value: \"@\"", "deploy --token @ --now",
        "variable \"api_token\" {\n  default = \"@\"\n}", "AuthError(\"bad credential @ for RAILWAY_TOKEN\")",
        "{\\\"token\\\": \\\"@\\\"}", "x-api-key: @", "client_secret=@&grant_type=client_credentials",
        "private static final String API_TOKEN = \"@\";",
        "db.example.io:5432:prod:app:@",
    ].map { UUIDCase(template: $0, isSecret: true) }

    static let harmless = [
        "RAILWAY_PROJECT_ID=@", "volumeId: @", "{\"id\": \"@\", \"name\": \"token\"}", "request_id=@",
        "GET /v1/volumes/@/backups", "trace: @", "key: @",
        "idempotency_key: @", "<item uuid=\"@\"/>", "- name: RAILWAY_ENVIRONMENT_ID\n  value: \"@\"",
        "const volumeId = '@'", "deleted volume @ in 3 ms",
        "token_id: @", "X-Request-Id: @", "TOKEN_EXPIRES=never\nID=@", "commit token handling (@)", "session @ opened",
        "environmentId := \"@\"",
        "public_key: @", "@", "railway link @",
    ].map { UUIDCase(template: $0, isSecret: false) }
}

@Suite("Secrets that only their place makes secret")
struct ContextTests {
    @Test(
        "A UUID is masked where a credential stands, and nowhere else", arguments: UUIDCase.secrets + UUIDCase.harmless)
    func uuid(_ scenario: UUIDCase) {
        let text = scenario.template.replacing("@", with: UUIDCase.uuid)
        let redacted = SecretRedactor().redact(text, from: .output)
        #expect(redacted.contains(UUIDCase.uuid) != scenario.isSecret, "\(redacted)")
        if !scenario.isSecret { #expect(redacted == text) }
    }

    @Test("A secret two lines from a harmless UUID takes nothing with it")
    func neighbours() {
        let other = "11111111-2222-4333-8444-555555555555"
        let text = "PROJECT_ID=\(other)\nRAILWAY_TOKEN=\(UUIDCase.uuid)\n\nVOLUME=\(other)\n"
        let redacted = SecretRedactor().redact(text, from: .file(path: ".env"))
        #expect(redacted.contains("PROJECT_ID=\(other)\n"))
        #expect(redacted.contains("VOLUME=\(other)\n"))
        #expect(!redacted.contains(UUIDCase.uuid))
    }
}
