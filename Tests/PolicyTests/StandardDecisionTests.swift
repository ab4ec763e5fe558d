// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Decisions with the catalogue that ships")
struct StandardDecisionTests {
    private static let fixtures = #"""
        policy: agentkit.yaml
        providers: { railway: state.json }
        cases:
          - name: the incident, verbatim
            session: { environment: staging }
            call: { tool: shell, input: { command: "curl -X POST https://backboard.railway.app/graphql/v2 -H 'Authorization: Bearer 3d2c…' -d '{\"query\":\"mutation { volumeDelete(volumeId: \\\"v1\\\") }\"}'" } }
            expect: { decision: deny, class: irreversible, environment: production, reasons: [credential.literal, environment.mismatch] }
          - name: the incident without a token of its own
            call: { tool: shell, input: { command: "curl -X POST https://backboard.railway.app/graphql/v2 -d '{\"query\":\"mutation { volumeDelete(volumeId: \\\"v1\\\") }\"}'" } }
            expect: { decision: deny, environment: production, reasons: [environment.mismatch] }
          - name: the same on a staging-only volume, with the granted credential
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation($v: String!) { volumeDelete(volumeId: $v) }", variables: { v: v2 }, credential: railway-staging } }
            expect: { decision: requireApproval, class: irreversible, environment: staging, threshold: 1 }
          - name: a volume that lives in both environments
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation { volumeDelete(volumeId: \"v3\") }", credential: railway-staging } }
            expect: { decision: deny, environment: production, reasons: [environment.mismatch, secret.scope] }
          - name: the credential for domains doesn't delete volumes
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation { volumeDelete(volumeId: \"v2\") }", credential: railway-domains } }
            expect: { decision: deny, environment: staging, reasons: [secret.scope] }
          - name: two fields, one of them in production
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation { a: volumeDelete(volumeId: \"v2\") b: volumeDelete(volumeId: \"v1\") }", credential: railway-staging } }
            expect: { decision: deny, environment: production }
          - name: reading with a credential that is bound to the session's environment
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "{ projects { edges { node { id } } } }", credential: railway-domains } }
            expect: { decision: permit, class: read, environment: staging, reasons: [secret.environment], obligations: ["inject-secret:railway-domains"] }
          - name: reading with the credential that is attached
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "{ projects { edges { node { id } } } }" } }
            expect: { decision: permit, environment: staging, obligations: ["inject-secret:railway-staging"] }
          - name: reading without any in another session
            session: { environment: development }
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "{ projects { edges { node { id } } } }" } }
            expect: { decision: deny, environment: production }
          - name: a deletion hidden in a batch behind a read that the credential may do
            call: { tool: http.request, input: { method: POST, url: "https://backboard.railway.app/graphql/v2", credential: railway-domains, body: [{ query: "{ me { id } }" }, { query: "mutation { volumeDelete(volumeId: \"v2\") }" }] } }
            expect: { decision: deny, class: irreversible, reasons: [secret.scope] }
          - name: a change without an id, with a credential that is bound
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation { projectCreate(input: {}) { id } }", credential: railway-staging } }
            expect: { decision: deny, environment: production, reasons: [environment.unproven, secret.scope] }
          - name: an id that nobody knows
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation { volumeDelete(volumeId: \"v9\") }", credential: railway-staging } }
            expect: { decision: deny, environment: production, reasons: [environment.unproven] }
          - name: an id in a variable that isn't there
            call: { tool: graphql, input: { url: "https://backboard.railway.app/graphql/v2", query: "mutation($v: String!) { volumeDelete(volumeId: $v) }", credential: railway-staging } }
            expect: { decision: deny }
          - name: deleting what git does not track
            call: { tool: shell, input: { command: "git clean -fdx && npm test" } }
            expect: { decision: permit, class: irreversible, environment: none, obligations: [copy-on-write] }
          - name: a database elsewhere
            call: { tool: shell, input: { command: "aws rds delete-db-instance --db-instance-identifier prod --skip-final-snapshot" } }
            expect: { decision: deny, class: irreversible, environment: production }
          - name: a grave command behind a harmless one
            call: { tool: shell, input: { command: "echo ok; aws rds delete-db-instance --db-instance-identifier x & git push git@github.com:acme/shop main" } }
            expect: { decision: deny, environment: production }
          - name: pushing to the branch that deploys
            call: { tool: shell, input: { command: "git push git@github.com:acme/shop.git HEAD:main" } }
            expect: { decision: deny, environment: production, reasons: [environment.mismatch, inventory.entry] }
          - name: reading a log
            call: { tool: shell, input: { command: "git log --oneline | head -5" } }
            expect: { decision: permit, class: read }
          - name: a program elsewhere behind a wrapper
            call: { tool: shell, input: { command: "nice -n 5 /opt/evil" } }
            expect: { decision: deny, reasons: [default.deny] }
          - name: what only running tells is judged where it runs
            call: { tool: shell, input: { command: "$(cat script)" } }
            expect: { decision: permit, class: unknown }
          - name: deleting over HTTP at an endpoint that nobody knows
            call: { tool: http.request, input: { method: DELETE, url: "https://api.staging.acme.dev/v1/things/7" } }
            expect: { decision: requireApproval, class: irreversible, environment: staging }
          - name: a read with the granted placeholder's name
            call: { tool: http.request, input: { url: "https://api.staging.acme.dev/v1/things", credential: staging-api } }
            expect: { decision: permit, class: read, obligations: ["inject-secret:staging-api", public-address-only, redact-output] }
          - name: SQL against a database that the inventory doesn't state
            call: { tool: sql, input: { statement: "DROP TABLE users" } }
            expect: { decision: deny, class: irreversible, environment: production }
        """#

    private static let state =
        "{\"volumes\":{\"v1\":[\"env-9c01\"],\"v2\":[\"env-7f3a\"],\"v3\":[\"env-7f3a\",\"env-9c01\"]}}"

    private static func suite() -> FixtureSuite {
        FixtureSuite(
            readFile: { path, _ in path == "state.json" ? state : PolicySample.full })
    }

    @Test("The manual's cases hold, and their neighbours")
    func manual() async throws {
        let report = await Self.suite().run([try FixtureFile.read(Self.fixtures, file: "fixtures.yaml")])
        #expect(report.isPassed, "\(report.text)")
    }

    @Test("The manual's policy draws a warning only where it should")
    func lint() throws {
        let warnings = PolicyLint.warnings(in: try PolicyDocument.read(PolicySample.full, file: "agentkit.yaml"))
        let ids = Set(warnings.map(\.id))
        #expect(ids.contains("rule.argv-only"))
        #expect(ids.contains("rule.never"))
        #expect(!ids.contains("rule.operation"), "\(warnings)")
    }
}
