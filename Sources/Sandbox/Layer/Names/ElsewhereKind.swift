// SPDX-License-Identifier: Apache-2.0

/// The machinery that later runs a committed file with someone else's authority.
///
/// Such a file is committed, and named in the diff so that policy may demand approval.
package enum ElsewhereKind: String, Hashable, Sendable {
    case continuousIntegration, deployment, infrastructure, container, build

    /// Judges a path by its name, in any letter case; `nil` for an ordinary file.
    package static func of(_ path: LayerPath) -> ElsewhereKind? {
        let names = NameFold.components(path).map { String(decoding: $0, as: UTF8.self) }
        guard let last = names.last else { return nil }
        for (folder, kind) in folders where contains(names, folder.split(separator: "/")) { return kind }
        if let kind = exact[last] { return kind }
        for (prefix, kind) in prefixes where last.hasPrefix(prefix) { return kind }
        for (suffix, kind) in suffixes where last.hasSuffix(suffix) { return kind }
        return nil
    }

    private static func contains(_ names: [String], _ folder: [Substring]) -> Bool {
        guard names.count > folder.count else { return false }
        return (0..<(names.count - folder.count)).contains { start in
            zip(names[start...], folder).allSatisfy { $0 == $1 }
        }
    }

    private static let folders: [(String, ElsewhereKind)] = [
        (".github/workflows", .continuousIntegration), (".github/actions", .continuousIntegration),
        (".gitlab", .continuousIntegration), (".circleci", .continuousIntegration),
        (".buildkite", .continuousIntegration),
        (".woodpecker", .continuousIntegration), (".gitea/workflows", .continuousIntegration),
        (".forgejo/workflows", .continuousIntegration), (".teamcity", .continuousIntegration),
        (".azure-pipelines", .continuousIntegration), (".drone", .continuousIntegration),
        (".semaphore", .continuousIntegration),
        (".tekton", .continuousIntegration), (".argocd", .deployment), ("argocd", .deployment),
        (".ebextensions", .deployment),
        (".platform", .deployment), (".kamal", .deployment), (".vercel", .deployment), (".netlify", .deployment),
        (".do", .deployment), ("helm", .infrastructure), ("charts", .infrastructure), ("k8s", .infrastructure),
        ("kubernetes", .infrastructure), ("kustomize", .infrastructure), ("manifests", .infrastructure),
        ("terraform", .infrastructure), ("ansible", .infrastructure), ("playbooks", .infrastructure),
        ("pulumi", .infrastructure),
        ("cloudformation", .infrastructure), (".yarn/releases", .build), (".yarn/plugins", .build), (".mvn", .build),
        (".cargo", .build), ("gradle/wrapper", .build), ("migrations", .deployment),
    ]

    private static let exact: [String: ElsewhereKind] = {
        var table: [String: ElsewhereKind] = [:]
        for (kind, names) in byKind {
            for name in names.split(separator: " ") { table[String(name)] = kind }
        }
        return table
    }()

    private static let byKind: [(ElsewhereKind, String)] = [
        (
            .continuousIntegration,
            """
            jenkinsfile .gitlab-ci.yml .gitlab-ci.yaml .travis.yml bitbucket-pipelines.yml azure-pipelines.yml \
            azure-pipelines.yaml appveyor.yml .appveyor.yml .drone.yml .drone.jsonnet .woodpecker.yml .cirrus.yml \
            .cirrus.star buildkite.yml codeship-steps.yml wercker.yml codefresh.yml .semaphore.yml buildspec.yml \
            buildspec.yaml cloudbuild.yaml cloudbuild.yml cloudbuild.json .scrutinizer.yml .builds.yml dependabot.yml \
            renovate.json renovate.json5 .renovaterc .renovaterc.json action.yml action.yaml .gitmodules .gitattributes
            """
        ),
        (
            .deployment,
            """
            procfile fly.toml railway.json railway.toml railway.yml railway.yaml vercel.json now.json netlify.toml \
            render.yaml app.yaml app.yml app.json heroku.yml wrangler.toml wrangler.json wrangler.jsonc firebase.json \
            .firebaserc amplify.yml appspec.yml appspec.yaml serverless.yml serverless.yaml serverless.ts sam.yaml \
            template.yaml nixpacks.toml captain-definition dokku.json skaffold.yaml deploy.yml deploy.yaml .kamal \
            zappa_settings.json apprunner.yaml koyeb.yaml crontab ecosystem.config.js
            """
        ),
        (
            .infrastructure,
            """
            terragrunt.hcl pulumi.yaml pulumi.yml cdk.json chart.yaml values.yaml kustomization.yaml kustomization.yml \
            helmfile.yaml ansible.cfg playbook.yml site.yml vagrantfile tiltfile .terraformrc flake.nix
            """
        ),
        (
            .container,
            "dockerfile containerfile .dockerignore compose.yml compose.yaml compose.override.yml docker-bake.hcl"
        ),
        (
            .build,
            """
            package.json package-lock.json .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs pnpm-workspace.yaml makefile \
            gnumakefile bsdmakefile justfile .justfile taskfile.yml taskfile.yaml rakefile gruntfile.js gulpfile.js \
            build.gradle build.gradle.kts settings.gradle settings.gradle.kts gradlew gradlew.bat mvnw mvnw.cmd \
            pom.xml setup.py setup.cfg pyproject.toml noxfile.py tox.ini conftest.py build.rs cargo.toml \
            rust-toolchain.toml package.swift cmakelists.txt meson.build configure build.zig build workspace \
            module.bazel .bazelrc turbo.json nx.json lerna.json project.json gemfile .pre-commit-hooks.yaml .rvmrc \
            .babelrc.js composer.json mix.exs build.sbt
            """
        ),
    ]

    private static let prefixes: [(String, ElsewhereKind)] = [
        ("dockerfile.", .container), ("containerfile.", .container), ("docker-compose", .container),
        ("jenkinsfile.", .continuousIntegration),
        ("makefile.", .build), ("azure-pipelines", .continuousIntegration), ("fly.", .deployment),
        ("railway.", .deployment),
        ("procfile.", .deployment), ("values-", .infrastructure), ("values.", .infrastructure),
        ("vite.config.", .build),
        ("webpack.config.", .build), ("eslint.config.", .build), (".eslintrc", .build), ("prettier.config.", .build),
        (".prettierrc.", .build), ("babel.config.", .build), ("jest.config.", .build), ("vitest.config.", .build),
        ("next.config.", .build),
        ("rollup.config.", .build), ("tailwind.config.", .build), ("postcss.config.", .build),
        ("playwright.config.", .build),
        ("cypress.config.", .build), ("svelte.config.", .build), ("astro.config.", .build), ("nuxt.config.", .build),
        ("metro.config.", .build), ("karma.conf.", .build), ("serverless.", .deployment),
    ]

    private static let suffixes: [(String, ElsewhereKind)] = [
        (".tf", .infrastructure), (".tfvars", .infrastructure), (".tf.json", .infrastructure),
        (".tofu", .infrastructure),
        (".bicep", .infrastructure), (".nomad", .infrastructure), (".dockerfile", .container),
        (".containerfile", .container),
        (".mk", .build), (".jenkinsfile", .continuousIntegration), (".gitlab-ci.yml", .continuousIntegration),
        (".cmake", .build),
        (".service", .deployment), (".timer", .deployment), (".bzl", .build),
    ]
}
