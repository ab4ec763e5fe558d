// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Visits this value and everything in it, containers before their content.
    ///
    /// A string that itself is a JSON object or array is visited as a string and then walked, up to four levels of wrapping, with every
    /// one of several members of the same name: an opaque scalar must not hide anything by being quoted once more.
    ///
    /// - Parameter visit: Called with the names and positions (in decimal) that lead to a value, and the value.
    public func walk(_ visit: (_ path: [String], _ value: JSONValue) -> Void) {
        walk([], wrapping: 0, visit)
    }

    private func walk(_ path: [String], wrapping: Int, _ visit: (_ path: [String], _ value: JSONValue) -> Void) {
        visit(path, self)
        switch self {
        case .array(let elements):
            for (position, element) in elements.enumerated() { element.walk(path + [String(position)], wrapping: wrapping, visit) }
        case .object(let members):
            for member in members { member.value.walk(path + [member.name], wrapping: wrapping, visit) }
        case .string(let text):
            guard wrapping < 4, let inner = Self.embedded(in: text) else { return }
            inner.walk(path, wrapping: wrapping + 1, visit)
        default: break
        }
    }

    /// The object or array that a string holds as JSON text, or `nil`.
    package static func embedded(in text: String) -> JSONValue? {
        let first = text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"") else { return nil }
        return try? parse(text, limits: JSONLimits(maximumDepth: 64, duplicateKeys: .keepAll))
    }
}
