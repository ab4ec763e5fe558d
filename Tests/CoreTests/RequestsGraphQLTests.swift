// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite("GraphQL documents are read as the specification says")
struct RequestsGraphQLTests {
    static let valid = [
        "{a}", "query{a}", "query Q{a}", "mutation M @x{a}", "subscription{a}", "{a b c}", "{x:a}", "{a(b:1)}",
        "{a(b:-0,c:1.5e-3,d:0)}",
        "{a(b:\"\")}", "{a(b:\"\"\"\"\"\")}", "{a(b:\"\"\"x\\\"\"\"y\"\"\")}", "{a(b:[1,[2],[]])}", "{a(b:{})}",
        "{a(b:{c:{d:$e}})}",
        "query($a:Int){a}", "query($a:[Int!]!=[1,2]@d){a}", "query($a:I={x:1}$b:S=null){a}", "{...F}fragment F on T{a}",
        "{...on T{a}}",
        "{...{a}}", "{...@include(if:true){a}}", "{...F@skip(if:$x)}fragment F on T@d{a}", "{on}",
        "{query mutation fragment}",
        "{true:false}", "query query{a}", "fragment F on on{a}{...F}", "{a(on:on,type:TYPE,t:true,n:null)}",
        "{a{b{c{d}}}}",
        "{a(s:\"\\u00e9\\n\\t\\\\\\/\\\"\\u{1F600}\\ud83d\\ude00\")}", "{a(s:\"é😀\")}", "# c\n{a}# d", "\u{FEFF}{a}",
        "{a,b,,c}",
        "{a@x@y(z:1)}", "mutation($i:ID!){a:b(c:$i){...F}}fragment F on T{d(e:[$i])}",
    ]

    @Test("Printing and parsing again gives an equal document and the same text", arguments: valid)
    func roundTrip(_ text: String) throws {
        let document = try GraphQLDocument.parse(text)
        let printed = document.printed()
        let again = try GraphQLDocument.parse(printed)
        #expect(again == document)
        #expect(again.printed() == printed)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "#", "{", "}", "{}", "{a", "{a}}", "a", "{a(}", "{a()}", "{a(b)}", "{a(b:)}", "{a:}", "{a:b:c}", "{1}",
            "{a(b:01)}", "{a(b:1.)}",
            "{a(b:1x)}", "{a(b:1.2.3)}", "{a(b:.5)}", "{a(b:\"x)}", "{a(b:\"\n\")}", "{a(b:\"\\x\")}",
            "{a(b:\"\\ud800\")}", "{a(b:\"\\udc00\")}",
            "{a(b:\"\\u{110000}\")}", "{a(b:\"\\u{}\")}", "{a(b:\"\"\"x)}", "{..F}", "{...}", "{... on}",
            "fragment on on T{a}", "fragment F{a}",
            "fragment F on T", "query(){a}", "query($a){a}", "query($a:){a}", "query($a:Int=$b){a}", "query a b{c}",
            "type T{a:Int}",
            "schema{query:Q}", "extend type T{a:Int}", "{a@}", "{a%}", "{a(b:$)}", "{a(b:'x')}", "{a\u{0}}", "{\u{E9}}",
            "{a(b:[1}", "mutation",
            "query Q", "{a(b:{c})}", "{a;b}", "{a(b:0x1)}", "{a(b:--1)}", "\"doc\"{a}", "{a|b}", "{a&b}",
        ])
    func refuses(_ text: String) {
        let error = #expect(throws: GraphQLError.self) { try GraphQLDocument.parse(text) }
        #expect(error?.code == .syntax)
    }

    @Test(
        "A block string loses common indentation and blank edges",
        arguments: [
            ("\"\"\"abc\"\"\"", "abc"),
            (
                "\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\"",
                "Hello,\n  World!\n\nYours,\n  GraphQL."
            ),
            ("\"\"\" a\r\n\tb\r\tc\"\"\"", " a\nb\nc"), ("\"\"\"\n\n\"\"\"", ""), ("\"\"\"\\\"\"\"\"\"\"", "\"\"\""),
            ("\"\"\"\\n\"\"\"", "\\n"),
        ])
    func blockString(_ literal: String, _ value: String) {
        let (operations, problems) = GraphQLOperation.analyse(document: "{a(b:\(literal))}")
        #expect(problems == [])
        #expect(operations.first?.rootFields.first?[argument: "b"] == .string(value))
    }

    @Test("Limits hold for bytes, tokens, depth, and what fragments expand to")
    func limits() {
        func code(_ text: String) -> RequestProblem.Code? {
            GraphQLOperation.analyse(document: text).problems.first?.code
        }
        let deep = String(repeating: "{a", count: 2000) + String(repeating: "}", count: 2000)
        #expect(code(deep) == .graphQLTooLarge)
        #expect(code("{a(b:" + String(repeating: "[", count: 100_000)) == .graphQLTooLarge)
        #expect(code("query($a:" + String(repeating: "[", count: 100_000)) == .graphQLTooLarge)
        #expect(code("{" + String(repeating: "a ", count: 60_000) + "}") == .graphQLTooLarge)
        #expect(code("{a}" + String(repeating: " ", count: 2 << 20)) == .graphQLTooLarge)
        let bomb =
            (0..<30).map { "fragment F\($0) on T { ...F\($0 + 1) ...F\($0 + 1) }" }.joined() + "fragment F30 on T { a }"
        #expect(code("{ ...F0 }" + bomb) == .graphQLTooLarge)
    }

    @Test("A big variable used often is a problem rather than an expense")
    func variableBomb() {
        let document = "query($v: J) {" + (0..<5000).map { "a\($0): f(v: $v)" }.joined(separator: " ") + "}"
        let variables: JSONValue = ["v": .string(String(repeating: "x", count: 100_000))]
        let (_, problems) = GraphQLOperation.analyse(document: document, variables: variables)
        #expect(problems.map(\.code) == [.graphQLTooLarge])
    }

    @Test(
        "Ways to say the same have the same canonical bytes",
        arguments: [
            #"mutation { volumeDelete(volumeId: "v", force: true) { id } }"#,
            #"mutation X { alias: volumeDelete(force: true, volumeId: "v") { i: id } } # comment"#,
            #"mutation X { ...F } fragment F on Mutation { volumeDelete(volumeId: "v", force: true) { ... on V { id } } }"#,
            #"mutation($v: ID = "v", $f: Boolean) { volumeDelete(volumeId: $v, force: $f) { id } }"#,
        ])
    func canonical(_ document: String) throws {
        let (operations, problems) = GraphQLOperation.analyse(document: document, variables: ["f": true])
        #expect(problems == [])
        let operation = try #require(operations.first)
        #expect(
            String(decoding: operation.canonicalBytes, as: UTF8.self)
                == #"mutation{volumeDelete(force:true,volumeId:"v"){id}}"#)
    }

    @Test(
        "Ways to say something else have other canonical bytes",
        arguments: [
            #"mutation { volumeDelete(volumeId: "w") }"#, #"mutation { volumeDelete(volumeId: v) }"#,
            #"query { volumeDelete(volumeId: "v") }"#,
            #"mutation { volumeDelete(volumeId: ["v"]) }"#,
            #"mutation { volumeDelete(volumeId: "v") @skip(if: true) }"#,
            #"mutation { volumeDelete(volumeId: "v") volumeDelete(volumeId: "v") }"#,
            #"mutation { volumeDelete(id: "v") }"#,
            #"mutation { volumeDelete(volumeId: "$v") }"#, #"mutation($v: ID) { volumeDelete(volumeId: $v) }"#,
        ])
    func canonicalDiffers(_ document: String) throws {
        let expected = try #require(
            GraphQLOperation.analyse(document: #"mutation { volumeDelete(volumeId: "v") }"#).operations.first)
        let operation = try #require(GraphQLOperation.analyse(document: document).operations.first)
        #expect(operation.canonicalBytes != expected.canonicalBytes)
    }

    @Test("A condition is told, and the field stays")
    func conditions() throws {
        let document = "query($x: Boolean) { a @include(if: $x) ...F @skip(if: true) b } fragment F on Q { c }"
        let fields = try #require(GraphQLOperation.analyse(document: document, variables: ["x": true]).operations.first)
            .rootFields
        #expect(fields.map(\.name) == ["a", "c", "b"])
        #expect(fields.map(\.isConditional) == [true, true, false])
        #expect(fields.map(\.isExcluded) == [false, true, false])
    }

    @Test(
        "Introspection is known as such",
        arguments: [
            ("{ __schema { types { name } } }", true), ("{ __typename __type(name: \"T\") { name } }", true),
            ("{ __schema { q: __typename } me }", false),
            ("mutation { __typename }", false),
        ])
    func introspection(_ document: String, _ expected: Bool) {
        #expect(GraphQLOperation.analyse(document: document).operations.map(\.isIntrospection) == [expected])
    }
}
