// SPDX-License-Identifier: Apache-2.0

import Testing

/// An approved commit is a commit of what was approved.
@Suite struct CommitAttackTests {
    private static let policy = """
        version: 1
        session: { run_as: 65534 }
        rules:
          - { id: read, permit: file.read, paths: ["**"] }
          - { id: write, permit: file.write, paths: ["**"] }
          - { id: run, permit: exec, programs: ["/usr/bin/**", "/bin/*"] }
          - { id: commit, permit: commit, paths: ["**"] }
        approvals:
          signers: signers
          require: [{ class: reversible, threshold: 1, expires: 10m }]
        """

    /// Writes a file, has the commit approved, and tries again with the given text.
    private static func resume(_ ground: Ground, writing text: String, into workspace: String = "$W") -> Outcome {
        ground.write(policy, to: "agentkit.yaml")
        return ground.run(
            """
            set -e
            $agentkit approvals keygen --out $D/key --principal alice >/dev/null
            printf 'alice namespaces="agentkit-approval-v1" %s\\n' "$(cut -d' ' -f1,2 $D/key.pub)" >$D/signers
            write() { $agentkit exec --workspace \(workspace) --resume "$1" -- /bin/sh -c "echo $2 >deploy.yml" || true; }
            $agentkit exec --workspace $W -- /bin/sh -c "echo good >deploy.yml" 2>$D/asked || true
            id=$(sed -n 's/.*waits for approval \\([0-9a-f]*\\).*/\\1/p' $D/asked)
            digest=$($agentkit approvals show $id --policy $D/agentkit.yaml | sed -n 's/^digest: //p')
            $agentkit approvals approve $id --policy $D/agentkit.yaml --key $D/key --yes-i-read $digest
            write $id \(text)
            """)
    }

    @Test func `an approved commit happens`() throws {
        try onGround { ground in
            let outcome = Self.resume(ground, writing: "good")
            #expect(ground.read("work/deploy.yml") == "good\n", "\(outcome)")
        }
    }

    @Test func `an approval for one workspace is none for another`() throws {
        try onGround { ground in
            ground.run("mkdir $D/other")
            let outcome = Self.resume(ground, writing: "good", into: "$D/other")
            #expect(ground.read("other/deploy.yml").isEmpty && ground.read("work/deploy.yml").isEmpty, "\(outcome)")
        }
    }

    @Test func `more deletions than the policy bears need a person`() throws {
        try onGround { ground in
            let bounded = Self.policy.replacing("class: reversible", with: "class: irreversible")
                .replacing("run_as: 65534", with: "run_as: 65534, limits: { deletes: 5 }")
            ground.write(bounded, to: "agentkit.yaml")
            ground.run("cd $W; for i in $(seq 10); do echo $i >f$i; done")
            let few = ground.run("$agentkit exec --workspace $W -- /bin/sh -c 'rm f1 f2'")
            #expect(few.status == 0 && ground.read("work/f1").isEmpty, "\(few)")
            let many = ground.run("$agentkit exec --workspace $W -- /bin/sh -c 'rm f*'")
            #expect(many.status == 75 && ground.read("work/f10") == "10\n", "\(many)")
        }
    }

    @Test func `a call whose changes were not committed doesn't end with success`() throws {
        try onGround { ground in
            ground.run("printf 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzEXAMPL\\n' >$W/.env")
            let call = "$agentkit call --workspace $W --commit --tool file.write --input '{\"path\":\"NAME\",\"content\":\"A=1\"}'"
            let plain = ground.run(call.replacing("NAME", with: "plain"))
            #expect(plain.status == 0 && ground.read("work/plain") == "A=1", "\(plain)")
            for name in [".env", ".git/hooks/pre-commit"] {
                let outcome = ground.run(call.replacing("NAME", with: name))
                #expect(outcome.status == 70, "\(outcome)")
            }
            #expect(ground.read("work/.env").contains("wJalr"))
        }
    }

    @Test func `other contents under the approved names are not committed`() throws {
        try onGround { ground in
            let outcome = Self.resume(ground, writing: "evil")
            #expect(ground.read("work/deploy.yml").isEmpty, "\(outcome)")
        }
    }
}
