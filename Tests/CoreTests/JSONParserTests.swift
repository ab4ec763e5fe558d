// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite("JSON is read strictly")
struct JSONParserTests {
    struct Accepted: Sendable, CustomTestStringConvertible {
        let text: String
        let value: JSONValue
        var testDescription: String { text }

        static let table: [Accepted] = [
            .init(text: "null", value: nil),
            .init(text: " true\n", value: true),
            .init(text: "[]", value: []),
            .init(text: "{}", value: [:]),
            .init(text: "-9223372036854775808", value: .integer(.min)),
            .init(text: "9223372036854775807", value: .integer(.max)),
            .init(text: "9223372036854775808", value: .number("9223372036854775808")),
            .init(text: "-9223372036854775809", value: .number("-9223372036854775809")),
            .init(text: "-0", value: .number("-0")),
            .init(text: "1.50", value: .number("1.50")),
            .init(text: "1E+2", value: .number("1E+2")),
            .init(text: #""a\u0062\n\ud83d\ude00\/""#, value: "ab\n\u{1F600}/"),
            .init(text: #"{"a":[1,{"b":null}],"c":""}"#, value: ["a": [1, ["b": nil]], "c": ""]),
            .init(text: #"{"\u0061":1}"#, value: ["a": 1]),
        ]
    }

    @Test("A valid text gives its value", arguments: Accepted.table)
    func accepts(_ scenario: Accepted) throws {
        #expect(try JSONValue.parse(scenario.text) == scenario.value)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let text: String
        let code: JSONError.Code
        var testDescription: String { text }

        static let table: [Refused] =
            [
                "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1 2]", "{\"a\" 1}", "nul", "True", "01",
                "-", "+1", "1.", ".5",
                "1e", "1e+", "0x10", "NaN", "Infinity", "\"", "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "[1]]",
                "1 2", "// c\n1",
                "\u{FEFF}1", "{\"a\":}", "{1:2}", "\"\\", "\"\\u",
            ].map { Refused(text: $0, code: .syntax) } + [
                Refused(text: #"{"a":1,"a":2}"#, code: .duplicateKey),
                Refused(text: #"{"a":1,"\u0061":2}"#, code: .duplicateKey),
                Refused(text: "{\"\u{E9}\":1,\"e\u{301}\":2}", code: .duplicateKey),
                Refused(text: #"[{"x":{"a":1,"b":0,"a":1}}]"#, code: .duplicateKey),
                Refused(text: #""\ud800""#, code: .loneSurrogate),
                Refused(text: #""\ud800\u0041""#, code: .loneSurrogate),
                Refused(text: #""\udc00\ud800""#, code: .loneSurrogate),
                Refused(text: String(repeating: "[", count: 100_000), code: .tooDeep),
            ]
    }

    @Test("Anything else is refused with its reason", arguments: Refused.table)
    func refuses(_ scenario: Refused) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(scenario.text) }
        #expect(error?.code == scenario.code)
    }

    @Test(
        "Malformed UTF-8 in a string is refused",
        arguments: [[0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xFF, 0x22]] as [[UInt8]])
    func refusesMalformedUTF8(_ bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
        #expect(error?.code == .invalidUTF8)
    }

    @Test("An error names byte, line and column")
    func namesPlace() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse("{\n  \"a\": 1,\n  \"a\": 2}") }
        #expect(error?.offset == 14)
        #expect(error?.line == 3)
        #expect(error?.column == 3)
    }

    @Test("Size, depth and count have limits")
    func limits() throws {
        let small = JSONLimits(maximumBytes: 10, maximumDepth: 2, maximumValues: 4)
        #expect(throws: Never.self) { try JSONValue.parse("[[1,2]]", limits: small) }
        #expect(throws: JSONError.self) { try JSONValue.parse("[[[1]]]", limits: small) }
        #expect(throws: JSONError.self) { try JSONValue.parse("[1,2,3,4]", limits: small) }
        #expect(throws: JSONError.self) { try JSONValue.parse("[1,       2]", limits: small) }
    }

    @Test("Duplicate keys can be folded by name only when asked")
    func foldsDuplicates() throws {
        let value = try JSONValue.parse(#"{"a":1,"b":2,"a":3}"#, limits: JSONLimits(duplicateKeys: .keepLast))
        #expect(value == ["b": 2, "a": 3])
    }

    @Test("A big object finds each of its members, and its duplicates")
    func bigObject() throws {
        let members = (0..<500).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let value = try JSONValue.parse("{\(members)}")
        #expect(value["k499"] == 499)
        #expect(value["k500"] == nil)
        #expect(throws: JSONError.self) { try JSONValue.parse("{\(members),\"k7\":0}") }
    }

    @Test("Names are compared by bytes, not by Unicode equivalence")
    func comparesBytes() throws {
        let value = try JSONValue.parse("{\"\u{212A}\":1}")
        #expect(value["K"] == nil)
        #expect(value["\u{212A}"] == 1)
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test("A JSON pointer reaches a value or gives nothing")
    func pointer() throws {
        let value = try JSONValue.parse(#"{"a/b":[{"m~n":7}],"":0}"#)
        #expect(value[pointer: ""] == value)
        #expect(value[pointer: "/a~1b/0/m~0n"] == 7)
        #expect(value[pointer: "/"] == 0)
        #expect(value[pointer: "/a~1b/00"] == nil)
        #expect(value[pointer: "/a~1b/-"] == nil)
        #expect(value[pointer: "/a~2b"] == nil)
        #expect(value[pointer: "a"] == nil)
    }
}
