// SPDX-License-Identifier: Apache-2.0

internal import AgentHost

/// Measures everything in one run and prints one table; or scores the labelled samples of a folder.
@main
enum BenchProgram {
    static func main() async {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "corpora" {
            let folder = arguments.dropFirst().first ?? StandardStreams.environment()["AGENTKIT_CORPORA"]
            guard let folder else { return print("agentkit-bench: name the folder: agentkit-bench corpora DIR, or AGENTKIT_CORPORA") }
            return CorpusReport(folder: folder).show()
        }
        var setting = Setting()
        while !arguments.isEmpty {
            let option = arguments.removeFirst()
            switch option {
            case "--agentkit": setting.agentkit = arguments.isEmpty ? "" : arguments.removeFirst()
            case "--codex": setting.codex = arguments.isEmpty ? "" : arguments.removeFirst()
            case "--memory": setting.memory = arguments.isEmpty ? nil : arguments.removeFirst()
            case "--quick": setting.rounds = 10
            default: return print("usage: agentkit-bench [--agentkit PROGRAM] [--codex PROGRAM] [--memory DIR] [--quick] | corpora DIR")
            }
        }
        await measure(setting)
    }

    private static func measure(_ setting: Setting) async {
        guard let bench = Bench(setting) else { return print("agentkit-bench: no temporary folder can be made; set TMPDIR") }
        print("  \(Table.padded("what", 54))     median        p99      ratio")
        await bench.processes().run()
        await bench.pods().run()
        for group in bench.workspaces() { await group.run() }
        await bench.files().run()
        await bench.durable()
        bench.throughput()
        await bench.scanning()?.run()
    }
}

/// What a run is told.
struct Setting {
    var rounds = 60
    /// The program whose whole process is measured.
    var agentkit = ""
    /// A peer that is measured where it is named.
    var codex: String?
    /// A folder on a file system in memory, for state that waits for no disk.
    var memory: String?
    let variables = StandardStreams.environment()
    var path: String { variables["PATH"] ?? "/usr/bin:/bin" }
}

/// The folders that the cases work in. `Scripts/bench` sets `TMPDIR` to a folder that it deletes afterwards.
struct Bench {
    let setting: Setting
    let root: String
    /// A workspace of ten small files.
    let workspace: String
    /// A folder of state on the disk.
    let state: String

    init?(_ setting: Setting) {
        guard let root = Program.temporaryFolder(setting.variables["TMPDIR"] ?? "/tmp") else { return nil }
        self.setting = setting
        self.root = root
        workspace = "\(root)/workspace"
        state = "\(root)/state"
        guard Self.makeWorkspace(workspace, files: 10) else { return nil }
    }

    /// A tree of small text files, a hundred to a folder.
    static func makeWorkspace(_ path: String, files: Int) -> Bool {
        let text = Array(String(repeating: "let value = compute(1, 2) // nothing of interest\n", count: 20).utf8)
        guard Program.makeFolder(path) else { return false }
        for index in 0..<files {
            let folder = "\(path)/d\(index / 100)"
            guard index % 100 != 0 || Program.makeFolder(folder) else { return false }
            guard Program.write("\(folder)/f\(index).swift", text) else { return false }
        }
        return true
    }

    func options(_ state: HostOptions.State, workspace: String? = nil) -> HostOptions {
        HostOptions(workspace: workspace ?? self.workspace, variables: ["HOME": root, "USER": "bench"], state: state)
    }
}
