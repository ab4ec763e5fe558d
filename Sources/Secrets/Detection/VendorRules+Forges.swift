// SPDX-License-Identifier: Apache-2.0

extension VendorRule {
    /// Where code lives and packages are published.
    static let forges: [VendorRule] = [
        VendorRule("github-token", "GitHub", "acts as the user who made it", "ghp_", "[A-Za-z0-9]{36,255}"),
        VendorRule(
            "github-oauth-token", "GitHub", "acts as a user through an OAuth app", "gho_", "[A-Za-z0-9]{36,255}"),
        VendorRule("github-user-token", "GitHub", "acts as a user through a GitHub app", "ghu_", "[A-Za-z0-9]{36,255}"),
        VendorRule(
            "github-app-token", "GitHub", "acts as an installed app or a workflow", "ghs_", "[A-Za-z0-9_.-]{36,600}"),
        VendorRule("github-refresh-token", "GitHub", "makes new tokens", "ghr_", "[A-Za-z0-9]{36,255}"),
        VendorRule(
            "github-fine-grained-token", "GitHub", "acts as the user on chosen repositories", "github_pat_",
            "[A-Za-z0-9_]{60,255}"),
        VendorRule("gitlab-token", "GitLab", "acts as the user who made it", "glpat-", "[A-Za-z0-9_.-]{20,300}"),
        VendorRule(
            "gitlab-deploy-token", "GitLab", "reads repositories and registries", "gldt-", "[A-Za-z0-9_-]{20,64}"),
        VendorRule("gitlab-trigger-token", "GitLab", "starts pipelines", "glptt-", "[A-Za-z0-9_-]{40}"),
        VendorRule("gitlab-runner-token", "GitLab", "registers and runs as a runner", "glrt-", "[A-Za-z0-9_.-]{20,64}"),
        VendorRule("gitlab-runner-legacy", "GitLab", "registers runners", "GR1348941", "[A-Za-z0-9_-]{20,40}"),
        VendorRule("gitlab-job-token", "GitLab", "acts as a pipeline job", "glcbt-", "[A-Za-z0-9_-]{20,80}"),
        VendorRule("gitlab-feed-token", "GitLab", "reads feeds", "glft-", "[A-Za-z0-9_-]{20,64}"),
        VendorRule("gitlab-mail-token", "GitLab", "files issues by mail", "glimt-", "[A-Za-z0-9_-]{25}"),
        VendorRule("gitlab-agent-token", "GitLab", "connects a cluster", "glagent-", "[A-Za-z0-9_-]{50,1024}"),
        VendorRule("gitlab-oauth-secret", "GitLab", "acts as an OAuth app", "gloas-", "[A-Za-z0-9_-]{64}"),
        VendorRule("gitlab-scim-token", "GitLab", "manages users", "glsoat-", "[A-Za-z0-9_-]{20,64}"),
        VendorRule("gitlab-feature-token", "GitLab", "reads feature flags", "glffct-", "[A-Za-z0-9_-]{20,64}"),
        VendorRule("bitbucket-token", "Bitbucket", "acts as the user", "ATBB", "[A-Za-z0-9_=.-]{24,64}"),
        VendorRule("atlassian-token", "Atlassian", "acts as the user", "ATATT3", "[A-Za-z0-9_=-]{100,300}"),
        VendorRule("atlassian-connect-token", "Atlassian", "acts as an app", "ATCTT3", "[A-Za-z0-9_=-]{60,300}"),
        VendorRule("npm-token", "npm", "publishes packages", "npm_", "[A-Za-z0-9]{36}"),
        VendorRule("pypi-token", "PyPI", "publishes packages", "pypi-AgE", "[A-Za-z0-9_-]{40,600}"),
        VendorRule("rubygems-token", "RubyGems", "publishes gems", "rubygems_", "[a-f0-9]{48}"),
        VendorRule("crates-token", "crates", "publishes crates", "cio", "[A-Za-z0-9]{32}"),
        VendorRule("clojars-token", "Clojars", "publishes artifacts", "CLOJARS_", "[A-Za-z0-9]{60}"),
        VendorRule("nuget-key", "NuGet", "publishes packages", "oy2", "[a-z0-9]{43}"),
        VendorRule("hex-key", "Hex", "publishes packages", "hexpm_", "[A-Za-z0-9]{32,64}"),
        VendorRule("docker-token", "Docker Hub", "pushes images", "dckr_pat_", "[A-Za-z0-9_-]{20,64}"),
        VendorRule("docker-org-token", "Docker Hub", "pushes images", "dckr_oat_", "[A-Za-z0-9_-]{20,64}"),
        VendorRule("artifactory-key", "JFrog", "publishes artifacts", "AKCp", "[A-Za-z0-9]{66,80}"),
        VendorRule("artifactory-reference-token", "JFrog", "publishes artifacts", "cmVmd", "[A-Za-z0-9]{59}"),
        VendorRule("sourcegraph-token", "Sourcegraph", "reads code", "sgp_", "[a-fA-F0-9]{40}"),
        VendorRule("sourcegraph-local-token", "Sourcegraph", "reads code", "sgp_local_", "[a-fA-F0-9]{40}"),
        VendorRule(
            "sourcegraph-instance-token", "Sourcegraph", "reads code", "sgp_", "[a-fA-F0-9]{16}_[a-fA-F0-9]{40}"),
        VendorRule("huggingface-token", "Hugging Face", "reads and writes models", "hf_", "[A-Za-z0-9]{34,40}"),
        VendorRule("huggingface-org-token", "Hugging Face", "reads and writes models", "api_org_", "[A-Za-z]{34}"),
        VendorRule(
            "circleci-token", "CircleCI", "runs pipelines, reads their secrets", "CCIPAT_",
            "[A-Za-z0-9]{22}_[a-f0-9]{40}"),
        VendorRule(
            "circleci-project-token", "CircleCI", "runs a project's pipelines", "CCIPRJ_",
            "[A-Za-z0-9]{22}_[a-f0-9]{40}"),
        VendorRule("buildkite-token", "Buildkite", "runs builds", "bkua_", "[a-z0-9]{40}"),
        VendorRule("buildkite-agent-token", "Buildkite", "registers agents", "bkct_", "[A-Za-z0-9]{40,120}"),
        VendorRule("codecov-token", "Codecov", "uploads reports", "codecov_", "[a-f0-9]{32}"),
        VendorRule(
            "snyk-token", "Snyk", "reads reports", "snyk_uat.",
            "[a-f0-9]{8}\\.[A-Za-z0-9_-]{20,400}\\.{0,1}[A-Za-z0-9_-]{0,400}"),
        VendorRule("sonar-token", "SonarQube", "analyses projects", "squ_", "[a-f0-9]{40}"),
        VendorRule("sonar-project-token", "SonarQube", "analyses a project", "sqp_", "[a-f0-9]{40}"),
        VendorRule("sonar-analysis-token", "SonarQube", "analyses projects", "sqa_", "[a-f0-9]{40}"),
        VendorRule("age-key", "age", "decrypts files", "AGE-SECRET-KEY-1", "[A-Z0-9]{58}"),
    ]
}
