// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension PolicyReader {
    mutating func sessionSettings() -> SessionSettings {
        let node = root["session"]
        let environment = label(node?["environment"]) ?? .none
        let tier = node?["tier"]?.text.flatMap { SessionSettings.Tier(rawValue: $0) } ?? .full
        return SessionSettings(
            environment: environment, maySelect: labels(node?["may_select"]), tier: tier,
            limits: limits(node?["limits"]),
            runAs: identity(node?["run_as"]), view: texts(node?["view"]),
            allowsCrossEnvironmentApproval: node?["cross_environment"]?.text == "approve")
    }

    private mutating func limits(_ node: YAMLNode?) -> SessionLimits {
        for name in ["wall", "memory"] {
            guard let value = node?[name], duration(value) == .zero || size(value) == 0 else { continue }
            fail("value.invalid", "`\(name)` is nothing, so that no call could ever run", value.position)
        }
        var limits = SessionLimits()
        if let value = duration(node?["wall"]) { limits.wall = value }
        if let value = size(node?["memory"]) { limits.memory = value }
        if let value = integer(node?["processes"]) { limits.processes = Int(value) }
        if let value = size(node?["output"]) { limits.output = value }
        if let value = integer(node?["deletes"]) { limits.deletes = Int(value) }
        if let value = size(node?["layer"]) { limits.layer = value }
        if let value = integer(node?["denials"]) { limits.denials = Int(value) }
        return limits
    }

    private func identity(_ node: YAMLNode?) -> SessionSettings.Identity? {
        guard let node else { return nil }
        let user = integer(node) ?? integer(node["user"])
        let group = integer(node) ?? integer(node["group"])
        guard let user = user.flatMap({ UInt32(exactly: $0) }), let group = group.flatMap({ UInt32(exactly: $0) }),
            user > 0, group > 0
        else { return nil }
        return SessionSettings.Identity(user: user, group: group)
    }

    mutating func approvalSettings() -> ApprovalSettings {
        let node = root["approvals"]
        let demands = (node?["require"]?.elements ?? []).compactMap { demand($0) }
        if node?["signers"] == nil, let first = demands.first {
            fail(
                "reference.signers",
                "`require` asks for signatures, and no `signers` file says whose count; add `signers`", first.position)
        }
        return ApprovalSettings(signers: node?["signers"]?.text, roles: roles, demands: demands)
    }

    private mutating func demand(_ node: YAMLNode) -> ApprovalSettings.Demand? {
        let names = roleNames(node["roles"])
        let environments = labels(node["environments"])
        guard let effectClass = node["class"]?.text.flatMap({ EffectClass(rawValue: $0) }),
            let threshold = integer(node["threshold"])
        else { return nil }
        let holders = Set(names.flatMap { roles[$0] ?? [] })
        if !names.isEmpty, holders.count < threshold {
            let people = holders.count == 1 ? "1 person holds" : "\(holders.count) people hold"
            fail(
                "approval.unreachable",
                "`threshold` is \(threshold), and \(people) the roles; nobody could ever approve",
                node["threshold"]?.position ?? node.position)
        }
        if let expires = node["expires"], duration(expires) == .zero {
            fail("approval.unreachable", "an approval that is good for no time can never be used", expires.position)
        }
        var recovery: ApprovalRequirement.RecoveryPoint?
        if let point = node["recovery_point"] {
            guard let age = duration(point["max_age"]), let signers = point["signers"]?.text else { return nil }
            recovery = ApprovalRequirement.RecoveryPoint(maximumAge: age, signers: signers)
        }
        let operations = texts(node["operations"])
        return ApprovalSettings.Demand(
            effectClass: effectClass, environments: environments, isProtected: flag(node["protected"]),
            operations: operations,
            threshold: Int(threshold), roles: names, expires: duration(node["expires"]) ?? .seconds(600),
            delay: duration(node["delay"]) ?? .zero, recoveryPoint: recovery, position: node.position,
            operationPatterns: operations.compactMap { OperationPattern($0) })
    }

    mutating func egressSettings() -> EgressSettings {
        let node = root["egress"]
        var pins: [EgressSettings.Pin] = []
        for entry in node?["resolve"]?.entries ?? [] {
            guard let source = HostPattern(entry.name), let port = source.port, let host = source.exactHost else {
                fail(
                    "value.invalid",
                    "`\(ShapeChecker.shown(entry.name))` is nothing to resolve: expected \(TextKind.endpoint.summary)",
                    entry.position)
                continue
            }
            guard let target = entry.value.text.flatMap({ HostPattern($0) }), let targetPort = target.port,
                let address = target.exactHost
            else { continue }
            pins.append(
                EgressSettings.Pin(
                    host: host, port: port, address: address, addressPort: targetPort, position: entry.position))
        }
        for element in node?["pass_through"]?.elements ?? [] where HostPattern(element.text ?? "")?.isEverything == true
        {
            fail("egress.pass-through", "`pass_through` can't be every host; name the hosts", element.position)
        }
        return EgressSettings(
            passThrough: texts(node?["pass_through"]),
            allowsPrivateAddresses: node?["private_addresses"]?.text == "permit",
            pins: pins, trust: texts(node?["trust"]))
    }
}
