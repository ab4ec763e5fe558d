// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// What is known of a program as a whole.
struct ProgramShape: Sendable {
    /// Options that take the next word.
    var valueOptions: Set<String> = []
    /// Whether verbs such as `delete` in its words decide where no entry does.
    var hasVerbs = true
    /// Options with which it only shows what it would do.
    var safe: [String] = []
}

/// The command lines of providers: options with values, and what their verbs mean.
enum ProgramShapes {
    static let table: [String: ProgramShape] = [
        "aws": ProgramShape(valueOptions: ["--region", "--profile", "--output", "--query", "--endpoint-url", "--color", "--ca-bundle", "--cli-read-timeout", "--cli-connect-timeout"], safe: ["--dry-run", "--dryrun", "help", "--generate-cli-skeleton"]),
        "gcloud": ProgramShape(valueOptions: ["--project", "--account", "--configuration", "--format", "--verbosity", "--filter", "--region", "--zone"]),
        "gsutil": ProgramShape(valueOptions: ["-o", "-h", "-u", "-i"]), "bq": ProgramShape(), "az": ProgramShape(valueOptions: ["--subscription", "--output", "-o", "--query", "--resource-group", "-g", "--name", "-n"]),
        "heroku": ProgramShape(valueOptions: ["--app", "-a", "--remote", "-r", "--team", "-t"]), "fly": ProgramShape(valueOptions: ["--app", "-a", "--config", "-c", "--access-token", "-t"]),
        "flyctl": ProgramShape(valueOptions: ["--app", "-a", "--config", "-c", "--access-token", "-t"]),
        "vercel": ProgramShape(valueOptions: ["--token", "-t", "--scope", "-S", "--cwd", "-A"]), "vc": ProgramShape(valueOptions: ["--token", "--scope"]), "netlify": ProgramShape(valueOptions: ["--auth", "--filter"]),
        "render": ProgramShape(), "doctl": ProgramShape(valueOptions: ["--context", "--access-token", "-t", "-o", "--output"]), "supabase": ProgramShape(valueOptions: ["--workdir", "--project-ref"]),
        "neonctl": ProgramShape(valueOptions: ["--project-id", "--api-key", "--org-id"]), "neon": ProgramShape(valueOptions: ["--project-id"]), "pscale": ProgramShape(valueOptions: ["--org", "--service-token"]),
        "wrangler": ProgramShape(valueOptions: ["--env", "-e", "--config", "-c", "--name"]), "flarectl": ProgramShape(), "railway": ProgramShape(valueOptions: ["--service", "-s", "--environment", "-e", "--project", "-p", "--volume", "-v", "--name", "-n"]),
        "gh": ProgramShape(valueOptions: ["--repo", "-R", "--hostname"]), "glab": ProgramShape(valueOptions: ["--repo", "-R"]), "hub": ProgramShape(),
        "kubectl": ProgramShape(valueOptions: ["-n", "--namespace", "--context", "--kubeconfig", "-s", "--server", "--cluster", "--user", "-l", "--selector", "-f", "--filename", "-o", "--output", "--as", "-c", "--container"], safe: ["--dry-run"]),
        "oc": ProgramShape(valueOptions: ["-n", "--namespace", "--context"], safe: ["--dry-run"]), "k": ProgramShape(valueOptions: ["-n", "--namespace", "--context"], safe: ["--dry-run"]),
        "helm": ProgramShape(valueOptions: ["-n", "--namespace", "--kube-context", "--kubeconfig"], safe: ["--dry-run"]),
        "terraform": ProgramShape(), "tofu": ProgramShape(), "terragrunt": ProgramShape(), "pulumi": ProgramShape(valueOptions: ["-C", "--cwd", "-s", "--stack"]),
        "stripe": ProgramShape(valueOptions: ["--api-key", "-d", "--project-name"]), "eksctl": ProgramShape(valueOptions: ["--region", "--profile", "-r"]), "velero": ProgramShape(valueOptions: ["-n"]),
        "vault": ProgramShape(valueOptions: ["-address", "-namespace"]), "consul": ProgramShape(), "nomad": ProgramShape(), "etcdctl": ProgramShape(valueOptions: ["--endpoints", "--cacert", "--cert", "--key", "--user"]),
        "mc": ProgramShape(), "rclone": ProgramShape(valueOptions: ["--config"], safe: ["--dry-run", "-n"]), "restic": ProgramShape(valueOptions: ["-r", "--repo", "-p", "--password-file"], safe: ["--dry-run", "-n"]), "borg": ProgramShape(safe: ["--dry-run", "-n"]),
        "ibmcloud": ProgramShape(), "linode-cli": ProgramShape(), "hcloud": ProgramShape(), "scw": ProgramShape(), "oci": ProgramShape(valueOptions: ["--profile", "--region", "--compartment-id"]), "vultr-cli": ProgramShape(), "exo": ProgramShape(),
        "cf": ProgramShape(), "eb": ProgramShape(), "sam": ProgramShape(), "cdk": ProgramShape(), "serverless": ProgramShape(), "sls": ProgramShape(), "copilot": ProgramShape(), "amplify": ProgramShape(), "firebase": ProgramShape(valueOptions: ["--project", "-P", "--token"]),
        "convex": ProgramShape(), "turso": ProgramShape(), "atlas": ProgramShape(), "confluent": ProgramShape(), "kafka-topics": ProgramShape(hasVerbs: false), "argocd": ProgramShape(), "flux": ProgramShape(), "istioctl": ProgramShape(), "minikube": ProgramShape(), "kind": ProgramShape(),
        "vagrant": ProgramShape(), "virsh": ProgramShape(), "multipass": ProgramShape(), "lxc": ProgramShape(), "incus": ProgramShape(), "kops": ProgramShape(), "okteto": ProgramShape(), "sentry-cli": ProgramShape(), "twilio": ProgramShape(), "auth0": ProgramShape(),
        "dokku": ProgramShape(), "platform": ProgramShape(), "upsun": ProgramShape(), "shopify": ProgramShape(), "s3cmd": ProgramShape(), "s5cmd": ProgramShape(), "azcopy": ProgramShape(), "b2": ProgramShape(), "step": ProgramShape(), "doppler": ProgramShape(), "op": ProgramShape(),
    ]

    private static let destructive: [String] = [
        "delete", "destroy", "terminate", "purge", "remove", "wipe", "drop", "erase", "nuke", "deregister", "unpublish", "uninstall", "reset", "rm", "del",
        "flush", "truncate", "revoke", "prune", "rollback", "undeploy", "destroyall", "teardown", "obliterate", "cancel", "discard",
    ]
    private static let reading: Set<String> = [
        "list", "ls", "get", "describe", "show", "status", "view", "info", "logs", "log", "version", "help", "whoami", "search", "diff", "plan",
        "validate", "inspect", "top", "explain", "tail", "history", "output", "fmt", "graph", "lookup", "check", "ps", "read", "cat", "dashboard",
    ]

    /// What the verbs say where no entry does.
    static func fallback(_ judged: JudgedCommand, _ shape: ProgramShape?) -> CommandVerdict? {
        guard let shape else { return nil }
        let vector = judged.vector
        if let first = vector.operands.first, first.word.exact == nil, !first.mayBeValue {
            return .unknown("\(judged.name).computed", "does something with a provider that is only known when it runs")
        }
        guard shape.hasVerbs else { return nil }
        let isSafe = shape.safe.contains { vector.hasExactly($0) }
        var verdict: CommandVerdict?
        for operand in vector.operands.prefix(4) {
            guard let text = operand.word.exact, text.utf8.allSatisfy({ ShellParser.isNameByte($0) || $0 == 0x2D || $0 == 0x3A }) else { continue }
            for part in text.split(whereSeparator: { $0 == "-" || $0 == ":" || $0 == "_" }) {
                let verb = part.lowercased()
                if destructive.contains(verb) {
                    return isSafe ? .read : .irreversible("\(judged.name).\(verb)", "deletes or resets something at a provider")
                }
                if verdict == nil, reading.contains(verb) { verdict = .read }
            }
        }
        return verdict.map { $0.clouded(vector.hidesOptions && vector.operands.prefix(2).contains { !$0.word.isKnown }, "\(judged.name).computed") }
    }
}
