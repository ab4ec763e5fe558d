// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import AgentSecrets
internal import ArgumentParser

struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "Find secrets, take them out of text, keep them.",
        subcommands: [Scan.self, Redact.self, Add.self, List.self, Remove.self, Probe.self])

    struct Scan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scan", abstract: "Finds secrets in files and folders; exits 1 where there are any.",
            discussion: "With --jsonl: {\"id\",\"text\"} a line in, {\"id\",\"findings\":[{\"rule\",\"start\",\"end\"}]} out, byte offsets in UTF-8.")
        @Argument var paths: [String] = []
        @Flag(help: "Print JSON.") var json = false
        @Flag(help: "Read JSON lines from standard input.") var jsonl = false

        func run() async throws {
            try await reporting {
                if jsonl { return scanLines() }
                guard !paths.isEmpty else { throw HostError(.usage, "give files or folders to scan, or --jsonl for lines on standard input") }
                for path in paths where !HostFiles.exists(path) { throw HostError(.usage, "there is no `\(path)` to scan") }
                let report = SecretScanner().scan(paths)
                if json { Terminal.print(Self.json(of: report)) } else { Self.show(report) }
                if !report.hits.isEmpty { throw ExitCode(1) }
            }
        }

        private func scanLines() {
            let scanner = SecretScanner()
            var reader = LineReader()
            var output: [UInt8] = []
            while let line = reader.next() {
                if line.isEmpty { continue }
                output += scanner.scanLine(Array(line))
                if output.last != UInt8(ascii: "\n") { output.append(UInt8(ascii: "\n")) }
                if output.count > 1 << 16 {
                    guard StandardStreams.write(output, to: 1) else { return }
                    output.removeAll(keepingCapacity: true)
                }
            }
            StandardStreams.write(output, to: 1)
        }

        private static func show(_ report: SecretScanner.Report) {
            for hit in report.hits { Terminal.print("\(hit.path):\(hit.line):\(hit.column): \(hit.rule) \(hit.preview)") }
            for path in report.skipped { Terminal.error("not scanned: \(path)") }
            Terminal.error("\(report.hits.count) found in \(report.files) files")
        }

        private static func json(of report: SecretScanner.Report) -> JSONValue {
            let hits = report.hits.map { hit -> JSONValue in
                [
                    "path": .string(hit.path), "rule": .string(hit.rule), "line": .integer(Int64(hit.line)),
                    "column": .integer(Int64(hit.column)), "start": .integer(Int64(hit.range.lowerBound)),
                    "end": .integer(Int64(hit.range.upperBound)), "preview": .string(hit.preview),
                ]
            }
            return [
                "findings": .array(hits), "files": .integer(Int64(report.files)), "bytes": .integer(Int64(report.bytes)),
                "skipped": .array(report.skipped.map { .string($0) }),
            ]
        }
    }

    struct Redact: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "redact", abstract: "A filter: standard input to standard output, secrets as placeholders.")

        func run() async throws {
            var stream = SecretRedactor().stream(from: .output)
            while true {
                let chunk = StandardStreams.read(from: 0)
                if chunk.isEmpty { break }
                guard StandardStreams.write(stream.feed(chunk), to: 1) else { return }
            }
            StandardStreams.write(stream.finish(), to: 1)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Puts a value into the vault's encrypted file.")
        @OptionGroup var state: StateOptions
        @Argument var name: String
        @Option(help: "Read the value from this file.") var file: String?
        @Flag(help: "Read the value from standard input.") var stdin = false
        @Flag(help: "Take the place of an older value.") var replace = false
        @Option(help: "Take the value from a find (not available yet).") var fromFind: String?

        func run() async throws {
            try await reporting {
                if fromFind != nil { throw notYet("`--from-find`") }
                guard (file != nil) != stdin else { throw HostError(.usage, "give either --file or --stdin; a value never stands on the command line") }
                let source = file.map { HostFiles.read($0, limitBytes: 65_536) } ?? StandardStreams.readAll(from: 0, limitBytes: 65_536)
                guard var value = source else { throw HostError(.usage, "the value can't be read or is larger than 64 KiB") }
                if value.last == UInt8(ascii: "\n") { value.removeLast() }
                try Vaults.file(state).add(name, value: value, replacing: replace)
                Terminal.print("added `\(name)`; name it in the policy with `from: { vault: \(name) }`")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Names what the vault's encrypted file holds.")
        @OptionGroup var state: StateOptions
        func run() async throws {
            try await reporting { for name in try Vaults.file(state).names() { Terminal.print(name) } }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Takes a value out of the vault's encrypted file.")
        @OptionGroup var state: StateOptions
        @Argument var name: String
        func run() async throws { try await reporting { try Vaults.file(state).remove(name) } }
    }

    struct Probe: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "probe", abstract: "Asks a provider how wide a credential is (not available yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
        func run() throws { throw notYet(Self.self, rest, "`agentkit secrets probe`") }
    }
}

/// The vault's file for commands.
private enum Vaults {
    static func file(_ options: StateOptions) throws -> EncryptedVaultFile {
        let variables = StandardStreams.environment()
        let folder = options.folder(variables)
        guard HostFiles.makeFolders(folder) else { throw HostError(.state, "the state folder can't be made") }
        guard let file = VaultFile.named(state: folder, variables: variables) else {
            throw HostError(.state, "set AGENTKIT_VAULT_PASSPHRASE_FILE to a file that only you can read and that holds the passphrase")
        }
        return file
    }
}
