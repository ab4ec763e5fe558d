// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Judges of container engines.
enum ContainerJudges {
    @Sendable static func judge(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = ArgumentVector(
            judged.name, judged.vector.words,
            valueOptions: ["-f", "--file", "-p", "--project-name", "--context", "-c", "-H", "--host", "--profile", "--env-file", "--project-directory", "-l", "--log-level"])
        if vector.asksForHelp { return .read }
        guard let first = vector.operands.first else { return .read }
        guard let verb = first.word.exact else { return .unknown("docker.computed", "does something with containers that is only known when it runs") }
        if verb == "compose" || judged.name.hasSuffix("-compose") {
            return compose(vector, verb == "compose" ? vector.operand(1) ?? "" : verb).clouded(vector.hidesOptions, "docker.compose")
        }
        if groups.contains(verb) {
            guard let action = vector.operand(1) else { return vector.operands.count > 1 ? .unknown("docker.computed", "does something with containers that is only known when it runs") : .read }
            return grouped(verb, action, vector)
        }
        return flat(verb, vector).clouded(vector.hidesOptions && ["rm", "rmi"].contains(verb), "docker.\(verb)")
    }

    private static let groups: Set<String> = ["container", "image", "volume", "network", "system", "builder", "buildx", "context", "secret", "config", "stack", "service", "swarm", "node", "plugin", "manifest", "pod", "machine", "checkpoint", "trust"]

    private static func grouped(_ group: String, _ action: String, _ vector: ArgumentVector) -> CommandVerdict {
        switch action {
        case "ls", "list", "inspect", "ps", "df", "info", "events", "logs", "history", "top", "stats", "diff", "port", "show", "version": return .read
        case "prune":
            return .irreversible("docker.\(group).prune", "removes everything that is not in use")
        case "rm", "remove", "destroy", "down", "reset", "leave", "kill", "rmi":
            return .irreversible("docker.\(group).remove", group == "volume" ? "removes volumes with their data" : "removes a \(group)")
        case "push" where group == "image" || group == "manifest": return .irreversible("publish.dockerPush", "publishes an image")
        default: return .reversible
        }
    }

    private static func flat(_ verb: String, _ vector: ArgumentVector) -> CommandVerdict {
        switch verb {
        case "ps", "images", "logs", "inspect", "top", "stats", "port", "diff", "history", "info", "version", "search", "events": return .read
        case "rm": return .irreversible("docker.rm", "removes containers with what they hold")
        case "rmi": return vector.has(any: "-f", "--force") ? .unknown("docker.rmi", "removes images") : .reversible
        case "kill": return .unknown("docker.kill", "kills containers")
        case "push": return .irreversible("publish.dockerPush", "publishes an image")
        case "run", "create":
            let risky = vector.words.contains { word in
                ["--privileged", "--pid=host", "--network=host", "--net=host", "--ipc=host", "--privileged=true"].contains(word.text) || word.text.hasPrefix("/:/")
                    || word.text.contains("docker.sock") || word.text.hasPrefix("--volume=/:") || word.text.hasPrefix("-v/:") || word.text.hasPrefix("--device") || word.text.hasPrefix("--cap-add")
            }
            return risky ? .unknown("docker.run.privileged", "runs a container that can reach the machine") : .reversible
        default: return .reversible
        }
    }

    private static func compose(_ vector: ArgumentVector, _ verb: String) -> CommandVerdict {
        switch verb {
        case "down":
            if vector.has(any: "-v", "--volumes") || vector.words.contains(where: { $0.text.hasPrefix("--rmi") }) { return .irreversible("docker.compose.downVolumes", "removes volumes with their data") }
            return .reversible
        case "rm": return vector.has(any: "-v", "-f", "--force", "--volumes", "-s") ? .irreversible("docker.compose.rm", "removes containers") : .reversible
        case "ps", "logs", "config", "ls", "images", "top", "version", "port", "events": return .read
        case "kill": return .unknown("docker.compose.kill", "kills containers")
        default: return .reversible
        }
    }
}
