// SPDX-License-Identifier: Apache-2.0

import AgentCore
@testable import AgentPolicy

/// Policies and sessions that the tests share.
enum PolicySample {
    static let full = """
        version: 1
        environments: [development, staging, { name: production, protected: true }]
        session: { environment: staging, tier: full, limits: { wall: 60s, memory: 2GiB, processes: 256, output: 1MiB, deletes: 200 } }
        inventory:
          - { resource: "https://api.staging.acme.dev/**", environment: staging }
          - { resource: "https://api.acme.dev/**",         environment: production }
          - { resource: "https://packages.acme.dev/**",    environment: none }
          - { remote: "git@github.com:acme/shop", branch: "main", environment: production }
          - provider: railway
            credential: railway-read
            environments: { "env-7f3a": staging, "env-9c01": production }
        secrets:
          railway-domains:
            from: { env: RAILWAY_TOKEN }
            environment: staging
            use:
              - hosts: [backboard.railway.app, backboard.railway.com]
                place: "Authorization: Bearer {}"
                operations: [railway.customDomainCreate, railway.customDomainDelete, railway.read]
            expose: { env: RAILWAY_API_TOKEN }
          railway-staging:
            from: { vault: railway-staging }
            environment: staging
            use: [{ hosts: [backboard.railway.app, backboard.railway.com], place: "Project-Access-Token: {}", operations: [railway.*], attach: true }]
          railway-read: { from: { env: RAILWAY_READ_TOKEN }, resolver: true }
          staging-api:
            from: { file: token }
            environment: staging
            use: [{ hosts: [api.staging.acme.dev], place: "Authorization: Bearer {}" }]
        rules:
          - id: read-the-workspace
            permit: file.read
            paths: ["**"]
          - id: build-tools
            permit: exec
            programs: [/usr/bin/*, "${workspace}/node_modules/.bin/*"]
            examples: { permits: ["npm test"], denies: ["/opt/evil"] }
          - id: packages
            permit: http
            hosts: [packages.acme.dev]
            methods: [GET, HEAD]
          - id: apis
            permit: http
            hosts: [api.staging.acme.dev, api.acme.dev, unlisted.acme.dev]
          - id: staging-provider
            permit: operation
            operations: [railway.*]
            environments: [staging]
          - id: never-force-push
            deny: exec
            argv: [git, push, { flag: --force }]
        approvals:
          signers: allowed_signers
          roles: { on-call: [alice@acme.dev, bob@acme.dev] }
          require:
            - { class: irreversible, environments: [development, staging], threshold: 1, expires: 10m }
            - { class: irreversible, environments: [production], threshold: 2, roles: [on-call], expires: 10m, delay: 1h,
                recovery_point: { max_age: 24h, signers: backup_signers } }
            - { class: unknown, protected: true, threshold: 1 }
        egress:
          inspect: all
          private_addresses: deny
          resolve: { "backboard.railway.app:443": "127.0.0.1:8443" }
          trust: [ca.pem]
        """

    static func session(_ environment: String = "staging") -> SessionContext {
        SessionContext(
            id: "s", environment: EnvironmentLabel(environment), workspace: "/work/space",
            principals: ["alice@acme.dev"])
    }

    static func compiled(_ text: String = full, catalogue: any CatalogueReading = SampleCatalogue()) throws
        -> CompiledPolicy
    {
        let document = try PolicyDocument.read(text, file: "agentkit.yaml")
        return try CompiledPolicy(
            document, catalogue: catalogue,
            secretOfPlaceholder: { $0.hasPrefix("PLACEHOLDER-") ? String($0.dropFirst(12)) : nil })
    }
}

/// Knows one provider, by the path of its requests: `/op/NAME/CLASS/ID`.
struct SampleCatalogue: CatalogueReading {
    var identity: String { "sample" }

    func read(shell text: String) -> CommandSight {
        if text.hasPrefix("curl ") {
            var sight = CommandSight()
            let words = text.split(separator: " ").map(String.init)
            sight.commands = [CommandSight.Command(argv: words)]
            sight.requests = [OutgoingRequest(method: "POST", url: words.last ?? "")]
            return sight
        }
        if text.hasPrefix("rm ") {
            var sight = EmptyCatalogue().read(shell: text)
            sight.effectClass = .irreversible
            sight.contained = [
                EffectAnalysis.Operation(id: "files.rm", effectClass: .irreversible, summary: "deletes files")
            ]
            return sight
        }
        if text.hasPrefix("aws ") {
            var sight = EmptyCatalogue().read(shell: text)
            sight.effectClass = .irreversible
            sight.outgoing = [
                EffectAnalysis.Operation(
                    id: "aws.rds.delete", effectClass: .irreversible, summary: "deletes a database")
            ]
            return sight
        }
        return EmptyCatalogue().read(shell: text)
    }

    func read(argv: [String]) -> CommandSight { EmptyCatalogue().read(argv: argv) }

    func read(request: RequestAnalysis) -> RequestSight {
        guard let url = request.url, ["backboard.railway.app", "backboard.railway.com"].contains(url.host.text) else {
            return RequestSight()
        }
        let parts = url.pathSegments
        guard parts.count >= 3, let effectClass = EffectClass(rawValue: parts[2]) else {
            return RequestSight(knowsEndpoint: true)
        }
        let queries = parts.dropFirst(3).map { ResourceQuery(provider: "railway", type: "volume", id: $0) }
        let operation = EffectAnalysis.Operation(
            id: "railway.\(parts[1])", effectClass: effectClass, queries: Array(queries), summary: "a sample")
        return RequestSight(knowsEndpoint: true, operations: [operation])
    }

    func read(sql: String) -> StatementSight {
        let effectClass: EffectClass = sql.hasPrefix("SELECT") ? .read : .irreversible
        let name = effectClass == .read ? "sql.select" : "sql.drop"
        return StatementSight(
            effectClass: effectClass,
            operations: [EffectAnalysis.Operation(id: name, effectClass: effectClass, summary: "a sample")])
    }
}
