// SPDX-License-Identifier: Apache-2.0

import Testing

/// What the policy says about files outside the workspace, held against what a program in the pod can read there.
@Suite struct ViewAttackTests {
    private static func policy(_ rules: String, _ session: String = "") -> String {
        """
        version: 1
        session: { run_as: 65534\(session) }
        rules:
          - { id: read, permit: file.read, paths: ["**"] }
          - { id: run, permit: exec, programs: ["/usr/bin/**", "/bin/*"] }
        \(rules)
        """
    }

    private static let files = "mkdir -p $D/data/a/public $D/data/a/private; echo shown >$D/data/a/public/f; echo kept >$D/data/a/private/f"
    private static let look = "$agentkit exec --workspace $W --policy $D/p.yaml --discard -- cat $D/data/a/public/f $D/data/a/private/f"

    @Test func `a tree that a rule permits is shown`() throws {
        try onGround { ground in
            ground.run(Self.files)
            ground.write(Self.policy("  - { id: data, permit: file.read, paths: [\"\(ground.folder)/data/**\"] }"), to: "p.yaml")
            let seen = ground.run(Self.look)
            #expect(seen.output.contains("shown") && seen.output.contains("kept"), "\(seen)")
        }
    }

    @Test func `a wildcard inside a pattern doesn't show the whole tree below it`() throws {
        try onGround { ground in
            ground.run(Self.files)
            ground.write(Self.policy("  - { id: data, permit: file.read, paths: [\"\(ground.folder)/data/*/public/**\"] }"), to: "p.yaml")
            let seen = ground.run(Self.look)
            #expect(!seen.output.contains("kept"), "\(seen)")
        }
    }

    @Test func `what a rule denies below a shown tree is empty in the pod`() throws {
        try onGround { ground in
            ground.run(Self.files)
            let rules = """
                  - { id: data, permit: file.read, paths: ["\(ground.folder)/data/**"] }
                  - { id: not-this, deny: file.read, paths: ["\(ground.folder)/data/a/private/**"] }
                """
            ground.write(Self.policy(rules), to: "p.yaml")
            let seen = ground.run(Self.look)
            #expect(seen.output.contains("shown") && !seen.output.contains("kept"), "\(seen)")
        }
    }

    @Test func `a view that shows the state or a secret's file opens no session`() throws {
        try onGround { ground in
            ground.run("mkdir $D/keys; echo token-of-the-host >$D/keys/token; chmod 600 $D/keys/token")
            let run = "$agentkit exec --workspace $W --policy $D/p.yaml --discard -- /bin/cat $D/keys/token"
            ground.write(Self.policy("", ", view: [\"\(ground.folder)/state\"]"), to: "p.yaml")
            let state = ground.run("$agentkit exec --workspace $W --policy $D/p.yaml --discard -- /bin/ls $D/state")
            #expect(state.status == 125 && state.output.contains("view"), "\(state)")
            let secret = "secrets: { t: { from: { file: \"\(ground.folder)/keys/token\" }, resolver: true } }\n"
            ground.write(secret + Self.policy("", ", view: [\"\(ground.folder)/keys\"]"), to: "p.yaml")
            let key = ground.run(run)
            #expect(key.status == 125 && key.output.contains("view"), "\(key)")
        }
    }
}
