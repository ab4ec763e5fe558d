// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

/// A file or command as tools write it; `@` is a random secret, `#` a harmless id.
struct FormatCase: Sendable, CustomTestStringConvertible {
    let name: String
    let template: String
    var testDescription: String { name }

    init(_ name: String, _ template: String) {
        self.name = name
        self.template = template
    }

    static let all: [FormatCase] = [
        FormatCase("dotenv", "ID=#\nSESSION_SECRET=@\nPORT=8080\n"),
        FormatCase("dotenv, single quotes", "export API_KEY='@'\n"),
        FormatCase("shell", "FOO=1 DEPLOY_TOKEN=@ ./deploy --id #\n"),
        FormatCase("JSON", "{\"id\":\"#\",\"clientSecret\":\"@\"}"),
        FormatCase("JSON in JSON", "{\"body\":\"{\\\"id\\\":\\\"#\\\",\\\"access_token\\\":\\\"@\\\"}\"}"),
        FormatCase("YAML", "id: #\napi_key: @\n"),
        FormatCase("YAML, quoted", "db:\n  password: '@' # the one\n"),
        FormatCase("YAML block", "token: |\n  @\nid: #\n"), FormatCase("YAML flow", "auth: { id: #, token: @ }\n"),
        FormatCase("TOML", "[db]\nid = \"#\"\npassword = \"@\"\n"),
        FormatCase("INI", "[default]\naws_secret_access_key = @\nid = #\n"),
        FormatCase("properties", "spring.datasource.password=@\nspring.id=#\n"),
        FormatCase("XML attribute", "<add key=\"ApiSecret\" value=\"@\" id=\"#\"/>"),
        FormatCase("XML element", "<server><id>#</id><password>@</password></server>"),
        FormatCase("netrc", "machine api.example.org login deploy password @\n"),
        FormatCase("netrc in lines", "machine h\n\tlogin a\n\tpassword @\n"),
        FormatCase("npmrc", "//packages.acme.test/:_authToken=@\n"),
        FormatCase("pypirc", "[pypi]\nusername = __token__\npassword = @\n"),
        FormatCase("git config", "[remote \"origin\"]\n\turl = https://deploy:@@git.example.org/a.git\n"),
        FormatCase("git credentials", "https://deploy:@@git.example.org\n"),
        FormatCase("Dockerfile ENV", "FROM x\nENV API_TOKEN @\nLABEL id=#\n"),
        FormatCase("Dockerfile ARG", "ARG NPM_TOKEN=@\n"),
        FormatCase("Compose", "environment:\n  - DB_PASSWORD=@\n  - ID=#\n"),
        FormatCase("systemd", "Environment=\"API_TOKEN=@\"\n"),
        FormatCase("Terraform", "variable \"db_password\" {\n  type    = string\n  default = \"@\"\n}\n"),
        FormatCase("tfvars", "db_password = \"@\"\nid = \"#\"\n"),
        FormatCase("HTTP", "GET /#/x HTTP/1.1\r\nAuthorization: Bearer @\r\nX-Request-Id: #\r\n\r\n"),
        FormatCase("HTTP key", "x-api-key: @\r\n"),
        FormatCase("curl header", "curl -H 'PRIVATE-TOKEN: @' https://h/#\n"),
        FormatCase("curl user", "curl -s -u deploy:@ https://h/#\n"),
        FormatCase("query", "GET /cb?state=1&access_token=@&id=# HTTP/1.1\n"),
        FormatCase("flag", "tool --id # --api-key @ run\n"), FormatCase("flag with =", "tool --token=@ --id=#\n"),
        FormatCase("Swift", "let apiKey: String = \"@\"\n"), FormatCase("Swift call", "setenv(\"API_TOKEN\", \"@\")\n"),
        FormatCase("JavaScript", "const id = '#', apiKey = `@`;\n"),
        FormatCase("Python", "API_KEY = b'@'\n"), FormatCase("Python dict", "cfg = {'id': '#', 'secret_key': '@'}\n"),
        FormatCase("Go", "var apiToken string = \"@\"\n"),
        FormatCase("Rust", "const API_TOKEN: &'static str = \"@\";\n"),
        FormatCase("C#", "private const string ApiKey = \"@\";\n"),
        FormatCase("C", "static const char token[] = \"@\";\n"),
        FormatCase("Ruby", ":api_key => '@',\n"), FormatCase("PHP", "$config['api_key'] = '@';\n"),
        FormatCase("Kotlin", "val apiToken = \"@\"\n"),
        FormatCase("Perl", "my $password = '@';\n"), FormatCase("PowerShell", "$env:API_TOKEN = \"@\"\n"),
        FormatCase("Makefile", "DEPLOY_TOKEN ?= @\n"),
        FormatCase("history", ": 1712345678:0;API_TOKEN=@ make #\n"),
        FormatCase("password file", "db.example.org:5432:app:app:@\n"),
        FormatCase("database URL", "DATABASE_URL=postgres://app:@@db.example.org:5432/app?id=#\n"),
        FormatCase("any URL", "amqp://u:@@mq/v\n"),
        FormatCase("error", "Error: invalid token '@' for request #\n"),
        FormatCase("kubeconfig", "users:\n- name: a\n  user:\n    token: @\n"),
        FormatCase("environ", "PATH=/bin\u{0}API_TOKEN=@\u{0}ID=#\u{0}"),
    ]
}

@Suite("Formats")
struct FileFormatTests {
    @Test("The secret goes, the id beside it stays", arguments: FormatCase.all)
    func masked(_ scenario: FormatCase) {
        var random = SeededGenerator(state: 77)
        let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789".utf8)
        let id = UUIDCase.uuid
        for _ in 0..<10 {
            let secret = String(
                decoding: (0..<28).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }, as: UTF8.self)
            // A doubled `@` is a secret and the sign itself.
            let text = scenario.template.replacing("@@", with: "\u{1}@").replacing("@", with: secret).replacing(
                "\u{1}" + secret, with: secret + "@"
            )
            .replacing("#", with: id)
            let redacted = SecretRedactor().redact(text, from: .file(path: "f"))
            #expect(!redacted.contains(secret), "\(redacted)")
            let isInside = scenario.template.contains("?id=#")
            if !isInside {
                #expect(redacted.split(separator: id).count == text.split(separator: id).count, "\(redacted)")
            }
        }
    }

    @Test("Docker's and kubectl's base64 goes; certificates stay")
    func base64Fields() {
        let auth = Base64.encode(Array("deploy:hunter2-hunter2".utf8))
        let docker = SecretRedactor().redact(
            "{\"auths\":{\"r.example.org\":{\"auth\":\"\(auth)\"}}}", from: .file(path: "config.json"))
        #expect(!docker.contains(auth))
        let key = Base64.encode(Array(RedactorTests.block.utf8))
        let certificate = Base64.encode(Array(RedactorTests.block.replacing("PRIVATE KEY", with: "CERTIFICATE").utf8))
        let text =
            "clusters:\n- cluster:\n    certificate-authority-data: \(certificate)\nusers:\n- user:\n    client-key-data: \(key)\n"
        let kube = SecretRedactor().redact(text, from: .file(path: "kubeconfig"))
        #expect(!kube.contains(key))
        #expect(kube.contains(certificate))
    }
}
