// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentModels

@Suite("Event streams")
struct ServerSentEventTests {
    @Test("A stream gives the same events wherever it is cut in two")
    func cuts() throws {
        let bytes = Array("\u{FEFF}: hi\r\nevent: a\rdata: 1\n\ndata:ü\r\ndata\r\n\r\nid: 7\n\ndata: last\n\n".utf8)
        let expected = [
            ServerSentEvent(name: "a", data: "1"), ServerSentEvent(data: "ü\n"), ServerSentEvent(data: "last"),
        ]
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser()
            let events = try parser.push(bytes[..<cut]) + parser.push(bytes[cut...])
            #expect(events == expected, "cut at \(cut)")
        }
    }

    @Test(
        "Lines mean what the HTML standard says",
        arguments: [
            LineCase("data: a\n", []), LineCase("data: a\n\n", ["a"]), LineCase("data:  a\n\n", [" a"]),
            LineCase("event: x\n\n", []), LineCase("data\n\n", [""]), LineCase("data: a\r\rdata: b\r\r", ["a", "b"]),
            LineCase("DATA: a\n\n", []), LineCase("data: a:b\n\n", ["a:b"]), LineCase(":data: a\n\n", []),
        ])
    func lines(_ scenario: LineCase) throws {
        var parser = ServerSentEventParser()
        #expect(try parser.push(Array(scenario.stream.utf8)).map(\.data) == scenario.data)
    }

    @Test("An event over the limit is an error, many small ones aren't")
    func limit() throws {
        var parser = ServerSentEventParser(limitBytes: 16)
        for _ in 0..<100 { _ = try parser.push(Array("data: 123\n\n".utf8)) }
        #expect {
            try parser.push(Array("data: 1234567\ndata: 1234567890\n\n".utf8))
        } throws: { ($0 as? ModelError)?.code == .tooLarge }
    }

    struct LineCase: Sendable, CustomTestStringConvertible {
        var stream: String
        var data: [String]
        var testDescription: String { stream.debugDescription }

        init(_ stream: String, _ data: [String]) {
            self.stream = stream
            self.data = data
        }
    }
}
