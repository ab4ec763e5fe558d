// SPDX-License-Identifier: Apache-2.0

/// A Git remote whose spellings compare equal: `git@github.com:acme/shop`, `ssh://git@github.com/acme/shop.git`,
/// `https://github.com/acme/shop`.
package struct GitRemote: Hashable, Sendable {
    /// Lower case.
    package let host: String
    /// The port where it isn't the scheme's own.
    package let port: Int?
    /// Without leading slash and `.git`. Hosting services fold its case, so that comparing does too.
    package let path: String

    /// Reads a remote; `nil` for local paths and whatever else isn't a remote.
    package init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), !text.hasPrefix("-") else {
            return nil
        }
        if let scheme = text.range(of: "://") {
            guard
                let parsed = Self.parse(
                    scheme: text[..<scheme.lowerBound].lowercased(), String(text[scheme.upperBound...]))
            else { return nil }
            self = parsed
        } else {
            // scp-like: `[user@]host:path`, where no slash stands before the colon (git-clone(1)).
            guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/"), colon != text.startIndex else {
                return nil
            }
            let authority = text[..<colon]
            let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            guard let parsed = Self(host: String(host), port: nil, path: String(text[text.index(after: colon)...]))
            else { return nil }
            self = parsed
        }
    }

    private static func parse(scheme: String, _ rest: String) -> GitRemote? {
        let defaults = ["ssh": 22, "git+ssh": 22, "ssh+git": 22, "https": 443, "http": 80, "git": 9418]
        guard let standard = defaults[scheme], let slash = rest.firstIndex(of: "/") else { return nil }
        let authority = rest[..<slash]
        let hostPort = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard let pattern = HostPattern(String(hostPort)), let host = pattern.exactHost else { return nil }
        return GitRemote(host: host, port: pattern.port == standard ? nil : pattern.port, path: String(rest[slash...]))
    }

    private init?(host: String, port: Int?, path: String) {
        guard let pattern = HostPattern(host), pattern.port == nil, let exact = pattern.exactHost else { return nil }
        guard let full = PathText.normalized("/" + path) else { return nil }
        var trimmed = String(full.dropFirst()).lowercased()
        if trimmed.hasSuffix(".git") { trimmed.removeLast(4) }
        guard !trimmed.isEmpty else { return nil }
        self.host = exact
        self.port = port
        self.path = trimmed
    }
}
