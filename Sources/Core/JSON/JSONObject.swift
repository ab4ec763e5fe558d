// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object in the order in which they stood.
///
/// Names are looked up byte for byte. Look-up takes constant time; an object with few members carries no index.
public struct JSONObject: Sendable {
    /// One member of an object.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public let name: String
        /// The member's value.
        public var value: JSONValue

        /// Makes a member.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }

        /// Whether name and value have the same bytes.
        public static func == (left: Member, right: Member) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value == right.value
        }
    }

    private var members: [Member] = []
    // Strings that Unicode calls equivalent share a key here, so that a hit has to be compared once more.
    private var index: [String: Int]?
    private static let indexThreshold = 12

    /// Makes an empty object.
    public init() {}

    /// The number of members.
    public var count: Int { members.count }
    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }
    /// The names in order.
    public var names: [String] { members.map(\.name) }

    /// The value of the member with exactly this name; setting `nil` removes it, setting a new one appends it.
    public subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil):
                members.remove(at: position)
                rebuildIndex()
            case (nil, let value?): append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Appends a member unless one of an equal or canonically equivalent name is there.
    ///
    /// Equivalent names are refused along with equal ones: some readers would fold the two into one.
    mutating func appendUnique(_ name: String, _ value: JSONValue) -> Bool {
        if let index {
            guard index[name] == nil else { return false }
        } else {
            for member in members where member.name == name { return false }
        }
        append(Member(name: name, value: value))
        return true
    }

    /// Appends a member, whatever is there already.
    mutating func appendAnyway(_ name: String, _ value: JSONValue) { append(Member(name: name, value: value)) }

    private mutating func append(_ member: Member) {
        members.append(member)
        if index != nil {
            if index?[member.name] == nil { index?[member.name] = members.count - 1 }
        } else if members.count > Self.indexThreshold {
            rebuildIndex()
        }
    }

    private mutating func rebuildIndex() {
        guard members.count > Self.indexThreshold else {
            index = nil
            return
        }
        var fresh: [String: Int] = [:]
        fresh.reserveCapacity(members.count)
        for (position, member) in members.enumerated() where fresh[member.name] == nil { fresh[member.name] = position }
        index = fresh
    }

    private func position(of name: String) -> Int? {
        if let index {
            guard let position = index[name] else { return nil }
            if members[position].name.hasSameBytes(as: name) { return position }
        }
        return members.firstIndex { $0.name.hasSameBytes(as: name) }
    }
}

extension JSONObject: Hashable {
    /// Whether both hold the same members, in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        // In the same order first: names that stand twice have no other comparison.
        left.members == right.members
            || left.count == right.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }

    /// Feeds the members into a hasher without regard to order.
    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for member in members { combined ^= member.hashValue }
        hasher.combine(combined)
    }
}

extension JSONObject: RandomAccessCollection {
    /// The position of the first member.
    public var startIndex: Int { 0 }
    /// The position after the last member.
    public var endIndex: Int { members.count }
    /// The member at a position.
    public subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object; of members with the same name the last one stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }
}
