// SPDX-License-Identifier: Apache-2.0

/// Tells from a name whether what it is given to is a secret.
enum NameJudge {
    /// How much the name says by itself.
    enum Verdict: Int, Comparable {
        case none
        /// `key`, say: many things are called that, so the value must look like nothing else.
        case weak
        /// A machine's credential: `token`, `api_key`.
        case machine
        /// What people choose: `password`.
        case password

        static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }
    }

    /// The verdict on a name of at most 128 bytes.
    static func verdict(on name: borrowing Span<UInt8>) -> Verdict {
        let words = split(name)
        var best = Verdict.none
        for index in words.indices {
            let own = verdict(onWord: words[index], after: index > 0 ? words[index - 1] : nil)
            if own == .none { continue }
            if own == .weak, index > 0, isHarmless(qualifier: words[index - 1]) { continue }
            if words[(index + 1)...].contains(where: { tails.contains($0) }) { continue }
            best = max(best, own)
        }
        return best
    }

    /// The words of `snake_case`, `kebab-case`, `dotted.names` and `camelCase`, in lower case.
    private static func split(_ name: borrowing Span<UInt8>) -> [String] {
        var words: [String] = []
        var current: [UInt8] = []
        for index in name.indices {
            let byte = name[index]
            let breaks =
                ASCII.isUpper(byte) && index > 0
                && (ASCII.isLower(name[index - 1])
                    || (index + 1 < name.count && ASCII.isLower(name[index + 1]) && ASCII.isUpper(name[index - 1])))
            if (breaks || !ASCII.isAlphanumeric(byte)) && !current.isEmpty {
                words.append(String(decoding: current, as: UTF8.self))
                current.removeAll(keepingCapacity: true)
            }
            if ASCII.isAlphanumeric(byte) { current.append(ASCII.lowered(byte)) }
        }
        if !current.isEmpty { words.append(String(decoding: current, as: UTF8.self)) }
        return words
    }

    private static func verdict(onWord word: String, after previous: String?) -> Verdict {
        if word == "pat" { return previous.map { qualifiers.contains($0) } ?? true ? .machine : .none }
        if word == "key" || word == "keys" {
            guard let previous else { return .weak }
            return qualifiers.contains(previous) ? .machine : .weak
        }
        return exact[word] ?? fused(word)
    }

    /// Words run together, such as `githubtoken` or `awssecretaccesskey`.
    private static func fused(_ word: String) -> Verdict {
        for (part, verdict) in parts where word.utf8.count > part.utf8.count {
            if word.hasSuffix(part) { return verdict }
            guard word.hasPrefix(part) else { continue }
            let rest = String(word.dropFirst(part.count))
            return tails.contains(rest) || !neutral.contains(rest) ? .none : verdict
        }
        return .none
    }

    private static func isHarmless(qualifier: String) -> Bool { harmless.contains(qualifier) }

    private static let exact: [String: Verdict] = [
        "password": .password, "passwd": .password, "passphrase": .password, "passcode": .password, "pass": .password,
        "pwd": .password,
        "passwort": .password, "pw": .password, "psw": .password, "pword": .password, "pswd": .password,
        "secrete": .machine,
        "secret": .machine, "secrets": .machine, "token": .machine, "apikey": .machine, "apitoken": .machine,
        "authtoken": .machine,
        "accesstoken": .machine, "secretkey": .machine, "privatekey": .machine, "accesskey": .machine,
        "credential": .machine,
        "credentials": .machine, "creds": .machine, "cred": .machine, "auth": .machine, "authorization": .machine,
        "bearer": .machine,
        "bypass": .none, "compass": .none, "multipass": .none, "overpass": .none, "surpass": .none, "buypass": .none,
        "encompass": .none,
        "underpass": .none, "getpass": .none, "askpass": .none, "jwt": .machine, "dsn": .weak, "salt": .weak,
        "cookie": .weak, "signature": .none, "sid": .weak, "sas": .weak,
        "connectionstring": .weak, "rk": .weak, "hmac": .weak, "seed": .weak, "mnemonic": .weak, "webhook": .weak,
        "otp": .weak,
    ]

    private static let parts: [(String, Verdict)] = [
        ("password", .password), ("passwd", .password), ("passphrase", .password), ("secretaccesskey", .machine),
        ("accesskeyid", .none),
        ("secretkeybase", .machine), ("accesskey", .machine), ("secretkey", .machine), ("privatekey", .machine),
        ("apikey", .machine),
        ("authkey", .machine), ("signingkey", .machine), ("encryptionkey", .machine), ("masterkey", .machine),
        ("licensekey", .machine),
        ("accountkey", .machine), ("storagekey", .machine), ("sessionkey", .machine), ("servicekey", .machine),
        ("appkey", .machine),
        ("publickey", .none), ("tokenid", .none), ("keyid", .none), ("token", .machine), ("secret", .machine),
        ("credentials", .machine),
        ("pwd", .password), ("pass", .password), ("pat", .none), ("key", .weak),
    ]

    /// What turns `key` into a credential.
    private static let qualifiers: Set<String> = [
        "api", "access", "secret", "private", "priv", "auth", "encryption", "encrypt", "encrypted", "decryption",
        "signing", "sign", "signature", "master", "account",
        "storage", "shared", "session", "service", "deploy", "write", "read", "admin", "root", "license", "integration",
        "app", "application",
        "client", "webhook", "subscription", "ingest", "ingestion", "rest", "role", "hmac", "jwt", "cookie", "crypto",
        "cipher", "aes", "vapid",
        "merchant", "payment", "production", "live", "bot", "user", "server", "management", "personal", "heroku",
        "hubspot", "stripe", "datadog", "mailgun", "sendgrid", "twilio",
        "algolia", "mailchimp", "sentry", "newrelic", "cloudflare", "digitalocean", "linode", "vultr", "openai",
        "anthropic", "gemini", "mistral", "cohere", "groq",
        "azure", "aws", "gcp", "alibaba", "tencent", "yandex", "ibm", "oracle", "github", "gitlab", "bitbucket",
        "slack", "discord", "telegram", "zendesk", "intercom",
        "okta", "auth0", "clerk", "supabase", "firebase", "planetscale", "neon", "railway", "vercel", "netlify",
        "render", "fly", "grafana", "pagerduty",
        "opsgenie", "snyk", "sonar", "codecov", "circleci", "travis", "buildkite", "jenkins", "npm", "nuget", "pypi",
        "docker", "artifactory", "jfrog", "vault",
        "consul", "nomad", "terraform", "pulumi", "postman", "shopify", "square", "paypal", "braintree", "plaid",
        "adyen", "etsy", "airtable", "notion",
        "linear", "asana", "trello", "jira", "confluence", "figma", "dropbox", "box", "zoom", "webex", "mapbox",
        "rapidapi", "kraken", "coinbase", "binance",
        "etherscan", "infura", "alchemy", "facebook", "twitter", "linkedin", "google", "youtube", "maps", "weather",
        "openweather", "nasa", "sumologic",
        "splunk", "elastic", "kibana", "logdna", "loggly", "rollbar", "bugsnag", "honeycomb", "lightstep", "segment",
        "mixpanel", "amplitude", "posthog", "customer", "functions", "host", "dd", "iam",
    ]

    /// What makes `key` harmless.
    private static let harmless: Set<String> = [
        "public", "publishable", "pub", "primary", "foreign", "cache", "sort", "partition", "idempotency", "object",
        "map", "row", "column", "lookup",
        "translation", "i18n", "hash", "dict", "group", "registry", "config", "setting", "event", "site", "issue",
        "project", "index", "unique",
        "composite", "range", "shard", "routing", "message", "query", "param", "arrow", "shortcut", "hot", "foreign",
        "license", "feature", "flag",
    ]

    /// What, coming after, says that the value is about a secret and none itself.
    private static let tails: Set<String> = [
        "id", "ids", "name", "names", "file", "files", "filename", "path", "paths", "dir", "url", "urls", "uri",
        "endpoint", "endpoints", "type", "types",
        "kind", "length", "len", "size", "count", "limit", "max", "min", "expires", "expiry", "expiration", "expired",
        "ttl", "timeout", "age", "at", "date",
        "time", "regex", "regexp", "pattern", "format", "field", "fields", "input", "label", "title", "placeholder",
        "hint", "error", "errors", "message",
        "msg", "policy", "version", "prefix", "suffix", "header", "headers", "param", "params", "column", "index",
        "enabled", "required", "valid",
        "status", "ref", "reference", "usage", "mode", "class", "store", "manager", "provider", "handler", "callback",
        "hash", "hashed", "digest",
        "checksum", "fingerprint", "algorithm", "alg", "method", "scope", "scopes", "issuer", "audience", "list", "set",
        "map", "arn", "rotation",
        "strength", "reset", "link", "page", "form", "screen", "view", "button", "text", "tokens", "bucket", "region",
        "description", "env", "var",
        "variable", "address", "symbol", "supply", "balance", "price", "generator", "factory", "service", "services",
        "module", "plugin",
        "count", "counts", "budget", "window", "usage", "host", "port", "user", "username", "email", "domain",
        "template", "example",
        "selector", "binding", "binder", "volume", "mount", "namespace", "annotation", "created", "updated", "state",
        "flow", "grant", "uuid", "guid",
    ]

    /// What may follow inside a name that is run together.
    private static let neutral: Set<String> = [
        "value", "val", "str", "string", "b64", "base64", "prod", "dev", "staging", "production", "live", "test", "new",
        "old", "base", "data", "1", "2", "v1", "v2",
    ]
}
