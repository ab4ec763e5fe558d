// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite("A URL has one form, or none")
struct RequestsURLTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let canonical: String
        var testDescription: String { text }
        init(_ text: String, _ canonical: String) { (self.text, self.canonical) = (text, canonical) }
    }

    static let hosts = [
        Row("http://example.com", "http://example.com/"), Row("HTTP://EXAMPLE.com/", "http://example.com/"),
        Row("https://example.com.", "https://example.com/"), Row("https://ex%61mple.com", "https://example.com/"),
        Row("https://example%2ecom/a", "https://example.com/a"), Row("https://a_b.example", "https://a_b.example/"),
        Row("https://xn--mnchen-3ya.de", "https://xn--mnchen-3ya.de/"),
        Row("https://münchen.de", "https://xn--mnchen-3ya.de/"),
        Row("https://m%C3%BCnchen.de", "https://xn--mnchen-3ya.de/"),
        Row("https://bücher.example", "https://xn--bcher-kva.example/"),
        Row("https://例え.jp", "https://xn--r8jz45g.jp/"), Row("https://한국.kr", "https://xn--3e0b707e.kr/"),
        Row("https://пример.example", "https://xn--e1afmkfd.example/"), Row("http://127.0.0.1", "http://127.0.0.1/"),
        Row("http://2130706433", "http://127.0.0.1/"), Row("http://0x7f000001", "http://127.0.0.1/"),
        Row("http://0X7F.1", "http://127.0.0.1/"),
        Row("http://0177.0.0.01", "http://127.0.0.1/"), Row("http://017700000001", "http://127.0.0.1/"),
        Row("http://127.1", "http://127.0.0.1/"),
        Row("http://127.0.1", "http://127.0.0.1/"), Row("http://127.0.0.1.", "http://127.0.0.1/"),
        Row("http://0", "http://0.0.0.0/"),
        Row("http://0x", "http://0.0.0.0/"), Row("http://169.254.43518", "http://169.254.169.254/"),
        Row("http://0xA9FEA9FE", "http://169.254.169.254/"),
        Row("http://2852039166", "http://169.254.169.254/"),
        Row("http://0251.0376.0251.0376", "http://169.254.169.254/"),
        Row("http://%31%32%37.1", "http://127.0.0.1/"), Row("http://[::1]", "http://[::1]/"),
        Row("http://[0:0:0:0:0:0:0:1]", "http://[::1]/"),
        Row("http://[::ffff:127.0.0.1]", "http://127.0.0.1/"), Row("http://[::FFFF:7f00:1]", "http://127.0.0.1/"),
        Row("http://[::ffff:a9fe:a9fe]", "http://169.254.169.254/"),
        Row("http://[2001:DB8:0:0:1:0:0:1]", "http://[2001:db8::1:0:0:1]/"),
        Row("http://[2001:db8:0:1:1:1:1:1]", "http://[2001:db8:0:1:1:1:1:1]/"), Row("http://[1::]", "http://[1::]/"),
        Row("http://[::]", "http://[::]/"),
        Row("http://[64:ff9b::1.2.3.4]:8080", "http://[64:ff9b::102:304]:8080/"),
        Row("http://256.example", "http://256.example/"),
    ]

    static let rests = [
        Row("http://h:80", "http://h/"), Row("https://h:443/", "https://h/"), Row("http://h:443/", "http://h:443/"),
        Row("https://h:0443", "https://h/"),
        Row("https://h:", "https://h/"), Row("http://h:8080", "http://h:8080/"), Row("ws://h:80/", "ws://h/"),
        Row("wss://h:443/x", "wss://h/x"),
        Row("http://h?q", "http://h/?q"), Row("http://h#f", "http://h/"), Row("http://h/a#f?x", "http://h/a"),
        Row("http://h/a?b#c", "http://h/a?b"),
        Row("http://h/a?", "http://h/a"), Row("http://h/./a", "http://h/a"), Row("http://h/a/./b", "http://h/a/b"),
        Row("http://h/a/../b", "http://h/b"),
        Row("http://h/../../a", "http://h/a"), Row("http://h/a/..", "http://h/"), Row("http://h/a/b/..", "http://h/a/"),
        Row("http://h/a/.", "http://h/a/"),
        Row("http://h/%2e%2E/a", "http://h/a"), Row("http://h/a/.%2e/b", "http://h/b"),
        Row("http://h/a/%2e/b", "http://h/a/b"),
        Row("http://h//a//b", "http://h//a//b"), Row("http://h/a;p=1/b;q", "http://h/a;p=1/b;q"),
        Row("http://h/%41%7e%2D", "http://h/A~-"),
        Row("http://h/%c3%a9", "http://h/%C3%A9"), Row("http://h/é", "http://h/%C3%A9"),
        Row("http://h/a%2fb", "http://h/a%2Fb"),
        Row("http://h/a%20b", "http://h/a%20b"), Row("http://h/\"<>^`{|}", "http://h/%22%3C%3E%5E%60%7B%7C%7D"),
        Row("http://h/[a]", "http://h/%5Ba%5D"),
        Row("http://h/a'b(c)*!$,=:@+", "http://h/a'b(c)*!$,=:@+"), Row("http://h/...", "http://h/..."),
        Row("http://h/..a", "http://h/..a"),
        Row("http://h/a%25b", "http://h/a%25b"), Row("http://h/?a=%61&b=%2f%2F", "http://h/?a=a&b=%2F%2F"),
        Row("http://h/?a=\\", "http://h/?a=%5C"),
        Row("http://h/?a+b=c+d", "http://h/?a+b=c+d"), Row("http://h/?a=b?c/d", "http://h/?a=b?c/d"),
        Row("http://h/?x=%0A", "http://h/?x=%0A"),
        Row("http://h/?&&a&", "http://h/?&&a&"), Row("http://user:pass@h/", "http://h/"),
        Row("http://@h/", "http://h/"),
    ]

    @Test("Every spelling comes to one canonical text, which is its own", arguments: hosts + rests)
    func canonical(_ row: Row) throws {
        let url = try CanonicalURL.parse(row.text)
        #expect(url.description == row.canonical)
        #expect(try CanonicalURL.parse(url.description).description == row.canonical)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let text: String
        let code: RequestProblem.Code
        var testDescription: String { text }
        init(_ text: String, _ code: RequestProblem.Code) { (self.text, self.code) = (text, code) }
    }

    static let refused = [
        Refused("", .urlScheme), Refused("example.com", .urlScheme), Refused("/a", .urlScheme),
        Refused("ftp://h", .urlScheme),
        Refused("file:///etc/passwd", .urlScheme), Refused("javascript:alert(1)", .urlScheme),
        Refused("http:/h", .urlSyntax),
        Refused("http:h", .urlSyntax), Refused("http:///h", .urlHost), Refused("http://", .urlHost),
        Refused("http://:80", .urlHost),
        Refused("http://?x", .urlHost), Refused("http://.", .urlHost), Refused("http://a..b", .urlHost),
        Refused("http://.a", .urlHost),
        Refused("http://a..", .urlHost), Refused(" http://h", .urlSyntax), Refused("http://h ", .urlSyntax),
        Refused("http://h/\t", .urlSyntax),
        Refused("ht\ntp://h", .urlSyntax), Refused("http://h/\0", .urlSyntax), Refused("http://h/a b", .urlSyntax),
        Refused("http:\\\\h", .urlSyntax), Refused("http://h\\@evil.example/", .urlSyntax),
        Refused("http://h/a\\b", .urlSyntax),
        Refused("http://a@b@c", .urlUserinfo), Refused("http://h:x", .urlPort), Refused("http://h:65536", .urlPort),
        Refused("http://h:0", .urlPort),
        Refused("http://h:-1", .urlPort), Refused("http://h:99999999999999999999", .urlPort),
        Refused("http://[::1", .urlHost),
        Refused("http://[::1%25eth0]", .urlHost), Refused("http://[fe80::1%eth0]", .urlHost),
        Refused("http://[1:2:3]", .urlHost),
        Refused("http://[1::2::3]", .urlHost), Refused("http://[:::]", .urlHost),
        Refused("http://[1:2:3:4:5:6:7:8:9]", .urlHost),
        Refused("http://[::1.2.3]", .urlHost), Refused("http://[::01.2.3.4]", .urlHost),
        Refused("http://[12345::]", .urlHost),
        Refused("http://[1:2:3:4:5:6:7:8::]", .urlHost), Refused("http://[1:]", .urlHost),
        Refused("http://[]", .urlHost),
        Refused("http://::1", .urlPort), Refused("http://256.256.256.256", .urlHost),
        Refused("http://1.2.3.4.5", .urlHost),
        Refused("http://08.1.1.1", .urlHost), Refused("http://1.2.3.999", .urlHost),
        Refused("http://4294967296", .urlHost),
        Refused("http://1..2", .urlHost), Refused("http://example.1", .urlHost),
        Refused("http://0x100000000", .urlHost),
        Refused("http://-a.example", .urlHost), Refused("http://a-.example", .urlHost),
        Refused("http://a b", .urlSyntax), Refused("http://a%20b", .urlHost),
        Refused("http://a%00b", .urlHost), Refused("http://a%2Fb", .urlHost), Refused("http://a%252Eb", .urlHost),
        Refused("http://a%b", .urlEncoding),
        Refused("http://a%zz", .urlEncoding), Refused("http://%ff", .urlEncoding), Refused("http://a*b", .urlHost),
        Refused("http://a,b", .urlHost),
        Refused("http://раураl.com", .urlLookalike), Refused("http://раурас.com", .urlLookalike),
        Refused("http://gοοgle.com", .urlLookalike),
        Refused("http://ｅxample.com", .urlHost), Refused("http://１２７.0.0.1", .urlHost),
        Refused("http://①.example", .urlHost),
        Refused("http://a。b", .urlHost), Refused("http://faß.de", .urlHost), Refused("http://MÜNCHEN.de", .urlHost),
        Refused("http://a\u{200D}b.com", .urlHost),
        Refused("http://a\u{AD}b.com", .urlHost), Refused("http://u\u{308}.com", .urlHost),
        Refused("http://\u{202E}moc.com", .urlHost),
        Refused("http://😀.com", .urlHost), Refused("http://h/%", .urlEncoding), Refused("http://h/%4", .urlEncoding),
        Refused("http://h/%zz", .urlEncoding),
        Refused("http://h/%00", .urlEncoding), Refused("http://h/%0d%0aX:1", .urlEncoding),
        Refused("http://h/%c0%ae", .urlEncoding),
        Refused("http://h/%ff", .urlEncoding), Refused("http://h/?%00", .urlEncoding),
        Refused("http://h/?%ff", .urlEncoding),
        Refused("http://h/%252e%252e/a", .urlEncoding), Refused("http://h/a%252fb", .urlEncoding),
        Refused("http://h/a/..%2fb", .urlTraversal),
        Refused("http://h/a/%2e%2e%5cb", .urlTraversal), Refused("http://h/a/..;/b", .urlTraversal),
        Refused("http://h/a/.;x/b", .urlTraversal),
        Refused("http://h/a/..%3b/b", .urlTraversal),
        Refused("http://h/" + String(repeating: "a", count: 20_000), .urlTooLong),
        Refused("http://" + String(repeating: "a", count: 64) + ".com", .urlHost),
        Refused("http://" + String(repeating: "abcdefg.", count: 40) + "com", .urlHost),
    ]

    @Test("What readers understand differently is refused with its reason", arguments: refused)
    func refuses(_ scenario: Refused) {
        let error = #expect(throws: RequestURLError.self) { try CanonicalURL.parse(scenario.text) }
        #expect(error?.code == scenario.code)
    }

    @Test("The parts can be read one by one")
    func parts() throws {
        let url = try CanonicalURL.parse("https://u%40x:p%3Aw@API.example:8443/v1/a%2Fb/?x=1&y=%20+z&x=2&flag#top")
        #expect(url.userinfo?.user == "u@x")
        #expect(url.userinfo?.password == "p:w")
        #expect(url.host == .name("api.example"))
        #expect(url.port == 8443)
        #expect(url.authority == "api.example:8443")
        #expect(url.pathSegments == ["v1", "a/b", ""])
        #expect(url.values(of: "x") == ["1", "2"])
        #expect(url.values(of: "y") == ["  z"])
        #expect(url.parameters.last?.name == "flag")
        #expect(url.target == "/v1/a%2Fb/?x=1&y=%20+z&x=2&flag")
    }

    @Test(
        "An address is of the class that it leads to",
        arguments: [
            ("8.8.8.8", .public), ("127.255.0.1", .loopback), ("10.1.2.3", .private), ("172.16.0.1", .private),
            ("172.31.255.255", .private),
            ("172.32.0.1", .public), ("192.168.1.1", .private), ("169.254.1.1", .linkLocal),
            ("169.254.169.254", .metadata), ("169.254.170.2", .metadata),
            ("100.100.100.200", .metadata), ("168.63.129.16", .metadata), ("100.64.0.1", .carrierNAT),
            ("100.128.0.1", .public), ("0.0.0.0", .unspecified),
            ("0.1.2.3", .unspecified), ("224.0.0.1", .multicast), ("255.255.255.255", .reserved),
            ("240.0.0.1", .reserved), ("192.0.2.1", .documentation),
            ("198.51.100.1", .documentation), ("203.0.113.9", .documentation), ("198.18.0.1", .benchmarking),
            ("192.0.0.1", .reserved),
            ("2606:4700::1111", .public), ("::", .unspecified), ("::1", .loopback), ("fe80::1", .linkLocal),
            ("fec0::1", .private), ("fc00::1", .uniqueLocal),
            ("fd12::1", .uniqueLocal), ("fd00:ec2::254", .metadata), ("fd20:ce::254", .metadata),
            ("ff02::1", .multicast), ("2001:db8::1", .documentation),
            ("3fff:fff::1", .documentation), ("2001:2::1", .benchmarking), ("2001:10::1", .reserved),
            ("100::1", .reserved), ("4000::1", .reserved),
            ("::ffff:127.0.0.1", .loopback), ("::ffff:8.8.8.8", .public), ("::127.0.0.1", .loopback),
            ("::a9fe:a9fe", .metadata),
            ("2002:7f00:1::", .loopback), ("2002:a9fe:a9fe::1", .metadata), ("2002:808:808::1", .public),
            ("2001:0:1:2:3:4:f5ff:fffe", .private),
            ("64:ff9b::10.0.0.1", .private), ("64:ff9b::169.254.169.254", .metadata), ("64:ff9b:1::1", .reserved),
            ("2001:470::5efe:127.0.0.1", .loopback),
            ("2001:470::5efe:8.8.8.8", .public), ("fd12::5efe:8.8.8.8", .uniqueLocal),
            ("2001:db8::5efe:8.8.8.8", .documentation),
        ] as [(String, AddressClass)])
    func addressClass(_ text: String, _ expected: AddressClass) throws {
        let address = try #require(IPAddress(text))
        #expect(address.addressClass == expected)
        #expect(address.addressClass.isPrivate == (expected != .public))
        #expect(IPAddress(address.description) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
    }
}
