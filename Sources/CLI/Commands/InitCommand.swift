// SPDX-License-Identifier: Apache-2.0

internal import AgentHost
internal import AgentKit
internal import ArgumentParser

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a starter policy with its fixtures beside the workspace.")
    @Option(help: "The workspace; the working folder unless told.") var workspace: String?

    func run() async throws {
        try await reporting {
            guard let folder = HostFiles.realPath(workspace ?? "."), let slash = folder.lastIndex(of: "/"), folder != "/" else {
                throw HostError(.usage, "there is no such workspace")
            }
            let parent = slash == folder.startIndex ? "" : String(folder[..<slash])
            for (name, text) in [("agentkit.yaml", StarterPolicy.policy), ("agentkit.fixtures.yaml", StarterPolicy.fixtures)] {
                let path = "\(parent)/\(name)"
                guard !HostFiles.exists(path) else { throw HostError(.usage, "`\(path)` exists; nothing was written over it") }
                guard HostFiles.writePrivate(path, Array(text.utf8), mode: 0o644) else { throw HostError(.state, "`\(path)` can't be written") }
                Terminal.print("wrote \(path)")
            }
            Terminal.print("next: `agentkit policy test \(parent)/agentkit.fixtures.yaml`")
        }
    }
}

/// What `agentkit init` writes.
enum StarterPolicy {
    static let policy = """
        # What an agent may do in the workspace beside this file. Everything that isn't permitted here is denied.
        version: 1

        environments: [staging, { name: production, protected: true }]   # in rising protection
        session: { environment: staging, run_as: 65534 }

        rules:
          - id: read-the-workspace
            permit: file.read
            paths: ["**"]
          - id: write-the-layer          # changes stay in a copy-on-write layer until they are committed
            permit: file.write
            paths: ["**"]
          - id: commit-the-workspace
            permit: commit
            paths: ["**"]
          - id: run-programs
            permit: exec
            programs: ["/usr/bin/**", "/usr/lib/**", "/bin/*", "/usr/local/**", "${workspace}/**"]
          - id: never-force-push
            deny: exec
            argv: [git, push, { flag: --force }]

        """

    static let fixtures = """
        policy: agentkit.yaml
        cases:
          - name: reading a file
            call: { tool: file.read, input: { path: README.md } }
            expect: { decision: permit }
          - name: the network is closed
            call: { tool: http.request, input: { method: GET, url: "https://example.com/" } }
            expect: { decision: deny }
          - name: no force push
            call: { tool: shell, input: { argv: [git, push, --force] } }
            expect: { decision: deny }

        """
}
