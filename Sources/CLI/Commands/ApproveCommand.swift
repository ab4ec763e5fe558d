// SPDX-License-Identifier: Apache-2.0

internal import AgentApprovals
internal import AgentHost
internal import AgentKit
internal import ArgumentParser

extension ApprovalsCommand {
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "approve", abstract: "Shows exactly what will run, and signs it.")
        @OptionGroup var options: ApprovalOptions
        @Argument var id: String
        @Option(help: "An Ed25519 key file: of `keygen`, or an unencrypted one of ssh-keygen.") var key: String?
        @Option(help: "A signature made elsewhere with ssh-keygen -Y sign over the exported bytes.") var signature: String?
        @Option(name: .customLong("yes-i-read"), help: "The digest that `show` prints, in place of an answer on the terminal.")
        var yesIRead: String?

        func run() async throws {
            try await reporting {
                let (_, service) = try await options.open()
                let view = try ApprovalView(try await service.current(id))
                guard view.row.state == .pending else {
                    throw HostError(.usage, "the request is \(view.row.state.rawValue) and can't be signed any more")
                }
                let signed = try sign(view)
                switch try await service.approve(id, signed) {
                case .rejected(let reason): throw fail(1, "the signature does not count: \(reason.message)")
                case .accepted(let ticket, let principal, let missing):
                    Terminal.print(
                        "signed by \(principal); request \(ticket.id) is \(ticket.state.rawValue)"
                            + (missing > 0 ? ", \(missing) more to sign" : ""))
                }
            }
        }

        private func sign(_ view: ApprovalView) throws -> PayloadSignature {
            if let signature {
                guard let bytes = HostFiles.read(signature, limitBytes: 1 << 20) else { throw HostError(.usage, "`\(signature)` can't be read") }
                do { return try PayloadSignature(armored: String(decoding: bytes, as: UTF8.self)) } catch {
                    throw fail(1, error.reason.message)
                }
            }
            guard let key else { throw HostError(.usage, "give --key with a key file, or --signature with a signature made elsewhere") }
            try confirm(view)
            guard let bytes = HostFiles.read(key, limitBytes: 1 << 20) else { throw HostError(.usage, "the key file `\(key)` can't be read") }
            do {
                return try SigningKey(privateFile: String(decoding: bytes, as: UTF8.self)).sign(view.row.descriptor)
            } catch let error as ApprovalError {
                throw fail(1, error.reason.message)
            }
        }

        /// A person reads before the key is used: on a terminal of their own, or by naming the digest of what they read.
        private func confirm(_ view: ApprovalView) throws {
            if let yesIRead {
                guard yesIRead == view.row.digest.description else {
                    throw HostError(.usage, "the digest is not this request's; read it again with `agentkit approvals show \(id)`")
                }
                return
            }
            guard StandardStreams.isTerminal(0), StandardStreams.isTerminal(1) else {
                throw HostError(.usage, "there is no terminal to ask on; read `agentkit approvals show \(id)` and pass its digest with --yes-i-read")
            }
            Terminal.print(try ApprovalRendering(view.descriptor).text)
            Terminal.print("digest: \(view.row.digest)\nType `approve` to sign this:")
            let answer = String(decoding: StandardStreams.read(from: 0), as: UTF8.self)
            guard answer.split(whereSeparator: \.isWhitespace) == ["approve"] else {
                throw HostError(.usage, "not signed; the request still waits")
            }
        }
    }
}
