// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// A host that a rule names: exact, `*.example.com` (one or more labels in front), an address, or `*`; with a port or without.
package struct HostPattern: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
        case exact(String)
        case below(String)
        case any
    }

    /// The pattern as the file spells it.
    package let text: String
    /// The port where the pattern names one.
    package let port: Int?
    /// Whether it names an address rather than a name.
    package let isAddress: Bool
    private let kind: Kind

    /// Compiles a pattern; `nil` where it is none.
    package init?(_ text: String) {
        guard let (host, port) = Self.split(text) else { return nil }
        self.text = text
        self.port = port
        if host == "*" {
            kind = .any
            isAddress = false
        } else if host.hasPrefix("*.") {
            let suffix = String(host.dropFirst(2))
            guard HostText.isName(suffix) else { return nil }
            kind = .below("." + suffix)
            isAddress = false
        } else if let address = HostText.canonicalAddress(host) {
            kind = .exact(address)
            isAddress = true
        } else {
            guard HostText.isName(host) else { return nil }
            kind = .exact(host)
            isAddress = false
        }
    }

    /// Why a text is no pattern, or `nil` where it is one.
    package static func complaint(about text: String) -> String? {
        if HostPattern(text) != nil { return nil }
        if text.contains("://") || text.contains("/") { return "a host has no scheme and no path" }
        if text.contains("*") { return "`*` may only stand alone or as the first label, as in `*.example.com`" }
        return "expected \(TextKind.hostPattern.summary)"
    }

    /// Whether it names exactly one host.
    package var isExact: Bool { if case .exact = kind { true } else { false } }
    /// Whether it names every host.
    package var isEverything: Bool { kind == .any }
    /// The host where it names exactly one.
    package var exactHost: String? { if case .exact(let host) = kind { host } else { nil } }

    /// Whether `host` (canonical, lower case, without brackets) fits, the port aside.
    package func matches(_ host: String) -> Bool {
        switch kind {
        case .exact(let name): name.utf8.elementsEqual(host.utf8)
        // An address has no labels, so that a suffix of one is no match.
        case .below(let suffix):
            host.utf8.count > suffix.utf8.count && host.hasSuffix(suffix) && HostText.canonicalAddress(host) == nil
        case .any: true
        }
    }

    /// Literal labels first, exact before wildcard.
    package var specificity: [Int] {
        switch kind {
        case .exact(let name): [2, name.utf8.count, port == nil ? 0 : 1]
        case .below(let suffix): [1, suffix.utf8.count, port == nil ? 0 : 1]
        case .any: [0, 0, port == nil ? 0 : 1]
        }
    }

    private static func split(_ text: String) -> (host: String, port: Int?)? {
        let lowered = text.lowercased()
        guard !lowered.isEmpty, lowered.utf8.count <= 300 else { return nil }
        if lowered.hasPrefix("[") {
            guard let end = lowered.firstIndex(of: "]") else { return nil }
            let host = String(lowered[lowered.index(after: lowered.startIndex)..<end])
            let rest = lowered[lowered.index(after: end)...]
            guard HostText.canonicalAddress(host) != nil else { return nil }
            if rest.isEmpty { return (host, nil) }
            guard rest.hasPrefix(":"), let port = HostText.port(rest.dropFirst()) else { return nil }
            return (host, port)
        }
        let parts = lowered.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2 { return (lowered, nil) }
        var host = String(parts[0])
        if host.hasSuffix(".") { host.removeLast() }
        guard !host.isEmpty else { return nil }
        if parts.count == 1 { return (host, nil) }
        guard let port = HostText.port(parts[1]) else { return nil }
        return (host, port)
    }
}

/// Host names and addresses as text.
package enum HostText {
    /// A port from 1 to 65535 without leading zeros.
    package static func port(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.first != 0x30,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text), port <= 65535
        else { return nil }
        return port
    }

    /// Whether a text is a host name in plain ASCII. A last label of digits is refused: readers take it for an address.
    package static func isName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count), label.first != 0x2D, label.last != 0x2D else { return false }
            let fits = label.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
            guard fits else { return false }
        }
        guard let last = labels.last else { return false }
        return
            !(last.first.map { (0x30...0x39).contains($0) } ?? true && last.allSatisfy { (0x30...0x39).contains($0) })
    }

    /// The canonical text of an IPv4 or IPv6 address; `nil` where a text is neither in full spelling.
    package static func canonicalAddress(_ text: String) -> String? { IPAddress(text)?.unmapped.description }
}
