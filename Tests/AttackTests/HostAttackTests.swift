// SPDX-License-Identifier: Apache-2.0

import Testing

/// What the program takes from its surroundings, where others may have a hand in them.
@Suite struct HostAttackTests {
    private static let strict = """
        version: 1
        session: { run_as: 65534 }
        rules: [{ id: nothing, deny: exec, programs: ["/**"] }]
        """
    private static let open = """
        version: 1
        session: { run_as: 65534 }
        rules: [{ id: all, permit: exec, programs: ["/usr/bin/**", "/bin/*"] }]
        """

    @Test(.enabled(if: isRoot, "another user is needed"))
    func `a policy that another user's link chooses is refused`() throws {
        try onGround { ground in
            ground.write(Self.open, to: "mine.yaml")
            ground.run("mkdir -m 1777 $D/shared; mkdir $D/shared/work; chmod 1777 $D/shared; ln -s $D/mine.yaml $D/shared/agentkit.yaml")
            let run = "$agentkit exec --workspace $D/shared/work --discard -- /bin/echo ran"
            #expect(ground.run(run).output.contains("ran"), "the control: one's own link counts")
            ground.run("chown -h 65534 $D/shared/agentkit.yaml")
            let attacked = ground.run(run)
            #expect(attacked.status == 125 && !attacked.output.contains("ran\n"), "\(attacked)")
        }
    }

    @Test func `a policy above the workspace binds also without a home`() throws {
        try onGround { ground in
            ground.write(Self.strict, to: "agentkit.yaml")
            let run = "$agentkit exec --workspace $W --discard -- /bin/echo ran"
            #expect(ground.run(run).status == 126, "the control: it binds with a home")
            let outcome = ground.run("unset HOME; " + run)
            #expect(outcome.status == 126, "\(outcome)")
        }
    }

    @Test(arguments: ["cd $W; export AGENTKIT_STATE=state", "ln -s $W $D/link; export AGENTKIT_STATE=$D/link/state"])
    func `state inside the workspace is refused, however it is spelt`(_ setting: String) throws {
        try onGround { ground in
            ground.write(Self.open, to: "agentkit.yaml")
            let outcome = ground.run("\(setting); $agentkit exec --workspace $W --discard -- /bin/echo ran")
            #expect(outcome.status == 125, "\(outcome)")
            #expect(ground.run("ls $W").output.isEmpty)
        }
    }

    @Test func `a relative state folder lies where it was said, not below the root`() throws {
        try onGround { ground in
            ground.write(Self.open, to: "agentkit.yaml")
            let outcome = ground.run("mkdir $D/else; cd $D/else; AGENTKIT_STATE=own $agentkit exec --workspace $W --discard -- /bin/echo ran")
            #expect(outcome.output.contains("ran"), "\(outcome)")
            #expect(ground.run("test -d $D/else/own && test -d $D/else/own.head && test ! -e /own").status == 0)
        }
    }

    @Test func `a program can't write through its standard input`() throws {
        try onGround { ground in
            ground.write(Self.open, to: "agentkit.yaml")
            ground.write("untouched", to: "input")
            #expect(ground.run("echo written 0<>$D/input 1>&0").status == 0)
            #expect(ground.read("input").hasPrefix("written"), "the control: without a pod the descriptor writes")
            ground.write("untouched", to: "input")
            ground.run("$agentkit exec --workspace $W --discard -- /bin/sh -c 'echo written 1>&0; echo again >/proc/self/fd/0' 0<>$D/input")
            #expect(ground.read("input") == "untouched")
            let reading = ground.run("$agentkit exec --workspace $W --discard -- /bin/cat 0<>$D/input")
            #expect(reading.output.contains("untouched"), "\(reading)")
            let folder = ground.run("$agentkit exec --workspace $W --discard -- /bin/ls /proc/self/fd/0/ 0<$D")
            #expect(folder.status == 125, "\(folder)")
        }
    }

    @Test func `a report and messages hold no terminal commands and no credential`() throws {
        try onGround { ground in
            ground.write(Self.open, to: "agentkit.yaml")
            let token = "ghp_" + "9aB3dE5fG7hJ1kL2mN4pQ6rS8tU0vW2xY4zA"
            ground.run("$agentkit exec --workspace $W --report $D/report --discard -- /bin/echo \(token)")
            #expect(ground.read("report").contains("echo") && !ground.read("report").contains(token), "\(ground.read("report"))")
            let shown = ground.run("$agentkit call --workspace $W --tool \"$(printf 'x\\033]0;owned\\007\\302\\233')\" --input '{}'")
            #expect(!shown.output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{7}" }, "\(shown)")
        }
    }

    @Test func `an approver stands in any folder`() throws {
        try onGround { ground in
            ground.write(Self.open, to: "policy.yaml")
            let outcome = ground.run("cd $D; $agentkit approvals list --policy policy.yaml")
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}
