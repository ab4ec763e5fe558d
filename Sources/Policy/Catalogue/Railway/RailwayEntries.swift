// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Railway: every mutation, and the words of its command-line program.
enum RailwayEntries {
    static let all: [CatalogueEntry] = RailwayMutation.all.map(\.entry) + [
        .command("railway volume delete|remove|rm", .irreversible, "deletes a volume and its backups", [.takesBackups], id: "railway.cli.volumeDelete"),
        .command("railway volume detach", .unknown, "takes a volume off its service", id: "railway.cli.volumeDetach"),
        .command("railway volume list|ls|browse", .read, "lists volumes", id: "railway.cli.volumeList"),
        .command("railway delete", .irreversible, "deletes a project", [.takesBackups], id: "railway.cli.delete"),
        .command("railway project delete|remove|rm", .irreversible, "deletes a project", [.takesBackups], id: "railway.cli.projectDelete"),
        .command("railway service delete|remove|rm", .irreversible, "deletes a service", id: "railway.cli.serviceDelete"),
        .command("railway environment|env delete|remove|rm", .irreversible, "deletes an environment", [.takesBackups], id: "railway.cli.environmentDelete"),
        .command("railway down", .irreversible, "removes the latest deployment", id: "railway.cli.down"),
        .command("railway variable|variables|vars delete|remove|rm", .irreversible, "deletes a variable", id: "railway.cli.variableDelete"),
        .command("railway variables|variable|vars --set", .unknown, "sets a variable", id: "railway.cli.variableSet"),
        .command("railway config apply --confirm-destructive", .irreversible, "applies a configuration that destroys", [.takesBackups], id: "railway.cli.configApplyDestructive"),
        .command("railway config apply !--confirm-destructive", .unknown, "applies a configuration that is not read here", id: "railway.cli.configApply", safe: ["--dry-run"]),
        .command("railway domain delete|remove|rm", .irreversible, "deletes a domain", id: "railway.cli.domainDelete"),
        .command("railway up|redeploy|deploy|restart|scale|add|link|unlink|init|login|logout|open|domain|functions", .reversible, "deploys or links", id: "railway.cli.deploy"),
        .command("railway status|list|logs|whoami|docs|version|completion|starship", .read, "shows how things stand", id: "railway.cli.read"),
    ]
}
