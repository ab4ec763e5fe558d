// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

/// A small generator whose sequence is fixed by its seed (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick(below bound: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(max(bound, 1))) }

    /// Changes, drops, doubles or inserts up to four bytes.
    mutating func mutate(_ source: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
        var bytes = source
        for _ in 0...pick(below: 4) {
            let place = pick(below: bytes.count)
            let byte = pick(below: 8) == 0 ? UInt8(truncatingIfNeeded: next()) : alphabet[pick(below: alphabet.count)]
            switch pick(below: 4) {
            case 0 where !bytes.isEmpty: bytes[place] = byte
            case 1 where !bytes.isEmpty: bytes.remove(at: place)
            case 2 where !bytes.isEmpty: bytes.insert(contentsOf: bytes[place..<min(place + 5, bytes.count)], at: place)
            default: bytes.insert(byte, at: min(place, bytes.count))
            }
        }
        return bytes
    }
}

@Suite("No input crashes a reader, and what is taken is stable")
struct RequestsMutationTests {
    @Test("JSON: taken text is read back from its own serialisation")
    func json() throws {
        var random = Seeded(state: 1)
        let seeds = [#"{"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null,"d":true}}"#, #"["\ud83d\ude00",{"":0}]"#].map {
            Array($0.utf8)
        }
        var taken = 0
        for round in 0..<80_000 {
            let bytes = random.mutate(seeds[round % seeds.count], Array("{}[]\",:\\u0123eE+-. tfn".utf8))
            guard let value = try? JSONValue.parse(bytes) else { continue }
            taken += 1
            let again = try JSONValue.parse(value.serializedBytes())
            if again != value { Issue.record("unstable: \(bytes)") }
        }
        #expect(taken > 1000)
    }

    @Test("URL: a canonical text is its own canonical text")
    func url() throws {
        var random = Seeded(state: 2)
        let seeds = [
            "https://u:p@ex%61mple.com:8443/a/../b;x/%2e/c?d=e&f=%20#g", "http://0x7f.1/%41",
            "http://[::ffff:1.2.3.4]:80/",
        ].map { Array($0.utf8) }
        var taken = 0
        for round in 0..<60_000 {
            let text = String(
                decoding: random.mutate(seeds[round % seeds.count], Array("/.:@%2eE5cF[]?#&=;\\0x".utf8)), as: UTF8.self
            )
            guard let url = try? CanonicalURL.parse(text) else { continue }
            taken += 1
            let again = try CanonicalURL.parse(url.description)
            if again.description != url.description || again.host != url.host || again.parameters != url.parameters {
                Issue.record("unstable: \(text)")
            }
        }
        #expect(taken > 1000)
    }

    @Test("GraphQL: taken documents print to a text that is read as equal")
    func graphQL() throws {
        var random = Seeded(state: 3)
        let seeds = [
            #"mutation M($a:[I!]=[1])@d{x:y(b:{c:"q\n",d:-1.5,e:F})@skip(if:$a){...F ...on T{z}}}fragment F on T{g}"#,
            "{a(b:\"\"\" x\n  y\"\"\")#c\n}",
        ].map { Array($0.utf8) }
        var taken = 0
        for round in 0..<60_000 {
            let text = String(
                decoding: random.mutate(seeds[round % seeds.count], Array("{}()[]$:!@\"\\#.,=-x1 \n".utf8)),
                as: UTF8.self)
            let document: GraphQLDocument
            do { document = try GraphQLDocument.parse(text) } catch { continue }
            taken += 1
            let again = try GraphQLDocument.parse(document.printed())
            if again != document { Issue.record("unstable: \(text)") }
            _ = document.analyse(variables: ["a": [1]])
        }
        #expect(taken > 1000)
    }

    @Test("Forms: every mutated form is read or refused, and never silent on a GraphQL server")
    func forms() {
        var random = Seeded(state: 5)
        let document = "mutation{volumeDelete(volumeId:1)}"
        let part = "--b\r\nContent-Disposition: form-data; name=\"query\"\r\nContent-Type: text/plain\r\n\r\n"
        let forms = [
            ("multipart/form-data; boundary=b", "\(part)\(document)\r\n--b--\r\n"),
            ("application/x-www-form-urlencoded", "query=%6Dutation%7BvolumeDelete(volumeId:1)%7D&variables=%7B%7D"),
        ]
        for round in 0..<10_000 {
            let (type, text) = forms[round % forms.count]
            let body = random.mutate(Array(text.utf8), Array("-b\r\n:;=\"%7&q+".utf8))
            let analysis = RequestAnalysis.analyse(
                method: "POST", url: "https://h/graphql", headers: [HTTPHeaderField("Content-Type", type)], body: body)
            if analysis.operations.isEmpty && analysis.problems.isEmpty { Issue.record("silent: \(body)") }
        }
    }

    @Test("Requests: every mutated body is read without a crash, and a vanished deletion is never silent")
    func requests() {
        var random = Seeded(state: 4)
        let seed = Array(#"{"query":"mutation{volumeDelete(volumeId:\"v\")}","variables":{}}"#.utf8)
        let headers = [HTTPHeaderField("Content-Type", "application/json")]
        for _ in 0..<10_000 {
            let body = random.mutate(seed, Array("{}[]\",:\\u0123 qQ".utf8))
            let analysis = RequestAnalysis.analyse(
                method: "POST", url: "https://h/graphql", headers: headers, body: body)
            if analysis.operations.isEmpty && analysis.problems.isEmpty { Issue.record("silent: \(body)") }
        }
    }
}
