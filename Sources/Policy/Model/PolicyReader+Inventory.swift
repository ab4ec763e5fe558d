// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension PolicyReader {
    mutating func inventoryEntry(_ node: YAMLNode) -> InventoryEntry? {
        let kinds = ["resource", "remote", "provider"].filter { node[$0] != nil }
        guard kinds.count == 1 else {
            fail(
                "inventory.kind", "an inventory entry is about exactly one of `resource`, `remote` and `provider`",
                node.position)
            return nil
        }
        let allowed =
            switch kinds[0] {
            case "resource": ["resource", "environment"]
            case "remote": ["remote", "branch", "environment"]
            default: ["provider", "credential", "environments"]
            }
        var isWhole = checkKeys(of: node, allowed: allowed, owner: "an entry about a `\(kinds[0])`")
        for name in allowed where name != "branch" && node[name] == nil {
            fail("key.missing", "an entry about a `\(kinds[0])` lacks the key `\(name)`", node.position)
            isWhole = false
        }
        guard isWhole else { return nil }
        switch kinds[0] {
        case "resource": return resource(node)
        case "remote": return remote(node)
        default: return provider(node)
        }
    }

    private mutating func resource(_ node: YAMLNode) -> InventoryEntry? {
        let label = label(node["environment"])
        guard let label, let text = node["resource"]?.text, let pattern = URLPattern(text) else { return nil }
        return InventoryEntry(
            subject: .resource(text), environment: label, position: node.position, url: pattern, git: nil, branch: nil)
    }

    private mutating func remote(_ node: YAMLNode) -> InventoryEntry? {
        let label = label(node["environment"])
        guard let value = node["remote"], let text = value.text else { return nil }
        guard let git = GitRemote(text) else {
            fail(
                "value.invalid", "`\(ShapeChecker.shown(text))` is no Git remote such as `git@github.com:acme/shop`",
                value.position)
            return nil
        }
        var branch: Glob?
        if let value = node["branch"] {
            branch = value.text.flatMap { $0.isEmpty ? nil : Glob(PathText.segments(of: $0)) }
            if branch == nil {
                fail(
                    "value.invalid",
                    "`\(ShapeChecker.shown(value.text))` is no branch pattern such as `main` or `release/*`",
                    value.position)
                return nil
            }
        }
        guard let label else { return nil }
        return InventoryEntry(
            subject: .remote(text, branch: node["branch"]?.text), environment: label, position: node.position, url: nil,
            git: git,
            branch: branch)
    }

    private mutating func provider(_ node: YAMLNode) -> InventoryEntry? {
        guard let name = node["provider"]?.text, let credential = node["credential"], let secret = credential.text
        else { return nil }
        checkSecretReference(credential)
        if root["secrets"]?[secret] != nil, !resolverNames.contains(secret) {
            fail(
                "reference.secret",
                "the secret `\(secret)` isn't a resolver's; add `resolver: true` to it, or name one that is",
                credential.position)
        }
        var environments: [String: EnvironmentLabel] = [:]
        for entry in node["environments"]?.entries ?? [] {
            if let label = label(entry.value) { environments[entry.name] = label }
        }
        let inventory = ProviderInventory(
            name: name, credential: secret, environments: environments, position: node.position)
        return InventoryEntry(
            subject: .provider(inventory), environment: nil, position: node.position, url: nil, git: nil, branch: nil)
    }

    /// Two entries about the same thing would make the answer a matter of taste.
    mutating func checkTwins(_ inventory: [InventoryEntry]) {
        var seen: [String: InventoryEntry] = [:]
        for entry in inventory {
            let key: String =
                switch entry.subject {
                case .resource(let text): "resource \(text)"
                case .remote(_, let branch):
                    "remote \(entry.git?.host ?? "") \(entry.git?.port ?? 0) \(entry.git?.path ?? "") \(branch ?? "")"
                case .provider(let provider): "provider \(provider.name)"
                }
            if let first = seen[key] {
                fail(
                    "inventory.duplicate",
                    "the same thing stands already in line \(first.position.line); keep one entry", entry.position)
            }
            seen[key] = entry
        }
    }

    /// Reports keys that don't belong together; `true` where all do.
    mutating func checkKeys(of node: YAMLNode, allowed: [String], owner: String) -> Bool {
        var isWhole = true
        for entry in node.entries ?? [] where !allowed.contains(entry.name) {
            isWhole = false
            let names = allowed.map { "`\($0)`" }.joined(separator: ", ")
            fail(
                "key.misplaced", "`\(ShapeChecker.shown(entry.name))` has no meaning in \(owner), which takes \(names)",
                entry.position)
        }
        return isWhole
    }
}
