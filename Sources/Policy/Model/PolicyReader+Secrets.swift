// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension PolicyReader {
    mutating func secret(_ entry: YAMLNode.Entry) -> SecretDeclaration? {
        let node = entry.value
        let isResolver = flag(node["resolver"]) ?? false
        let environment = label(node["environment"])
        if isResolver {
            for name in ["expose", "environment"] where node[name] != nil {
                fail(
                    "secret.resolver",
                    "a resolver's secret only proves environments and is never shown; take `\(name)` out",
                    node[name]?.position ?? entry.position)
            }
        } else {
            for name in ["environment", "use"] where node[name] == nil && node.entries != nil {
                fail("key.missing", "the secret `\(entry.name)` lacks the key `\(name)`", entry.position)
            }
        }
        let uses = (node["use"]?.elements ?? []).compactMap { use($0) }
        guard let source = source(node["from"], of: entry) else { return nil }
        return SecretDeclaration(
            name: entry.name, source: source, environment: isResolver ? nil : environment, uses: uses,
            exposedVariable: node["expose"]?["env"]?.text, isResolver: isResolver, position: entry.position)
    }

    private mutating func source(_ node: YAMLNode?, of entry: YAMLNode.Entry) -> SecretDeclaration.Source? {
        guard let node, let entries = node.entries else { return nil }
        guard entries.count == 1, let first = entries.first else {
            fail("secret.source", "`from` names exactly one source of `\(entry.name)`", node.position)
            return nil
        }
        switch (first.name, first.value.text) {
        case ("env", let name?): return .environment(variable: name)
        case ("file", let path?): return .file(path: path)
        case ("vault", let name?): return .vault(name: name)
        case ("command", nil):
            let words = texts(first.value)
            return words.isEmpty ? nil : .command(words)
        case ("hashicorp", nil):
            guard let path = first.value["path"]?.text, let field = first.value["field"]?.text else { return nil }
            return .hashicorp(path: path, field: field, address: first.value["address"]?.text)
        default: return nil
        }
    }

    /// Two placeholders in one variable would leave it to chance which secret a program uses.
    mutating func checkExposures(_ secrets: [SecretDeclaration]) {
        var seen: [String: SecretDeclaration] = [:]
        for secret in secrets.sorted(by: { $0.position < $1.position }) {
            guard let variable = secret.exposedVariable else { continue }
            if let first = seen[variable] {
                fail(
                    "secret.exposed", "the variable `\(variable)` shows `\(first.name)` already; choose another",
                    secret.position)
            }
            seen[variable] = secret
        }
    }

    private mutating func use(_ node: YAMLNode) -> SecretDeclaration.Use? {
        guard let place = node["place"]?.text.flatMap({ SecretPlace($0) }) else { return nil }
        let hosts = texts(node["hosts"])
        for element in node["hosts"]?.elements ?? [] where HostPattern(element.text ?? "")?.isEverything == true {
            fail("secret.hosts", "a secret can't go to every host; name the hosts", element.position)
        }
        let operations = texts(node["operations"])
        return SecretDeclaration.Use(
            hosts: hosts, place: place, operations: operations, methods: texts(node["methods"]),
            isAttached: flag(node["attach"]) ?? false, position: node.position,
            hostPatterns: hosts.compactMap { HostPattern($0) },
            operationPatterns: operations.compactMap { OperationPattern($0) })
    }
}
