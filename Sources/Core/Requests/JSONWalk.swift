// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Visits this value and everything in it, containers before their content.
    ///
    /// A string that itself is JSON text is visited as a string and then walked, up to four levels of wrapping,
    /// with every one of several members of the same name: an opaque scalar must not hide anything by being quoted
    /// once more.
    ///
    /// - Parameter visit: Called with the names and positions (in decimal) that lead to a value, and the value.
    /// - Returns: Whether everything was visited; `false` when a string holds JSON beyond the limits of nesting.
    @discardableResult
    public func walk(_ visit: (_ path: [String], _ value: JSONValue) -> Void) -> Bool {
        walk([], level: 0, wrapping: 0, visit)
    }

    private func walk(
        _ path: [String], level: Int, wrapping: Int, _ visit: (_ path: [String], _ value: JSONValue) -> Void
    ) -> Bool {
        visit(path, self)
        var isComplete = true
        switch self {
        case .array(let elements):
            for (position, element) in elements.enumerated() {
                let inner = path + [String(position)]
                if !element.walk(inner, level: level + 1, wrapping: wrapping, visit) { isComplete = false }
            }
        case .object(let members):
            for member in members {
                let inner = path + [member.name]
                if !member.value.walk(inner, level: level + 1, wrapping: wrapping, visit) { isComplete = false }
            }
        case .string(let text):
            switch Embedded(text, level: level, wrapping: wrapping) {
            case .none: break
            case .unread: isComplete = false
            case .value(let value): return value.walk(path, level: level, wrapping: wrapping + 1, visit)
            }
        default: break
        }
        return isComplete
    }

    /// The JSON that a string holds, or `nil`; what is beyond the limits is a problem of the request's analysis.
    package static func embedded(in text: String) -> JSONValue? {
        if case .value(let value) = Embedded(text, level: 0, wrapping: 0) { value } else { nil }
    }

    /// What a string holds besides text.
    enum Embedded {
        /// No JSON.
        case none
        /// JSON that is nested too deeply or wrapped too often to be read.
        case unread
        /// This value, members of the same name side by side.
        case value(JSONValue)

        private static let mostWrappings = 4

        init(_ text: String, level: Int, wrapping: Int) {
            let first = text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"") else {
                self = .none
                return
            }
            let room = JSONLimits.deepestNesting - level
            do {
                let value = try JSONValue.parse(text, limits: JSONLimits(maximumDepth: room, duplicateKeys: .keepAll))
                self = wrapping < Self.mostWrappings ? .value(value) : .unread
            } catch {
                self = [.tooDeep, .tooLarge, .tooManyValues].contains(error.code) ? .unread : .none
            }
        }
    }
}
