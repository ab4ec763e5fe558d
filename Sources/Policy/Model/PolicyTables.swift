// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// The keys of a policy file: the one description behind reading, checking and the JSON Schema.
enum PolicyTables {
    static let document = KeyTable(
        "the policy", example: "version: 1",
        [
            .init("version", .integer(1...1), required: true, "the version of this format: 1"),
            .init(
                "environments", .list(.either([.text(.name), .table(environment)])),
                "the environments in rising protection"),
            .init("session", .table(session), "what a session may act on, and its bounds"),
            .init(
                "inventory", .list(.table(inventory), mayBeEmpty: true), "which resource belongs to which environment"),
            .init(
                "secrets", .named(.table(secret), mayBeEmpty: true), "credentials by name, and where each may be used"),
            .init(
                "rules", .list(.table(rule), mayBeEmpty: true), "what is permitted and denied; no rule permits nothing"),
            .init("approvals", .table(approvals), "who may approve, and what needs it"),
            .init("egress", .table(egress), "the way out"),
        ])

    static let environment = KeyTable(
        "an environment", example: "{ name: production, protected: true }",
        [
            .init("name", .text(.name), required: true, "the label"),
            .init("protected", .boolean, "whether acting there needs more than a rule"),
        ])

    static let session = KeyTable(
        "`session`", example: "{ environment: staging }",
        [
            .init("environment", .text(.name), "the environment of a session that asks for none"),
            .init("may_select", .list(.text(.name)), "the environments that a caller may pick"),
            .init(
                "tier", .text(.choice(SessionSettings.Tier.allCases.map(\.rawValue))),
                "the weakest confinement accepted"),
            .init("limits", .table(limits), "bounds on calls and pods"),
            .init(
                "run_as", .either([.integer(1...4_294_967_294), .table(identity)]),
                "the unprivileged id of the pod's programs under root"),
            .init("view", .list(.text(.absolutePath)), "paths outside the workspace that a pod sees read-only"),
            .init(
                "cross_environment", .text(.choice(["deny", "approve"])),
                "whether an approval may reach another environment"),
        ])

    static let identity = KeyTable(
        "`run_as`", example: "{ user: 1500, group: 1500 }",
        [
            .init("user", .integer(1...4_294_967_294), required: true, "a user id, not 0"),
            .init("group", .integer(1...4_294_967_294), required: true, "a group id, not 0"),
        ])

    static let limits = KeyTable(
        "`limits`", example: "{ wall: 60s }",
        [
            .init("wall", .text(.duration), "time of one call"),
            .init("memory", .text(.size), "memory of a pod"),
            .init("processes", .integer(1...100_000), "processes and threads of a pod"),
            .init("output", .text(.size), "bytes kept of each output stream of a call"),
            .init("deletes", .integer(0...1_000_000), "deletions of one commit that need no person"),
            .init("layer", .text(.size), "bytes of the copy-on-write layer"),
            .init("denials", .integer(1...1_000_000), "denials after which a session is ended"),
        ])

    static let inventory = KeyTable(
        "an inventory entry", example: "{ resource: \"https://api.example.com/**\", environment: staging }",
        [
            .init("resource", .text(.urlPattern), "a URL pattern; `sql://database` is what SQL statements run against"),
            .init("remote", .text(.plain), "a Git remote, in any spelling"),
            .init("branch", .text(.plain), "a branch of the remote, `*` and `**` allowed"),
            .init("environment", .text(.name), "the label, or `none`"),
            .init("provider", .text(.name), "a provider whose ids are proven by asking it"),
            .init("credential", .text(.name), "the resolver's secret that asks"),
            .init(
                "environments", .named(.text(.name), mayBeEmpty: false),
                "the provider's environment ids and their labels"),
        ])

    static let secret = KeyTable(
        "a secret", example: "{ from: { env: TOKEN }, environment: staging, use: [...] }",
        [
            .init("from", .table(source), required: true, "where the value comes from"),
            .init("environment", .text(.name), "the environment that it reaches, or `none`"),
            .init("use", .list(.table(use)), "where it may be used"),
            .init("expose", .table(expose), "where the placeholder shows in the pod"),
            .init("resolver", .boolean, "whether it only proves environments; such a secret is never exposed"),
        ])

    static let source = KeyTable(
        "`from`", example: "{ env: TOKEN }",
        [
            .init("env", .text(.environmentVariable), "a variable of the host process"),
            .init("file", .text(.plain), "a file of the host"),
            .init("command", .list(.text(.plain)), "a program of the host and its arguments"),
            .init("vault", .text(.name), "a name in the encrypted vault file"),
            .init("hashicorp", .table(hashicorp), "a field in a HashiCorp Vault"),
        ])

    static let hashicorp = KeyTable(
        "`hashicorp`", example: "{ path: secret/data/app, field: token }",
        [
            .init("path", .text(.plain), required: true, "the path of the secret"),
            .init("field", .text(.plain), required: true, "the field of the secret"),
            .init("address", .text(.plain), "the server"),
        ])

    static let use = KeyTable(
        "a use", example: "{ hosts: [api.example.com], place: \"Authorization: Bearer {}\" }",
        [
            .init("hosts", .list(.text(.hostPattern)), required: true, "the hosts that may receive it"),
            .init("place", .text(.place), required: true, "where a placeholder may stand"),
            .init("operations", .list(.text(.operationPattern)), "the operations it may be used for"),
            .init("methods", .list(.text(.method)), "the methods it may be used with"),
            .init("attach", .boolean, "whether it is put into a request that has none"),
        ])

    static let expose = KeyTable(
        "`expose`", example: "{ env: API_TOKEN }",
        [
            .init("env", .text(.environmentVariable), required: true, "the variable that holds the placeholder")
        ])

    private static let kinds = TextKind.choice(Rule.Kind.allCases.map(\.rawValue))

    static let rule = KeyTable(
        "a rule", example: "{ id: read, permit: file.read, paths: [\"**\"] }",
        [
            .init("id", .text(.name), required: true, "the name under which decisions cite the rule"),
            .init("permit", .text(kinds), "the kind of effect that is permitted"),
            .init("deny", .text(kinds), "the kind of effect that is denied; a denial wins"),
            .init("paths", .list(.text(.pathPattern)), "path patterns, relative to the workspace"),
            .init("programs", .list(.text(.pathPattern)), "programs by path"),
            .init(
                "argv", .list(.either([.text(.plain), .table(argument)])),
                "a pattern over the arguments, the program first"),
            .init("hosts", .list(.text(.hostPattern)), "hosts by name or address"),
            .init("methods", .list(.text(.method)), "HTTP methods"),
            .init("ports", .list(.integer(1...65535)), "ports; without them only the scheme's own"),
            .init("operations", .list(.text(.operationPattern)), "operations of the catalogue"),
            .init("environments", .list(.text(.name)), "the environments that the rule is about"),
            .init("examples", .table(examples), "what must be permitted and denied, tried when the file is read"),
        ])

    static let argument = KeyTable(
        "an argument pattern", example: "{ flag: --force }",
        [
            .init("flag", .text(.plain), "a flag, anywhere among the arguments"),
            .init("any", .list(.text(.plain)), "one of several words or flags"),
            .init("rest", .boolean, "whatever else follows"),
        ])

    static let examples = KeyTable(
        "`examples`", example: "{ permits: [\"npm test\"] }",
        [
            .init("permits", .list(.text(.plain)), "what must be permitted"),
            .init("denies", .list(.text(.plain)), "what must not be permitted"),
        ])

    static let approvals = KeyTable(
        "`approvals`", example: "{ signers: allowed_signers, require: [...] }",
        [
            .init("signers", .text(.plain), "the file of allowed signers, in OpenSSH's format"),
            .init("roles", .named(.list(.text(.plain)), mayBeEmpty: true), "roles and who holds them"),
            .init("require", .list(.table(demand), mayBeEmpty: true), "which effects need which approval"),
        ])

    static let demand = KeyTable(
        "a demand", example: "{ class: irreversible, environments: [production], threshold: 2 }",
        [
            .init(
                "class", .text(.choice(EffectClass.allCases.map(\.rawValue))), required: true, "the class of effects"),
            .init("environments", .list(.text(.name)), "the environments"),
            .init("protected", .boolean, "only protected environments, or only others"),
            .init("operations", .list(.text(.operationPattern)), "only these operations"),
            .init("threshold", .integer(1...100), required: true, "how many distinct people must sign"),
            .init("roles", .list(.text(.name)), "the roles that a signer must hold one of"),
            .init("expires", .text(.duration), "how long an approval is good for; 10m unless stated"),
            .init("delay", .text(.duration), "cooling-off between the last signature and the act"),
            .init("recovery_point", .table(recoveryPoint), "a backup elsewhere that must exist"),
        ])

    static let recoveryPoint = KeyTable(
        "`recovery_point`", example: "{ max_age: 24h, signers: backup_signers }",
        [
            .init("max_age", .text(.duration), required: true, "the oldest acceptable backup"),
            .init("signers", .text(.plain), required: true, "the file of keys that may attest it"),
        ])

    static let egress = KeyTable(
        "`egress`", example: "{ inspect: all }",
        [
            .init("inspect", .text(.choice(["all"])), "all traffic is opened, `pass_through` aside"),
            .init(
                "pass_through", .list(.text(.hostPattern)),
                "hosts whose TLS isn't opened: no credential, nothing irreversible"),
            .init(
                "private_addresses", .text(.choice(["deny", "permit"])),
                "whether addresses that aren't public may be reached"),
            .init("resolve", .named(.text(.address), mayBeEmpty: false), "hosts that are reached at a fixed address"),
            .init("trust", .list(.text(.plain)), "certificate files trusted beside the system's"),
        ])
}
