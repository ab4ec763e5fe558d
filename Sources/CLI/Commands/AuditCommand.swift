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
        @Option(help: "Verify this file of `prove` instead, without any state.") var proof: String?
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                if let proof { return try await verify(proof) }
                let (storage, files) = try await StateAccess.openForReading(state.folder(StandardStreams.environment()))
                let publicKey = try await AuditKeys.key(key, files)
                let report = try await AuditVerifier(key: publicKey).verify(storage, files: files)
                if json { Terminal.print(Self.json(of: report)) }
                guard let finding = report.finding else {
                    if !json { Terminal.print("good: \(report.last) entries, head \(report.head), \(report.unwitnessed) after the signed head") }
                    return
                }
                throw fail(1, "bad entry \(finding.sequence) (\(finding.kind.rawValue)): \(finding.message)")
            }
        }

        private func verify(_ path: String) async throws {
            guard let bytes = HostFiles.read(path, limitBytes: 256 << 20), let proof = AuditProof(bytes) else {
                throw HostError(.usage, "`\(path)` is no proof of `agentkit audit prove`")
            }
            guard let key else { throw HostError(.usage, "give the log's public key with --key: a proof can't vouch for its own") }
            guard proof.isValid(for: try AuditKeys.key(of: key)) else {
                throw fail(1, "the proof of entry \(proof.sequence) is not one of the log that this key signs")
            }
            Terminal.print("good: entry \(proof.sequence) is part of the log with head \(proof.head.hash) of entry \(proof.head.sequence)")
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

    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prove", abstract: "Writes a proof that an entry is part of the log, to standard output or a file.",
            discussion: "It holds that entry and of the later ones only digests. `agentkit audit verify --proof FILE --key KEY` checks it.")
        @OptionGroup var state: StateOptions
        @Argument(help: "The entry's number.") var sequence: Int64
        @Option(help: "Write the proof to this file.") var out: String?

        func run() async throws {
            try await reporting {
                let (storage, files) = try await StateAccess.openForReading(state.folder(StandardStreams.environment()))
                let key = try await AuditKeys.key(nil, files)
                guard let head = try await SignedHead.latest(in: files, signedBy: key) else {
                    throw fail(1, "the audit's signed head is missing or not signed by the log's key; run `agentkit audit verify`")
                }
                let proof: AuditProof
                do throws(StateError) { proof = try await AuditProof(of: sequence, in: storage, head: head) } catch {
                    throw error.code == .notFound ? HostError(.usage, error.message) : HostError(.state, error.message)
                }
                guard proof.isValid(for: key) else {
                    throw fail(1, "the entries after \(sequence) don't lead to the signed head; run `agentkit audit verify`")
                }
                guard let out else {
                    StandardStreams.write(proof.bytes, to: 1)
                    return
                }
                guard HostFiles.writePrivate(HostFiles.absolute(out), proof.bytes) else { throw HostError(.usage, "`\(out)` can't be written") }
                Terminal.print("wrote \(out), which leads to head \(head.hash) of entry \(head.sequence)")
            }
        }
    }

    struct Checkpoint: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "checkpoint", abstract: "Signed checkpoints for others (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet(Self.self, rest, "`agentkit audit checkpoint`") }
    }

    struct Witness: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "witness", abstract: "Witnesses of another log (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet(Self.self, rest, "`agentkit audit witness`") }
    }
}

/// The log's public key for commands.
private enum AuditKeys {
    static func key(_ path: String?, _ files: any PrivateFiles) async throws -> AuditPublicKey {
        if let path { return try key(of: path) }
        guard let text = try await AuditPublicKey.stored(in: files), let key = parsed(text) else { throw unreadable }
        return key
    }

    static func key(of path: String) throws(HostError) -> AuditPublicKey {
        guard let text = HostFiles.read(path, limitBytes: 65_536), let key = parsed(text) else { throw unreadable }
        return key
    }

    private static func parsed(_ text: [UInt8]) -> AuditPublicKey? {
        AuditPublicKey(String(decoding: text, as: UTF8.self).filter { !$0.isNewline })
    }

    private static let unreadable = HostError(.state, "the log's public key can't be read; give its file with --key")
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
