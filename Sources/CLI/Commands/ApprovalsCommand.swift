// SPDX-License-Identifier: Apache-2.0

internal import AgentApprovals
internal import AgentHost
internal import AgentKit
internal import ArgumentParser

struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "Requests for approval: see, sign, refuse, verify.",
        subcommands: [List.self, Show.self, Export.self, Approve.self, Refuse.self, Cancel.self, Verify.self, Keygen.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists requests, the newest first.")
        @OptionGroup var options: ApprovalOptions
        @Flag(help: "Print JSON.") var json = false
        @Flag(help: "Also those that are spent, refused, expired or cancelled.") var all = false

        func run() async throws {
            try await reporting {
                let (state, service) = try await options.open()
                var views: [ApprovalView] = []
                for row in try await state.storage.approvals(session: nil, limit: 1000) {
                    views.append(try ApprovalView(row.state == .pending ? try await service.current(row.id) : row))
                }
                if json { return Terminal.print(.array(views.map { .object($0.json) })) }
                let shown = views.filter { all || $0.row.state == .pending || $0.row.state == .approved }
                guard !shown.isEmpty else { return Terminal.print("no request waits\(all ? "" : "; --all shows the answered ones")") }
                Terminal.print(
                    Terminal.table(
                        ["ID", "STATE", "CLASS", "ENVIRONMENT", "EXPIRES", "SUMMARY"],
                        shown.map { view in
                            [
                                view.row.id, view.row.state.rawValue, view.descriptor["class"]?.stringValue ?? "",
                                view.descriptor["environment"]?.stringValue ?? "", view.expiresAt, view.summary,
                            ]
                        }))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows exactly what would run.")
        @OptionGroup var options: ApprovalOptions
        @Argument var id: String
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let (state, service) = try await options.open()
                let view = try ApprovalView(try await service.current(id))
                let signatures = try await state.storage.signatures(of: id)
                if json { return Terminal.print(view.detailed(signatures)) }
                Terminal.print("request \(id): \(view.row.state.rawValue), until \(view.expiresAt)")
                Terminal.print(try ApprovalRendering(view.descriptor).text)
                for signature in signatures { Terminal.print("signed by \(signature.principal) with \(signature.fingerprint)") }
                Terminal.print("digest: \(view.row.digest)")
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Writes the exact bytes to sign to standard output.",
            discussion: "Sign them with `ssh-keygen -Y sign -f KEY -n agentkit-approval-v1` and hand the result to `approve --signature`.")
        @OptionGroup var options: ApprovalOptions
        @Argument var id: String
        @Flag(help: "Write the bytes with the signatures so far as a bundle that `verify` reads.") var bundle = false

        func run() async throws {
            try await reporting {
                let (state, service) = try await options.open()
                let row = try await service.current(id)
                guard bundle else {
                    StandardStreams.write(row.descriptor, to: 1)
                    return
                }
                let signatures = try await state.storage.signatures(of: id).map { try PayloadSignature(stored: $0) }
                StandardStreams.write(SignedBundle(purpose: .approval, payload: row.descriptor, signatures: signatures).bytes, to: 1)
            }
        }
    }

    struct Refuse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "refuse", abstract: "Says no. Final.")
        @OptionGroup var options: ApprovalOptions
        @Argument var id: String
        @Option(help: "Why, for the record.") var because: String = ""

        func run() async throws {
            try await reporting {
                let (_, service) = try await options.open()
                let ticket = try await service.refuse(id, by: StandardStreams.environment()["USER"] ?? "operator", because: because)
                Terminal.print("request \(ticket.id) is \(ticket.state.rawValue)")
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Takes a request or an approval back, also during its delay. Final.")
        @OptionGroup var options: ApprovalOptions
        @Argument var id: String

        func run() async throws {
            try await reporting {
                let (_, service) = try await options.open()
                let ticket = try await service.cancel(id, by: StandardStreams.environment()["USER"] ?? "operator")
                Terminal.print("request \(ticket.id) is \(ticket.state.rawValue)")
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Verifies an exported bundle's signatures, without state and network; exits 1 where one doesn't verify.")
        @Argument var file: String
        @Option(help: "The file of allowed signers in OpenSSH's format.") var signers: String

        func run() async throws {
            try await reporting {
                guard let bytes = HostFiles.read(file, limitBytes: 4 << 20) else { throw HostError(.usage, "`\(file)` can't be read") }
                guard let allowed = HostFiles.read(signers, limitBytes: 1 << 20) else { throw HostError(.usage, "`\(signers)` can't be read") }
                do {
                    let bundle = try SignedBundle(bytes)
                    let principals = try bundle.verify(
                        signers: try AllowedSigners(String(decoding: allowed, as: UTF8.self)), at: StateClock.machine.now().wall)
                    for names in principals { Terminal.print("good signature of \(names.joined(separator: ", "))") }
                } catch let error as ApprovalError {
                    throw fail(1, error.reason.message)
                }
            }
        }
    }

    struct Keygen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "keygen", abstract: "Makes an Ed25519 key: F for the approver alone, F.pub for everyone.")
        @Option(help: "Where the private key goes; F.pub stands beside it.") var out: String
        @Option(help: "Who will sign with it, such as alice@acme.dev.") var principal: String?

        func run() async throws {
            try await reporting {
                let path = HostFiles.absolute(out)
                guard !HostFiles.exists(path), !HostFiles.exists(path + ".pub") else {
                    throw HostError(.usage, "`\(out)` or `\(out).pub` exists; keys are never overwritten")
                }
                let name = principal ?? StandardStreams.environment()["USER"] ?? "approver"
                let key = SigningKey.generate(comment: name)
                guard HostFiles.writePrivate(path, Array(key.privateFile.utf8)),
                    HostFiles.writePrivate(path + ".pub", Array(key.publicFile.utf8), mode: 0o644)
                else { throw HostError(.state, "the key can't be written to `\(out)`") }
                Terminal.print("wrote \(out) and \(out).pub; add this line to the file of allowed signers:")
                Terminal.print(String(key.allowedSignersLine(principal: name).dropLast()))
            }
        }
    }
}
