// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import AgentHost
internal import AgentPolicy
internal import AgentSecrets

extension Bench {
    /// Reading and judging text, on one thread.
    func throughput() {
        print("\nText, one thread (the median of \(Self.passes) passes)")
        decide("decide, shell lines", Self.shellLines)
        decide("decide, http lines", Self.requestLines)
        let output = Self.buildOutput()
        rate("redaction of output without secrets", bytes: output.count) {
            var stream = SecretRedactor().stream(from: .output)
            var count = 0
            var start = 0
            while start < output.count {
                let end = min(start + 65_536, output.count)
                count += stream.feed(Array(output[start..<end])).count
                start = end
            }
            return count + stream.finish().count == output.count
        }
    }

    private static let passes = 5

    private func decide(_ name: String, _ lines: [String]) {
        do {
            let engine = try Host.compiled(try PolicyDocument.strictDefault(), vault: nil)
            let context = SessionContext(
                id: "bench", environment: EnvironmentLabel("production"), workspace: workspace, principals: ["bench"])
            let decider = DecideLine(policy: engine, session: context)
            let input = (0..<40).flatMap { _ in lines }.map { Array($0.utf8) }
            let seconds = Self.seconds {
                var output: [UInt8] = []
                for line in input { decider.answerOffline(line, into: &output) }
                return output.count > input.count
            }
            Table.line(name, "\(Int(Double(input.count) / seconds)) lines/s")
        } catch {
            Table.line(name, "failed: \(error)")
        }
    }

    private func rate(_ name: String, bytes: Int, _ body: () -> Bool) {
        let seconds = Self.seconds(body)
        Table.line(name, seconds > 0 ? "\(Table.decimal(Double(bytes) / 1e6 / seconds)) MB/s" : "failed: it did not do what it should")
    }

    private static func seconds(_ body: () -> Bool) -> Double {
        var samples = Samples()
        for _ in 0..<passes {
            let begin = ContinuousClock.now
            guard body() else { return 0 }
            samples.add(ContinuousClock.now - begin)
        }
        return samples.percentile(50) / 1e9
    }

    private static let shellLines: [String] = [
        "ls -la", "git status --short", "rm -rf build/output", "swift build -c release --product agentkit 2>&1 | tail -n 20",
        "find . -name '*.swift' -exec grep -l TODO {} +", "bash -c 'git reset --hard && git clean -fdx'", "psql -c 'SELECT * FROM users'",
        "for f in *.txt; do mv \"$f\" \"${f%.txt}.md\"; done", "terraform destroy -auto-approve", "python3 -m pytest tests -q -k 'not slow'",
        "curl -sS -X POST https://api.example.org/v1/volumes -H 'Content-Type: application/json' -d '{\"name\":\"a\"}'",
        "echo cm0gLXJmIC8K | base64 -d | sh",
    ].enumerated().map { index, command in
        let input: JSONValue = ["id": .integer(Int64(index)), "tool": "shell", "input": ["command": .string(command)]]
        return String(decoding: input.serializedBytes(), as: UTF8.self)
    }

    private static let requestLines: [String] = [
        ("GET", "https://api.example.org/v1/volumes?page=2", ""), ("DELETE", "https://api.example.org/v1/volumes/7f3a", ""),
        ("POST", "https://api.example.org/v1/items", "{\"name\":\"a\",\"tags\":[\"x\",\"y\"],\"count\":3}"),
        ("POST", "https://backboard.railway.app/graphql/v2", "{\"query\":\"mutation { volumeDelete(volumeId: \\\"v1\\\") }\"}"),
    ].enumerated().map { index, request in
        let input: JSONValue = [
            "id": .integer(Int64(index)), "tool": "http.request",
            "input": [
                "method": .string(request.0), "url": .string(request.1), "headers": ["content-type": "application/json"], "body": .string(request.2),
            ],
        ]
        return String(decoding: input.serializedBytes(), as: UTF8.self)
    }

    private static func buildOutput() -> [UInt8] {
        var text = ""
        for index in 0..<40_000 {
            text += "[\(index)/40000] Compiling Module\(index % 97) Source\(index).swift\nwarning: variable 'x\(index)' was never used; consider '_' instead\n"
        }
        return Array(text.utf8)
    }

    /// The scan of a tree as a whole process, beside ripgrep with the prefixes of a few vendors on the same tree.
    func scanning() -> BenchGroup? {
        guard !setting.agentkit.isEmpty, let (tree, bytes) = sourceTree() else {
            Table.line("secrets scan", "not measured: name the program with --agentkit, and run in the project's folder")
            return nil
        }
        func scan(_ name: String, _ arguments: [String], codes: Set<Int32>) -> BenchCase {
            BenchCase(name: name) { codes.contains(Program.run(arguments) ?? -1) }
        }
        let pattern = "AKIA[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36}|sk_live_[0-9A-Za-z]{24}|xox[abp]-[0-9A-Za-z-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY"
        var cases: [BenchCase] = []
        if let rg = Program.find("rg", in: setting.path) {
            cases.append(scan("rg -j1, five vendors' prefixes", [rg, "-j1", "-uu", "-c", pattern, tree], codes: [0, 1]))
        } else {
            Table.line("ripgrep on the same tree", "not measured: not installed")
        }
        cases.append(scan("agentkit secrets scan", [setting.agentkit, "secrets", "scan", tree], codes: [0, 1]))
        return BenchGroup(
            title: "A scan of \(Table.decimal(Double(bytes) / 1e6)) MB of sources as a whole process", rounds: max(5, setting.rounds / 6), warmUp: 1,
            cases: cases)
    }

    /// The project's own sources, eight times.
    private func sourceTree() -> (path: String, bytes: Int)? {
        let tree = "\(root)/sources"
        guard Program.makeFolder(tree) else { return nil }
        var bytes = 0
        var number = 0
        func copy(_ folder: String) {
            for name in HostFiles.names(in: folder) {
                let path = "\(folder)/\(name)"
                if HostFiles.isFolder(path) {
                    copy(path)
                } else if let text = HostFiles.read(path, limitBytes: 1 << 20) {
                    number += 1
                    bytes += text.count
                    _ = Program.write("\(tree)/\(number)-\(name)", text)
                }
            }
        }
        for _ in 0..<8 { copy("Sources") }
        return bytes > 0 ? (tree, bytes) : nil
    }
}
