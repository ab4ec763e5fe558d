// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite("JSON has one canonical form")
struct JSONCanonicalTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let source: String
        let canonical: String
        var testDescription: String { source }

        static let table: [Vector] = [
            .init(source: #"{"b":1,"a":2}"#, canonical: #"{"a":2,"b":1}"#),
            .init(source: #"{ "literals" : [null, true, false] }"#, canonical: #"{"literals":[null,true,false]}"#),
            // RFC 8785, section 3.2.3: sorted by UTF-16 code units, so that a surrogate pair stands before U+FB33.
            .init(
                source:
                    #"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
                canonical:
                    "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{F6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20AC}\":\"Euro Sign\",\"\u{1F600}\":\"Emoji: Grinning Face\",\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
            ),
            // RFC 8785, section 3.2.2: the string of its example.
            .init(
                source: #"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}"#,
                canonical: "{\"string\":\"\u{20AC}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"),
            .init(source: #"[56,{"d":true,"10":null,"1":[]}]"#, canonical: #"[56,{"1":[],"10":null,"d":true}]"#),
            .init(
                source:
                    #"{"1":{"f":{"f":"hi","F":5},"\n":56},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}"#,
                canonical:
                    #"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#
            ),
            .init(source: #"{"Unnormalized Unicode":"A\u030a"}"#, canonical: "{\"Unnormalized Unicode\":\"A\u{30A}\"}"),
            .init(source: "9007199254740991", canonical: "9007199254740991"),
            .init(source: "-9007199254740991", canonical: "-9007199254740991"),
            .init(source: #""\b\f\t\u001f\u007f""#, canonical: "\"\\b\\f\\t\\u001f\u{7F}\""),
        ]
    }

    @Test("A value's canonical form is that of RFC 8785", arguments: Vector.table)
    func vectors(_ vector: Vector) throws {
        let bytes = try JSONValue.parse(vector.source).canonical()
        #expect(String(decoding: bytes, as: UTF8.self) == vector.canonical)
        #expect(bytes == Array(vector.canonical.utf8))
        #expect(try JSONValue.parse(bytes).canonical() == bytes)
    }

    @Test(
        "A number on which readers disagree has no canonical form",
        arguments: [
            "1.5", "1e2", "1.0", "-0", "9007199254740992", "-9007199254740992", "99999999999999999999",
            "[0,{\"a\":0.1}]",
        ])
    func refusesNumbers(_ text: String) throws {
        let value = try JSONValue.parse(text)
        let error = #expect(throws: JSONError.self) { try value.canonical() }
        #expect(error?.code == .notCanonical)
    }

    @Test("Text in a number's place can't break out of it")
    func numberText() {
        #expect(JSONValue.array([.number("1],[2")]).serialized() == #"["1],[2"]"#)
    }

    @Test("Serialised text is read back as the same value", arguments: [false, true])
    func roundTrip(_ pretty: Bool) throws {
        let value: JSONValue = [
            "z": [1, .number("2.50"), ["é": "\u{0}\"\\\u{2028}"]], "a": [:], "b": [], "c": [nil, true],
        ]
        #expect(try JSONValue.parse(value.serializedBytes(pretty: pretty)) == value)
        #expect(try JSONValue.parse(value.serialized(pretty: pretty)).objectValue?.names == ["z", "a", "b", "c"])
    }
}
