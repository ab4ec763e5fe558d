// SPDX-License-Identifier: Apache-2.0

/// What a rule finds, for people.
public struct RuleDescription: Hashable, Sendable {
    /// The id that findings carry.
    public let id: String
    /// Who issues such a credential; empty for rules about places rather than issuers.
    public let provider: String
    /// What whoever holds it can do.
    public let grants: String
}

extension SecretDetector {
    /// All rules, in the order of their tables.
    public static var rules: [RuleDescription] {
        VendorRule.all.map { RuleDescription(id: $0.id, provider: $0.provider, grants: $0.grants) } + places
    }

    private static let places: [RuleDescription] = [
        ("private-key", "signs or decrypts as its owner"),
        ("json-web-token", "acts as whom it was issued to, until it expires"),
        ("database-url", "reads and writes a database"), ("url-password", "logs in at the URL's host"),
        ("bearer-token", "acts as whom it was issued to"),
        ("assigned-secret", "what the name beside it says"), ("assigned-password", "logs in"),
        ("value-for-name", "what the name after it says"),
        ("command-password", "logs in"), ("password-file", "logs in to a database"),
        ("kubernetes-secret", "what the name beside it says"),
    ].map { RuleDescription(id: $0.0, provider: "", grants: $0.1) }

    /// A made-up credential for each rule of a provider, from its format alone: `next` gives random numbers.
    ///
    /// Real-looking credentials don't stand in the sources, where other scanners would find them.
    package static func samples(_ next: () -> UInt64) -> [(rule: String, text: [UInt8])] {
        VendorRule.all.map { rule in
            let before = rule.before.map { shape in
                rule.opening.isEmpty
                    ? shape.sample(fill: 3, next) : Array(rule.opening.utf8) + shape.sample(fill: 20, next)
            }
            return (rule.id, (before ?? []) + Array(rule.anchor.utf8) + rule.after.sample(fill: 24, next))
        }
    }
}
