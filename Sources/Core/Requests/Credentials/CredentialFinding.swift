// SPDX-License-Identifier: Apache-2.0

/// A field of a request that holds a credential, or a placeholder for one. It never carries the value itself.
public struct CredentialFinding: Sendable, Hashable, CustomStringConvertible {
    /// Where in a request a credential stands.
    public enum Location: String, Sendable, Hashable {
        /// A header's value.
        case header
        /// One pair of a `Cookie` header.
        case cookie
        /// In front of the URL's host.
        case userinfo
        /// A parameter of the URL.
        case query
        /// A field of a form.
        case form
        /// A member of a JSON body.
        case json
        /// An argument of a GraphQL field, variables put in.
        case graphQLArgument
    }

    /// How the value is written in its field.
    public enum Encoding: String, Sendable, Hashable {
        /// As it is.
        case plain
        /// Base64 of `user:password`, the finding being about the user.
        case basicUser
        /// Base64 of `user:password`, the finding being about the password.
        case basicPassword
    }

    /// Where it stands.
    public let location: Location
    /// The name of the field: a header, cookie or parameter name, or the JSON pointer of a member.
    public let name: String
    /// The position of the header, parameter or form field in its list; 0 elsewhere.
    public let index: Int
    /// The authentication scheme in front of the value, if any.
    public let scheme: String?
    /// Where the value stands in its field's value, in bytes.
    public let range: Range<Int>
    /// How the value is written.
    public let encoding: Encoding
    /// Whether the value is a granted placeholder; else it is literal.
    public let isPlaceholder: Bool

    /// Location and name, without the value.
    public var description: String { "\(location.rawValue) `\(Self.printable(name))`" }

    /// A name that is safe to show: at most 64 ASCII characters of names.
    static func printable(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(64).map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_./".unicodeScalars.contains(scalar))
                ? Character(scalar) : "?"
        }
        return String(shown)
    }
}
