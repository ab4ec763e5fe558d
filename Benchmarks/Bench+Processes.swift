// SPDX-License-Identifier: Apache-2.0

extension Bench {
    /// Whole processes, from the spawn to the end: what a caller from outside waits for.
    func processes() -> BenchGroup {
        var cases = [Self.process("posix_spawn and wait of /bin/true", ["/bin/true"])]
        cases += own() + peers()
        return BenchGroup(title: "A whole process", rounds: setting.rounds, cases: cases)
    }

    private func own() -> [BenchCase] {
        let agentkit = setting.agentkit
        guard !agentkit.isEmpty else {
            Table.line("agentkit as a process", "not measured: name the program with --agentkit")
            return []
        }
        func exec(_ state: String) -> [String] {
            [agentkit, "exec", "--state", state, "--workspace", workspace, "--", "/bin/true"]
        }
        var cases = [
            Self.process("agentkit --version", [agentkit, "--version"]),
            Self.process("agentkit exec -- /bin/true, durable audit", exec(state)),
        ]
        if let memory = setting.memory {
            cases.append(Self.process("agentkit exec -- /bin/true, state in memory", exec("\(memory)/state")))
        }
        return cases
    }

    private func peers() -> [BenchCase] {
        var cases: [BenchCase] = []
        func peer(_ name: String, _ program: String?, _ arguments: [String]) {
            guard let program else { return Table.line(name, "not measured: not installed") }
            cases.append(Self.process("\(name) /bin/true", [program] + arguments + ["/bin/true"]))
        }
        peer("bwrap --unshare-all", Program.find("bwrap", in: setting.path), ["--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev"])
        peer("firejail --noprofile --net=none", Program.find("firejail", in: setting.path), ["--quiet", "--noprofile", "--net=none"])
        peer("codex sandbox", setting.codex ?? Program.find("codex", in: setting.path), ["sandbox", "--"])
        return cases
    }

    private static func process(_ name: String, _ arguments: [String]) -> BenchCase {
        BenchCase(name: name) {
            let code = Program.run(arguments)
            guard code == 0 else { throw BenchFailure("ended with \(code.map { "\($0)" } ?? "no code")") }
            return true
        }
    }
}
