// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Google Cloud and Firebase.
enum GoogleEntries {
    static let all: [CatalogueEntry] = [
        .command("gcloud projects delete", .irreversible, "deletes a project with all that is in it", [.takesBackups], undo: .provider(days: 30)),
        .command("gcloud sql instances delete", .irreversible, "deletes a database instance and its backups", [.takesBackups]),
        .command("gcloud sql databases delete", .irreversible, "deletes a database"),
        .command("gcloud sql backups delete", .irreversible, "deletes a backup", [.takesBackups], undo: .never),
        .command("gcloud sql instances restore-backup|reset-ssl-config|patch", .unknown, "overwrites or changes a database instance"),
        .command("gcloud storage rm", .irreversible, "deletes objects"), .command("gcloud storage buckets delete", .irreversible, "deletes a bucket"),
        .command("gcloud storage rsync --delete-unmatched-destination-objects", .irreversible, "deletes what the source doesn't have", safe: ["--dry-run"]),
        .command("gsutil rm|rb", .irreversible, "deletes objects"), .command("gsutil rsync -d", .irreversible, "deletes what the source doesn't have", safe: ["-n"]),
        .command("gsutil iam|acl ch|set", .unknown, "changes who may read a bucket", [.discloses]),
        .command("gcloud compute instances|disks|images|instance-groups|networks|firewall-rules|addresses delete", .irreversible, "deletes machines, disks or networks"),
        .command("gcloud compute snapshots|resource-policies delete", .irreversible, "deletes backups or their schedule", [.takesBackups, .weakensRecovery], undo: .never),
        .command("gcloud compute ssh", .unknown, "runs commands on a machine", [.escalates]),
        .command("gcloud kms keys versions destroy", .irreversible, "destroys a key, and all that it encrypts", undo: .provider(days: 30)),
        .command("bq rm", .irreversible, "deletes a dataset or table", undo: .provider(days: 7)), .command("bq query", .unknown, "runs a statement that is not read here"),
        .command("gcloud container clusters delete", .irreversible, "deletes a cluster"), .command("gcloud container images delete", .irreversible, "deletes images"), .command("gcloud artifacts docker images delete", .irreversible, "deletes images"),
        .command("gcloud run services|jobs delete", .irreversible, "deletes a service"), .command("gcloud functions|app|builds delete", .irreversible, "deletes a function or service"),
        .command("gcloud secrets delete", .irreversible, "deletes a secret", undo: .never), .command("gcloud secrets versions destroy", .irreversible, "destroys a secret's value", undo: .never),
        .command("gcloud firestore databases|indexes|backups delete", .irreversible, "deletes a database or its backups", [.takesBackups]), .command("gcloud firestore bulk-delete", .irreversible, "deletes documents"),
        .command("gcloud spanner databases|instances|backups delete", .irreversible, "deletes a database or its backups", [.takesBackups]),
        .command("gcloud dns managed-zones|record-sets delete", .irreversible, "deletes DNS"), .command("gcloud pubsub topics|subscriptions delete", .irreversible, "drops messages"),
        .command("gcloud iam service-accounts delete", .irreversible, "deletes an account", undo: .provider(days: 30)), .command("gcloud iam service-accounts keys create", .unknown, "makes credentials", [.escalates]),
        .command("gcloud projects add-iam-policy-binding|remove-iam-policy-binding|set-iam-policy", .unknown, "changes rights", [.escalates]),
        .command("gcloud logging logs|sinks|buckets delete", .irreversible, "deletes logs", [.weakensRecovery]), .command("gcloud services disable", .irreversible, "turns a service off"),
        .command("gcloud redis|memcache|filestore|bigtable instances delete", .irreversible, "deletes data", [.takesBackups]), .command("gcloud auth print-access-token|application-default", .unknown, "prints credentials", [.escalates]),
        .command("firebase firestore:delete|database:remove|projects:delete|hosting:disable|functions:delete|auth:delete", .irreversible, "deletes data or services"), .command("firebase deploy", .unknown, "deploys what is not read here"),
        .http("google.delete", "DELETE *.googleapis.com/**", .irreversible, "deletes something at Google"), .http("google.post", "POST *.googleapis.com/**", .unknown, "changes something at Google"),
    ]
}
