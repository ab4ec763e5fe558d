// SPDX-License-Identifier: Apache-2.0
import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Railway")
struct RailwayTests {
    static func analysis(_ query: String, variables: JSONValue? = nil, url: String = "https://backboard.railway.app/graphql/v2") -> RequestAnalysis {
        var body = JSONObject()
        body["query"] = .string(query)
        body["variables"] = variables
        return .analyse(method: "POST", url: url, headers: [HTTPHeaderField("Content-Type", "application/json")], body: JSONValue.object(body).serializedBytes())
    }

    static func operation(_ query: String, variables: JSONValue? = nil) -> EffectAnalysis.Operation? {
        Catalogue.standard.operations(request: analysis(query, variables: variables)).first
    }

    @Test("The incident's call deletes a volume and its backups, and names the volume to be proven")
    func incident() {
        let command = #"curl -X POST https://backboard.railway.app/graphql/v2 -H "Authorization: Bearer x" -H "Content-Type: application/json" -d '{"query":"mutation { volumeDelete(volumeId: \"3d2c42fb\") }"}'"#
        let operation = CommandReader.read(command).operations.first
        #expect(operation?.id == "railway.volumeDelete")
        #expect(operation?.effectClass == .irreversible)
        #expect(operation?.takesBackups == true)
        #expect(operation?.queries == [ResourceQuery(provider: "railway", type: "volume", id: "3d2c42fb")])
    }

    @Test(
        "A mutation is as grave as its arguments make it",
        arguments: [
            ("mutation { volumeDelete(volumeId: \"v\") }", EffectClass.irreversible), ("query { projects { edges { node { id } } } }", .read), ("mutation { a: volumeDelete(volumeId: \"v\") }", .irreversible),
            ("mutation { ...f } fragment f on Mutation { volumeDelete(volumeId: \"v\") }", .irreversible),
            ("mutation { volumeInstanceUpdate(volumeId: \"v\", environmentId: \"e\", input: { mountPath: \"/x\" }) }", .reversible), ("mutation { volumeInstanceUpdate(volumeId: \"v\", input: { mountPath: \"/x\" }) }", .unknown),
            ("mutation { volumeInstanceUpdate(volumeId: \"v\", environmentId: \"e\", input: { state: DELETED }) }", .irreversible), ("mutation { volumeInstanceUpdate(volumeId: \"v\", environmentId: \"e\", input: { state: DELETING }) }", .irreversible),
            ("mutation { serviceDelete(id: \"s\") }", .irreversible), ("mutation { variableCollectionUpsert(input: { projectId: \"p\", environmentId: \"e\", variables: {}, replace: true }) }", .irreversible),
            ("mutation { variableCollectionUpsert(input: { projectId: \"p\", environmentId: \"e\", variables: {} }) }", .unknown), ("mutation { environmentPatchCommit(environmentId: \"e\", patch: { volumes: { v: { isDeleted: true } } }) { id } }", .irreversible),
            ("mutation { environmentPatchCommit(environmentId: \"e\", patch: { services: { s: { x: 1 } } }) { id } }", .unknown), ("mutation { environmentStageChanges(environmentId: \"e\", input: { services: { s: { isDeleted: true } } }) { id } }", .irreversible),
            ("mutation { environmentApplyChangeSet(environmentId: \"e\", input: { changes: [{ type: \"deleteVolume\" }] }) { id } }", .irreversible), ("mutation { environmentPatchCommitStaged(environmentId: \"e\") }", .irreversible), ("mutation { nukeEverything }", .unknown), ("mutation { thingDelete(id: \"x\") }", .irreversible), ("mutation { fooPurge(id: \"x\") }", .irreversible),
            ("mutation { customDomainCreate(input: { domain: \"a\", environmentId: \"e\", serviceId: \"s\" }) { id } }", .reversible), ("mutation { apiTokenCreate(input: { name: \"x\" }) }", .unknown), ("mutation { volumeInstanceBackupScheduleUpdate(volumeInstanceId: \"i\", kinds: []) }", .irreversible),
        ])
    func classes(_ query: String, _ effectClass: EffectClass) {
        #expect(Self.operation(query)?.effectClass == effectClass)
    }

    @Test("JSON inside variables is walked, wherever it stands")
    func variables() {
        let query = "mutation($p: EnvironmentConfig) { environmentPatchCommit(environmentId: \"e\", patch: $p) }"
        #expect(Self.operation(query, variables: ["p": ["volumes": ["v": ["isDeleted": true]]]])?.effectClass == .irreversible)
        #expect(Self.operation(query, variables: ["p": "{\"volumes\":{\"v\":{\"isDeleted\":true}}}"])?.effectClass == .irreversible)
        #expect(Self.operation("mutation($v: String!) { volumeDelete(volumeId: $v) }", variables: ["v": "v2"])?.queries.map(\.id) == ["v2"])
    }

    @Test("The command-line program is judged by the same words, also where it sends a query")
    func program() {
        #expect(CommandReader.read("railway volume delete --volume v1 --yes").operations.first?.queries == [ResourceQuery(provider: "railway", type: "volume", id: "v1")])
        #expect(CommandReader.read("railway api 'mutation { volumeDelete(volumeId: \"v1\") }'").operations.first?.id == "railway.volumeDelete")
        #expect(CommandReader.read("railway api 'query { me { id } }'").effectClass == .read)
        #expect(CommandReader.read("railway api \"$Q\"").effectClass == .unknown)
        #expect(CommandReader.read("railway down").effectClass == .irreversible)
    }

    // MARK: Resolving

    static let order = EnvironmentOrder([.init(EnvironmentLabel("staging"), isProtected: false), .init(EnvironmentLabel("production"), isProtected: true)])
    static let labels = ["env-s": EnvironmentLabel("staging"), "env-p": EnvironmentLabel("production")]
    static let state: JSONValue = [
        "projects": [
            [
                "id": "p1", "name": "shop", "environments": [["id": "env-s", "name": "staging"], ["id": "env-p", "name": "production"]], "services": [["id": "s1", "name": "web"]],
                "volumes": [
                    ["id": "v1", "name": "data", "instances": [["id": "i1", "environmentId": "env-p", "backups": ["b1", "b2"]]]],
                    ["id": "v2", "name": "cache", "instances": [["id": "i2", "environmentId": "env-s", "backups": []]]],
                    ["id": "v3", "name": "both", "instances": [["id": "i3", "environmentId": "env-s", "backups": []], ["id": "i4", "environmentId": "env-p", "backups": ["b3"]]]],
                    ["id": "v4", "name": "other", "instances": [["id": "i5", "environmentId": "env-x", "backups": []]]],
                ],
            ]
        ]
    ]

    static func names(_ targets: [ResolvedTarget]) -> [String] { targets.map { "\($0.environment)\($0.proof == .provider(name: "railway") ? "" : "?")" } }

    static let cases: [(String, String, [String])] = [
        ("volume", "v1", ["production"]), ("volume", "v2", ["staging"]), ("volume", "v3", ["staging", "production"]), ("volume", "v4", ["production?"]), ("volume", "nope", ["production?"]), ("volumeInstance", "i2", ["staging"]),
        ("environment", "env-s", ["staging"]), ("service", "s1", ["staging", "production"]), ("project", "p1", ["staging", "production"]), ("customDomain", "d", ["production?"]),
    ]

    @Test("A fixture answers with each environment that an id lives in, and proves nothing else", arguments: cases)
    func fixture(_ type: String, _ id: String, _ expected: [String]) async throws {
        let resolver = RailwayFixtureResolver(state: try #require(RailwayState(json: Self.state)), labels: Self.labels)
        let targets = await resolver.resolve([ResourceQuery(provider: "railway", type: type, id: id)], environments: Self.order)
        #expect(Self.names(targets) == expected)
    }

    @Test("Enumeration gives the same answers as the state behind it", arguments: cases)
    func enumeration(_ type: String, _ id: String, _ expected: [String]) async {
        let resolver = RailwayResolver(labels: Self.labels, send: Provider().answer)
        let targets = await resolver.resolve([ResourceQuery(provider: "railway", type: type, id: id)], environments: Self.order)
        #expect(Self.names(targets) == expected)
    }

    @Test("The blast radius of a volume is every instance with its backups")
    func radius() async {
        let resolver = RailwayResolver(labels: Self.labels, send: Provider().answer)
        let targets = await resolver.resolve([ResourceQuery(provider: "railway", type: "volume", id: "v3")], environments: Self.order)
        #expect(targets.first?.blastRadius == ["i3", "i4", "b3"])
    }

    @Test("Errors, partial pages and refusals prove nothing", arguments: [Provider.Fault.throwing, .errors, .partialProjects, .partialInstances, .missingPage])
    func faults(_ fault: Provider.Fault) async {
        let resolver = RailwayResolver(labels: Self.labels, send: Provider(fault: fault).answer)
        let targets = await resolver.resolve([ResourceQuery(provider: "railway", type: "volume", id: "v2")], environments: Self.order)
        #expect(targets.contains { if case .unproven = $0.proof { true } else { false } })
        #expect(Self.order.combined(targets.map(\.environment)) == EnvironmentLabel("production"))
    }

    /// A provider in memory.
    struct Provider: Sendable {
        enum Fault: Sendable { case none, throwing, errors, partialProjects, partialInstances, missingPage }
        struct Failure: Error {}
        var fault = Fault.none

        @Sendable func answer(_ query: String, _ variables: JSONValue) async throws -> JSONValue {
            if fault == .throwing { throw Failure() }
            if query.contains("projectToken") { return ["errors": [["message": "Not Authorized"]], "data": nil] }
            if fault == .errors { return ["errors": [["message": "Not Authorized"]], "data": nil] }
            let projects = RailwayTests.state["projects"]?.arrayValue ?? []
            if query.contains("projects(") { return ["data": ["projects": connection(projects, more: fault == .partialProjects)]] }
            if query.contains("volumeInstanceBackupList") {
                let instances = projects.flatMap { $0["volumes"]?.arrayValue ?? [] }.flatMap { $0["instances"]?.arrayValue ?? [] }
                let backups = instances.first { $0["id"] == variables["id"] }?["backups"]?.arrayValue ?? []
                return ["data": ["volumeInstanceBackupList": .array(backups.map { ["id": $0] })]]
            }
            guard let project = projects.first(where: { $0["id"] == variables["id"] }) else { return ["errors": [["message": "not found"]]] }
            let volumes: [JSONValue] = (project["volumes"]?.arrayValue ?? []).map { volume in
                ["id": volume["id"] ?? nil, "name": volume["name"] ?? nil, "volumeInstances": connection(volume["instances"]?.arrayValue ?? [], more: fault == .partialInstances)]
            }
            return [
                "data": [
                    "project": [
                        "id": project["id"] ?? nil, "name": project["name"] ?? nil, "environments": connection(project["environments"]?.arrayValue ?? []),
                        "services": connection(project["services"]?.arrayValue ?? []), "volumes": connection(volumes),
                    ]
                ]
            ]
        }

        private func connection(_ nodes: [JSONValue], more: Bool = false) -> JSONValue {
            let edges = JSONValue.array(nodes.map { ["node": $0] })
            return fault == .missingPage ? ["edges": edges] : ["edges": edges, "pageInfo": ["hasNextPage": .bool(more), "endCursor": nil]]
        }
    }
}
