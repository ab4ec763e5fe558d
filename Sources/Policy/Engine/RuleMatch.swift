// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Whether a rule's conditions cover an act, its environment aside.
enum RuleMatch {
    static func covers(_ rule: Rule, _ act: EffectReading.Act, workspace: [[UInt8]]) -> Bool {
        let conditions = rule.conditions
        switch (rule.kind, act) {
        case (.fileRead, .readFile(let file)), (.fileWrite, .writeFile(let file)), (.commit, .commit(let file)):
            return conditions.paths.contains { $0.covers(file.segments, workspace: workspace) }
        case (.exec, .program(let program)): return covers(rule, program, workspace: workspace)
        case (.http, .request(let request)): return covers(rule, request)
        case (.operation, .operation(let operation)): return conditions.operations.contains { $0.matches(operation) }
        case (.sql, .statement(let operations)):
            if conditions.operations.isEmpty { return true }
            let isNamed = { (operation: EffectAnalysis.Operation) in
                conditions.operations.contains { $0.matches(operation) }
            }
            return rule.verdict == .deny
                ? operations.contains(where: isNamed) : !operations.isEmpty && operations.allSatisfy(isNamed)
        default: return false
        }
    }

    private static func covers(_ rule: Rule, _ program: EffectReading.Program, workspace: [[UInt8]]) -> Bool {
        let conditions = rule.conditions
        if conditions.programs.isEmpty && conditions.argv == nil { return false }
        if !conditions.programs.isEmpty {
            let isCovered = program.candidates.contains { candidate in
                conditions.programs.contains { $0.coversProgram(candidate, workspace: workspace) }
            }
            guard isCovered else { return false }
        }
        guard let argv = conditions.argv else { return true }
        return rule.verdict == .deny ? argv.coversBroadly(program.argv) : argv.coversNarrowly(program.argv)
    }

    private static func covers(_ rule: Rule, _ request: EffectReading.RequestAct) -> Bool {
        let conditions = rule.conditions
        if !conditions.methods.isEmpty && !conditions.methods.contains(request.method) { return false }
        return conditions.hosts.contains { pattern in
            guard pattern.matches(request.target.host) else { return false }
            if let port = pattern.port { return port == request.target.port }
            if !conditions.ports.isEmpty { return request.target.port.map { conditions.ports.contains($0) } ?? false }
            // A permission that states no port is for the scheme's own; a denial is for all.
            return rule.verdict == .deny || request.target.port == TargetURL.defaultPort(of: request.target.scheme)
        }
    }
}

extension PathPattern {
    /// Whether a program is covered, with `/bin` and `/usr/bin` as one.
    func coversProgram(_ path: [[UInt8]], workspace: [[UInt8]]) -> Bool {
        if covers(path, workspace: workspace) { return true }
        guard path.count == 3, path[0] == Array("usr".utf8),
            path[1] == Array("bin".utf8) || path[1] == Array("sbin".utf8)
        else { return false }
        return covers(Array(path.dropFirst()), workspace: workspace)
    }
}
