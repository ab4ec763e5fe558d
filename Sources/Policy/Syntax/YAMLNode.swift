// SPDX-License-Identifier: Apache-2.0

/// A YAML value that knows where it stands.
package struct YAMLNode: Sendable {
    /// One entry of a mapping.
    package struct Entry: Sendable {
        package let name: String
        package let position: SourcePosition
        package let value: YAMLNode
    }

    /// What the value is. Only the shape of a key table gives a scalar its type: `no` and `1e3` stay the text they are.
    package enum Content: Sendable {
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    package let content: Content
    package let position: SourcePosition

    /// The text of a scalar.
    package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
    /// The elements of a sequence.
    package var elements: [YAMLNode]? { if case .sequence(let elements) = content { elements } else { nil } }
    /// The entries of a mapping.
    package var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

    /// The value of the entry with this name.
    package subscript(name: String) -> YAMLNode? { entries?.first { $0.name == name }?.value }

    /// Whether this is an unquoted `null`, `~` or nothing at all.
    package var isNull: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// What kind of value this is, for messages.
    package var kindName: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }
}
