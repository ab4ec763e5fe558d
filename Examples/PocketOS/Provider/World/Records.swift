// SPDX-License-Identifier: Apache-2.0

/// The owner of everything in the stand-in.
package struct WorkspaceRecord: Codable, Sendable {
    package var id: String
    package var name: String
    package var userID: String
    package var userName: String
    package var email: String
}

/// A project. Times are seconds since 1970 throughout.
package struct ProjectRecord: Codable, Sendable {
    package var id: String
    package var name: String
    package var workspaceID: String
    package var baseEnvironmentID: String
    package var createdAt: Int
    package var deleteAt: Int?
}

/// An environment of a project.
package struct EnvironmentRecord: Codable, Sendable {
    package var id: String
    package var name: String
    package var projectID: String
    package var createdAt: Int
    package var deleteAt: Int?
}

/// A service of a project.
package struct ServiceRecord: Codable, Sendable {
    package var id: String
    package var name: String
    package var projectID: String
    package var createdAt: Int
}

/// A custom domain of a service in one environment.
package struct DomainRecord: Codable, Sendable {
    package var id: String
    package var domain: String
    package var projectID: String
    package var environmentID: String
    package var serviceID: String
    package var targetPort: Int?
    package var createdAt: Int
}

/// A volume: it belongs to the project, not to an environment.
package struct VolumeRecord: Codable, Sendable {
    package var id: String
    package var name: String
    package var projectID: String
    package var createdAt: Int
}

/// A volume's presence in one environment, with the data.
package struct InstanceRecord: Codable, Sendable {
    package var id: String
    package var volumeID: String
    package var environmentID: String
    package var serviceID: String?
    package var mountPath: String
    package var state: String
    package var createdAt: Int
    /// When a queued deletion becomes final.
    package var deleteAt: Int?
}

/// A backup, which lives inside the instance that it was taken of.
package struct BackupRecord: Codable, Sendable {
    package var id: String
    package var name: String
    package var createdAt: Int
}

/// A token that the stand-in accepts, known by its hash only.
package struct TokenRecord: Codable, Sendable {
    /// What a token may do.
    package enum Kind: String, Codable, Sendable {
        /// Everything, in `Authorization: Bearer`.
        case account
        /// Every query, in `Authorization: Bearer`.
        case reader
        /// One environment of one project, in `Project-Access-Token`.
        case project
    }

    package var sha256: String
    package var kind: Kind
    package var name: String
    package var projectID: String?
    package var environmentID: String?
    package var createdAt: Int
}
