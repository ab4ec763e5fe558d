// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// A request for approval as lists show it.
public struct ApprovalOverview: Hashable, Sendable {
    /// The request's id.
    public let id: String
    /// Where it stands.
    public let state: ApprovalTicket.State
    /// SHA-256 of the bytes to sign.
    public let digest: Digest
    /// The class of the act, such as `irreversible`; `unknown` where the description is damaged.
    public let effectClass: String
    /// The environment of the act.
    public let environment: String
    /// One printable line: what would be done to what.
    public let summary: String
    /// When it was filed.
    public let requestedAt: Timestamp
    /// Until when it can be answered, or used once it is approved.
    public let expiresAt: Timestamp

    /// Makes an overview of a stored request.
    public init(_ row: StoredApproval) {
        id = row.id
        state = row.state
        digest = row.digest
        requestedAt = row.requestedAt.wall
        guard let filed = try? FiledDescriptor(row.descriptor) else {
            effectClass = EffectClass.unknown.rawValue
            environment = "unproven"
            summary = "(the description is damaged)"
            expiresAt = row.requestedAt.wall
            return
        }
        effectClass = SafeText.escaped(filed.json["class"]?.stringValue ?? "unknown")
        environment = SafeText.escaped(filed.json["environment"]?.stringValue ?? "unproven")
        summary = Self.summary(filed.json)
        let requirement = filed.requirement
        expiresAt =
            row.approvedAt.map { $0.wall.advanced(by: requirement.delay + requirement.validity) }
            ?? row.requestedAt.wall.advanced(by: .milliseconds(row.pendingMilliseconds))
    }

    /// The overview with the names that `approvals list --json` promises.
    public var json: JSONValue {
        [
            "id": .string(id), "state": .string(state.rawValue), "digest": .string(digest.description),
            "class": .string(effectClass), "environment": .string(environment), "summary": .string(summary),
            "requestedAt": .string(requestedAt.description), "expiresAt": .string(expiresAt.description),
        ]
    }

    private static func summary(_ json: JSONValue) -> String {
        let operations = (json["operations"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
        let effect = json["effect"] ?? .null
        let place =
            effect["url"]?.stringValue ?? effect["path"]?.stringValue
            ?? (effect["argv"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ")
        let act =
            operations.isEmpty ? "\(effect["do"]?.stringValue ?? "act") \(place)" : operations.joined(separator: ", ")
        let targets = (json["targets"]?.arrayValue ?? []).map {
            "\($0["type"]?.stringValue ?? "?") \($0["id"]?.stringValue ?? "?")"
        }
        let text = SafeText.escaped(targets.isEmpty ? act : act + " on " + targets.joined(separator: ", "))
        return text.utf8.count <= limit ? text : String(text.prefix(limit)) + "..."
    }

    /// A line of a list may be cut; what is signed never is.
    private static let limit = 160
}

extension ApprovalService {
    /// A request in full, for `approvals show --json`.
    ///
    /// - Throws: `StateError`; `.notFound` where there is none, `.corrupt` where its description is damaged.
    public func details(_ id: String) async throws(StateError) -> JSONValue {
        let row = try await current(id)
        let filed = try FiledDescriptor(row.descriptor)
        let signatures = try await storage.signatures(of: id).map { signature -> JSONValue in
            [
                "principal": .string(signature.principal), "key": .string(signature.fingerprint),
                "format": .string(signature.format), "receivedAt": .string(signature.receivedAt.wall.description),
            ]
        }
        guard case .object(var members) = ApprovalOverview(row).json else { throw FiledDescriptor.damaged }
        members["descriptor"] = filed.json
        members["signatures"] = .array(signatures)
        members["answer"] = row.answer.map(JSONValue.string) ?? .null
        members["warnings"] = .array(try await warnings(row, filed).map(JSONValue.string))
        return .object(members)
    }

    /// The text to read before signing, and what a reader should be warned of besides.
    ///
    /// - Throws: `StateError` as `details` does.
    public func view(_ id: String) async throws(StateError) -> (rendering: ApprovalRendering, warnings: [String]) {
        let row = try await current(id)
        let filed = try FiledDescriptor(row.descriptor)
        return (try ApprovalRendering(filed.json), try await warnings(row, filed))
    }

    /// Names that changed during the session: the same resource was called something else in an earlier request.
    private func warnings(_ row: StoredApproval, _ filed: FiledDescriptor) async throws(StateError) -> [String] {
        let names = Self.names(filed.json)
        var warnings: [String] = []
        for other in try await storage.approvals(session: row.session, limit: 200) where other.id != row.id {
            guard let earlier = try? FiledDescriptor(other.descriptor) else { continue }
            for (resource, name) in Self.names(earlier.json).sorted(by: { $0.key < $1.key }) {
                guard let now = names[resource], now != name else { continue }
                warnings.append(
                    "\(SafeText.escaped(resource)) is called \(SafeText.unverified(now)) here and "
                        + "\(SafeText.unverified(name)) in request \(other.id) of the same session")
            }
        }
        return warnings
    }

    private static func names(_ descriptor: JSONValue) -> [String: String] {
        var names: [String: String] = [:]
        for target in descriptor["targets"]?.arrayValue ?? [] {
            guard let id = target["id"]?.stringValue, let name = target["name"]?.stringValue else { continue }
            names["\(target["provider"]?.stringValue ?? "") \(target["type"]?.stringValue ?? "") \(id)"] = name
        }
        return names
    }
}
