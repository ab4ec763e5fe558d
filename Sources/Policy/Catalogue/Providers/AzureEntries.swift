// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Microsoft Azure.
enum AzureEntries {
    static let all: [CatalogueEntry] = [
        .command("az group delete", .irreversible, "deletes a group with all that is in it", [.takesBackups]), .command("az keyvault purge", .irreversible, "purges a vault with its keys", undo: .never),
        .command("az keyvault delete", .irreversible, "deletes a vault", undo: .provider(days: 90)), .command("az keyvault key|secret|certificate purge|delete", .irreversible, "deletes a key or secret", undo: .provider(days: 90)),
        .command("az storage account|container|blob|share|queue|table|file|directory|fs delete|delete-batch", .irreversible, "deletes data"), .command("az storage blob sync --delete-destination", .irreversible, "deletes what the source doesn't have"),
        .command("az sql db|server|mi delete", .irreversible, "deletes a database and its backups", [.takesBackups]), .command("az postgres|mysql|mariadb flexible-server|server|db delete", .irreversible, "deletes a database server and its backups", [.takesBackups]),
        .command("az cosmosdb delete", .irreversible, "deletes a database account", [.takesBackups]), .command("az cosmosdb sql|mongodb|table|gremlin|cassandra database|container|collection|keyspace delete", .irreversible, "deletes a database"),
        .command("az disk|snapshot|image delete", .irreversible, "deletes a disk or backup", [.takesBackups]), .command("az vm|vmss|aks|acr|webapp|functionapp|containerapp|container|redis|network|appservice delete", .irreversible, "deletes a resource"),
        .command("az vm deallocate|stop|restart", .unknown, "stops a machine"), .command("az vm run-command", .unknown, "runs commands on a machine", [.escalates]),
        .command("az lock delete", .irreversible, "removes a lock that protects a resource", [.weakensRecovery]), .command("az backup protection|vault|container|policy|item delete|disable|undelete", .irreversible, "removes backups or their schedule", [.takesBackups, .weakensRecovery]),
        .command("az monitor|log-analytics delete", .irreversible, "deletes logs or alerts", [.weakensRecovery]), .command("az ad app|sp|user|group delete", .irreversible, "deletes an identity", undo: .provider(days: 30)),
        .command("az ad sp|app create-for-rbac|credential", .unknown, "makes credentials", [.escalates]), .command("az role assignment create|delete", .unknown, "changes rights", [.escalates]), .command("az resource|deployment|account delete|cancel", .irreversible, "deletes a resource"),
        .command("azcopy rm|remove", .irreversible, "deletes data", safe: ["--dry-run"]), .command("azcopy sync --delete-destination", .irreversible, "deletes what the source doesn't have", safe: ["--dry-run"]),
        .http("azure.delete", "DELETE management.azure.com/**", .irreversible, "deletes a resource of Azure"), .http("azure.put", "* management.azure.com/**", .unknown, "changes a resource of Azure"),
    ]
}
