// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite("Bytes have one text in hex and Base64")
struct JSONEncodingsTests {
    @Test(
        "Base64 follows RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ plain: String, _ text: String) {
        #expect(Base64.encode(plain.utf8) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
        #expect(Base64.decode(Base64.encode(plain.utf8, padded: false), padding: .forbidden) == Array(plain.utf8))
    }

    @Test(
        "Loose Base64 is refused",
        arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", " Zg==", "Z===", "Z", "=", "Zg==Zg==", "Zm-v", "Zm9v===="])
    func refusesLooseBase64(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("The URL-safe alphabet is its own")
    func urlSafe() {
        #expect(Base64.encode([0xFB, 0xFF], alphabet: .urlSafe, padded: false) == "-_8")
        #expect(Base64.decode("-_8", alphabet: .urlSafe, padding: .optional) == [0xFB, 0xFF])
        #expect(Base64.decode("+/8", alphabet: .urlSafe, padding: .optional) == nil)
        #expect(Base64.decode("-_8=", alphabet: .urlSafe, padding: .forbidden) == nil)
    }

    @Test("Hex is pairs of digits")
    func hex() {
        #expect(HexEncoding.encode([0, 0xAB, 0xFF]) == "00abff")
        #expect(HexEncoding.decode("00ABff") == [0, 0xAB, 0xFF])
        #expect(HexEncoding.decode("0") == nil)
        #expect(HexEncoding.decode("0g") == nil)
    }
}
