// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// One rule: a permission or a denial of one kind of effect, under conditions that must all hold.
public struct Rule: Hashable, Sendable {
    /// Whether the rule permits or denies; a denial wins over every permission.
    public enum Verdict: String, Hashable, Sendable {
        case permit, deny
    }

    /// The kind of effect a rule is about.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case fileRead = "file.read"
        case fileWrite = "file.write"
        case exec, http, operation, commit, sql
    }

    /// The effects that must or must not match, run when the file is read.
    public struct Example: Hashable, Sendable {
        /// The example, as the file spells it.
        public let text: String
        /// Whether it stands under `permits`.
        public let isPermitted: Bool
        /// Where it stands.
        public let position: SourcePosition
    }

    /// The name under which decisions cite the rule.
    public let id: String
    /// Whether it permits or denies.
    public let verdict: Verdict
    /// The kind of effect it is about.
    public let kind: Kind
    /// The environments that the rule is about; empty means all.
    public let environments: [EnvironmentLabel]
    /// What it must and must not cover; they held when the file was read.
    public let examples: [Example]
    /// Where it stands.
    public let position: SourcePosition
    package let conditions: RuleConditions

    /// Whether the rule has a condition of its kind.
    var isUsable: Bool {
        switch kind {
        case .fileRead, .fileWrite, .commit: !conditions.paths.isEmpty
        case .exec: !conditions.programs.isEmpty || conditions.argv != nil
        case .http: !conditions.hosts.isEmpty
        case .operation: !conditions.operations.isEmpty
        case .sql: true
        }
    }

    /// The id under which a decision names the rule.
    public var reasonID: String { "rule.\(id)" }
}

/// What a rule demands of an effect; an empty list means that the file states no such condition.
package struct RuleConditions: Hashable, Sendable {
    package var paths: [PathPattern] = []
    package var programs: [PathPattern] = []
    package var argv: ArgvPattern?
    package var hosts: [HostPattern] = []
    package var methods: [String] = []
    package var ports: [Int] = []
    package var operations: [OperationPattern] = []

    package init() {}
}
