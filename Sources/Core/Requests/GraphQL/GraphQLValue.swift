// SPDX-License-Identifier: Apache-2.0

/// An argument's value after variables and defaults are put in.
///
/// There is no schema here: a value is what the request said, not what the server would coerce it to.
public indirect enum GraphQLValue: Sendable {
    /// One member of an input object, or one argument.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public let name: String
        /// The member's value.
        public let value: GraphQLValue

        /// Makes a member.
        public init(name: String, value: GraphQLValue) {
            self.name = name
            self.value = value
        }
    }

    /// `null`.
    case null
    /// A truth value.
    case bool(Bool)
    /// An integer of 64 bits.
    case integer(Int64)
    /// The source text of any other number.
    case number(String)
    /// A string, from the document or from a variable.
    case string(String)
    /// A bare name in the document.
    case enumeration(String)
    /// A list.
    case list([GraphQLValue])
    /// An input object, or an object of an opaque JSON scalar.
    case object([Member])
    /// A variable that the request gives no value; what the server puts there is unknown.
    case unresolved(String)

    /// Takes over a JSON value.
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let text): self = .number(text)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map { GraphQLValue($0) })
        case .object(let members): self = .object(members.map { Member(name: $0.name, value: GraphQLValue($0.value)) })
        }
    }

    /// The value as JSON: names of enumerations become strings, an unresolved variable becomes `null`.
    public var json: JSONValue {
        switch self {
        case .null, .unresolved: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .number(let text): return .number(text)
        case .string(let text), .enumeration(let text): return .string(text)
        case .list(let elements): return .array(elements.map(\.json))
        case .object(let members):
            var object = JSONObject()
            for member in members { object.appendAnyway(member.name, member.value.json) }
            return .object(object)
        }
    }

    /// The text of a string or an enumeration name, else `nil`.
    public var stringValue: String? {
        switch self {
        case .string(let text), .enumeration(let text): text
        default: nil
        }
    }

    /// Whether a variable without a value stands anywhere in it.
    public var containsUnresolved: Bool {
        switch self {
        case .unresolved: true
        case .list(let elements): elements.contains(where: \.containsUnresolved)
        case .object(let members): members.contains { $0.value.containsUnresolved }
        default: false
        }
    }

    /// The first member with this exact name, or `nil`.
    public subscript(name: String) -> GraphQLValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.hasSameBytes(as: name) }?.value
    }

    /// Visits the value and everything in it, strings that hold JSON included.
    ///
    /// - Parameter visit: Called with the names and positions that lead to a value, and the value.
    /// - Returns: Whether everything was visited; `false` when a string holds JSON beyond the limits of nesting.
    @discardableResult
    public func walk(_ visit: (_ path: [String], _ value: JSONValue) -> Void) -> Bool { json.walk(visit) }
}

extension GraphQLValue: Hashable {
    /// Whether two values have the same bytes in every string, and the same members in the same order.
    public static func == (left: GraphQLValue, right: GraphQLValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)), (.string(let one), .string(let other)),
            (.enumeration(let one), .enumeration(let other)), (.unresolved(let one), .unresolved(let other)):
            one.hasSameBytes(as: other)
        case (.list(let one), .list(let other)): one == other
        case (.object(let one), .object(let other)):
            one.elementsEqual(other) { $0.name.hasSameBytes(as: $1.name) && $0.value == $1.value }
        default: false
        }
    }

    /// Feeds the value into a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let text), .string(let text), .enumeration(let text), .unresolved(let text): hasher.combine(text)
        case .list(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}
