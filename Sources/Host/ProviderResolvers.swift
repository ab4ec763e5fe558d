// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import AgentPolicy

/// The resolvers that a policy's inventory asks for. A provider without one here proves nothing, so its ids stay unproven.
enum ProviderResolvers {
    static func all(in document: PolicyDocument, transport: any HTTPTransport) -> [any ResourceResolver] {
        providers(of: document).compactMap { provider in
            guard provider.name == "railway", let secret = document.secret(named: provider.credential) else { return nil }
            let place = secret.uses.first?.place.text ?? "Authorization: Bearer {}"
            let endpoint = railwayEndpoint(document)
            return RailwayResolver(labels: provider.environments) { query, variables in
                try await ask(endpoint, query, variables, secret: secret.name, place: place, through: transport)
            }
        }
    }

    /// A resolver that answers from a fixture's state; `nil` for a provider that isn't known.
    static func fixture(_ provider: ProviderInventory, _ state: JSONValue) -> (any ResourceResolver)? {
        guard provider.name == "railway", let state = RailwayState(json: state) else { return nil }
        return RailwayFixtureResolver(state: state, labels: provider.environments)
    }

    private static func providers(of document: PolicyDocument) -> [ProviderInventory] {
        document.inventory.compactMap { if case .provider(let provider) = $0.subject { provider } else { nil } }
    }

    /// The provider's host of today, or the older name where the policy pins that one.
    private static func railwayEndpoint(_ document: PolicyDocument) -> String {
        let older = "backboard.railway.app"
        let host = document.egress.pins.contains { $0.host == older } ? older : "backboard.railway.com"
        return "https://\(host)/graphql/v2"
    }

    private static func ask(
        _ endpoint: String, _ query: String, _ variables: JSONValue, secret: String, place: String, through transport: any HTTPTransport
    ) async throws -> JSONValue {
        let body: JSONValue = ["query": .string(query), "variables": variables]
        let response = try await transport.send(
            TransportRequest(
                method: "POST", url: endpoint, headers: [OutgoingRequest.Header("Content-Type", "application/json")],
                body: body.serializedBytes(),
                injections: [TransportRequest.Injection(secret: SecretReference(secret), place: place)], timeout: .seconds(15)))
        return try JSONValue.parse(response.body)
    }
}
