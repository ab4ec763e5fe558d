// SPDX-License-Identifier: Apache-2.0

/// An http, https, ws or wss URL in the one form that all its spellings share.
///
/// Where the URL standard would quietly repair (tabs, backslashes, missing slashes) or where readers are known to
/// disagree, it is refused: a URL that is judged must mean the same to whoever sends it and whoever answers it.
///
/// - SeeAlso: RFC 3986; the URL standard of WHATWG.
public struct CanonicalURL: Sendable, Hashable, CustomStringConvertible {
    /// The protocols that are understood.
    public enum Scheme: String, Sendable, Hashable {
        /// Plain HTTP.
        case http
        /// HTTP over TLS.
        case https
        /// A plain WebSocket.
        case ws
        /// A WebSocket over TLS.
        case wss

        /// The port when the URL names none.
        public var defaultPort: UInt16 { self == .http || self == .ws ? 80 : 443 }
        /// Whether the connection is protected by TLS.
        public var isSecure: Bool { self == .https || self == .wss }
        /// Whether it is a WebSocket.
        public var isWebSocket: Bool { self == .ws || self == .wss }
    }

    /// A user name and a password in front of the host, percent sequences resolved.
    public struct Userinfo: Sendable, Hashable, CustomStringConvertible {
        /// The user name.
        public let user: String
        /// The password, or `nil` without a colon.
        public let password: String?
        /// A fixed text: either part may be a secret.
        public var description: String { "(user and password)" }
    }

    /// One `name=value` of the query.
    public struct Parameter: Sendable, Hashable {
        /// The name as it stands in the canonical query.
        public let rawName: String
        /// The value as it stands in the canonical query; empty without `=`.
        public let rawValue: String
        /// The name with `+` and percent sequences resolved.
        public let name: String
        /// The value with `+` and percent sequences resolved.
        public let value: String
    }

    /// Most bytes of a URL.
    public static let maximumBytes = 16_384

    /// The scheme.
    public let scheme: Scheme
    /// What stood before the host, if anything. It is no part of the canonical text.
    public let userinfo: Userinfo?
    /// The host.
    public let host: CanonicalHost
    /// The port, the scheme's own when the URL names none.
    public let port: UInt16
    /// The path, at least `/`: dot segments resolved, percent sequences only where needed, `//` and path parameters
    /// kept.
    public let path: String
    /// The query without `?`, or `nil` when there is none or it is empty.
    public let query: String?
    /// The parameters of the query in their order.
    public let parameters: [Parameter]

    /// Reads a URL.
    ///
    /// - Throws: `RequestURLError` with a stable code.
    public static func parse(_ text: String) throws(RequestURLError) -> CanonicalURL {
        try CanonicalURLParser(text).parse()
    }

    init(
        scheme: Scheme, userinfo: Userinfo?, host: CanonicalHost, port: UInt16, path: String, query: String?,
        parameters: [Parameter]
    ) {
        self.scheme = scheme
        self.userinfo = userinfo
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.parameters = parameters
    }

    /// Whether the port is the scheme's own.
    public var hasDefaultPort: Bool { port == scheme.defaultPort }
    /// Host, and port where it is not the scheme's own.
    public var authority: String { hasDefaultPort ? host.description : "\(host):\(port)" }
    /// Scheme, host, and port where it is not the scheme's own.
    public var origin: String { "\(scheme.rawValue)://\(authority)" }
    /// Path and query, as they stand in a request line.
    public var target: String { query.map { "\(path)?\($0)" } ?? path }
    /// The canonical text, without user name, password and fragment.
    public var description: String { origin + target }

    /// The text for logs and messages: parameters by name only, since a value may be a secret.
    public var redacted: String {
        guard !parameters.isEmpty else { return origin + path }
        return origin + path + "?" + parameters.map { $0.rawName + "=…" }.joined(separator: "&")
    }

    /// The path's segments with percent sequences resolved.
    public var pathSegments: [String] {
        path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { PercentEncoding.decodeText($0) ?? "" }
    }

    /// The values of all parameters with this name, in order.
    public func values(of name: String) -> [String] {
        parameters.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
    }
}
