// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentSecrets
import Testing

/// A small generator, so that a failing case comes back.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state
        mixed = (mixed ^ (mixed >> 33)) &* 0xff51_afd7_ed55_8ccd
        return mixed ^ (mixed >> 33)
    }
}

/// One way to spell bytes, as other programs do it.
struct Spelling: Sendable, CustomTestStringConvertible {
    let name: String
    let encode: @Sendable ([UInt8]) -> [UInt8]
    var testDescription: String { name }

    private static func base64(_ bytes: [UInt8], _ alphabet: String, pad: Bool, width: Int = 0) -> [UInt8] {
        let digits = Array(alphabet.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(bytes[index + 2]) : 0)
            for part in 0..<4 {
                if part <= rest {
                    out.append(digits[Int(group >> UInt32(18 - 6 * part) & 63)])
                } else if pad {
                    out.append(0x3d)
                }
            }
            index += 3
        }
        guard width > 0 else { return out }
        return Array(
            out.enumerated().flatMap { $0.offset > 0 && $0.offset % width == 0 ? [0x0a, $0.element] : [$0.element] })
    }

    private static let standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    private static func hex(_ bytes: [UInt8], _ digits: String, between: String = "", before: String = "") -> [UInt8] {
        let digits = Array(digits.utf8)
        var out: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if index > 0 { out += Array(between.utf8) }
            out += Array(before.utf8)
            out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return out
    }

    private static func percent(_ bytes: [UInt8], digits: String, every: Bool, plus: Bool = false) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            let plain =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || "-._~".utf8.contains(byte)
            if plain, !every { return [byte] }
            if plus, byte == 0x20 { return [0x2b] }
            return [0x25] + hex([byte], digits)
        }
    }

    private static func json(_ bytes: [UInt8], all: Bool = false, slash: Bool = false) -> [UInt8] {
        String(decoding: bytes, as: UTF8.self).utf16.flatMap { unit -> [UInt8] in
            let code = Array("\\u".utf8) + hex([UInt8(unit >> 8), UInt8(unit & 255)], "0123456789abcdef")
            if all || unit >= 0x80 || (unit < 0x20 && ![0x0a, 0x09, 0x0d].contains(unit)) { return code }
            switch unit {
            case 0x22, 0x5c: return [0x5c, UInt8(unit)]
            case 0x2f where slash: return [0x5c, 0x2f]
            case 0x0a: return Array("\\n".utf8)
            case 0x09: return Array("\\t".utf8)
            case 0x0d: return Array("\\r".utf8)
            default: return [UInt8(unit)]
            }
        }
    }

    private static func replace(_ bytes: [UInt8], _ table: [UInt8: String]) -> [UInt8] {
        bytes.flatMap { byte in table[byte].map { Array($0.utf8) } ?? [byte] }
    }

    private static func utf16(_ bytes: [UInt8], big: Bool) -> [UInt8] {
        String(decoding: bytes, as: UTF8.self).utf16.flatMap {
            big ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
    }

    private static func octal(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes { out += [0x5c, 0x30 + (byte >> 6), 0x30 + (byte >> 3 & 7), 0x30 + (byte & 7)] }
        return out
    }

    private static func entities(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return bytes }
        var out: [UInt8] = []
        for byte in bytes { out += Array("&#\(byte);".utf8) }
        return out
    }

    private static func spaced(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes { out += [byte, 0x20] }
        return out
    }

    static let all: [Spelling] = [
        Spelling(name: "raw") { $0 },
        Spelling(name: "base64") { base64($0, standard, pad: true) },
        Spelling(name: "base64 after one byte") { base64([0x3a] + $0, standard, pad: true) },
        Spelling(name: "base64 after two bytes") { base64([0x75, 0x3a] + $0, standard, pad: true) },
        Spelling(name: "base64 before other bytes") { base64($0 + [0x0a, 0x41], standard, pad: true) },
        Spelling(name: "base64 for URLs") { base64($0, urlSafe, pad: false) },
        Spelling(name: "base64 for URLs after one byte") { base64([0x3a] + $0 + [0x31], urlSafe, pad: false) },
        Spelling(name: "base64 in lines") { base64([0x61, 0x62] + $0 + $0, standard, pad: true, width: 19) },
        Spelling(name: "base64 of UTF-16") { base64(utf16($0, big: false), standard, pad: true) },
        Spelling(name: "hex") { hex($0, "0123456789abcdef") },
        Spelling(name: "hex in capitals") { hex($0, "0123456789ABCDEF") },
        Spelling(name: "hex with blanks") { hex($0, "0123456789abcdef", between: " ") },
        Spelling(name: "hex with \\x") { hex($0, "0123456789abcdef", before: "\\x") },
        Spelling(name: "percent where needed") { percent($0, digits: "0123456789ABCDEF", every: false) },
        Spelling(name: "percent where needed, small") { percent($0, digits: "0123456789abcdef", every: false) },
        Spelling(name: "percent everywhere") { percent($0, digits: "0123456789ABCDEF", every: true) },
        Spelling(name: "percent everywhere, small") { percent($0, digits: "0123456789abcdef", every: true) },
        Spelling(name: "a form's field") { percent($0, digits: "0123456789ABCDEF", every: false, plus: true) },
        Spelling(name: "percent twice") {
            percent(percent($0, digits: "0123456789ABCDEF", every: false), digits: "0123456789ABCDEF", every: false)
        },
        Spelling(name: "JSON") { json($0) },
        Spelling(name: "JSON with \\/") { json($0, slash: true) },
        Spelling(name: "JSON, all \\u") { json($0, all: true) },
        Spelling(name: "JSON in JSON") { json(json($0)) },
        Spelling(name: "single quotes") { [0x27] + replace($0, [0x27: "'\\''"]) + [0x27] },
        Spelling(name: "double quotes") {
            [0x22] + replace($0, [0x22: "\\\"", 0x5c: "\\\\", 0x24: "\\$", 0x60: "\\`"]) + [0x22]
        },
        Spelling(name: "ANSI-C quotes") {
            Array("$'".utf8) + replace($0, [0x27: "\\'", 0x5c: "\\\\", 0x0a: "\\n"]) + [0x27]
        },
        Spelling(name: "octal") { octal($0) },
        Spelling(name: "UTF-16LE") { utf16($0, big: false) },
        Spelling(name: "UTF-16BE") { utf16($0, big: true) },
        Spelling(name: "HTML") {
            replace($0, [0x26: "&amp;", 0x3c: "&lt;", 0x3e: "&gt;", 0x22: "&quot;", 0x27: "&#39;"])
        },
        Spelling(name: "HTML, all numbers") { entities($0) },
        Spelling(name: "spaced out") { spaced($0) },
    ]
}

@Suite("Known values never pass")
struct KnownValueTests {
    /// Values with everything that an encoder could trip over.
    static func values(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(state: seed)
        let alphabets = [
            Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8), Array("ABCDEFabcdef0123456789-".utf8),
            Array("abcXYZ019+/=_-.~!@#$%^&*()[]{}<>?|;:'\"\\`, ".utf8), Array("0123456789".utf8),
        ]
        return (0..<count).map { index in
            if index % 17 == 0 { return Array("pä55wörd-\(index)-€-日本".utf8) }
            let alphabet = alphabets[index % alphabets.count]
            let length = 8 + Int(random.next() % 40)
            var value = (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            // A value that begins or ends with blanks would be trimmed by whoever stores it.
            value[0] = 0x61 + UInt8(random.next() % 26)
            value[length - 1] = 0x61 + UInt8(random.next() % 26)
            return value
        }
    }

    private static func occurs(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
        guard needle.count <= bytes.count, let first = needle.first else { return false }
        for start in 0...(bytes.count - needle.count)
        where bytes[start] == first && bytes[start..<(start + needle.count)].elementsEqual(needle) { return true }
        return false
    }

    @Test("In every spelling, at every border between chunks", arguments: Spelling.all)
    func everySplit(_ spelling: Spelling) throws {
        var cases = 0
        for (index, value) in Self.values(24, seed: 7).enumerated() {
            let known = KnownValues()
            let placeholder = "agentkit_\(index)"
            try known.add(value, placeholder: placeholder)
            let redactor = SecretRedactor(known: known, mint: PlaceholderMint())
            let text = Array("before ".utf8) + spelling.encode(value) + Array(" after".utf8)
            #expect(Self.occurs(spelling.encode(value), in: text))
            for split in 0...text.count {
                var stream = KnownStreamProbe(redactor)
                let out = stream.feed(Array(text[..<split])) + stream.feed(Array(text[split...])) + stream.finish()
                let passed = String(decoding: out, as: UTF8.self)
                #expect(
                    passed.contains(placeholder),
                    "\(spelling.name) at \(split) of \(String(decoding: text, as: UTF8.self)): \(passed)")
                #expect(passed.hasPrefix("before "))
                #expect(!Self.occurs(spelling.encode(value).dropFirst(2).dropLast(2), in: out))
                cases += 1
            }
            var single = KnownStreamProbe(redactor)
            var out: [UInt8] = []
            for byte in text { out += single.feed([byte]) }
            out += single.finish()
            #expect(String(decoding: out, as: UTF8.self).contains(placeholder))
        }
        #expect(cases > 500)
    }

    @Test("Without the vault's knowledge the same values do pass: it is the exact pass that stops them")
    func control() {
        let redactor = SecretRedactor(known: KnownValues(), mint: PlaceholderMint())
        for value in Self.values(24, seed: 7) {
            var stream = KnownStreamProbe(redactor)
            #expect(stream.feed(value) + stream.finish() == value)
        }
    }

    @Test("A text without a known value passes as it is, byte for byte")
    func untouched() throws {
        let known = KnownValues()
        for (index, value) in Self.values(30, seed: 3).enumerated() {
            try known.add(value, placeholder: "agentkit_\(index)")
        }
        let redactor = SecretRedactor(known: known, mint: PlaceholderMint())
        let text = Array("100% sure \\u0041 &amp; %zz %4 \\x4 & &#; \\ done: a+b==c\n".utf8)
        for split in 0...text.count {
            var stream = KnownStreamProbe(redactor)
            let out = stream.feed(Array(text[..<split])) + stream.feed(Array(text[split...])) + stream.finish()
            #expect(out == text)
        }
    }

    @Test("A value added while a stream runs is kept out of what comes after, and out of what is held")
    func addedLater() throws {
        let known = KnownValues()
        let redactor = SecretRedactor(known: known, mint: PlaceholderMint())
        var stream = redactor.stream(from: .output)
        _ = stream.feed(Array("first line\nsecond ".utf8))
        try known.add(Array("hunter2hunter2".utf8), placeholder: "agentkit_later")
        let out = stream.feed(Array("hunter2hunter2\n".utf8)) + stream.finish()
        #expect(String(decoding: out, as: UTF8.self) == "second agentkit_later\n")
    }

    @Test(
        "A value too short to be told from text is refused, and says why",
        arguments: ["", "a", "abcde", "a b c", "      "])
    func short(_ value: String) {
        let known = KnownValues()
        #expect {
            try known.add(Array(value.utf8), placeholder: "p")
        } throws: { error in
            (error as? SecretsError)?.code == .tooShort && !"\(error)".contains("abcde")
        }
        #expect(known.count == 0)
    }

    @Test("Overlapping and repeated values leave nothing of either")
    func overlap() throws {
        let known = KnownValues()
        try known.add([
            (Array("abcdefgh12".utf8), "P1"), (Array("gh12ijklmn".utf8), "P2"), (Array("aaaaaa".utf8), "P3"),
        ])
        let redactor = SecretRedactor(known: known, mint: PlaceholderMint())
        #expect(redactor.redact("x abcdefgh12ijklmn y", from: .output) == "x P1 y")
        #expect(redactor.redact("x gh12ijklmnabcdefgh12 y", from: .output) == "x P2P1 y")
        #expect(redactor.redact("x aaaaaaaaaaaaa y", from: .output) == "x P3 y")
    }

    @Test("What waits for more is bounded")
    func bounded() throws {
        let known = KnownValues()
        try known.add(Array("abcabcabcabd".utf8), placeholder: "P")
        var stream = KnownStreamProbe(SecretRedactor(known: known, mint: PlaceholderMint()))
        var passed = 0
        for index in 0..<2000 {
            passed += stream.feed(Array("abc".utf8)).count
            #expect((index + 1) * 3 - passed < 200)
        }
    }
}
