// SPDX-License-Identifier: Apache-2.0

struct CanonicalURLParser {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    func parse() throws(RequestURLError) -> CanonicalURL {
        guard bytes.count <= CanonicalURL.maximumBytes else {
            throw RequestURLError(.urlTooLong, "url is longer than \(CanonicalURL.maximumBytes) bytes")
        }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw RequestURLError(.urlSyntax, "space or control character in the url; write it as a percent sequence")
        }
        let (scheme, rest) = try parseScheme()
        let end =
            rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            ?? rest.endIndex
        let (userinfo, host, port) = try parseAuthority(rest[..<end], scheme)
        let beforeFragment = rest[end...].prefix { $0 != UInt8(ascii: "#") }
        let mark = beforeFragment.firstIndex(of: UInt8(ascii: "?")) ?? beforeFragment.endIndex
        let path = try parsePath(beforeFragment[..<mark])
        let (query, parameters) = try parseQuery(beforeFragment[mark...].dropFirst())
        return CanonicalURL(
            scheme: scheme, userinfo: userinfo, host: host, port: port, path: path, query: query, parameters: parameters
        )
    }

    private func parseScheme() throws(RequestURLError) -> (CanonicalURL.Scheme, ArraySlice<UInt8>) {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw RequestURLError(.urlScheme, "url has no scheme")
        }
        let name = String(decoding: bytes[..<colon].map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
        guard let scheme = CanonicalURL.Scheme(rawValue: name) else {
            throw RequestURLError(.urlScheme, "scheme is not http, https, ws or wss")
        }
        let rest = bytes[(colon + 1)...]
        let slash = UInt8(ascii: "/")
        guard rest.starts(with: [slash, slash]) else {
            throw RequestURLError(.urlSyntax, "url lacks `//` behind the scheme")
        }
        return (scheme, rest.dropFirst(2))
    }

    private func parseAuthority(
        _ authority: ArraySlice<UInt8>, _ scheme: CanonicalURL.Scheme
    ) throws(RequestURLError) -> (CanonicalURL.Userinfo?, CanonicalHost, UInt16) {
        guard !authority.contains(UInt8(ascii: "\\")) else { throw RequestURLError(.urlSyntax, "backslash in the url") }
        var hostAndPort = authority
        var userinfo: CanonicalURL.Userinfo?
        if let at = authority.firstIndex(of: UInt8(ascii: "@")) {
            hostAndPort = authority[(at + 1)...]
            guard !hostAndPort.contains(UInt8(ascii: "@")) else {
                throw RequestURLError(.urlUserinfo, "several `@` before the host")
            }
            userinfo = try parseUserinfo(authority[..<at])
        }
        var host = hostAndPort
        var port = scheme.defaultPort
        guard hostAndPort.first != UInt8(ascii: "[") || hostAndPort.contains(UInt8(ascii: "]")) else {
            throw RequestURLError(.urlHost, "unclosed bracket in the host")
        }
        let bracket = hostAndPort.lastIndex(of: UInt8(ascii: "]")) ?? hostAndPort.startIndex
        if let colon = hostAndPort[bracket...].firstIndex(of: UInt8(ascii: ":")) {
            host = hostAndPort[..<colon]
            port = try parsePort(hostAndPort[(colon + 1)...]) ?? port
        }
        guard !host.isEmpty else { throw RequestURLError(.urlHost, "url has no host") }
        return (userinfo, try CanonicalHost.parse(host), port)
    }

    private func parseUserinfo(_ raw: ArraySlice<UInt8>) throws(RequestURLError) -> CanonicalURL.Userinfo {
        let colon = raw.firstIndex(of: UInt8(ascii: ":"))
        guard let user = PercentEncoding.decodeText(raw[..<(colon ?? raw.endIndex)]) else {
            throw RequestURLError(.urlEncoding, "malformed percent sequence before the host")
        }
        guard let colon else { return .init(user: user, password: nil) }
        guard let password = PercentEncoding.decodeText(raw[(colon + 1)...]) else {
            throw RequestURLError(.urlEncoding, "malformed percent sequence before the host")
        }
        return .init(user: user, password: password)
    }

    private func parsePort(_ digits: ArraySlice<UInt8>) throws(RequestURLError) -> UInt16? {
        guard !digits.isEmpty else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { throw RequestURLError(.urlPort, "port is not a number") }
            value = min(value * 10 + Int(digit - 0x30), 100_000)
        }
        guard let port = UInt16(exactly: value), port > 0 else {
            throw RequestURLError(.urlPort, "port is not between 1 and 65535")
        }
        return port
    }

    private func parsePath(_ raw: ArraySlice<UInt8>) throws(RequestURLError) -> String {
        guard !raw.contains(UInt8(ascii: "\\")) else { throw RequestURLError(.urlSyntax, "backslash in the url") }
        guard let normal = PercentEncoding.normalise(raw, keeping: PercentEncoding.isPathByte) else {
            throw RequestURLError(.urlEncoding, "malformed percent sequence in the path")
        }
        try check(normal, isPath: true)
        var segments: [ArraySlice<UInt8>] = []
        let parts = normal.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            try checkTraversal(part)
            switch Array(part) {
            case [UInt8(ascii: ".")], [UInt8(ascii: "."), UInt8(ascii: ".")]:
                if part.count == 2, !segments.isEmpty { segments.removeLast() }
                if position == parts.count - 1 { segments.append([]) }
            default: segments.append(part)
            }
        }
        return "/" + String(decoding: Array(segments.joined(separator: [UInt8(ascii: "/")])), as: UTF8.self)
    }

    /// Refuses a segment that climbs for a server which drops path parameters or takes encoded separators for real
    /// ones.
    private func checkTraversal(_ segment: ArraySlice<UInt8>) throws(RequestURLError) {
        guard segment.contains(UInt8(ascii: "%")) || segment.contains(UInt8(ascii: ";")) else { return }
        let decoded = PercentEncoding.decode(segment) ?? []
        for part in decoded.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            let name = part.prefix { $0 != UInt8(ascii: ";") }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
                throw RequestURLError(.urlTraversal, "path climbs with encoded separators or path parameters")
            }
        }
    }

    /// Refuses what servers decode differently: encoded controls, sequences that are not UTF-8, and encoded percent
    /// sequences.
    private func check(_ normal: [UInt8], isPath: Bool) throws(RequestURLError) {
        guard normal.contains(UInt8(ascii: "%")) else { return }
        guard let decoded = PercentEncoding.decode(normal), String(validating: decoded, as: UTF8.self) != nil else {
            throw RequestURLError(.urlEncoding, "percent sequences in the url are not UTF-8")
        }
        guard !decoded.contains(where: { $0 == 0 || isPath && ($0 < 0x20 || $0 == 0x7F) }) else {
            throw RequestURLError(.urlEncoding, "encoded control character in the url")
        }
        guard isPath, let again = PercentEncoding.decode(decoded) else { return }
        if again != decoded && again.contains(where: { $0 < 0x20 || $0 == 0x7F || "./\\%;?#".utf8.contains($0) }) {
            throw RequestURLError(.urlEncoding, "doubly encoded percent sequence in the path")
        }
    }

    private func parseQuery(_ raw: ArraySlice<UInt8>) throws(RequestURLError) -> (String?, [CanonicalURL.Parameter]) {
        guard !raw.isEmpty else { return (nil, []) }
        guard let normal = PercentEncoding.normalise(raw, keeping: PercentEncoding.isQueryByte) else {
            throw RequestURLError(.urlEncoding, "malformed percent sequence in the query")
        }
        try check(normal, isPath: false)
        var parameters: [CanonicalURL.Parameter] = []
        for pair in normal.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = pair[..<(equals ?? pair.endIndex)]
            let value = equals.map { pair[($0 + 1)...] } ?? []
            parameters.append(
                .init(
                    rawName: String(decoding: name, as: UTF8.self), rawValue: String(decoding: value, as: UTF8.self),
                    name: PercentEncoding.decodeText(name, plusIsSpace: true) ?? "",
                    value: PercentEncoding.decodeText(value, plusIsSpace: true) ?? ""))
        }
        return (String(decoding: normal, as: UTF8.self), parameters)
    }
}
