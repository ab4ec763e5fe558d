// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import AgentPolicy

/// The resolvers that a policy's inventory asks for.
enum ProviderResolvers {
    static func all(in document: PolicyDocument, transport: any HTTPTransport) -> [any ResourceResolver] { [] }

    /// A resolver that answers from a fixture's state; `nil` for a provider that isn't known.
    static func fixture(_ provider: ProviderInventory, _ state: JSONValue) -> (any ResourceResolver)? { nil }
}
