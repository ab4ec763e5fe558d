// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PocketOSProvider

/// What a token may do.
struct AccessCase: Sendable, CustomTestStringConvertible {
    var token: ProviderFixture.Token
    var document: String
    var permitted: Bool

    var testDescription: String { "\(token): \(document)" }

    static let all: [AccessCase] = {
        let project = Seed.id("project")
        let staging = Seed.id("environment/staging")
        let production = Seed.id("environment/production")
        func delete(_ volume: String) -> String {
            "mutation { volumeDelete(volumeId: \"\(Seed.id("volume/\(volume)"))\") }"
        }
        func environment(_ id: String) -> String {
            "{ environment(id: \"\(id)\") { name volumeInstances { edges { node { id } } } } }"
        }
        func row(_ document: String, _ permitted: [ProviderFixture.Token]) -> [AccessCase] {
            ProviderFixture.Token.allCases.map {
                AccessCase(token: $0, document: document, permitted: permitted.contains($0))
            }
        }
        return [
            row("{ me { id } }", [.account]),
            row("{ apiToken { workspaces { name } } }", [.account, .resolver]),
            row("{ projectToken { projectId environmentId } }", [.staging]),
            row("{ projects { edges { node { name } } } }", [.account, .resolver]),
            row("{ project(id: \"\(project)\") { name } }", [.account, .resolver, .staging]),
            row(environment(staging), [.account, .resolver, .staging]),
            row(environment(production), [.account, .resolver]),
            row(
                "{ variables(projectId: \"\(project)\", environmentId: \"\(production)\") }", [.account, .resolver]),
            row(delete("postgres-data"), [.account]),
            row(delete("staging-scratch"), [.account, .staging]),
            row("mutation { environmentDelete(id: \"\(staging)\") }", [.account]),
            row("mutation { projectDelete(id: \"\(project)\") }", [.account]),
            row(
                "mutation { customDomainDelete(id: \"\(Seed.id("domain/app"))\") }", [.account]),
            row("mutation { environmentPatchCommit(environmentId: \"\(staging)\", patch: {}) }", [.account, .staging]),
            row("{ __schema { queryType { name } } }", ProviderFixture.Token.allCases),
        ].flatMap { $0 }
    }()
}

/// A way to delete, and which instances are gone after it.
struct DeletionCase: Sendable, CustomTestStringConvertible {
    var name: String
    var documents: [String]
    var operationName: String?
    var variables: JSON?
    var gone: Set<String>

    var testDescription: String { name }

    static let all: [DeletionCase] = {
        let shared = Seed.id("volume/shared-cache")
        let staging = Seed.id("environment/staging")
        let production = Seed.id("environment/production")
        let both: Set = ["shared-cache/production", "shared-cache/staging"]
        let patch = JSON.object([
            .init(
                "p", .object([.init("volumes", .object([.init(shared, .object([.init("isDeleted", .bool(true))]))]))])),
            .init("v", .string(shared)),
        ])
        return [
            DeletionCase(
                name: "volumeDelete", documents: ["mutation { volumeDelete(volumeId: \"\(shared)\") }"], gone: both),
            DeletionCase(
                name: "alias, fragment, variable, directive",
                documents: [
                    "query A { __typename } mutation B($v: String!, $yes: Boolean = true) { ...F @include(if: $yes) } fragment F on Mutation { ... on Mutation { ok: volumeDelete(volumeId: $v) } }"
                ], operationName: "B", variables: patch, gone: both),
            DeletionCase(
                name: "volumeInstanceUpdate without environment",
                documents: ["mutation { volumeInstanceUpdate(volumeId: \"\(shared)\", input: { state: DELETED }) }"],
                gone: both),
            DeletionCase(
                name: "volumeInstanceUpdate in one environment",
                documents: [
                    "mutation { volumeInstanceUpdate(volumeId: \"\(shared)\", environmentId: \"\(staging)\", input: { state: DELETED }) }"
                ], gone: ["shared-cache/staging"]),
            DeletionCase(
                name: "environmentPatchCommit",
                documents: [
                    "mutation($p: EnvironmentConfig) { environmentPatchCommit(environmentId: \"\(production)\", patch: $p) }"
                ], variables: patch, gone: ["shared-cache/production"]),
            DeletionCase(
                name: "staged, then committed",
                documents: [
                    "mutation($p: EnvironmentConfig!) { environmentStageChanges(environmentId: \"\(staging)\", input: $p) { id } }",
                    "mutation { environmentPatchCommitStaged(environmentId: \"\(staging)\") }",
                ], variables: patch, gone: ["shared-cache/staging"]),
            DeletionCase(
                name: "environmentDelete", documents: ["mutation { environmentDelete(id: \"\(staging)\") }"],
                gone: ["shared-cache/staging", "staging-scratch/staging"]),
            DeletionCase(
                name: "projectDelete", documents: ["mutation { projectDelete(id: \"\(Seed.id("project"))\") }"],
                gone: both.union(["staging-scratch/staging", "postgres-data/production"])),
            DeletionCase(
                name: "serviceDelete leaves volumes",
                documents: ["mutation { serviceDelete(id: \"\(Seed.id("service/api"))\") }"], gone: []),
        ]
    }()
}
