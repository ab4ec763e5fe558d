// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Judges of build tools and package managers of languages.
enum BuildJudges {
    @Sendable static func judge(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        let words = vector.operands.map(\.word.text)
        let isDry = vector.words.contains { ["--dry-run", "--dry", "-n", "--recon", "--just-print"].contains($0.exact) }
        switch judged.name {
        case "npm", "pnpm", "yarn", "bun", "yarnpkg": return packages(judged.name, words, vector, isDry)
        case "npx", "pnpx", "bunx": return tool(words)
        case "make", "gmake", "just", "task", "rake", "ninja", "invoke", "fab", "ant", "nox", "tox":
            if isDry { return .read }
            return .unknown("build.\(judged.name)", "runs a recipe that is not read here")
        case "cargo":
            switch words.first { case "publish" where !isDry: return .irreversible("publish.cargo", "publishes a package for all to see")
            case "yank": return .irreversible("publish.cargoYank", "withdraws a published package")
            case "run", "xtask": return .unknown("build.cargo", "runs a program of its own")
            default: return .reversible }
        case "go": return words.first == "run" || words.first == "generate" ? .unknown("build.go", "runs a program of its own") : .reversible
        case "deno": return words.first == "publish" && !isDry ? .irreversible("publish.deno", "publishes a package for all to see") : (words.first == "task" ? .unknown("build.deno", "runs a recipe that is not read here") : nil)
        case "twine", "flit", "hatch", "poetry", "uv":
            if words.contains("upload") || words.contains("publish"), !isDry { return .irreversible("publish.\(judged.name)", "publishes a package for all to see") }
            if words.first == "run" { return .unknown("build.\(judged.name)", "runs a program of its own") }
            return .reversible
        case "mvn": return words.contains { $0.contains("deploy") } ? .irreversible("publish.mvn", "publishes a package") : .unknown("build.mvn", "runs a build that is not read here")
        case "gradle": return words.contains { $0.lowercased().contains("publish") } && !isDry ? .irreversible("publish.gradle", "publishes a package") : .unknown("build.gradle", "runs a build that is not read here")
        default: return .reversible
        }
    }

    private static func tool(_ words: [String]) -> CommandVerdict {
        guard let name = words.first else { return .read }
        if ["rimraf", "del-cli", "trash", "npkill"].contains(name) { return .unknown("build.npx", "deletes files") }
        return .reversible
    }

    private static func packages(_ name: String, _ words: [String], _ vector: ArgumentVector, _ isDry: Bool) -> CommandVerdict {
        guard let verb = words.first else { return .reversible }
        let rest = words.dropFirst()
        switch verb {
        case "publish": return isDry ? .read : .irreversible("publish.npm", "publishes a package for all to see")
        case "unpublish": return isDry ? .read : .irreversible("publish.npmUnpublish", "withdraws a published package")
        case "npm" where rest.first == "unpublish": return .irreversible("publish.npmUnpublish", "withdraws a published package")
        case "npm" where rest.first == "publish": return .irreversible("publish.npm", "publishes a package for all to see")
        case "deprecate": return .unknown("publish.npmDeprecate", "marks a published package as outdated")
        case "dist-tag", "owner", "access", "team", "org", "token", "profile", "hook":
            let changes = rest.contains { ["rm", "remove", "delete", "revoke", "destroy", "add", "create", "set", "grant", "public", "restricted", "enable-2fa", "disable-2fa"].contains($0) }
            let grave = rest.contains { ["rm", "remove", "delete", "revoke", "destroy"].contains($0) }
            return grave ? .irreversible("npm.\(verb)", "removes rights, tags or tokens of a package") : (changes ? .unknown("npm.\(verb)", "changes rights, tags or tokens of a package") : .read)
        case "cache": return rest.first == "clean" ? .reversible : .read
        case "run", "run-script", "start", "rum", "x", "exec", "dlx", "restart", "stop":
            if let script = rest.first, ["test", "lint", "typecheck", "format"].contains(script) { return .reversible }
            return rest.isEmpty && verb.hasPrefix("run") ? .read : .unknown("build.\(name)", "runs a script that is not read here")
        case "info", "view", "ls", "list", "outdated", "audit", "why", "search", "whoami", "config", "help", "root", "bin", "explain", "fund", "ping", "show": return .read
        default: return .reversible
        }
    }
}
