// SPDX-License-Identifier: Apache-2.0

/// The provider's behaviour at a time.
package enum Mode: String, Sendable, CaseIterable {
    /// As in April 2026: a deletion acts at once and takes the backups with it.
    case incident
    /// As since: a deletion is queued and final after 48 hours.
    case today
}

/// Credentials as they came with a request.
package struct Credentials: Sendable {
    /// The value of `Authorization`, with its scheme.
    package var authorization: String?
    /// The value of `Project-Access-Token`.
    package var projectToken: String?

    package init(authorization: String? = nil, projectToken: String? = nil) {
        self.authorization = authorization
        self.projectToken = projectToken
    }

    /// The token in `Authorization: Bearer`, the scheme in any letter case.
    package var bearer: String? {
        guard let authorization, let space = authorization.firstIndex(of: " "),
            authorization[..<space].lowercased() == "bearer"
        else { return nil }
        return String(authorization[space...].drop { $0 == " " })
    }

    /// Who this is, by the log's name for it: the header and a short hash.
    package var logName: String? {
        if let bearer { return "bearer:\(TokenHash.short(bearer))" }
        if let projectToken { return "project:\(TokenHash.short(projectToken))" }
        return authorization.map { "other:\(TokenHash.short($0))" }
    }
}

/// What the bearer of a request's token may do.
package struct Access: Sendable {
    /// The token's record; nil for a request without a valid token.
    package let token: TokenRecord?

    /// Finds the token. Account and reader tokens count only as bearer, project tokens only in their own header.
    package init(_ credentials: Credentials, tokens: [TokenRecord]) {
        let bearer = credentials.bearer.map(TokenHash.sha256)
        let project = credentials.projectToken.map(TokenHash.sha256)
        token = tokens.first { record in
            switch record.kind {
            case .account, .reader: record.sha256 == bearer
            case .project: record.sha256 == project
            }
        }
    }

    /// Whether the token is an account's own.
    package var isAccount: Bool { token?.kind == .account }

    /// Whether the token reaches the whole workspace.
    package var reachesWorkspace: Bool { token?.kind == .account || token?.kind == .reader }

    /// Refuses what the token can't see.
    package func requireReading(project: String) throws(GraphQLError) {
        guard reachesWorkspace || token?.projectID == project else { throw .notAuthorized }
    }

    /// Refuses what the token can't see.
    package func requireReading(environment: String) throws(GraphQLError) {
        guard sees(environment: environment) else { throw .notAuthorized }
    }

    /// Whether the token can see an environment.
    package func sees(environment: String) -> Bool {
        reachesWorkspace || token?.environmentID == environment
    }

    /// Refuses what the token can't change.
    package func requireWriting(environment: String) throws(GraphQLError) {
        guard token?.kind != .reader, sees(environment: environment) else { throw .notAuthorized }
    }

    /// Refuses anything but an account token.
    package func requireAccount() throws(GraphQLError) {
        guard isAccount else { throw .notAuthorized }
    }
}
