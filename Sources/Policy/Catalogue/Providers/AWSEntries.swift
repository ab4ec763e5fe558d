// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Amazon Web Services.
///
/// Verbs such as `delete-` count as irreversible also where no entry stands; entries say what is lost.
enum AWSEntries {
    static let all: [CatalogueEntry] = commands + requests

    private static let commands: [CatalogueEntry] = [
        .command("aws rds delete-db-instance", .irreversible, "deletes a database instance and its automated backups", [.takesBackups], safe: ["help"]),
        .command("aws rds delete-db-cluster", .irreversible, "deletes a database cluster and its automated backups", [.takesBackups]),
        .command("aws rds delete-db-snapshot|delete-db-cluster-snapshot|delete-db-instance-automated-backup", .irreversible, "deletes a backup", [.takesBackups], undo: .never),
        .command("aws rds modify-db-instance --backup-retention-period", .unknown, "changes how long backups are kept", [.weakensRecovery]),
        .command("aws s3 rb", .irreversible, "removes a bucket"),
        .command("aws s3 rm", .irreversible, "deletes objects", safe: ["--dryrun"]),
        .command("aws s3 sync --delete", .irreversible, "deletes what the source doesn't have", safe: ["--dryrun"]),
        .command("aws s3 mv", .unknown, "moves objects", safe: ["--dryrun"]),
        .command("aws s3api delete-object|delete-objects|delete-bucket", .irreversible, "deletes objects or a bucket"),
        .command("aws s3api put-bucket-versioning|put-bucket-lifecycle-configuration|put-object-lock-configuration|delete-bucket-lifecycle", .unknown, "changes what a bucket keeps", [.weakensRecovery]),
        .command("aws s3api put-bucket-policy|put-bucket-acl|put-object-acl|delete-public-access-block", .unknown, "changes who may read a bucket", [.discloses]),
        .command("aws ec2 terminate-instances", .irreversible, "ends machines and deletes their disks", safe: ["--dry-run"]),
        .command("aws ec2 delete-volume", .irreversible, "deletes a disk", safe: ["--dry-run"]),
        .command("aws ec2 delete-snapshot|deregister-image", .irreversible, "deletes a backup", [.takesBackups], undo: .never, safe: ["--dry-run"]),
        .command("aws ec2 stop-instances|reboot-instances", .unknown, "stops machines", safe: ["--dry-run"]),
        .command("aws ec2 modify-snapshot-attribute|modify-image-attribute", .unknown, "shares a backup", [.discloses], safe: ["--dry-run"]),
        .command("aws dynamodb delete-table", .irreversible, "deletes a table"),
        .command("aws dynamodb delete-backup", .irreversible, "deletes a backup", [.takesBackups], undo: .never),
        .command("aws dynamodb delete-item|batch-write-item", .unknown, "deletes or replaces items"),
        .command("aws dynamodb update-continuous-backups", .unknown, "changes point-in-time recovery", [.weakensRecovery]),
        .command("aws secretsmanager delete-secret --force-delete-without-recovery", .irreversible, "deletes a secret at once", undo: .never),
        .command("aws secretsmanager delete-secret !--force-delete-without-recovery", .irreversible, "schedules a secret's deletion", undo: .provider(days: 7)),
        .command("aws kms schedule-key-deletion", .irreversible, "schedules a key's deletion, and of all that it encrypts", undo: .provider(days: 7)),
        .command("aws kms disable-key|delete-imported-key-material", .irreversible, "makes a key unusable"),
        .command("aws backup delete-recovery-point|delete-backup-vault|delete-backup-plan|delete-backup-selection", .irreversible, "deletes backups or their schedule", [.takesBackups, .weakensRecovery], undo: .never),
        .command("aws cloudformation delete-stack", .irreversible, "deletes a stack with its resources"),
        .command("aws cloudformation deploy|update-stack|execute-change-set", .unknown, "changes a stack by a template that is not read here"),
        .command("aws eks delete-cluster|delete-nodegroup", .irreversible, "deletes a cluster"),
        .command("aws ecs delete-cluster|delete-service|stop-task", .irreversible, "deletes or stops services"),
        .command("aws ecr delete-repository|batch-delete-image", .irreversible, "deletes images"),
        .command("aws efs delete-file-system", .irreversible, "deletes a file system"),
        .command("aws elasticache delete-cache-cluster|delete-replication-group|delete-snapshot", .irreversible, "deletes a cache or its backup", [.takesBackups]),
        .command("aws opensearch|es delete-domain|delete-elasticsearch-domain", .irreversible, "deletes a search domain"),
        .command("aws redshift delete-cluster|delete-cluster-snapshot", .irreversible, "deletes a warehouse or its backup", [.takesBackups]),
        .command("aws logs delete-log-group|delete-log-stream|put-retention-policy", .irreversible, "deletes logs", [.weakensRecovery]),
        .command("aws sqs purge-queue|delete-queue", .irreversible, "drops messages"), .command("aws sns delete-topic", .irreversible, "deletes a topic"),
        .command("aws sns publish", .irreversible, "sends a message", [.discloses], undo: .never), .command("aws ses|sesv2 send-email|send-raw-email|send-bulk-email", .irreversible, "sends mail", [.discloses], undo: .never),
        .command("aws route53 change-resource-record-sets|delete-hosted-zone", .irreversible, "changes or deletes DNS"),
        .command("aws cloudtrail stop-logging|delete-trail", .irreversible, "stops the audit trail", [.weakensRecovery]),
        .command("aws guardduty|config delete-detector|stop-configuration-recorder|delete-configuration-recorder", .irreversible, "stops watching", [.weakensRecovery]),
        .command("aws iam delete-user|delete-role|delete-policy|delete-group|delete-access-key|delete-login-profile", .irreversible, "deletes rights"),
        .command("aws iam create-access-key|create-login-profile|attach-user-policy|attach-role-policy|put-user-policy|put-role-policy|create-user|add-user-to-group|update-assume-role-policy", .unknown, "makes credentials or gives rights", [.escalates]),
        .command("aws sts assume-role|get-session-token|get-federation-token", .unknown, "makes credentials", [.escalates]),
        .command("aws organizations close-account|remove-account-from-organization|leave-organization", .irreversible, "closes or leaves an account", [.takesBackups], undo: .provider(days: 90)),
        .command("aws lambda delete-function", .irreversible, "deletes a function"), .command("aws lambda invoke", .unknown, "runs a function that is not read here", [.escalates]),
        .command("aws ssm send-command|start-session", .unknown, "runs commands on machines", [.escalates]), .command("aws autoscaling delete-auto-scaling-group|set-desired-capacity", .irreversible, "ends machines"),
        .command("aws cognito-idp delete-user-pool|admin-delete-user", .irreversible, "deletes users"), .command("aws glacier|athena|glue delete-vault|delete-archive|delete-database|delete-table", .irreversible, "deletes data"),
        .command("aws kafka|kinesis|docdb|neptune delete-cluster|delete-stream|delete-db-cluster|delete-db-instance", .irreversible, "deletes data", [.takesBackups]),
        .command("eksctl delete cluster|nodegroup|fargateprofile", .irreversible, "deletes a cluster"), .command("eb terminate", .irreversible, "ends an environment"),
        .command("sam delete", .irreversible, "deletes a stack"), .command("cdk destroy", .irreversible, "deletes a stack"), .command("cdk deploy", .unknown, "changes a stack by code that is not read here"),
        .command("serverless|sls remove", .irreversible, "deletes a service"), .command("copilot app|svc|env|job delete", .irreversible, "deletes an application"), .command("amplify delete", .irreversible, "deletes a project"),
        .command("s3cmd del|rm|rb", .irreversible, "deletes objects", safe: ["--dry-run", "-n"]), .command("s5cmd rm|rb", .irreversible, "deletes objects", safe: ["--dry-run"]), .command("mc rm|rb", .irreversible, "deletes objects"), .command("mc mirror --remove", .irreversible, "deletes what the source doesn't have"),
    ]

    private static let requests: [CatalogueEntry] = [
        .http("aws.s3.deleteObject", "DELETE *.amazonaws.com/**", .irreversible, "deletes an object, bucket or its settings"),
        .http("aws.api", "POST *.amazonaws.com/**", .unknown, "calls an action of AWS that stands in its body"),
        .http("aws.s3.putObject", "PUT *.amazonaws.com/**", .unknown, "writes an object or a setting"),
    ]
}
