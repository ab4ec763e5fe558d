// SPDX-License-Identifier: Apache-2.0

import AgentKit
import Testing

@Suite("Scopes")
struct ScopeTests {
    /// Random scopes and effects from small alphabets, so that they often meet.
    struct Generator {
        var random: SplitMix

        init(_ seed: UInt64) { random = SplitMix(state: seed) }

        mutating func path() -> String {
            let segments = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                ["a", "b", "c", "..", ".", "", "e\u{301}", "\u{e9}", "\u{301}x"].randomElement(using: &random) ?? "a"
            }
            return (Int.random(in: 0...4, using: &random) == 0 ? "/" : "") + segments.joined(separator: "/")
        }

        mutating func names(_ pool: [String]) -> Set<String>? {
            if Int.random(in: 0...4, using: &random) == 0 { return nil }
            return Set(pool.filter { _ in Bool.random(using: &random) })
        }

        mutating func paths() -> [String] { (0..<Int.random(in: 0...3, using: &random)).map { _ in path() } }
    }

    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static let programs = ["make", "git", "K", "\u{212A}", "/bin/sh", "caf\u{e9}", "cafe\u{301}"]
    static let hosts = ["a.example", "b.example", "10.0.0.1"]
    static let methods = ["GET", "POST", "DELETE"]

    /// Whatever lies within a parent covers nothing that the parent doesn't.
    func check<Scope: CapabilityScope>(_ child: Scope, _ parent: Scope, _ actions: [Effect.Action]) -> Bool {
        guard child.isWithin(parent) else { return true }
        return actions.allSatisfy { !child.covers($0, workspace: "/ws") || parent.covers($0, workspace: "/ws") }
    }

    @Test(
        "A scope within another covers nothing that the other doesn't, for any scopes",
        arguments: 0..<40 as Range<UInt64>)
    func neverWidens(_ seed: UInt64) {
        var generator = Generator(seed)
        for _ in 0..<100 {
            let paths = (0..<12).map { _ in generator.path() } + ["/ws/" + generator.path(), "/ws", "/"]
            let reads = paths.map { Effect.Action.readFile(path: $0) }
            let commit = Effect.Action.commit(
                CommitSummary(written: [], deleted: [], executesElsewhere: [], originalsKept: true))
            let writes = paths.map { Effect.Action.writeFile(path: $0) } + [commit]
            #expect(check(FileReadScope(generator.paths()), FileReadScope(generator.paths()), reads))
            let writers = (0..<2).map { _ in
                FileWriteScope(
                    generator.paths() + (Bool.random(using: &generator.random) ? [""] : []),
                    mayCommit: Bool.random(using: &generator.random))
            }
            #expect(check(writers[0], writers[1], writes))
            let runs = Self.programs.map { Effect.Action.execute(Execution(argv: [$0, "x"])) }
            #expect(
                check(
                    ExecScope(programs: generator.names(Self.programs)),
                    ExecScope(programs: generator.names(Self.programs)), runs))
            let requests = Self.hosts.flatMap { host in
                Self.methods.map { Effect.Action.request(OutgoingRequest(method: $0, url: "https://\(host)/")) }
            }
            let senders = (0..<2).map { _ in
                HTTPScope(hosts: generator.names(Self.hosts), methods: generator.names(Self.methods))
            }
            #expect(check(senders[0], senders[1], requests))
            let users = (0..<2).map { _ in SecretUseScope(names: generator.names(["one", "two", "three"])) }
            #expect(
                !users[0].isWithin(users[1])
                    || ["one", "two", "three", "four"].allSatisfy {
                        !users[0].covers(secret: $0) || users[1].covers(secret: $0)
                    })
        }
    }

    @Test("A scope lies within itself, and within the scope of everything", arguments: 0..<20 as Range<UInt64>)
    func reflexive(_ seed: UInt64) {
        var generator = Generator(seed)
        let paths = generator.paths()
        #expect(FileReadScope(paths).isWithin(FileReadScope(paths)))
        #expect(FileReadScope(paths).isWithin(FileReadScope(["", "/"])))
        let programs = generator.names(Self.programs)
        #expect(ExecScope(programs: programs).isWithin(ExecScope(programs: programs)))
        #expect(ExecScope(programs: programs).isWithin(ExecScope()))
        #expect(!ExecScope().isWithin(ExecScope(programs: ["make"])))
        #expect(!HTTPScope().isWithin(HTTPScope(hosts: [])))
        #expect(!SecretUseScope().isWithin(SecretUseScope(names: ["one"])))
    }

    struct PathCase: Sendable, CustomTestStringConvertible {
        let scope: String
        let path: String
        let isCovered: Bool
        var testDescription: String {
            "\(scope.debugDescription) \(isCovered ? "covers" : "does not cover") \(path.debugDescription)"
        }

        init(_ scope: String, _ path: String, _ isCovered: Bool) {
            (self.scope, self.path, self.isCovered) = (scope, path, isCovered)
        }

        static let all = [
            PathCase("", "a", true), PathCase("", "", true), PathCase("", "/ws/a", true), PathCase("", "/ws", true),
            PathCase("", "/etc/passwd", false), PathCase("", "../etc", false), PathCase("", "/ws/../etc", false),
            PathCase("", "/wsx/a", false), PathCase("src", "src/a", true), PathCase("src", "src", true),
            PathCase("src", "srcs/a", false), PathCase("src", "src/../a", false), PathCase("src", "./src//a", true),
            PathCase("src", "a/../src/b", true), PathCase("src", "", false), PathCase("src", "src\u{0}", false),
            // To the kernel a slash is a slash whatever stands behind it, and equivalent names are different files.
            PathCase("src", "src/../\u{301}/../.env", false), PathCase("src", "src/../\u{301}x", false),
            PathCase("src", "src/\u{301}x", true), PathCase("caf\u{e9}", "cafe\u{301}/a", false),
            PathCase("caf\u{e9}", "caf\u{e9}/a", true),
            PathCase("/srv/data", "/srv/data/x", true), PathCase("/srv/data", "/srv/database", false),
            PathCase("/srv/data", "/srv/data/../x", false), PathCase("/", "a", false),
            PathCase("/", "/etc/passwd", true),
            PathCase("..", "a", false), PathCase("../..", "/etc", false),
        ]
    }

    @Test("A path scope covers its own tree, as the kernel reads paths", arguments: PathCase.all)
    func paths(_ scenario: PathCase) {
        let scope = FileReadScope([scenario.scope])
        #expect(scope.covers(.readFile(path: scenario.path), workspace: "/ws") == scenario.isCovered)
        #expect(!scope.covers(.writeFile(path: scenario.path), workspace: "/ws"))
    }

    struct RequestCase: Sendable, CustomTestStringConvertible {
        let url: String
        let method: String
        let isCovered: Bool
        var testDescription: String { "\(method) \(url)" }

        static let all = [
            RequestCase(url: "https://api.example/x", method: "GET", isCovered: true),
            RequestCase(url: "https://API.example./x", method: "get", isCovered: true),
            RequestCase(url: "https://api.example/x", method: "POST", isCovered: false),
            RequestCase(url: "https://api.example.evil.example/x", method: "GET", isCovered: false),
            RequestCase(url: "https://evil.example/api.example", method: "GET", isCovered: false),
            RequestCase(url: "https://evil.example#api.example", method: "GET", isCovered: false),
            RequestCase(url: "api.example", method: "GET", isCovered: false),
            RequestCase(url: "", method: "GET", isCovered: false),
        ]
    }

    @Test(
        "An HTTP scope reads the host as it will be dialled, and covers no URL that it can't read",
        arguments: RequestCase.all)
    func requests(_ scenario: RequestCase) {
        let scope = HTTPScope(hosts: ["api.example"], methods: ["GET"])
        let action = Effect.Action.request(OutgoingRequest(method: scenario.method, url: scenario.url))
        #expect(scope.covers(action, workspace: "/ws") == scenario.isCovered)
    }

    @Test("A program scope covers exact words, and nothing without a program")
    func programs() {
        let scope = ExecScope(programs: ["make", "K"])
        #expect(scope.covers(.execute(Execution(argv: ["make", "test"])), workspace: "/ws"))
        #expect(!scope.covers(.execute(Execution(argv: ["./make"])), workspace: "/ws"))
        #expect(!scope.covers(.execute(Execution(shell: "make")), workspace: "/ws"))
        #expect(!scope.covers(.execute(Execution(argv: ["\u{212A}"])), workspace: "/ws"))
        #expect(!ExecScope().covers(.execute(Execution(argv: [])), workspace: "/ws"))
    }
}
