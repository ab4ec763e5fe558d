// SPDX-License-Identifier: Apache-2.0

internal import AgentApprovals
internal import AgentHost
internal import AgentKit
internal import ArgumentParser

/// A stored request as the command line shows it.
struct ApprovalView {
    let row: StoredApproval
    let descriptor: JSONValue

    init(_ row: StoredApproval) throws {
        self.row = row
        guard let descriptor = try? JSONValue.parse(row.descriptor) else {
            throw StateError(.corrupt, "the stored request `\(row.id)` can't be read; `agentkit audit verify` tells what happened to the state")
        }
        self.descriptor = descriptor
    }

    /// One line that says what would happen.
    var summary: String {
        let operations = (descriptor["operations"]?.arrayValue ?? []).compactMap { $0["summary"]?.stringValue }
        let targets = (descriptor["targets"]?.arrayValue ?? []).compactMap { target -> String? in
            guard let type = target["type"]?.stringValue, let id = target["id"]?.stringValue else { return nil }
            return "\(type) \(id)"
        }
        let what = operations.isEmpty ? descriptor["effect"]?["do"]?.stringValue ?? "an act" : operations.joined(separator: "; ")
        let line = targets.isEmpty ? what : "\(what) (\(targets.joined(separator: ", ")))"
        return Terminal.harmless(line.replacing("\n", with: " ").replacing("\t", with: " "))
    }

    /// When it ends: a pending request's deadline, an approved one's last moment of use.
    var expiresAt: String {
        let requirement = descriptor["requirement"]
        if let approvedAt = row.approvedAt, let delay = requirement?["delayMilliseconds"]?.integerValue,
            let validity = requirement?["validityMilliseconds"]?.integerValue
        {
            return approvedAt.wall.advanced(by: .milliseconds(delay + validity)).description
        }
        return row.requestedAt.wall.advanced(by: .milliseconds(row.pendingMilliseconds)).description
    }

    var json: JSONObject {
        [
            "id": .string(row.id), "state": .string(row.state.rawValue), "digest": .string(row.digest.description),
            "class": descriptor["class"] ?? .null, "environment": descriptor["environment"] ?? .null,
            "summary": .string(summary), "requestedAt": .string(row.requestedAt.wall.description),
            "expiresAt": .string(expiresAt),
        ]
    }

    func detailed(_ signatures: [StoredSignature]) -> JSONValue {
        var object = json
        object["descriptor"] = descriptor
        object["signatures"] = .array(
            signatures.map { signature in
                [
                    "principal": .string(signature.principal), "key": .string(signature.fingerprint),
                    "format": .string(signature.format), "receivedAt": .string(signature.receivedAt.wall.description),
                ]
            })
        if let answer = row.answer { object["answer"] = .string(answer) }
        return .object(object)
    }
}

/// What the approvals commands work on.
struct ApprovalOptions: ParsableArguments {
    @OptionGroup var state: StateOptions
    @Option(help: "The policy that names the allowed signers; found like a session's policy unless told.") var policy: String?

    func open() async throws -> (StateAccess, ApprovalService) {
        let variables = StandardStreams.environment()
        let access = try await StateAccess.open(.folder(state.folder(variables)), workspace: nil)
        // An operator's working folder is no workspace that a policy would have to stay out of.
        let located = try PolicyLocator(variables: variables).locate(
            explicit: policy, workspace: HostFiles.absolute("."), isBound: false)
        return (access, access.approvals(for: located))
    }
}
