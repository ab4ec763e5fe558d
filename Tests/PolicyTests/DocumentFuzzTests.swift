// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentPolicy

@Suite("Broken files")
struct DocumentFuzzTests {
    @Test("A file with bytes changed at random is read or refused, and every problem has a place", arguments: 0..<12)
    func mutations(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let original = Array(PolicySample.full.utf8)
        let interesting = Array("{}[]:,-#&*!|>'\"%@`?\n\t \\~<=0\u{0}".utf8)
        for _ in 0..<25 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = interesting[Int.random(in: 0..<interesting.count, using: &generator)]
                case 1: bytes.insert(interesting[Int.random(in: 0..<interesting.count, using: &generator)], at: place)
                case 2:
                    bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
                default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            do {
                let document = try PolicyDocument.read(String(decoding: bytes, as: UTF8.self), file: "p")
                #expect(!document.source.isEmpty)
            } catch {
                #expect(
                    error.problems.allSatisfy {
                        $0.position.line >= 1 && $0.position.column >= 1 && !$0.message.contains("\n")
                    })
            }
        }
    }
}
