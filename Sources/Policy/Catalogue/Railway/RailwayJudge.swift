// SPDX-License-Identifier: Apache-2.0
package import AgentCore

/// What a field of Railway's GraphQL API does, from its arguments.
package enum RailwayJudge {
    /// The provider's hosts.
    static let hosts: Set<String> = ["backboard.railway.app", "backboard.railway.com"]

    /// The operation of a field of the query type; all of them read.
    static func query(_ field: GraphQLField) -> EffectAnalysis.Operation {
        EffectAnalysis.Operation(id: "railway.read", effectClass: .read, summary: "reads `\(field.name)` at the provider")
    }

    /// The operation of a field of the mutation type.
    package static func mutation(_ field: GraphQLField) -> EffectAnalysis.Operation {
        let known = RailwayMutation.byName[field.name]
        var effectClass = known?.effectClass ?? heuristic(field.name)
        var takesBackups = known?.traits.contains(.takesBackups) ?? (effectClass == .irreversible)
        var summary = known?.summary ?? "calls a mutation that is not known"
        let arguments = GraphQLValue.object(field.arguments)
        if let graver = inspect(field, arguments) {
            if graver.isExact { effectClass = graver.effectClass } else { effectClass = effectClass.combined(with: graver.effectClass) }
            summary += "; " + graver.why
            takesBackups = takesBackups || graver.takesBackups
        }
        if arguments.containsUnresolved {
            effectClass = effectClass.combined(with: .unknown)
            summary += "; an argument has no value here"
        }
        // The name alone isn't printed for mutations that aren't in the table: it is the caller's text.
        let id = known == nil ? "railway.unknown.\(field.name.prefix(80))" : "railway.\(field.name)"
        return EffectAnalysis.Operation(
            id: id, effectClass: effectClass, queries: RailwayTargets.queries(field, isScoped: known?.isScoped ?? false),
            takesBackups: takesBackups && effectClass == .irreversible, summary: summary)
    }

    /// The class of a mutation that isn't in the table, from its name.
    static func heuristic(_ name: String) -> EffectClass {
        let lower = name.lowercased()
        for mark in ["delete", "destroy", "remove", "wipe", "reset", "purge", "force", "drop", "erase", "clear", "terminate", "transfer"]
        where lower[...].firstOccurrence(of: mark) != nil { return .irreversible }
        return .unknown
    }

    private struct Finding {
        var effectClass: EffectClass
        var why: String
        var takesBackups = false
        /// Whether the arguments settle the class, also to a lighter one.
        var isExact = false
    }

    private static func inspect(_ field: GraphQLField, _ arguments: GraphQLValue) -> Finding? {
        switch field.name {
        case "volumeInstanceUpdate":
            let state = field[argument: "input"]?["state"]
            if let text = state?.stringValue {
                return ["READY", "UPDATING", "MIGRATING", "RESTORING"].contains(text.uppercased())
                    ? Finding(effectClass: .unknown, why: "sets the volume's state")
                    : Finding(effectClass: .irreversible, why: "sets the volume's state to one that deletes it", takesBackups: true)
            }
            if state != nil { return Finding(effectClass: .irreversible, why: "sets the volume's state to something that is not known", takesBackups: true) }
            return field[argument: "environmentId"]?.stringValue == nil
                ? Finding(effectClass: .unknown, why: "names no environment, so it changes the volume in all of them") : Finding(effectClass: .reversible, why: "in one environment", isExact: true)
        case "serviceDelete", "pluginDelete":
            return field[argument: "environmentId"]?.stringValue == nil
                ? Finding(effectClass: .irreversible, why: "names no environment, so it deletes in all of them") : nil
        case "volumeInstanceBackupRestore":
            guard let wiped = field[argument: "wipeServiceIds"], wiped != .null, wiped != .list([]) else { return nil }
            return Finding(effectClass: .irreversible, why: "wipes the services that it names", takesBackups: true)
        case "variableCollectionUpsert":
            let replace = field[argument: "input"]?["replace"]
            if replace == nil || replace == .bool(false) || replace == .null { return nil }
            return Finding(effectClass: .irreversible, why: "removes all variables first")
        case "volumeInstanceBackupScheduleUpdate":
            return field[argument: "kinds"] == .list([]) ? Finding(effectClass: .irreversible, why: "removes the backup schedule") : nil
        case "environmentPatchCommit", "environmentStageChanges", "environmentApplyChangeSet":
            return inspectPatch(field)
        case "environmentPatchCommitStaged":
            return Finding(effectClass: .irreversible, why: "what is staged does not stand in this request")
        case "projectUpdate":
            let isPublic = field[argument: "input"]?["isPublic"]
            return isPublic == nil || isPublic == .bool(false) ? nil : Finding(effectClass: .unknown, why: "makes the project public")
        default: return nil
        }
    }

    /// Walks an opaque JSON scalar for anything that deletes.
    private static func inspectPatch(_ field: GraphQLField) -> Finding {
        var deletes = false
        var removes = false
        for argument in field.arguments {
            walk(argument.value.json, depth: 0) { name, value in
                let lower = name.lowercased()
                if lower == "isdeleted" || lower == "deleted" || lower == "ispendingdeletion" { if value != .bool(false) { deletes = true } }
                if heuristic(name) == .irreversible, lower != "isdeleted", value != .bool(false) { removes = true }
                if let text = value.stringValue, ["type", "op", "kind", "action", "operation", "intent", "state"].contains(lower), heuristic(text) == .irreversible { deletes = true }
                if value.isNull { removes = true }
            }
        }
        if deletes { return Finding(effectClass: .irreversible, why: "the patch deletes something", takesBackups: true) }
        if removes { return Finding(effectClass: .irreversible, why: "the patch removes settings") }
        return Finding(effectClass: .unknown, why: "the patch is opaque to the provider's schema")
    }

    /// JSON that stands inside a string; keys that stand twice count as unreadable text, which names `isDeleted` like any other.
    static func embedded(in text: String) -> JSONValue? {
        guard text.utf8.count <= 1 << 20, let first = text.utf8.first(where: { $0 > 0x20 }), first == 0x7B || first == 0x5B else { return nil }
        return (try? JSONValue.parse(text)) ?? ["isDeleted": true]
    }

    private static func walk(_ value: JSONValue, depth: Int, _ visit: (String, JSONValue) -> Void) {
        guard depth < 64 else { visit("isDeleted", .bool(true)); return }
        switch value {
        case .object(let members):
            for member in members {
                visit(member.name, member.value)
                walk(member.value, depth: depth + 1, visit)
            }
        case .array(let elements): for element in elements { walk(element, depth: depth + 1, visit) }
        case .string(let text):
            // JSON inside a string is what a scalar may be given as well.
            if let inner = RailwayJudge.embedded(in: text) { walk(inner, depth: depth + 1, visit) }
        default: break
        }
    }
}

/// The ids in a field's arguments that need proof.
enum RailwayTargets {
    static func queries(_ field: GraphQLField, isScoped: Bool) -> [ResourceQuery] {
        var all: [ResourceQuery] = []
        for argument in field.arguments { collect(argument.value, name: argument.name, field.name, &all, depth: 0) }
        let environments = all.filter { $0.type == "environment" }
        if isScoped, !environments.isEmpty, field.name != "volumeInstanceBackupRestore" {
            return environments + all.filter { $0.type == "volumeInstance" }
        }
        // A mutation that names nothing acts on whoever asks.
        if all.isEmpty { all.append(ResourceQuery(provider: "railway", type: "account", id: "?")) }
        return all
    }

    private static func collect(_ value: GraphQLValue, name: String, _ field: String, _ all: inout [ResourceQuery], depth: Int) {
        guard depth < 32 else { return }
        switch value {
        case .object(let members):
            if ["volumes", "services", "environments", "buckets", "plugins"].contains(name) {
                for member in members { add(String(name.dropLast()), member.name, &all) }
            }
            for member in members { collect(member.value, name: member.name, field, &all, depth: depth + 1) }
        case .list(let elements):
            let single = name.hasSuffix("s") ? String(name.dropLast()) : name
            for element in elements { collect(element, name: single, field, &all, depth: depth + 1) }
        case .string(let text), .enumeration(let text):
            if let type = type(of: name, field) { add(type, text, &all) } else if let inner = RailwayJudge.embedded(in: text) {
                collect(GraphQLValue(inner), name: name, field, &all, depth: depth + 1)
            }
        case .unresolved: if let type = type(of: name, field) { add(type, "?", &all) }
        default: break
        }
    }

    private static func add(_ type: String, _ id: String, _ all: inout [ResourceQuery]) {
        let query = ResourceQuery(provider: "railway", type: type, id: id)
        if all.count < 256, !all.contains(query) { all.append(query) }
    }

    /// The kind of thing that an argument's name tells.
    private static func type(of name: String, _ field: String) -> String? {
        if name == "id" {
            for type in ["volumeInstance", "volume", "environment", "service", "project", "workspace", "deployment", "customDomain", "plugin", "sandbox", "tcpProxy", "template"]
            where field.hasPrefix(type) {
                let rest = field.dropFirst(type.utf8.count)
                // `serviceDomainDelete` deletes a domain, `projectTokenDelete` a token.
                let isOther = ["Domain", "Token", "Trigger", "Invitation", "Member", "Instance"].contains { rest.hasPrefix($0) }
                return isOther ? "object" : type
            }
            return "object"
        }
        guard name.hasSuffix("Id"), name.utf8.count > 2 else { return nil }
        let stem = String(name.dropLast(2))
        if stem == "wipeService" || stem == "replicaService" || stem == "rootService" { return "service" }
        if stem == "client" || stem == "correlation" { return nil }
        return stem
    }
}
