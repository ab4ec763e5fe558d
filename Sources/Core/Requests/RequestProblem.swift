// SPDX-License-Identifier: Apache-2.0

/// A reason why a request can't be judged as it stands. A caller that meets one denies.
public struct RequestProblem: Sendable, Hashable, CustomStringConvertible {
    /// A stable name of lower-case words: `area.reason`.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The stable name.
        public let rawValue: String
        /// Makes a code from its stable name.
        public init(rawValue: String) { self.rawValue = rawValue }
        private init(_ name: StaticString) { rawValue = name.description }
        /// The stable name.
        public var description: String { rawValue }

        /// The URL breaks the grammar or has a character that readers treat differently.
        public static let urlSyntax = Code("url.syntax")
        /// The scheme is not http, https, ws or wss.
        public static let urlScheme = Code("url.scheme")
        /// The URL carries a user name or password.
        public static let urlUserinfo = Code("url.userinfo")
        /// The host is empty, malformed, or has no plain ASCII form.
        public static let urlHost = Code("url.host")
        /// The host mixes scripts or imitates another one.
        public static let urlLookalike = Code("url.host-lookalike")
        /// The port is not 1 to 65535.
        public static let urlPort = Code("url.port")
        /// The URL is over the limit.
        public static let urlTooLong = Code("url.too-long")
        /// A percent sequence is malformed, doubly encoded, or not UTF-8.
        public static let urlEncoding = Code("url.encoding")
        /// The path climbs with encoded separators or path parameters.
        public static let urlTraversal = Code("url.traversal")

        /// The method is not a token.
        public static let methodInvalid = Code("method.invalid")
        /// The method opens a tunnel or echoes the request.
        public static let methodRefused = Code("method.refused")
        /// Something in the request asks for another method.
        public static let methodOverride = Code("method.override")

        /// A header's name or value has a character that it must not have.
        public static let headerInvalid = Code("header.invalid")
        /// A header that must stand once stands twice.
        public static let headerDuplicate = Code("header.duplicate")
        /// The headers disagree on where the body ends.
        public static let headerFraming = Code("header.framing")
        /// The `Host` header names another host than the URL.
        public static let headerHost = Code("header.host-mismatch")
        /// A header asks for another host or path than the URL.
        public static let headerRoute = Code("header.route-override")
        /// The request asks to leave HTTP, for instance for a WebSocket.
        public static let requestUpgrade = Code("request.upgrade")

        /// The body is over the limit.
        public static let bodyTooLarge = Code("body.too-large")
        /// The body is compressed in a way that was not undone.
        public static let bodyEncoded = Code("body.encoded")
        /// The body's character set is not UTF-8.
        public static let bodyCharset = Code("body.charset")
        /// The body does not parse as what its type says.
        public static let bodyMalformed = Code("body.malformed")
        /// A JSON object has two members of one name.
        public static let bodyDuplicateKey = Code("body.duplicate-key")
        /// A JSON object has two members whose names differ only in letter case.
        public static let bodyAmbiguousKey = Code("body.ambiguous-key")
        /// A body stands on a method that has none.
        public static let bodyUnexpected = Code("body.unexpected")

        /// The document breaks GraphQL's grammar.
        public static let graphQLSyntax = Code("graphql.syntax")
        /// The document is over a limit, before or after fragments are expanded.
        public static let graphQLTooLarge = Code("graphql.too-large")
        /// Several operations stand in the document and none is named.
        public static let graphQLMultiple = Code("graphql.multiple-operations")
        /// The named operation is not in the document, or no operation is.
        public static let graphQLUnknownOperation = Code("graphql.unknown-operation")
        /// A spread names a fragment that is not there.
        public static let graphQLUnknownFragment = Code("graphql.unknown-fragment")
        /// Fragments spread each other in a circle.
        public static let graphQLFragmentCycle = Code("graphql.fragment-cycle")
        /// A name that must be unique (operation, fragment, variable, argument, member) stands twice.
        public static let graphQLDuplicateName = Code("graphql.duplicate-name")
        /// A directive other than skip, include, defer and stream is used.
        public static let graphQLDirective = Code("graphql.unknown-directive")
        /// A variable is used that the operation doesn't declare.
        public static let graphQLUndeclared = Code("graphql.undeclared-variable")
        /// A variable is used that has no value and no default.
        public static let graphQLUnresolved = Code("graphql.unresolved-variable")
        /// The document is named by a hash or an id, so that what runs is not in the request.
        public static let graphQLPersisted = Code("graphql.persisted-query")
        /// The request has no document where one is expected.
        public static let graphQLMissing = Code("graphql.missing-query")
        /// Two parts of the request could each be the document or its variables.
        public static let graphQLAmbiguous = Code("graphql.ambiguous")
        /// Variables are not an object.
        public static let graphQLVariables = Code("graphql.variables")

        /// A credential field holds something else than a granted placeholder.
        public static let credentialLiteral = Code("credential.literal")
    }

    /// The stable name of the reason.
    public let code: Code
    /// One line for a person: what was found and where, without any value of the request.
    public let detail: String

    /// Makes a problem.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// The code and the line for a person.
    public var description: String { "\(code): \(detail)" }
}
