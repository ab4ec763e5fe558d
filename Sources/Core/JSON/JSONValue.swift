// SPDX-License-Identifier: Apache-2.0

/// A JSON value that keeps what its source said: key order, and the exact text of every number that is not a 64-bit
/// integer.
///
/// Two values are equal when their bytes would be: strings are compared code unit by code unit, never by Unicode
/// equivalence, because the program on the other side of a socket compares bytes. Objects are equal when they hold
/// the same members in any order.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// An integer without fraction, exponent or negative zero that fits 64 bits.
    case integer(Int64)
    /// The exact source text of any other number: fractions, exponents, `-0` and integers beyond 64 bits.
    case number(String)
    /// A string of Unicode scalars.
    case string(String)
    /// An ordered list.
    case array([JSONValue])
    /// An object that keeps the order of its members.
    case object(JSONObject)
}

extension JSONValue: Hashable {
    /// Whether two values would have the same members and the same bytes in every string and number.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one.hasSameBytes(as: other)
        case (.string(let one), .string(let other)): one.hasSameBytes(as: other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: false
        }
    }

    /// Feeds the value into a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let text): hasher.combine(text)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number in its shortest decimal text; `null` where the literal overflows to infinity.
    public init(floatLiteral value: Double) { self = value.isFinite ? .number(value.description) : .null }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of members with the same name the last one stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
}

extension JSONValue {
    /// The string, or `nil` when this is not a string.
    public var stringValue: String? { if case .string(let text) = self { text } else { nil } }
    /// The truth value, or `nil` when this is not one.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The integer, or `nil` when this is not an integer of 64 bits.
    public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }
    /// The elements, or `nil` when this is not an array.
    public var arrayValue: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members, or `nil` when this is not an object.
    public var objectValue: JSONObject? { if case .object(let members) = self { members } else { nil } }
    /// Whether this is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The member with this exact name, or `nil` when there is none or this is not an object.
    public subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The element at this position, or `nil` when there is none or this is not an array.
    public subscript(position: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(position) else { return nil }
        return elements[position]
    }

    /// The value that a JSON pointer leads to, or `nil` when the pointer is malformed or leads nowhere.
    ///
    /// - SeeAlso: RFC 6901.
    public subscript(pointer pointer: String) -> JSONValue? {
        guard let tokens = JSONPointer.tokens(of: pointer) else { return nil }
        var current = self
        for token in tokens {
            switch current {
            case .object(let members):
                guard let next = members[token] else { return nil }
                current = next
            case .array(let elements):
                guard let position = JSONPointer.position(from: token), elements.indices.contains(position) else {
                    return nil
                }
                current = elements[position]
            default:
                return nil
            }
        }
        return current
    }
}

extension String {
    /// Whether both strings are the same sequence of bytes.
    ///
    /// `==` on strings follows canonical equivalence, under which the Kelvin sign equals the letter K; no server
    /// agrees with that.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
