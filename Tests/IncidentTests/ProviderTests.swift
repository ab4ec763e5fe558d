// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import PocketOSProvider

@Suite("The provider's stand-in")
struct ProviderTests {
    @Test("In the incident's mode volumeDelete removes data and backups from disk at once")
    func incident() async throws {
        try await withProvider { provider in
            let volume = Seed.id("volume/postgres-data")
            #expect(provider.files(of: volume).filter { $0.hasSuffix(".dump") || $0.hasSuffix("data.db") }.count == 3)
            let body = await provider.ask("mutation { volumeDelete(volumeId: \"\(volume)\") }", as: .account)
            #expect(body == .object([.init("data", .object([.init("volumeDelete", .bool(true))]))]))
            #expect(provider.files(of: volume).isEmpty)
        }
    }

    @Test("In today's mode a deletion is queued, and final after 48 hours")
    func today() async throws {
        try await withProvider(mode: .today) { provider in
            let volume = Seed.id("volume/postgres-data")
            let before = provider.files(of: volume)
            _ = await provider.ask("mutation { volumeDelete(volumeId: \"\(volume)\") }", as: .account)
            let instance = Seed.id("instance/postgres-data/production")
            let query = "{ volumeInstance(id: \"\(instance)\") { state isPendingDeletion } }"
            let pending = await provider.ask(query, as: .account)
            #expect(pending["data"]?["volumeInstance"]?["isPendingDeletion"] == .bool(true))
            #expect(pending["data"]?["volumeInstance"]?["state"] == .string("DELETING"))
            provider.clock.advance(by: 48 * 3_600 - 1)
            _ = await provider.ask("{ __typename }", as: .account)
            #expect(provider.files(of: volume) == before)
            provider.clock.advance(by: 1)
            _ = await provider.ask("{ __typename }", as: .account)
            #expect(provider.files(of: volume).isEmpty)
        }
    }

    @Test("A token does only what its kind may", arguments: AccessCase.all)
    func access(_ scenario: AccessCase) async throws {
        try await withProvider { provider in
            let before = provider.allFiles()
            let body = await provider.ask(scenario.document, as: scenario.token)
            let messages = (body["errors"]?.elements ?? []).compactMap { $0["message"]?.text }
            #expect(messages == (scenario.permitted ? [] : ["Not Authorized"]))
            if !scenario.permitted { #expect(provider.allFiles() == before) }
        }
    }

    @Test("A project token can delete a volume that reaches into an environment which it doesn't see")
    func reach() async throws {
        try await withProvider { provider in
            let volume = Seed.id("volume/shared-cache")
            let seen = await provider.ask(
                "{ project(id: \"\(Seed.id("project"))\") { volumes { edges { node { id volumeInstances { edges { node { environmentId } } } } } } } }",
                as: .staging)
            let volumes = seen["data"]?["project"]?["volumes"]?["edges"]?.elements ?? []
            let shared = volumes.first { $0["node"]?["id"]?.text == volume }
            #expect(shared?["node"]?["volumeInstances"]?["edges"]?.elements?.count == 1)
            _ = await provider.ask("mutation { volumeDelete(volumeId: \"\(volume)\") }", as: .staging)
            #expect(provider.files(of: volume).isEmpty)
        }
    }

    @Test("Every way to delete an instance takes its data and backups", arguments: DeletionCase.all)
    func deletion(_ scenario: DeletionCase) async throws {
        try await withProvider { provider in
            for document in scenario.documents {
                let body = await provider.ask(
                    document, operationName: scenario.operationName, variables: scenario.variables, as: .account)
                #expect(body["errors"] == nil)
            }
            for volume in Seed.volumes {
                for environment in volume.environments {
                    let name = "\(volume.name)/\(environment)"
                    let folder = Seed.id("volume/\(volume.name)") + "/" + Seed.id("environment/\(environment)")
                    #expect(provider.files(of: folder).isEmpty == scenario.gone.contains(name), "\(name)")
                }
            }
        }
    }

    @Test(
        "A document that isn't valid as a whole changes nothing",
        arguments: [
            "mutation { volumeDelete(volumeId: \"VOLUME\") nope }",
            "mutation { a: volumeDelete(volumeId: \"VOLUME\") a: volumeDelete(volumeId: \"other\") }",
            "mutation { volumeDelete(volumeId: \"VOLUME\", force: true) }",
            "mutation { volumeDelete }",
            "mutation { volumeDelete(volumeId: \"VOLUME\") } fragment F on Mutation { __typename }",
            "mutation { volumeDelete(volumeId: \"VOLUME\") } query { __typename }",
            "mutation { ...F } fragment F on Mutation { volumeDelete(volumeId: \"VOLUME\") ...F }",
            "mutation { volumeDelete(volumeId: \"VOLUME\")",
            "mutation($v: String!) { volumeDelete(volumeId: \"VOLUME\") }",
            "mutation { volumeDelete(volumeId: \"../projects\") }",
        ])
    func invalid(_ document: String) async throws {
        try await withProvider { provider in
            let before = provider.allFiles()
            let text = document.split(separator: "VOLUME", omittingEmptySubsequences: false)
                .joined(separator: Seed.id("volume/postgres-data"))
            let body = await provider.ask(text, as: .account)
            #expect(body["errors"]?.elements?.isEmpty == false)
            #expect(provider.allFiles() == before)
        }
    }

    @Test("Two seeds are the same, byte for byte")
    func seeds() async throws {
        try await withProvider { one in
            try await withProvider { other in #expect(one.allFiles() == other.allFiles()) }
        }
    }

    @Test("A second seed into the same folder is refused")
    func reseed() async throws {
        try await withProvider { provider in
            #expect(throws: WorldError.self) { try Seed.write(to: provider.folder) }
        }
    }
}
