// SPDX-License-Identifier: Apache-2.0

/// What people write where a secret would stand.
enum PlaceholderWords {
    /// Whether the value says of itself that it is none.
    static func isPlaceholder(_ bytes: borrowing Span<UInt8>) -> Bool {
        if repeatsFiller(bytes) { return true }
        if bytes.count <= 64 {
            for word in anywhere where holds(bytes, word) { return true }
        }
        if bytes.count < 32 {
            for word in sequences where holds(bytes, word) { return true }
        }
        guard bytes.count <= 24 else { return isMarker(bytes) }
        for word in whole where word.count == bytes.count && ValueJudge.contains(bytes, word, at: 0) { return true }
        return isMarker(bytes)
    }

    /// Whether the value is looked up somewhere (`process.env.TOKEN`).
    static func isLookup(_ bytes: borrowing Span<UInt8>) -> Bool {
        for prefix in lookups where ValueJudge.contains(bytes, prefix, at: 0) { return true }
        return false
    }

    /// Ellipses, and templates anywhere inside.
    private static func isMarker(_ bytes: borrowing Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if (byte == 0x24 || byte == 0x7b) && next == 0x7b, isTemplate(bytes, from: index + 2) { return true }
            if byte == 0x2e, next == 0x2e, index + 2 < bytes.count, bytes[index + 2] == 0x2e { return true }
            if byte == 0x2a, next == 0x2a, index + 2 < bytes.count, bytes[index + 2] == 0x2a { return true }
        }
        return false
    }

    /// A name or a small expression, then the closing brace.
    private static func isTemplate(_ bytes: borrowing Span<UInt8>, from start: Int) -> Bool {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x7d { return true }
            guard ASCII.isWord(byte) || byte >= 0x80 || " .-:|?=/$,\"'*@+".utf8.contains(byte) else { return false }
            index += 1
        }
        return false
    }

    /// `xxxx`, `0000`, `____`: half of the value is one filler, or six stand in a row.
    private static func repeatsFiller(_ bytes: borrowing Span<UInt8>) -> Bool {
        var run = 0
        var total = 0
        for index in bytes.indices {
            switch bytes[index] {
            case 0x78, 0x58, 0x2a, 0x23:
                run = index > 0 && bytes[index] == bytes[index - 1] ? run + 1 : 1
                total += 1
                if run >= 5 { return true }
            default: run = 0
            }
        }
        return total * 2 >= bytes.count
    }

    static func holds(_ bytes: borrowing Span<UInt8>, _ word: [UInt8]) -> Bool {
        guard bytes.count >= word.count else { return false }
        for start in 0...(bytes.count - word.count) where ValueJudge.contains(bytes, word, at: start) { return true }
        return false
    }

    private static func list(_ text: String) -> [[UInt8]] { text.split(separator: " ").map { Array($0.utf8) } }

    private static let anywhere = list(
        """
        example changeme change_me change-me placeholder your_ your- yourtoken yourpassword yoursecret yourkey \
        <your insert redacted replace dummy fake_ \
        fake- -fake _here -here somefake afake todo: fixme sample not_a_real notreal not-a-real secret-here abcdefghijklmnop foobar my_token my-token my_secret my-secret mysecret mypassword my_password my-password passw0rd password123 test_token test-token
        """)

    private static let sequences = list(
        "abcdef123456 123456789abc 1234567890abcdef deadbeefdeadbeef abcdefghijkl 0123456789")

    private static let whole = list(
        """
        password passwd secret token apikey api_key api-key string str none null nil undefined true false default \
        required optional text hidden bearer test \
        testing tester username user admin login unknown empty disabled enabled function boolean integer number \
        object credentials credential access_token \
        refresh_token client_secret authorization basic digest anonymous guest public private localhost production staging development
        """)

    private static let lookups = list(
        """
        process.env os.environ os.getenv getenv( env. env[ env( environ. environ[ secrets. secrets[ var. local. \
        data. self. this. config. settings. \
        system.getenv vault: vault( ssm: arn:aws op:// keyring: file:// file: sha256: sha512- sha384- sha1- sha256- \
        sha512: md5: ssh-rsa ssh-ed25519 ecdsa- \
        request. req. res. params. args. options. opts. props. context. ctx. user. input( prompt( read( json. \
        event. state. module. $env: aws-sdk http:// \
        https://www https://docs https://example
        """)
}
