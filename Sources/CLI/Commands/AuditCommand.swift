// SPDX-License-Identifier: Apache-2.0

internal import AgentAudit
internal import AgentHost
internal import AgentKit
internal import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "What was proposed, decided, approved, sent and answered.",
        subcommands: [Tail.self, Show.self, Verify.self, Export.self, Prove.self, Checkpoint.self, Witness.self])

    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "tail", abstract: "Shows the newest entries.")
        @OptionGroup var state: StateOptions
        @Option(name: .shortAndLong, help: "How many.") var number: Int = 20
        @Flag(help: "Print JSON lines.") var json = false

        func run() async throws {
            try await reporting {
                let (storage, _) = try await StateAccess.openForReading(state.folder(StandardStreams.environment()))
                let last = try await storage.lastEntry()?.sequence ?? 0
                for entry in try await storage.entries(from: max(1, last - Int64(max(1, number)) + 1), limit: max(1, number)) {
                    Terminal.print(json ? EntryView.json(entry).serialized() : EntryView.line(entry))
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one entry in full.")
        @OptionGroup var state: StateOptions
        @Argument var sequence: Int64

        func run() async throws {
            try await reporting {
                let (storage, _) = try await StateAccess.openForReading(state.folder(StandardStreams.environment()))
                guard let entry = try await storage.entries(from: sequence, limit: 1).first, entry.sequence == sequence else {
                    throw HostError(.usage, "there is no entry \(sequence)")
                }
                Terminal.print(EntryView.json(entry).serialized(pretty: true))
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "verify", abstract: "Verifies the whole log; names the first bad entry and exits 1.")
        @OptionGroup var state: StateOptions
        @Option(help: "The log's public key, kept where this host can't change it; the state's own unless told.") var key: String?
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let (storage, files) = try await StateAccess.openForReading(state.folder(StandardStreams.environment()))
                let text: [UInt8]?
                if let key { text = HostFiles.read(key, limitBytes: 65_536) } else { text = try await AuditPublicKey.stored(in: files) }
                guard let text, let publicKey = AuditPublicKey(String(decoding: text, as: UTF8.self).filter { !$0.isNewline }) else {
                    throw HostError(.state, "the log's public key can't be read; give it with --key")
                }
                let report = try await AuditVerifier(key: publicKey).verify(storage, files: files)
                if json { Terminal.print(Self.json(of: report)) }
                guard let finding = report.finding else {
                    if !json { Terminal.print("good: \(report.last) entries, head \(report.head), \(report.unwitnessed) after the signed head") }
                    return
                }
                throw fail(1, "bad entry \(finding.sequence) (\(finding.kind.rawValue)): \(finding.message)")
            }
        }

        private static func json(of report: AuditReport) -> JSONValue {
            let finding: JSONValue = report.finding.map {
                ["sequence": .integer($0.sequence), "kind": .string($0.kind.rawValue), "message": .string($0.message)]
            } ?? .null
            return [
                "good": .bool(report.finding == nil), "entries": .integer(report.last), "head": .string(report.head.description),
                "unwitnessed": .integer(report.unwitnessed), "finding": finding,
            ]
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "export", abstract: "Writes all entries as JSON lines.")
        @OptionGroup var state: StateOptions

        func run() async throws {
            try await reporting {
                let (storage, _) = try await StateAccess.openForReading(state.folder(StandardStreams.environment()))
                var next: Int64 = 1
                while true {
                    let entries = try await storage.entries(from: next, limit: 1000)
                    guard let last = entries.last else { return }
                    for entry in entries { Terminal.print(EntryView.json(entry)) }
                    next = last.sequence + 1
                }
            }
        }
    }

    struct Prove: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "prove", abstract: "Inclusion proofs (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet("`agentkit audit prove`") }
    }

    struct Checkpoint: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "checkpoint", abstract: "Signed checkpoints for others (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet("`agentkit audit checkpoint`") }
    }

    struct Witness: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "witness", abstract: "Witnesses of another log (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet("`agentkit audit witness`") }
    }
}

/// An entry as the command line shows it.
enum EntryView {
    static func json(_ entry: StoredEntry) -> JSONValue {
        [
            "sequence": .integer(entry.sequence), "kind": .string(entry.kind), "session": .string(entry.session),
            "time": .string(entry.time.description), "payload": (try? JSONValue.parse(entry.payload)) ?? .null,
            "hash": .string(entry.hash.description),
        ]
    }

    static func line(_ entry: StoredEntry) -> String {
        let payload = (try? JSONValue.parse(entry.payload)) ?? .null
        let body = payload["body"] ?? payload
        var parts = ["\(entry.sequence)", entry.time.description, entry.kind]
        if let outcome = body["decision"]?["decision"]?.stringValue { parts.append(outcome) }
        for effect in body["effects"]?.arrayValue ?? [] {
            if let text = effect["effect"]?.stringValue { parts.append(text) }
        }
        if let status = body["status"]?.stringValue { parts.append(status) }
        let line = parts.joined(separator: "  ")
        return String(line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) }.prefix(400))
    }
}
