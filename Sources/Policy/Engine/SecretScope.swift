// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Where a secret may be used, its environment aside.
enum SecretScope {
    /// Why a use doesn't cover a request, or `nil` where it does.
    static func problem(_ use: SecretDeclaration.Use, _ request: EffectReading.RequestAct) -> String? {
        guard ["https", "wss"].contains(request.target.scheme) else { return "it never travels unencrypted" }
        let isHost = use.hostPatterns.contains { pattern in
            pattern.matches(request.target.host)
                && request.target.port == pattern.port ?? TargetURL.defaultPort(of: request.target.scheme)
        }
        guard isHost else { return "\(ShapeChecker.shown(request.target.origin)) isn't among its hosts" }
        if !use.methods.isEmpty && !use.methods.contains(request.method) {
            return "\(ShapeChecker.shown(request.method)) isn't among its methods"
        }
        if request.knowsEndpoint || !request.operations.isEmpty {
            guard !request.operations.isEmpty else { return "the operation can't be told" }
            guard !use.operationPatterns.isEmpty else {
                return "the catalogue knows this endpoint, and the use names no operations"
            }
            for operation in request.operations where !use.operationPatterns.contains(where: { $0.matches(operation) })
            {
                return "`\(operation.id)` isn't among its operations"
            }
            return nil
        }
        return use.operationPatterns.isEmpty ? nil : "it is for named operations, and the catalogue knows none here"
    }

    /// Whether the place in a request holds something already.
    static func isFilled(_ place: SecretPlace, _ request: EffectReading.RequestAct) -> Bool {
        switch place.part {
        case .header(let name): request.filled.contains("h:" + name.lowercased())
        case .query(let name): request.filled.contains("q:" + name.lowercased())
        }
    }

    /// The one secret that a request would carry: the one that it names, or the only one that would be attached in `environment`.
    static func carried(
        by request: EffectReading.RequestAct, among secrets: [SecretDeclaration], in environment: EnvironmentLabel
    ) -> SecretDeclaration? {
        let usable = secrets.filter { secret in
            !secret.isResolver && secret.uses.contains { problem($0, request) == nil }
        }
        guard request.credentials.isEmpty else {
            let names = Set(request.credentials.map(\.secret))
            guard names.count == 1, let name = names.first ?? nil else { return nil }
            return usable.first { $0.name == name }
        }
        let attached = usable.filter { secret in
            secret.environment == environment
                && secret.uses.contains { $0.isAttached && problem($0, request) == nil && !isFilled($0.place, request) }
        }
        return attached.count == 1 ? attached.first : nil
    }
}
