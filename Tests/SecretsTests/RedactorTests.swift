// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

@Suite("Redaction")
struct RedactorTests {
    static let value = "mF9zQ2vK7pL1xT4wB8nR"

    private func redactor() -> SecretRedactor { SecretRedactor(known: KnownValues(), mint: PlaceholderMint()) }

    static let block: String = {
        var random = SeededGenerator(state: 9)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let lines = (0..<5).map { _ in
            String(decoding: (0..<64).map { _ in alphabet[Int(random.next() % 64)] }, as: UTF8.self)
        }
        return "-----BEGIN " + "PRIVATE KEY-----\n" + lines.joined(separator: "\n") + "\n-----END "
            + "PRIVATE KEY-----\n"
    }()

    @Test(
        "A stream gives the same at every border, and what a whole text would give",
        arguments: [
            "a\nTOKEN=\(value)\nb\n", "- name: API_TOKEN\n  value: \"\(value)\"\nrest\n", "log\n\(block)after\n",
            "no end of line: TOKEN=\(value)", "plain\ntext\n",
        ])
    func borders(_ text: String) {
        let redactor = redactor()
        let bytes = Array(text.utf8)
        let whole = redactor.redact(bytes, from: .output)
        for split in 0...bytes.count {
            var stream = redactor.stream(from: .output)
            let out = stream.feed(Array(bytes[..<split])) + stream.feed(Array(bytes[split...])) + stream.finish()
            #expect(out == whole, "at \(split): \(String(decoding: out, as: UTF8.self))")
        }
        var single = redactor.stream(from: .output)
        var out: [UInt8] = []
        for byte in bytes { out += single.feed([byte]) }
        out += single.finish()
        #expect(!String(decoding: out, as: UTF8.self).contains(Self.value))
    }

    @Test("Whole lines pass at once")
    func lines() {
        var stream = redactor().stream(from: .output)
        #expect(stream.feed(Array("one\ntwo\nthr".utf8)) == Array("one\ntwo\n".utf8))
        #expect(stream.feed(Array("ee\n".utf8)) == Array("three\n".utf8))
        #expect(stream.finish() == [])
    }

    @Test("A line without end passes in bounded pieces, and a secret across them is still taken out")
    func longLine() {
        let redactor = redactor()
        var stream = redactor.stream(from: .output)
        var out: [UInt8] = []
        var fed = 0
        for index in 0..<600 {
            let chunk = Array(
                (index % 50 == 49 ? "\"token\":\"\(Self.value)\"," : String(repeating: "word\(index) ", count: 100))
                    .utf8)
            fed += chunk.count
            out += stream.feed(chunk)
            #expect(fed - out.count < 200_000)
        }
        out += stream.finish()
        #expect(!String(decoding: out, as: UTF8.self).contains(Self.value))
        #expect(String(decoding: out, as: UTF8.self).split(separator: "agentkit_").count == 13)
    }

    @Test(
        "A masked file keeps its lines, and comes back byte for byte where it was read, and only there",
        arguments: [
            "A=1\nTOKEN=\(value)\nB=2\n", "key: |\n  " + block.replacing("\n", with: "\n  ") + "\nnext: 1\n",
            "{\n  \"password\": \"\(value)\",\n  \"port\": 5432\n}\n",
            "[remote]\n\turl = https://deploy:\(value)@git.example.org/a.git\n",
        ])
    func writeBack(_ text: String) throws {
        let redactor = redactor()
        let bytes = Array(text.utf8)
        let masked = try #require(redactor.maskedCopy(of: "config/app", bytes))
        #expect(!String(decoding: masked, as: UTF8.self).contains(Self.value))
        #expect(masked.count { $0 == 0x0a } == bytes.count { $0 == 0x0a })
        let back = redactor.finds.restoring(masked, in: "config/app")
        #expect(back.bytes == bytes)
        #expect(back.kept.isEmpty && back.restored > 0)
        let elsewhere = redactor.finds.restoring(masked, in: "public/index.html")
        #expect(elsewhere.bytes == masked)
        #expect(elsewhere.restored == 0 && !elsewhere.kept.isEmpty)
    }

    @Test("A UTF-16 file stays one, and comes back byte for byte")
    func writeBackWide() throws {
        let redactor = redactor()
        let text = "\u{feff}id=1\r\nAPI_TOKEN=\(Self.value)\r\nend\r\n"
        for isBigEndian in [false, true] {
            let bytes = text.utf16.flatMap { unit -> [UInt8] in
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
                return isBigEndian ? [high, low] : [low, high]
            }
            let masked = try #require(redactor.maskedCopy(of: "a.reg", bytes))
            #expect(masked.count.isMultiple(of: 2))
            var units: [UInt16] = []
            for index in stride(from: 0, to: masked.count - 1, by: 2) {
                let first = UInt16(masked[index])
                let second = UInt16(masked[index + 1])
                units.append(isBigEndian ? first << 8 | second : second << 8 | first)
            }
            let read = String(decoding: units, as: UTF16.self)
            #expect(read.contains("API_TOKEN=agentkit_") && read.hasSuffix("\r\nend\r\n") && !read.contains(Self.value))
            #expect(redactor.finds.restoring(masked, in: "a.reg").bytes == bytes)
        }
    }

    @Test("A known value comes back in the spelling it had")
    func writeBackSpelling() throws {
        let known = KnownValues()
        try known.add(Array(Self.value.utf8), placeholder: "agentkit_known")
        let mint = PlaceholderMint()
        let redactor = SecretRedactor(known: known, mint: mint)
        let text = "a=\(Self.value)\nb=" + Self.value.utf8.map { String($0, radix: 16) }.joined() + "\n"
        let masked = try #require(redactor.maskedCopy(of: "f", Array(text.utf8)))
        #expect(String(decoding: masked, as: UTF8.self).hasPrefix("a=agentkit_known\nb=agentkit_"))
        let back = redactor.finds.restoring(masked, in: "f")
        #expect(
            String(decoding: back.bytes, as: UTF8.self).hasSuffix(
                "b=" + Self.value.utf8.map { String($0, radix: 16) }.joined() + "\n"))
    }

    @Test("A file without secrets has no masked copy; a binary one loses known values and what identifies itself")
    func files() throws {
        #expect(redactor().maskedCopy(of: "a.txt", Array("nothing here\n".utf8)) == nil)
        let known = KnownValues()
        try known.add(Array(Self.value.utf8), placeholder: "agentkit_known")
        let binary: [UInt8] =
            [0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 2, 3] + Array(Self.value.utf8) + [0, 0, 9, 8]
            + Array("password=hunter2hunter2".utf8) + [0]
        let masked = try #require(SecretRedactor(known: known, mint: PlaceholderMint()).maskedCopy(of: "a.out", binary))
        #expect(!String(decoding: masked, as: UTF8.self).contains(Self.value))
        #expect(String(decoding: masked, as: UTF8.self).contains("hunter2hunter2"))
    }

    @Test("A find is listed with file and line, never with its value, and has the same placeholder everywhere")
    func listed() throws {
        let redactor = redactor()
        _ = redactor.redact(Array("a\nb\nTOKEN=\(Self.value)\n".utf8), from: .file(path: "x/.env"))
        let find = try #require(redactor.finds.all.first)
        #expect(find.path == "x/.env" && find.line == 3 && find.rule == "assigned-secret")
        #expect(!"\(find)".contains(Self.value))
        let again = redactor.redact("{\"token\":\"\(Self.value)\"}", from: .response(contentType: nil))
        #expect(again == "{\"token\":\"\(find.placeholder.text)\"}")
        #expect(try redactor.finds.withValue(of: find.placeholder) { $0 } == Array(Self.value.utf8))
    }

    @Test("What was found in a file stays out of output where only the value itself tells it")
    func learned() throws {
        let token = "7c1e4b0a-93d2-4f6e-8a57-d20f5be16c39"
        let plain = "print(b\"\(token)\")\n"
        let redactor = redactor()
        #expect(redactor.redact(plain, from: .message) == plain)
        _ = redactor.maskedCopy(of: "x/.env", Array("TOKEN=\(token)\n".utf8))
        let find = try #require(redactor.finds.all.first)
        #expect(redactor.redact(plain, from: .message) == "print(b\"\(find.placeholder.text)\")\n")
        var stream = redactor.stream(from: .output)
        let hex = token.utf8.map { String($0, radix: 16) }.joined()
        let out = stream.feed(Array(plain.utf8)) + stream.feed(Array("\(hex)\n".utf8)) + stream.finish()
        #expect(!String(decoding: out, as: UTF8.self).contains(token))
        #expect(!String(decoding: out, as: UTF8.self).contains(hex))
    }

    @Test("Our own placeholders are no secrets")
    func idempotent() {
        let redactor = redactor()
        let once = redactor.redact("TOKEN=\(Self.value)\nurl=postgres://u:\(Self.value)@h/d\n", from: .output)
        #expect(redactor.redact(once, from: .output) == once)
    }
}

@Suite("Encodings")
struct EncodingTests {
    static let value = "Zt7Qm2Xw9Lp4Rk6Vs1Hd"

    static let cases: [String] = {
        let line = "API_TOKEN=\(value)\n"
        let bytes = Array(line.utf8)
        let base64 = Base64.encode(bytes)
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let percent = bytes.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let unicode = bytes.map { "\\u00" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let spaced = "API_TOKEN: " + value.map { String($0) }.joined(separator: " ")
        let twice = Base64.encode(Array(base64.utf8))
        return [
            "x \(base64) y", "x \(hex) y", "x \(percent) y", "\"\(unicode)\"", "\(spaced)\nend",
            "data:text/plain;base64,\(twice)",
        ]
    }()

    @Test("A secret in an encoding is masked with all of its encoding", arguments: cases)
    func encoded(_ text: String) {
        let redacted = SecretRedactor().redact(text, from: .output)
        #expect(redacted.contains("agentkit_"), "\(redacted)")
        #expect(redacted.utf8.count < text.utf8.count)
    }

    @Test("Compressed bytes open, and broken ones are let be")
    func inflate() {
        // What `gzip -9n` makes of the line that this suite encodes, in base64.
        let packed = Array("x H4sIAAAAAAACA3MM8IwP8fd29bONKjEPzDWKKLf0KTAJyjYLKzb0SOECAEGeoeYfAAAA y".utf8)
        let detector = SecretDetector()
        #expect(detector.findings(in: packed).map(\.range) == [2..<(packed.count - 2)])
        #expect(detector.findings(in: packed.dropLast(24) + Array(" y".utf8)).count <= 1)
        #expect(detector.findings(in: Array("H4sIAAAAAAACA////////////////////////////////w==".utf8)).isEmpty)
    }
}

@Suite("Scanning")
struct ScannerTests {
    @Test("A scan names file, line and column, shows no secret, follows no link out and reads .git/config")
    func scan() throws {
        try withTemporaryWorkspace { folder in
            let secret = RedactorTests.value
            write(Array("a=1\n  token = \"\(secret)\"\n".utf8), to: folder + "/app.conf")
            makeFolder(folder + "/.git")
            makeFolder(folder + "/.git/objects")
            write(
                Array("[remote \"origin\"]\n url = https://me:\(secret)@git.example.org/x.git\n".utf8),
                to: folder + "/.git/config")
            write(Array("token=\(secret)\n".utf8), to: folder + "/.git/objects/aa")
            // The link leads to a folder of the test's own, outside of what is scanned.
            let outside = folder + ".outside"
            makeFolder(outside)
            write(Array("token=\(secret)\n".utf8), to: outside + "/app.conf")
            defer { removeFile(outside + "/app.conf", folder: outside) }
            makeLink(folder + "/link", to: outside)
            let report = SecretScanner().scan([folder])
            #expect(SecretScanner().scan([outside]).hits.count == 1)
            #expect(report.hits.map { $0.path.dropFirst(folder.count + 1) } == [".git/config", "app.conf"])
            let hit = try #require(report.hits.last)
            #expect(hit.line == 2 && hit.column == 12)
            #expect(report.hits.allSatisfy { !$0.preview.contains(secret) })
            #expect(hit.preview == "  token = \"[assigned-secret]\"")
            #expect(report.files == 2)
        }
    }

    @Test("A line of JSON is answered with byte offsets")
    func jsonLines() {
        let scanner = SecretScanner()
        let answer = scanner.scanLine(Array(#"{"id":"7","text":"é TOKEN=\#(RedactorTests.value)"}"#.utf8))
        #expect(
            String(decoding: answer, as: UTF8.self)
                == #"{"id":"7","findings":[{"rule":"assigned-secret","start":9,"end":29}]}"#)
        #expect(String(decoding: scanner.scanLine(Array("nonsense".utf8)), as: UTF8.self).contains("error"))
    }
}
