// SPDX-License-Identifier: Apache-2.0
public import AgentCore

/// A backup system's signed statement that a backup of one resource exists elsewhere.
public struct RecoveryPoint: Hashable, Sendable {
    /// The resource, as targets name it.
    public let provider: String
    /// The resource's type.
    public let type: String
    /// The resource's id.
    public let id: String
    /// What has to fail for the backup to be lost, such as a region or an account.
    public let failureDomain: String
    /// The same for the resource itself, as the backup system knows it.
    public let resourceFailureDomain: String
    /// Where the backup lies; an id that can be compared with what an act destroys.
    public let location: String
    /// When the backup was taken.
    public let takenAt: Timestamp
    /// When a restore was last tested.
    public let restoreTestedAt: Timestamp?

    private static let kind = "agentkit.recovery-point"

    /// Makes a statement.
    public init(
        provider: String, type: String, id: String, failureDomain: String, resourceFailureDomain: String,
        location: String,
        takenAt: Timestamp, restoreTestedAt: Timestamp? = nil
    ) {
        self.provider = provider
        self.type = type
        self.id = id
        self.failureDomain = failureDomain
        self.resourceFailureDomain = resourceFailureDomain
        self.location = location
        self.takenAt = takenAt
        self.restoreTestedAt = restoreTestedAt
    }

    /// Reads a signed statement; says nothing about its signatures.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue.parse(bytes, limits: JSONLimits(maximumBytes: 64 << 10, maximumDepth: 4)),
            json["kind"] == .string(Self.kind), json["version"] == 1, let provider = json["provider"]?.stringValue,
            let type = json["type"]?.stringValue, let id = json["id"]?.stringValue,
            let domain = json["failureDomain"]?.stringValue, let own = json["resourceFailureDomain"]?.stringValue,
            let location = json["location"]?.stringValue,
            let taken = json["takenAt"]?.stringValue.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            provider: provider, type: type, id: id, failureDomain: domain, resourceFailureDomain: own,
            location: location,
            takenAt: taken, restoreTestedAt: json["restoreTestedAt"]?.stringValue.flatMap { Timestamp($0) })
    }

    /// The bytes to sign.
    ///
    /// - Throws: `StateError` where the statement has no canonical form.
    public func payload() throws(StateError) -> [UInt8] {
        try Hashing.canonical([
            "kind": .string(Self.kind), "version": 1, "provider": .string(provider), "type": .string(type),
            "id": .string(id),
            "failureDomain": .string(failureDomain), "resourceFailureDomain": .string(resourceFailureDomain),
            "location": .string(location), "takenAt": .string(takenAt.description),
            "restoreTestedAt": restoreTestedAt.map { .string($0.description) } ?? .null,
        ])
    }

    /// The key under which statements about a resource are stored.
    static func resource(provider: String, type: String, id: String) -> String {
        JSONValue.array([.string(provider), .string(type), .string(id)]).serialized()
    }

    var resource: String { Self.resource(provider: provider, type: type, id: id) }

    /// Why the statement doesn't help against the loss of `target`, `nil` where it does.
    func objection(target: JSONValue, blastRadius: Set<String>, maximumAge: Duration, at now: Timestamp) -> String? {
        guard target["provider"] == .string(provider), target["type"] == .string(type), target["id"] == .string(id)
        else {
            return "it speaks of another resource"
        }
        guard takenAt <= now else { return "it lies in the future" }
        guard now.milliseconds - takenAt.milliseconds <= maximumAge.wholeMilliseconds else {
            return "the backup is too old"
        }
        let domain = failureDomain.lowercased()
        let lost = Set(blastRadius.map { $0.lowercased() })
        guard !domain.isEmpty, !location.isEmpty, domain != resourceFailureDomain.lowercased(),
            !resourceFailureDomain.isEmpty
        else {
            return "the backup lies in the same failure domain as the resource"
        }
        guard domain != provider.lowercased(), !lost.contains(domain), !lost.contains(location.lowercased()) else {
            return "the backup lies in what the act destroys"
        }
        return nil
    }
}
