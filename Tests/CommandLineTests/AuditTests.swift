// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import Testing

@Suite struct AuditTests {
    private static func filled(_ bed: Bed) async throws {
        for name in ["one", "two"] {
            let outcome = try await bed.agentkit("exec", "--", "/bin/sh", "-c", "echo \(name) > \(name).txt")
            #expect(outcome.status == 0, "\(outcome.error)")
        }
    }

    @Test("The audit tells intent, outcome and commit of each call, and verifies")
    func good() async throws {
        try await withBed { bed in
            try await Self.filled(bed)
            let verified = try await bed.agentkit("audit", "verify", "--json")
            #expect(verified.status == 0, "\(verified.error)")
            #expect(verified.json["good"] == true)
            let exported = try await bed.agentkit("audit", "export")
            let entries = exported.lines.map { (try? JSONValue.parse(Array($0.utf8))) ?? .null }
            #expect(entries.map { $0["sequence"]?.integerValue ?? 0 } == entries.indices.map { Int64($0 + 1) })
            let kinds = entries.compactMap { $0["kind"]?.stringValue }
            #expect(kinds.filter { $0 == "intent" }.count == 4)
            #expect(kinds.filter { $0 == "outcome" }.count == 4)
            #expect(try await bed.agentkit("audit", "tail", "-n", "3").lines.count == 3)
            #expect(try await bed.agentkit("audit", "show", "1").json["sequence"] == 1)
            #expect(try await bed.agentkit("audit", "show", "999").status == 64)
        }
    }

    @Test("Without state there is nothing to look at, and none is made")
    func none() async throws {
        try await withBed { bed in
            #expect(try await bed.agentkit("audit", "verify").status == 125)
            #expect(!FileManager.default.fileExists(atPath: bed.state))
        }
    }

    @Test("A flipped byte in the file is found, and the first bad entry is named")
    func flipped() async throws {
        try await withBed { bed in
            try await Self.filled(bed)
            let entry = try await bed.agentkit("audit", "show", "2").json
            let marker = try #require(entry["session"]?.stringValue)
            let changed = try flip(marker, inFilesOf: bed.state)
            #expect(changed > 0)
            let verified = try await bed.agentkit("audit", "verify")
            #expect(verified.status == 1, "\(verified.output)\(verified.error)")
            #expect(verified.error.contains("bad entry"))
            let json = try await bed.agentkit("audit", "verify", "--json")
            #expect(json.json["good"] == false)
            #expect((json.json["finding"]?["sequence"]?.integerValue ?? 0) >= 1)
        }
    }

    /// Flips a bit of each place in the state's database where a text stands.
    private func flip(_ text: String, inFilesOf folder: String) throws -> Int {
        var count = 0
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".sqlite") || $0.contains(".db") || $0.contains("state") }
        for name in files {
            let path = "\(folder)/\(name)"
            guard var data = FileManager.default.contents(atPath: path), let range = data.range(of: Data(text.utf8)) else { continue }
            data[range.lowerBound] ^= 1
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.write(contentsOf: data)
            try handle.close()
            count += 1
        }
        return count
    }

    @Test("prove writes a proof that verifies offline against the log's key, and a changed one doesn't")
    func proof() async throws {
        try await withBed { bed in
            try await Self.filled(bed)
            let path = "\(bed.root)/proof.json"
            let key = "\(bed.state).head/audit-key.pub"
            let proved = try await bed.agentkit("audit", "prove", "2", "--out", path)
            #expect(proved.status == 0, "\(proved.error)")
            let elsewhere = ["AGENTKIT_STATE": "\(bed.root)/no-state"]
            let verified = try await bed.agentkit("audit", "verify", "--proof", path, "--key", key, environment: elsewhere)
            #expect(verified.status == 0, "\(verified.error)")
            #expect(verified.output.contains("entry 2"))
            let text = try #require(bed.read(path))
            try bed.write(path, text.replacingOccurrences(of: "\"sequence\":2", with: "\"sequence\":3"))
            #expect(try await bed.agentkit("audit", "verify", "--proof", path, "--key", key).status == 1)
            #expect(try await bed.agentkit("audit", "verify", "--proof", path).status == 64)
            #expect(try await bed.agentkit("audit", "prove", "999").status == 64)
            #expect(try await bed.agentkit("audit", "prove", "2").output == text)
        }
    }
}
