// SPDX-License-Identifier: Apache-2.0

extension VendorRule {
    /// Hosted platforms, analytics and monitoring.
    static let platforms: [VendorRule] = [
        VendorRule("sentry-user-token", "Sentry", "reads and changes projects", "sntryu_", "[a-f0-9]{64}"),
        VendorRule(
            "sentry-org-token", "Sentry", "uploads to projects", "sntrys_eyJ",
            "[A-Za-z0-9+/=]{40,400}_[A-Za-z0-9+/]{43}"),
        VendorRule("sentry-internal-token", "Sentry", "acts as an integration", "sntryi_", "[a-f0-9]{64}"),
        VendorRule("newrelic-user-key", "New Relic", "reads and changes an account", "NRAK-", "[A-Za-z0-9]{27}"),
        VendorRule("newrelic-insert-key", "New Relic", "writes events", "NRII-", "[A-Za-z0-9_-]{32}"),
        VendorRule("newrelic-browser-key", "New Relic", "writes events", "NRJS-", "[a-f0-9]{19}"),
        VendorRule("newrelic-admin-key", "New Relic", "manages an account", "NRAA-", "[a-f0-9]{27}"),
        VendorRule("newrelic-license-key", "New Relic", "writes data", before: "[a-f0-9]{36}", "NRAL", ""),
        VendorRule(
            "grafana-service-token", "Grafana", "reads and changes dashboards", "glsa_",
            "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
        VendorRule("grafana-cloud-token", "Grafana", "manages a stack", "glc_eyJ", "[A-Za-z0-9+/=]{32,400}"),
        VendorRule(
            "grafana-api-key", "Grafana", "reads and changes dashboards", "eyJrIjoi", "[A-Za-z0-9]{60,400}={0,3}"),
        VendorRule(
            "dynatrace-token", "Dynatrace", "reads and changes monitoring", "dt0c01.",
            "[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}"),
        VendorRule("datadog-app-key", "Datadog", "reads and changes monitoring", "ddapp_", "[A-Za-z0-9]{34,40}"),
        VendorRule("posthog-personal-key", "PostHog", "reads analytics", "phx_", "[A-Za-z0-9_]{40,60}"),
        VendorRule("posthog-project-secret", "PostHog", "reads flags", "phs_", "[A-Za-z0-9_]{40,60}"),
        VendorRule("linear-key", "Linear", "reads and changes issues", "lin_api_", "[A-Za-z0-9]{40}"),
        VendorRule("linear-oauth-token", "Linear", "reads and changes issues", "lin_oauth_", "[A-Za-z0-9]{40,64}"),
        VendorRule("notion-token", "Notion", "reads and changes pages", "ntn_", "[0-9]{11}[A-Za-z0-9]{35}"),
        VendorRule("notion-legacy-token", "Notion", "reads and changes pages", "secret_", "[A-Za-z0-9]{43}"),
        VendorRule("airtable-token", "Airtable", "reads and changes bases", "pat", "[A-Za-z0-9]{14}\\.[a-f0-9]{64}"),
        VendorRule("figma-token", "Figma", "reads files", "figd_", "[A-Za-z0-9_-]{40,60}"),
        VendorRule("postman-key", "Postman", "reads and changes collections", "PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
        VendorRule("readme-key", "ReadMe", "changes documentation", "rdme_", "[a-z0-9]{70}"),
        VendorRule("contentful-token", "Contentful", "changes content", "CFPAT-", "[A-Za-z0-9_-]{43}"),
        VendorRule("typeform-token", "Typeform", "reads answers", "tfp_", "[A-Za-z0-9_=.-]{40,64}"),
        VendorRule(
            "launchdarkly-key", "LaunchDarkly", "changes flags", "api-",
            "[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule(
            "launchdarkly-sdk-key", "LaunchDarkly", "reads flags", "sdk-",
            "[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule("duffel-token", "Duffel", "books travel", "duffel_", "[a-z]{4}_[A-Za-z0-9_=-]{43}"),
        VendorRule(
            "authress-key", "Authress", "manages access", "sc_",
            "[A-Za-z0-9_]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}"),
        VendorRule(
            "authress-external-key", "Authress", "manages access", "ext_",
            "[A-Za-z0-9_]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}"),
        VendorRule("frameio-token", "Frame.io", "reads and changes media", "fio-u-", "[A-Za-z0-9_=-]{64}"),
        VendorRule("easypost-key", "EasyPost", "buys postage", "EZAK", "[A-Za-z0-9]{54}"),
        VendorRule("easypost-test-key", "EasyPost", "tests postage", "EZTK", "[A-Za-z0-9]{54}"),
        VendorRule("infracost-token", "Infracost", "prices infrastructure", "ico-", "[A-Za-z0-9]{32}"),
        VendorRule("settlemint-token", "SettleMint", "manages networks", "sm_aat_", "[A-Za-z0-9]{16}"),
        VendorRule("settlemint-personal-token", "SettleMint", "manages networks", "sm_pat_", "[A-Za-z0-9]{16}"),
        VendorRule("settlemint-service-token", "SettleMint", "manages networks", "sm_sat_", "[A-Za-z0-9]{16}"),
        VendorRule(
            "maxmind-key", "MaxMind", "downloads databases", before: "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}", "_mmk", ""),
        VendorRule("mapbox-token", "Mapbox", "changes maps", "sk.eyJ", "[A-Za-z0-9_-]{60,200}\\.[A-Za-z0-9_-]{20,60}"),
        VendorRule("intra42-secret", "42", "acts as an OAuth app", "s-s4t2", "[a-z]{2}-[abcdef0-9]{64}"),
        VendorRule(
            "sidekiq-url", "Sidekiq", "downloads gems", before: "[a-f0-9]{8}:[a-f0-9]{8}", "@gems.contribsys.com", ""),
        VendorRule(
            "sidekiq-enterprise-url", "Sidekiq", "downloads gems", before: "[a-f0-9]{8}:[a-f0-9]{8}",
            "@enterprise.contribsys.com", ""),
        VendorRule("bitcoin-key", "BIP 32", "spends coins", "xprv", "[1-9A-HJ-NP-Za-km-z]{107}"),
    ]

    /// Money.
    static let payments: [VendorRule] = [
        VendorRule("stripe-secret-key", "Stripe", "moves money", "sk_live_", "[A-Za-z0-9]{16,247}"),
        VendorRule("stripe-test-key", "Stripe", "acts on test data", "sk_test_", "[A-Za-z0-9]{16,247}"),
        VendorRule("stripe-restricted-key", "Stripe", "moves money, within limits", "rk_live_", "[A-Za-z0-9]{16,247}"),
        VendorRule("stripe-restricted-test-key", "Stripe", "acts on test data", "rk_test_", "[A-Za-z0-9]{16,247}"),
        VendorRule("stripe-production-key", "Stripe", "moves money", "sk_prod_", "[A-Za-z0-9]{16,247}"),
        VendorRule("stripe-webhook-secret", "Stripe", "forges events", "whsec_", "[A-Za-z0-9+/=]{32,64}"),
        VendorRule("square-token", "Square", "moves money", "EAAA", "[A-Za-z0-9_+=-]{22,60}"),
        VendorRule("square-secret", "Square", "acts as an app", "sq0csp-", "[A-Za-z0-9_-]{43}"),
        VendorRule("square-access-token", "Square", "moves money", "sq0atp-", "[A-Za-z0-9_-]{22}"),
        VendorRule("shopify-token", "Shopify", "changes a shop", "shpat_", "[a-fA-F0-9]{32}"),
        VendorRule("shopify-custom-token", "Shopify", "changes a shop", "shpca_", "[a-fA-F0-9]{32}"),
        VendorRule("shopify-private-token", "Shopify", "changes a shop", "shppa_", "[a-fA-F0-9]{32}"),
        VendorRule("shopify-secret", "Shopify", "acts as an app", "shpss_", "[a-fA-F0-9]{32}"),
        VendorRule("shippo-token", "Shippo", "buys postage", "shippo_live_", "[a-f0-9]{40}"),
        VendorRule("shippo-test-token", "Shippo", "tests postage", "shippo_test_", "[a-f0-9]{40}"),
        VendorRule("flutterwave-key", "Flutterwave", "moves money", "FLWSECK_TEST-", "[A-Za-z0-9]{32}-X"),
        VendorRule("flutterwave-live-key", "Flutterwave", "moves money", "FLWSECK-", "[A-Za-z0-9]{32}-X"),
        VendorRule("flutterwave-encryption-key", "Flutterwave", "moves money", "FLWSECK_TEST", "[a-h0-9]{12}"),
        VendorRule("gocardless-token", "GoCardless", "moves money", "live_", "[A-Za-z0-9_=-]{40}"),
        VendorRule(
            "plaid-token", "Plaid", "reads accounts", "access-sandbox-",
            "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule(
            "plaid-development-token", "Plaid", "reads accounts", "access-development-",
            "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule(
            "plaid-production-token", "Plaid", "reads accounts", "access-production-",
            "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule("razorpay-key", "Razorpay", "names a key", "rzp_live_", "[A-Za-z0-9]{14}"),
        VendorRule(
            "braintree-token", "Braintree", "moves money", "access_token$production$", "[0-9a-z]{16}\\$[0-9a-f]{32}"),
    ]

    /// Mail, chat and telephony.
    static let messaging: [VendorRule] = [
        VendorRule("slack-bot-token", "Slack", "acts as a bot", "xoxb-", "[0-9]{8,14}-[A-Za-z0-9-]{14,80}"),
        VendorRule(
            "slack-user-token", "Slack", "acts as a user", "xoxp-",
            "[0-9]{6,14}-[0-9]{6,14}-[0-9]{6,14}-[A-Za-z0-9]{10,64}"),
        VendorRule("slack-workspace-token", "Slack", "acts on a workspace", "xoxa-", "[0-9]{1,14}-[A-Za-z0-9-]{12,80}"),
        VendorRule("slack-refresh-token", "Slack", "makes new tokens", "xoxr-", "[0-9]{1,14}-[A-Za-z0-9-]{12,80}"),
        VendorRule(
            "slack-legacy-token", "Slack", "acts as a user", "xoxs-", "[0-9]{6,14}-[0-9]{6,14}-[A-Za-z0-9-]{10,80}"),
        VendorRule("slack-legacy-o-token", "Slack", "acts as a user", "xoxo-", "[0-9]{6,14}-[A-Za-z0-9-]{10,80}"),
        VendorRule(
            "slack-client-token", "Slack", "acts as a user", "xoxc-", "[0-9]{6,14}-[0-9]{6,14}-[A-Za-z0-9-]{10,90}"),
        VendorRule("slack-cookie", "Slack", "acts as a user", "xoxd-", "[A-Za-z0-9%/+=_-]{40,400}"),
        VendorRule("slack-config-token", "Slack", "changes apps", "xoxe.xox", "[bp]-[0-9]-[A-Za-z0-9]{100,200}"),
        VendorRule("slack-config-refresh-token", "Slack", "changes apps", "xoxe-", "[0-9]-[A-Za-z0-9]{100,200}"),
        VendorRule(
            "slack-app-token", "Slack", "acts as an app", "xapp-", "[0-9]-[A-Z0-9]{6,14}-[0-9]{6,14}-[a-f0-9]{40,80}"),
        VendorRule(
            "slack-webhook", "Slack", "posts messages", before: "[a-z:/]{0,8}", "hooks.slack.com/services/",
            "[A-Za-z0-9+/]{40,60}"),
        VendorRule(
            "slack-workflow-webhook", "Slack", "starts workflows", before: "[a-z:/]{0,8}", "hooks.slack.com/workflows/",
            "[A-Za-z0-9+/]{40,80}"),
        VendorRule(
            "slack-trigger", "Slack", "starts workflows", before: "[a-z:/]{0,8}", "hooks.slack.com/triggers/",
            "[A-Za-z0-9+/]{40,80}"),
        VendorRule(
            "discord-webhook", "Discord", "posts messages", before: "[a-z:/]{0,8}", "discord.com/api/webhooks/",
            "[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
        VendorRule(
            "discord-webhook-legacy", "Discord", "posts messages", before: "[a-z:/]{0,8}",
            "discordapp.com/api/webhooks/", "[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
        VendorRule(
            "teams-webhook", "Microsoft Teams", "posts messages", before: "[a-z0-9:/.-]{4,60}",
            ".webhook.office.com/webhookb2/", "[a-f0-9@-]{70,80}/IncomingWebhook/[a-z0-9]{32}/[a-f0-9-]{36}"),
        VendorRule("telegram-token", "Telegram", "acts as a bot", before: "[0-9]{5,16}", ":AA", "[A-Za-z0-9_-]{32,34}"),
        VendorRule("sendgrid-key", "SendGrid", "sends mail", "SG.", "[A-Za-z0-9_=-]{16,32}\\.[A-Za-z0-9_=-]{36,64}"),
        VendorRule("mailgun-key", "Mailgun", "sends mail", "key-", "[a-f0-9]{32}"),
        VendorRule("mailgun-public-key", "Mailgun", "checks addresses", "pubkey-", "[a-f0-9]{32}"),
        VendorRule("mailchimp-key", "Mailchimp", "sends mail", before: "[a-f0-9]{32}", "-us", "[0-9]{1,2}"),
        VendorRule("mandrill-key", "Mandrill", "sends mail", "md-", "[A-Za-z0-9]{22}"),
        VendorRule("brevo-key", "Brevo", "sends mail", "xkeysib-", "[a-f0-9]{64}-[A-Za-z0-9]{16}"),
        VendorRule("brevo-smtp-key", "Brevo", "sends mail", "xsmtpsib-", "[a-f0-9]{64}-[A-Za-z0-9]{16}"),
        VendorRule("resend-key", "Resend", "sends mail", "re_", "[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
        VendorRule("twilio-key", "Twilio", "names an API key", "SK", "[a-f0-9]{32}"),
        VendorRule("facebook-token", "Meta", "acts as a user or page", "EAACEdEose0cBA", "[A-Za-z0-9]{20,300}"),
        VendorRule("facebook-page-token", "Meta", "acts as a page", "EAAM", "[A-Za-z0-9]{100,300}"),
        VendorRule("facebook-app-token", "Meta", "acts as a user or page", "EAAC", "[A-Za-z0-9]{100,300}"),
        VendorRule("twitter-bearer", "X", "reads posts", "AAAAAAAAAAAAAAAAAAAAA", "[A-Za-z0-9%]{60,120}"),
    ]

    /// Model providers.
    static let models: [VendorRule] = [
        VendorRule("anthropic-key", "Anthropic", "calls models", "sk-ant-api03-", "[A-Za-z0-9_-]{80,120}"),
        VendorRule(
            "anthropic-admin-key", "Anthropic", "manages an organisation", "sk-ant-admin01-", "[A-Za-z0-9_-]{80,120}"),
        VendorRule("anthropic-oauth-token", "Anthropic", "acts as a user", "sk-ant-oat01-", "[A-Za-z0-9_-]{60,120}"),
        VendorRule(
            "anthropic-refresh-token", "Anthropic", "makes new tokens", "sk-ant-ort01-", "[A-Za-z0-9_-]{60,120}"),
        VendorRule(
            "openai-key", "OpenAI", "calls models", before: "[A-Za-z0-9_-]{20,110}", opening: "sk-", "T3BlbkFJ",
            "[A-Za-z0-9_-]{20,100}"),
        VendorRule("openai-project-key", "OpenAI", "calls models", "sk-proj-", "[A-Za-z0-9_-]{74,180}"),
        VendorRule("openai-service-key", "OpenAI", "calls models", "sk-svcacct-", "[A-Za-z0-9_-]{40,180}"),
        VendorRule("openai-admin-key", "OpenAI", "manages an organisation", "sk-admin-", "[A-Za-z0-9_-]{40,180}"),
        VendorRule("openrouter-key", "OpenRouter", "calls models", "sk-or-v1-", "[a-f0-9]{64}"),
        VendorRule("perplexity-key", "Perplexity", "calls models", "pplx-", "[A-Za-z0-9]{48}"),
        VendorRule("groq-key", "Groq", "calls models", "gsk_", "[A-Za-z0-9]{52}"),
        VendorRule("xai-key", "xAI", "calls models", "xai-", "[A-Za-z0-9]{70,90}"),
        VendorRule("replicate-token", "Replicate", "runs models", "r8_", "[A-Za-z0-9]{37}"),
        VendorRule("nvidia-key", "NVIDIA", "calls models", "nvapi-", "[A-Za-z0-9_-]{60,70}"),
        VendorRule("fireworks-key", "Fireworks", "calls models", "fw_", "[A-Za-z0-9]{24}"),
        VendorRule("langsmith-key", "LangSmith", "reads traces", "lsv2_", "[ps][tk]_[a-f0-9]{32}_[a-f0-9]{10}"),
        VendorRule(
            "pinecone-key", "Pinecone", "reads and writes vectors", "pcsk_", "[A-Za-z0-9]{5,8}_[A-Za-z0-9]{50,70}"),
        VendorRule("tavily-key", "Tavily", "searches", "tvly-", "[A-Za-z0-9-]{32,48}"),
    ]

    /// What is left.
    static let tooling: [VendorRule] = [
        VendorRule("adobe-secret", "Adobe", "acts as an app", "p8e-", "[a-fA-F0-9]{32}"),
        VendorRule("dropbox-token", "Dropbox", "reads and writes files", "sl.", "[A-Za-z0-9_=-]{130,160}"),
        VendorRule("lob-key", "Lob", "sends letters", "live_", "[a-f0-9]{35}"),
        VendorRule("lob-test-key", "Lob", "tests letters", "test_", "[a-f0-9]{35}"),
        VendorRule(
            "hubspot-token", "HubSpot", "reads and changes contacts", "pat-na1-",
            "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule(
            "hubspot-eu-token", "HubSpot", "reads and changes contacts", "pat-eu1-",
            "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"),
        VendorRule(
            "cloudinary-url", "Cloudinary", "reads and changes media", "cloudinary://",
            "[0-9]{10,20}:[A-Za-z0-9_-]{20,40}@[A-Za-z0-9_-]{2,60}"),
    ]
}
