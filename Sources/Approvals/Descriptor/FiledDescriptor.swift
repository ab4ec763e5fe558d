// SPDX-License-Identifier: Apache-2.0
internal import AgentCore

/// A descriptor read back from the exact bytes that were filed and signed.
struct FiledDescriptor {
    let json: JSONValue
    let act: JSONValue
    let digest: Digest
    let requirement: ApprovalRequirement
    /// The session's chain of principals, its starter first.
    let principals: [String]

    static let limits = JSONLimits(maximumBytes: 1 << 20, maximumDepth: 64, maximumValues: 50_000)

    /// Reads bytes, and checks that they are canonical and that the digest of what was shown is right.
    init(_ bytes: [UInt8]) throws(StateError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue.parse(bytes, limits: Self.limits)
        } catch {
            throw Self.damaged
        }
        guard try Hashing.canonical(json) == bytes, let act = ActionDescriptorBuilder.act(of: json) else {
            throw Self.damaged
        }
        guard let shown = json["shown"]?.stringValue, try ApprovalRendering(json).digest.description == shown else {
            throw Self.damaged
        }
        guard let requirement = Self.requirement(json["requirement"] ?? .null) else { throw Self.damaged }
        self.json = json
        self.act = act
        self.requirement = requirement
        digest = try Hashing.digest(bytes)
        principals = (json["session"]?["principals"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    static let damaged = StateError(.corrupt, "the filed description is damaged; ask for a new approval")

    private static func requirement(_ json: JSONValue) -> ApprovalRequirement? {
        func texts(_ value: JSONValue?) -> [String]? {
            guard let elements = value?.arrayValue else { return nil }
            let texts = elements.compactMap(\.stringValue)
            return texts.count == elements.count ? texts : nil
        }
        guard let threshold = json["threshold"]?.integerValue, threshold >= 1, threshold < 1000,
            let roles = texts(json["roles"]), let principals = texts(json["principals"]),
            let validity = json["validityMilliseconds"]?.integerValue,
            let delay = json["delayMilliseconds"]?.integerValue,
            validity > 0, delay >= 0, let excludes = json["excludesRequester"]?.boolValue,
            let point = json["recoveryPoint"]
        else { return nil }
        var recoveryPoint: ApprovalRequirement.RecoveryPoint?
        if !point.isNull {
            guard let age = point["maximumAgeMilliseconds"]?.integerValue, let signers = point["signers"]?.stringValue
            else {
                return nil
            }
            recoveryPoint = .init(maximumAge: .milliseconds(age), signers: signers)
        }
        return ApprovalRequirement(
            threshold: Int(threshold), roles: roles, principals: principals, validity: .milliseconds(validity),
            delay: .milliseconds(delay), recoveryPoint: recoveryPoint, excludesRequester: excludes)
    }
}
