// SPDX-License-Identifier: Apache-2.0

/// A resource of the inventory: `scheme://host[:port]/path`, with `*.` in front of the host and `*`, `**` in the path.
package struct URLPattern: Hashable, Sendable {
    /// The pattern as the file spells it.
    package let text: String
    package let scheme: String
    package let host: HostPattern
    private let path: Glob

    /// Compiles a pattern; `nil` where it is none.
    package init?(_ text: String) {
        guard let colon = text.range(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard let first = scheme.utf8.first, (0x61...0x7A).contains(first),
            scheme.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D
            })
        else { return nil }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let pathText = rest.dropFirst(authority.count)
        guard let host = HostPattern(String(authority)), !authority.contains("@") else { return nil }
        if pathText.contains(where: { "?#{}\\ ".contains($0) }) { return nil }
        let segments = PathText.segments(of: String(pathText))
        if segments.contains(Array(".".utf8)) || segments.contains(Array("..".utf8)) { return nil }
        guard let path = Glob(segments.isEmpty && pathText.isEmpty ? [] : segments) else { return nil }
        self.text = text
        self.scheme = scheme
        self.host = host
        self.path = path
    }

    /// Why a text is no pattern, or `nil` where it is one.
    package static func complaint(about text: String) -> String? {
        URLPattern(text) == nil ? "expected \(TextKind.urlPattern.summary), without query, `.` and `..`" : nil
    }

    /// Whether the pattern covers a target. Without a port of its own it covers the scheme's default port only.
    package func covers(_ target: TargetURL) -> Bool {
        guard target.scheme == scheme, host.matches(target.host) else { return false }
        guard target.port == host.port ?? TargetURL.defaultPort(of: scheme) else { return false }
        return path.matches(target.path)
    }

    /// Comparable element by element: the greater, the more specific.
    package var specificity: [Int] { host.specificity + path.specificity }
}

/// Where a request goes, canonical.
package struct TargetURL: Hashable, Sendable {
    package let scheme: String
    /// Lower case; an address in its canonical spelling, without brackets.
    package let host: String
    package let port: Int?
    /// The path's segments, percent-decoded where that changes no meaning.
    package let path: [[UInt8]]

    /// Makes a target.
    package init(scheme: String, host: String, port: Int?, path: [[UInt8]]) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// What SQL statements run against: the effect names no database, so that the inventory states one for all.
    package static let database = TargetURL(scheme: "sql", host: "database", port: nil, path: [])

    /// The port a scheme stands for; `nil` where it has none.
    package static func defaultPort(of scheme: String) -> Int? {
        switch scheme {
        case "https", "wss": 443
        case "http", "ws": 80
        default: nil
        }
    }

    /// `scheme://host[:port]`, for people.
    package var origin: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        guard let port, port != Self.defaultPort(of: scheme) else { return "\(scheme)://\(shown)" }
        return "\(scheme)://\(shown):\(port)"
    }
}

extension String {
    /// The first occurrence of `needle`.
    func range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
