// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

@Suite("The vault")
struct VaultTests {
    private func file(_ folder: String, _ passphrase: String = "correct horse battery") -> EncryptedVaultFile {
        EncryptedVaultFile(path: folder + "/vault", cost: .init(logN: 12)) { Array(passphrase.utf8) }
    }

    private func code(_ body: () throws -> Void) -> SecretsError.Code? {
        do { try body() } catch { return (error as? SecretsError)?.code }
        return nil
    }

    @Test("What is added is read back, with the right passphrase only")
    func roundTrip() throws {
        try withTemporaryWorkspace { folder in
            let vault = file(folder)
            try vault.add("one", value: Array("first value".utf8))
            try vault.add("two", value: [0, 1, 2, 255, 10, 13, 0, 0])
            #expect(try vault.names() == ["one", "two"])
            #expect(try vault.value(of: "one") == Array("first value".utf8))
            #expect(try vault.value(of: "two") == [0, 1, 2, 255, 10, 13, 0, 0])
            #expect(code { try vault.add("one", value: Array("another".utf8)) } == .conflict)
            #expect(code { _ = try file(folder, "wrong passphrase").names() } == .wrongPassphrase)
            #expect(code { _ = try file(folder, "short").names() } == .wrongPassphrase)
            try vault.remove("one")
            #expect(try vault.names() == ["two"])
            #expect(code { try vault.remove("one") } == .notFound)
        }
    }

    @Test("The file holds nothing readable, is mode 0600, and any changed byte shuts it")
    func sealed() throws {
        try withTemporaryWorkspace { folder in
            let vault = file(folder)
            try vault.add("database", value: Array("plain to see".utf8))
            #expect(mode(of: folder + "/vault") == 0o600)
            let bytes = try SecretScanner.read(folder + "/vault")
            #expect(!String(decoding: bytes, as: UTF8.self).contains("plain"))
            #expect(!String(decoding: bytes, as: UTF8.self).contains("database"))
            for index in stride(from: 0, to: bytes.count, by: 7) where index != 16 {
                var changed = bytes
                changed[index] ^= 1
                write(changed, to: folder + "/vault")
                let found = code { _ = try vault.names() }
                #expect([.wrongPassphrase, .corrupt, .unsupported].contains(found), "byte \(index)")
            }
        }
    }

    @Test(
        "A secret's file that others may read is refused with what to do",
        arguments: [UInt32(0o644), 0o640, 0o604, 0o660])
    func modes(_ mode: UInt32) throws {
        try withTemporaryWorkspace { folder in
            write(Array("file-secret-value\n".utf8), to: folder + "/s", mode: mode)
            let declared = [SecretDeclaration(name: "s", source: .file(path: folder + "/s"))]
            #expect {
                _ = try Vault(declared, environment: { _ in nil })
            } throws: { error in
                guard let error = error as? SecretsError else { return false }
                return error.code == .permissions && error.message.contains("chmod 600")
                    && !error.message.contains(folder)
            }
            setMode(0o600, of: folder + "/s")
            _ = try Vault(declared, environment: { _ in nil })
        }
    }

    @Test("A placeholder leads to its secret and tells nothing of it; a resolver's secret has none")
    func references() async throws {
        let vault = try Vault(
            [
                SecretDeclaration(name: "api", source: .environment(variable: "TOKEN")),
                SecretDeclaration(name: "same", source: .environment(variable: "TOKEN"), placeholderPrefix: "ghp_"),
                SecretDeclaration(name: "reader", source: .environment(variable: "READER"), isExposed: false),
            ], environment: { ["TOKEN": "token-value-1", "READER": "reader-value-2"][$0] })
        let placeholder = try #require(vault.placeholder(for: SecretReference("api")))
        #expect(vault.reference(for: placeholder) == SecretReference("api"))
        #expect(vault.placeholder(for: SecretReference("same"))?.hasPrefix("ghp_agentkit0") == true)
        #expect(vault.placeholder(for: SecretReference("reader")) == nil)
        #expect(vault.reference(for: "agentkit_none") == nil)
        let length = try await vault.withValue(of: SecretReference("reader")) { $0.count }
        #expect(length == 14)
        #expect(vault.redactor.redact("a token-value-1 b reader-value-2", from: .output).contains("value") == false)
        #expect(vault.redactor.redact("a token-value-1", from: .output) == "a \(placeholder)")
    }

    @Test("A source that gives nothing, or doesn't exist yet, is an error that says what to do")
    func sources() {
        func message(_ source: SecretSource) -> String? {
            do { _ = try Vault([SecretDeclaration(name: "s", source: source)], environment: { _ in nil }) } catch {
                return error.message
            }
            return nil
        }
        #expect(message(.environment(variable: "NOPE"))?.contains("isn't set") == true)
        #expect(message(.command(argv: ["x"]))?.contains("not available yet") == true)
        #expect(message(.hashicorp(path: "p", field: "f"))?.contains("not available yet") == true)
        #expect(message(.file(path: "/nonexistent/secret"))?.contains("no such file") == true)
        #expect(message(.vault(name: "x"))?.contains("none is open") == true)
    }
}
