// SPDX-License-Identifier: Apache-2.0
import AgentCore
import Testing

@testable import AgentPolicy

@Suite("Catalogue")
struct CatalogueTests {
    @Test("Every entry catches its examples and none of its safe forms")
    func examples() {
        for entry in Catalogue.standard.entries {
            for text in entry.denies { #expect(operations(entry, text).contains(entry.id), "\(entry.id) misses \(text)") }
            for text in entry.permits { #expect(!operations(entry, text).contains(entry.id), "\(entry.id) catches \(text)") }
        }
    }

    private func operations(_ entry: CatalogueEntry, _ text: String) -> [String] {
        switch entry.matcher {
        case .command: return CommandReader.read(text).operations.map(\.id)
        case .http:
            let halves = text.split(separator: " ").map(String.init)
            let method = halves[0] == "*" ? "PUT" : halves[0]
            return Catalogue.standard.operations(request: .analyse(method: method, url: halves[1])).map(\.id)
        case .graphQL(let provider, _):
            let url = provider == "railway" ? "https://backboard.railway.com/graphql/v2" : "https://api.github.com/graphql"
            return Catalogue.standard.operations(request: RailwayTests.analysis(text, url: url)).map(\.id)
        }
    }

    @Test("Identifiers are unique among entries of one kind, save for the same command in several shapes")
    func identifiers() {
        for entry in Catalogue.standard.entries {
            #expect(!entry.id.isEmpty)
            #expect(!entry.summary.isEmpty)
            #expect(entry.id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        }
    }

    @Test("Methods decide where no entry does")
    func methods() {
        func effectClass(_ method: String) -> EffectClass? {
            Catalogue.standard.operations(request: .analyse(method: method, url: "https://api.example.com/v1/x")).first?.effectClass
        }
        #expect(effectClass("GET") == .read)
        #expect(effectClass("HEAD") == .read)
        #expect(effectClass("DELETE") == .irreversible)
        #expect(effectClass("POST") == .unknown)
        #expect(effectClass("PUT") == .unknown)
        #expect(effectClass("PURGE") == .unknown)
        #expect(Catalogue.standard.knowsEndpoint(host: "backboard.railway.app", path: "/graphql/v2"))
        #expect(Catalogue.standard.knowsEndpoint(host: "api.github.com", path: "/repos/o/r"))
        #expect(Catalogue.standard.operations(request: .analyse(method: "GET", url: "https://api.github.com/repos/o/r")).map(\.id) == ["github.read"])
        #expect(!Catalogue.standard.knowsEndpoint(host: "api.example.com", path: "/"))
    }

    @Test("A curl command is the request that it sends")
    func curl() {
        func request(_ text: String) -> CommandRequest? { CommandReader.read(text).requests.first }
        let post = request("curl -s https://a.example/x -H 'Content-Type: application/json' -d '{\"a\":1}'")
        #expect(post?.request == OutgoingRequest(method: "POST", url: "https://a.example/x", headers: [.init("Content-Type", "application/json")], body: Array("{\"a\":1}".utf8)))
        #expect(post?.unknownParts == [])
        #expect(request("curl -XDELETE https://a.example")?.request.method == "DELETE")
        #expect(request("curl -sSXPUT https://a.example")?.request.method == "PUT")
        #expect(request("curl -I https://a.example")?.request.method == "HEAD")
        #expect(request("curl -G -d a=b https://a.example/x")?.request.url == "https://a.example/x?a=b")
        #expect(request("curl --json '{}' https://a.example")?.request.method == "POST")
        #expect(request("curl -d @f https://a.example")?.unknownParts == [.body])
        #expect(request("curl -d \"$X\" https://a.example")?.unknownParts.contains(.body) == true)
        #expect(request("curl \"https://$H/x\"")?.unknownParts.contains(.host) == true)
        #expect(request("curl \"https://a.example/$P\"")?.unknownParts == [.path])
        #expect(CommandReader.read("curl https://backboard.railway.com/graphql/v2 -H \"Authorization: Bearer $T\" --json '{\"query\":\"{ me { id } }\"}'").effectClass == .read)
        #expect(CommandReader.read("curl https://backboard.railway.com/graphql/v2 -H \"$H\" --json '{\"query\":\"{ me { id } }\"}'").effectClass == .unknown)
        #expect(request("curl -K f")?.unknownParts.contains(.host) == true)
        #expect(request("curl --resolve a:1:2 https://a.example")?.unknownParts == [.connection])
        #expect(request("curl -u a:b https://a.example")?.request.headers.first?.value == "Basic YTpi")
        #expect(CommandReader.read("curl https://a.example --next -X DELETE https://b.example").requests.map(\.request.method) == ["GET", "DELETE"])
        #expect(CommandReader.read("curl https://a.example https://b.example").requests.count == 2)
        #expect(request("http POST https://a.example a=b")?.request.body == Array("{\"a\":\"b\"}".utf8))
        #expect(request("wget --post-data=x https://a.example")?.request.method == "POST")
    }
}

@Suite("SQL")
struct CatalogueSQLTests {
    @Test(
        "A statement is as grave as what it loses",
        arguments: [
            ("SELECT 1", EffectClass.read), ("SELECT * FROM t WHERE a = 'DROP TABLE x'", .read), ("SELECT 1 -- ; DROP TABLE x", .read), ("EXPLAIN DELETE FROM t", .read), ("SHOW ALL", .read),
            ("INSERT INTO t (a) VALUES (1)", .reversible), ("UPDATE t SET a = 1 WHERE id = 2", .reversible), ("DELETE FROM t WHERE id = 2", .reversible), ("CREATE TABLE t (a int)", .reversible), ("ALTER TABLE t ADD COLUMN a int", .reversible),
            ("DROP TABLE t", .irreversible), ("drop /* x */ table t", .irreversible), ("TRUNCATE t", .irreversible), ("DELETE FROM t", .irreversible), ("DELETE FROM t WHERE true", .irreversible), ("DELETE FROM t WHERE 1=1", .irreversible),
            ("DELETE FROM t WHERE a = 1 OR 1=1", .irreversible), ("DELETE FROM t WHERE (1 < 2)", .irreversible), ("UPDATE t SET a = (SELECT b FROM c WHERE d = 1)", .irreversible), ("ALTER TABLE t DROP COLUMN a", .irreversible), ("ALTER TABLE t DROP a", .irreversible),
            ("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", .irreversible), ("EXPLAIN ANALYZE DELETE FROM t", .irreversible), ("EXPLAIN (ANALYZE) DELETE FROM t", .irreversible), ("SELECT 1; DROP TABLE t", .irreversible), ("DROP OWNED BY x", .irreversible),
            ("PREPARE p AS DELETE FROM t", .irreversible), ("SELECT lo_unlink(1)", .irreversible),
            ("COPY t TO PROGRAM 'sh'", .unknown), ("DO $$ BEGIN DELETE FROM t; END $$", .unknown), ("SELECT pg_terminate_backend(1)", .unknown), ("SELECT dblink('x', 'y')", .unknown), ("SELECT my_function()", .unknown), ("FROBNICATE t", .unknown),
            ("GRANT ALL ON t TO x", .unknown), ("SELECT '\\'; DROP TABLE t; --'", .irreversible), ("CALL p()", .unknown), ("/*! DROP TABLE t */", .irreversible), ("SELECT 1 /* open", .unknown),
        ])
    func classes(_ text: String, _ effectClass: EffectClass) {
        #expect(SQLReading(text).effectClass == effectClass)
    }

    @Test("Any text is read without failing")
    func fuzz() {
        var state: UInt64 = 7
        let pieces = ["SELECT", "DELETE FROM t", "'", "\"", "$$", "$a$", "/*", "*/", "--", "\n", "(", ")", ";", "WITH x AS", "WHERE", "1=1", "E'", "\\", ",", "COPY", "EXPLAIN", "ANALYZE", "\u{0}", "é"]
        for _ in 0..<TestEnvironment.number("AGENTKIT_FUZZ_ROUNDS", default: 3_000) {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int((state >> 33) % UInt64(pieces.count))] + " "
            }
            _ = SQLReading(text).operations
        }
    }
}
