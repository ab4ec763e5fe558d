// SPDX-License-Identifier: Apache-2.0

/// Where in a request a secret may stand: a header (`Authorization: Bearer {}`) or a query parameter (`?key={}`).
public struct SecretPlace: Hashable, Sendable {
    /// The part of the request.
    public enum Part: Hashable, Sendable {
        /// A header field; the name keeps its spelling.
        case header(name: String)
        /// A parameter of the URL's query.
        case query(name: String)
    }

    /// The place as the file spells it.
    public let text: String
    /// The part of the request it names.
    public let part: Part
    /// What stands in front of the secret.
    public let prefix: String
    /// What stands behind the secret.
    public let suffix: String

    /// Reads a place; `nil` unless `{}` stands in it exactly once, in the value.
    public init?(_ text: String) {
        let isQuery = text.hasPrefix("?")
        let separator: Character = isQuery ? "=" : ":"
        guard let split = text.firstIndex(of: separator) else { return nil }
        let name = String(isQuery ? text[text.index(after: text.startIndex)..<split] : text[..<split])
        var value = String(text[text.index(after: split)...])
        if !isQuery { while value.hasPrefix(" ") { value.removeFirst() } }
        guard !name.isEmpty, name.utf8.allSatisfy({ Self.isToken($0) }), let hole = value.range(of: "{}") else {
            return nil
        }
        let prefix = String(value[..<hole.lowerBound])
        let suffix = String(value[hole.upperBound...])
        guard suffix.range(of: "{}") == nil, !value.contains("\r"), !value.contains("\n") else { return nil }
        self.text = text
        self.prefix = prefix
        self.suffix = suffix
        part = isQuery ? .query(name: name) : .header(name: name)
    }

    /// The value with `text` in the place of `{}`.
    public func filled(with text: String) -> String { prefix + text + suffix }

    // RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
