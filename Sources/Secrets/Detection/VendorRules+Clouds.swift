// SPDX-License-Identifier: Apache-2.0

extension VendorRule {
    /// Providers of machines, storage and infrastructure.
    static let clouds: [VendorRule] = [
        VendorRule(
            "aws-access-key-id", "AWS", "names a long-lived key; with its secret acts as the user", "AKIA",
            "[A-Z0-9]{16}"),
        VendorRule("aws-session-key-id", "AWS", "names a session's key", "ASIA", "[A-Z2-7]{16}"),
        VendorRule("aws-bearer-key-id", "AWS", "names a bearer token", "ABIA", "[A-Z2-7]{16}"),
        VendorRule("aws-context-key-id", "AWS", "names a context credential", "ACCA", "[A-Z2-7]{16}"),
        VendorRule("aws-bedrock-key", "AWS", "calls models", "ABSKQmVkcm9ja0FQSUtleS", "[A-Za-z0-9+/=]{60,300}"),
        VendorRule(
            "aws-bedrock-session-key", "AWS", "calls models", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t",
            "[A-Za-z0-9+/=_-]{0,4000}"),
        VendorRule("google-api-key", "Google", "calls the APIs it is enabled for", "AIza", "[A-Za-z0-9_-]{35}"),
        VendorRule("google-oauth-token", "Google", "acts as the user", "ya29.", "[A-Za-z0-9_.-]{20,2000}"),
        VendorRule("google-oauth-secret", "Google", "acts as an OAuth app", "GOCSPX-", "[A-Za-z0-9_-]{28}"),
        VendorRule("google-refresh-token", "Google", "makes new tokens", "1//0", "[A-Za-z0-9_-]{40,200}"),
        VendorRule("google-hmac-key", "Google", "reads and writes storage", "GOOG1E", "[A-Z0-9]{55}"),
        VendorRule(
            "azure-client-secret", "Azure", "acts as an application", before: "[A-Za-z0-9_~.]{3}[0-9]", "Q~",
            "[A-Za-z0-9_~.-]{31,34}"),
        VendorRule("azure-storage-key", "Azure", "reads and writes storage", "AccountKey=", "[A-Za-z0-9+/]{86}=="),
        VendorRule(
            "azure-shared-access-key", "Azure", "sends and receives messages", "SharedAccessKey=",
            "[A-Za-z0-9+/]{40,90}={0,2}"),
        VendorRule(
            "azure-devops-token", "Azure DevOps", "reads and writes code", before: "[A-Za-z0-9]{76}", "AZDO",
            "[A-Za-z0-9]{4}"),
        VendorRule(
            "azure-identifiable-key", "Azure", "uses the service", before: "[A-Za-z0-9]{52}", "JQQJ99",
            "[A-Za-z0-9]{26}"),
        VendorRule("alibaba-key-id", "Alibaba Cloud", "names a key", "LTAI", "[A-Za-z0-9]{17,26}"),
        VendorRule("tencent-key-id", "Tencent Cloud", "names a key", "AKID", "[A-Za-z0-9]{32}"),
        VendorRule("digitalocean-token", "DigitalOcean", "manages machines", "dop_v1_", "[a-f0-9]{64}"),
        VendorRule("digitalocean-oauth-token", "DigitalOcean", "manages machines", "doo_v1_", "[a-f0-9]{64}"),
        VendorRule("digitalocean-refresh-token", "DigitalOcean", "makes new tokens", "dor_v1_", "[a-f0-9]{64}"),
        VendorRule(
            "cloudflare-origin-key", "Cloudflare", "issues origin certificates", "v1.0-", "[a-f0-9]{24}-[a-f0-9]{146}"),
        VendorRule("cloudflare-user-token", "Cloudflare", "manages zones", "cfut_", "[A-Za-z0-9]{40,60}"),
        VendorRule("cloudflare-account-token", "Cloudflare", "manages zones", "cfat_", "[A-Za-z0-9]{40,60}"),
        VendorRule("fly-macaroon", "Fly.io", "manages apps", "fm2_", "[A-Za-z0-9+/=_,-]{40,4000}"),
        VendorRule("fly-macaroon-v1", "Fly.io", "manages apps", "fm1r_", "[A-Za-z0-9+/=_,-]{40,4000}"),
        VendorRule("fly-macaroon-authorisation", "Fly.io", "manages apps", "fm1a_", "[A-Za-z0-9+/=_,-]{40,4000}"),
        VendorRule("fly-token", "Fly.io", "manages apps", "fo1_", "[A-Za-z0-9_-]{43}"),
        VendorRule("heroku-key", "Heroku", "manages apps", "HRKU-", "[A-Za-z0-9_-]{36,70}"),
        VendorRule("render-key", "Render", "manages services", "rnd_", "[A-Za-z0-9]{28,40}"),
        VendorRule("scaleway-key-id", "Scaleway", "names a key", "SCW", "[A-Z0-9]{17}"),
        VendorRule(
            "yandex-iam-token", "Yandex Cloud", "manages resources", "t1.",
            "[A-Za-z0-9_-]{1,200}={0,2}\\.[A-Za-z0-9_-]{86}={0,2}"),
        VendorRule("yandex-api-key", "Yandex Cloud", "calls APIs", "AQVN", "[A-Za-z0-9_-]{35,38}"),
        VendorRule("yandex-static-key", "Yandex Cloud", "reads and writes storage", "YC", "[A-Za-z0-9_-]{38}"),
        VendorRule("databricks-token", "Databricks", "reads and writes data", "dapi", "[a-f0-9]{32}-{0,1}[0-9]{0,1}"),
        VendorRule("planetscale-token", "PlanetScale", "manages databases", "pscale_tkn_", "[A-Za-z0-9_=.-]{32,64}"),
        VendorRule(
            "planetscale-password", "PlanetScale", "reads and writes a database", "pscale_pw_", "[A-Za-z0-9_=.-]{32,64}"
        ),
        VendorRule(
            "planetscale-oauth-token", "PlanetScale", "manages databases", "pscale_oauth_", "[A-Za-z0-9_=.-]{32,64}"),
        VendorRule("supabase-token", "Supabase", "manages projects", "sbp_", "[a-f0-9]{40}"),
        VendorRule("supabase-oauth-token", "Supabase", "manages projects", "sbp_oauth_", "[a-f0-9]{40}"),
        VendorRule("supabase-secret-key", "Supabase", "bypasses row rules", "sb_secret_", "[A-Za-z0-9_-]{20,60}"),
        VendorRule("neon-key", "Neon", "manages databases", "napi_", "[a-z0-9]{64}"),
        VendorRule("clickhouse-key", "ClickHouse", "manages services", "4b1d", "[A-Za-z0-9]{38}"),
        VendorRule("aiven-token", "Aiven", "manages services", "aivenv1", "[A-Za-z0-9+/=]{60,400}"),
        VendorRule("vault-service-token", "HashiCorp Vault", "reads secrets", "hvs.", "[A-Za-z0-9_-]{24,300}"),
        VendorRule("vault-batch-token", "HashiCorp Vault", "reads secrets", "hvb.", "[A-Za-z0-9_-]{100,400}"),
        VendorRule("vault-recovery-token", "HashiCorp Vault", "recovers the vault", "hvr.", "[A-Za-z0-9_-]{24,300}"),
        VendorRule(
            "terraform-token", "HCP Terraform", "changes infrastructure", before: "[A-Za-z0-9]{14}", ".atlasv1.",
            "[A-Za-z0-9_=-]{60,70}"),
        VendorRule("pulumi-token", "Pulumi", "changes infrastructure", "pul-", "[a-f0-9]{40}"),
        VendorRule("doppler-token", "Doppler", "reads secrets", "dp.pt.", "[A-Za-z0-9]{40,44}"),
        VendorRule("doppler-service-token", "Doppler", "reads a project's secrets", "dp.st.", "[A-Za-z0-9_.-]{40,80}"),
        VendorRule("doppler-cli-token", "Doppler", "reads secrets", "dp.ct.", "[A-Za-z0-9]{40,44}"),
        VendorRule("doppler-account-token", "Doppler", "reads secrets", "dp.sa.", "[A-Za-z0-9]{40,44}"),
        VendorRule(
            "onepassword-key", "1Password", "opens an account's vaults", "A3-",
            "[A-Z0-9]{6}-[A-Z0-9]{6,11}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
        VendorRule(
            "onepassword-key", "1Password", "opens an account's vaults", "A3-",
            "[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
        VendorRule("onepassword-service-token", "1Password", "reads vaults", "ops_eyJ", "[A-Za-z0-9+/_=-]{200,4000}"),
        VendorRule(
            "infisical-token", "Infisical", "reads secrets", "st.", "[a-f0-9]{24}\\.[a-f0-9]{32}\\.[a-f0-9]{32}"),
        VendorRule("openshift-token", "OpenShift", "acts on a cluster", "sha256~", "[A-Za-z0-9_-]{43}"),
        VendorRule(
            "tailscale-key", "Tailscale", "joins or manages a network", "tskey-",
            "[a-z]{3,10}-[A-Za-z0-9]{8,30}-[A-Za-z0-9]{20,60}"),
        VendorRule(
            "defined-networking-token", "Defined Networking", "manages a network", "dnkey-",
            "[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}"),
        VendorRule("scalingo-token", "Scalingo", "manages apps", "tk-us-", "[A-Za-z0-9_-]{48}"),
        VendorRule("prefect-key", "Prefect", "runs flows", "pnu_", "[A-Za-z0-9]{36}"),
        VendorRule("netlify-token", "Netlify", "deploys sites", "nfp_", "[A-Za-z0-9_]{36}"),
        VendorRule("vercel-token", "Vercel", "deploys sites", "vcp_", "[A-Za-z0-9]{24,60}"),
        VendorRule("vercel-blob-token", "Vercel", "reads and writes blobs", "vercel_blob_rw_", "[A-Za-z0-9_]{30,60}"),
        VendorRule("octopus-key", "Octopus Deploy", "deploys releases", "API-", "[A-Z0-9]{26,32}"),
        VendorRule(
            "harness-token", "Harness", "runs pipelines", "pat.", "[A-Za-z0-9_-]{22}\\.[a-f0-9]{24}\\.[A-Za-z0-9]{20}"),
        VendorRule(
            "harness-service-token", "Harness", "runs pipelines", "sat.",
            "[A-Za-z0-9_-]{22}\\.[a-f0-9]{24}\\.[A-Za-z0-9]{20}"),
    ]
}
