// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

@Suite("The grammar of placeholders")
struct PlaceholderTests {
    static let shapes: [Placeholder.Shape] = [
        .plain, .uuid, .prefixed("ghp_"), .prefixed("sk-ant-api03-"), .prefixed("A"),
    ]

    @Test("What is made is read back, alone and inside text", arguments: shapes)
    func roundTrip(_ shape: Placeholder.Shape) throws {
        let mint = PlaceholderMint()
        for index in 0..<200 {
            let made = mint.granted("name-\(index)", length: index * 5, shape: shape)
            #expect(made.shape == shape)
            #expect(Placeholder(made.text) == made)
            let text = Array("GET /?a=\(made.text)&b=\"\(made.text)\" \(made.text)".utf8)
            #expect(PlaceholderGrammar.all(in: text).map(\.placeholder) == [made, made, made])
        }
    }

    @Test("A changed byte is no placeholder", arguments: shapes)
    func strict(_ shape: Placeholder.Shape) {
        let made = PlaceholderMint(key: [UInt8](repeating: 7, count: 32)).granted("name", length: 40, shape: shape)
        let bytes = Array(made.text.utf8)
        for index in bytes.indices {
            for change in [UInt8(0x71), 0x39, 0x5f] where change != bytes[index] {
                var changed = bytes
                changed[index] = change
                let read = Placeholder(String(decoding: changed, as: UTF8.self))
                #expect(read == nil || read?.text != made.text)
                #expect(read == nil, "\(String(decoding: changed, as: UTF8.self))")
            }
        }
        #expect(Placeholder(made.text + "x") == nil)
        #expect(Placeholder(" " + made.text) == nil)
    }

    @Test("It has only bytes that no notation changes, and a length that doesn't follow the secret's")
    func alphabet() {
        let mint = PlaceholderMint()
        for length in [6, 30, 100, 3000] {
            let text = mint.granted("n", length: length).text
            #expect(text.utf8.count == 36)
            #expect(text.utf8.allSatisfy { $0 == 0x5f || (0x61...0x7a).contains($0) || (0x32...0x37).contains($0) })
        }
    }

    @Test("The same secret has the same one under the same key, another under another")
    func keyed() {
        let mint = PlaceholderMint()
        let value = Array("correct horse".utf8)
        #expect(mint.found(value) == mint.found(value))
        #expect(mint.found(value) != PlaceholderMint().found(value))
        #expect(mint.found(value) != mint.granted("correct horse", length: value.count))
    }
}
