// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as JSON text, members in their order.
    ///
    /// - Parameter pretty: Whether to indent by two spaces.
    public func serialized(pretty: Bool = false) -> String {
        String(decoding: serializedBytes(pretty: pretty), as: UTF8.self)
    }

    /// The value as JSON text in UTF-8, members in their order.
    ///
    /// - Parameter pretty: Whether to indent by two spaces.
    public func serializedBytes(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self, level: 0)
        return writer.output
    }

    /// The canonical form of RFC 8785 in its float-free profile: equal values give equal bytes.
    ///
    /// - Throws: `JSONError` with code `notCanonical` for a fraction, an exponent, a negative zero or an integer
    ///   beyond ±(2^53 - 1): such numbers belong in strings, because readers disagree about them. `tooDeep` beyond
    ///   the deepest nesting.
    /// - SeeAlso: RFC 8785, RFC 7493.
    public func canonical() throws(JSONError) -> [UInt8] {
        var writer = JSONWriter(pretty: false)
        try writer.writeCanonical(self, level: 0)
        return writer.output
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON.
    public var description: String { serialized() }
}

struct JSONWriter {
    let pretty: Bool
    var output: [UInt8] = []
    private static let largestInteger: Int64 = 1 << 53 - 1
    private static let hexDigits = Array("0123456789abcdef".utf8)

    init(pretty: Bool) { self.pretty = pretty }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                separate(position, level: level + 1)
                write(element, level: level + 1)
            }
            close(UInt8(ascii: "]"), isEmpty: elements.isEmpty, level: level)
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                separate(position, level: level + 1)
                writeString(member.name)
                output.append(UInt8(ascii: ":"))
                if pretty { output.append(UInt8(ascii: " ")) }
                write(member.value, level: level + 1)
            }
            close(UInt8(ascii: "}"), isEmpty: members.isEmpty, level: level)
        case .number(let text): writeNumber(text)
        default: writeScalar(value)
        }
    }

    mutating func writeCanonical(_ value: JSONValue, level: Int) throws(JSONError) {
        if level > JSONLimits.deepestNesting { throw JSONError(.tooDeep, "value is nested too deeply") }
        switch value {
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                try writeCanonical(element, level: level + 1)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            let sorted = members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
            for (position, member) in sorted.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                writeString(member.name)
                output.append(UInt8(ascii: ":"))
                try writeCanonical(member.value, level: level + 1)
            }
            output.append(UInt8(ascii: "}"))
        case .number:
            throw JSONError(.notCanonical, "number is not a 64-bit integer; write it as a string")
        case .integer(let integer) where integer.magnitude > UInt64(Self.largestInteger):
            throw JSONError(.notCanonical, "integer is beyond 2^53 - 1; write it as a string")
        default: writeScalar(value)
        }
    }

    private mutating func writeScalar(_ value: JSONValue) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let truth): output.append(contentsOf: truth ? "true".utf8 : "false".utf8)
        case .integer(let integer): output.append(contentsOf: String(integer).utf8)
        case .string(let text): writeString(text)
        case .number, .array, .object: break
        }
    }

    /// Writes a number's text; text that could not be a number becomes a string, so that it can't break out of its
    /// place.
    private mutating func writeNumber(_ text: String) {
        let plausible = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
            default: false
            }
        }
        if plausible && !text.isEmpty { output.append(contentsOf: text.utf8) } else { writeString(text) }
    }

    mutating func writeString(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x20...: output.append(byte)
            default: writeControl(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeControl(_ byte: UInt8) {
        switch byte {
        case 0x08: output.append(contentsOf: "\\b".utf8)
        case 0x09: output.append(contentsOf: "\\t".utf8)
        case 0x0A: output.append(contentsOf: "\\n".utf8)
        case 0x0C: output.append(contentsOf: "\\f".utf8)
        case 0x0D: output.append(contentsOf: "\\r".utf8)
        default:
            output.append(contentsOf: "\\u00".utf8)
            output.append(Self.hexDigits[Int(byte >> 4)])
            output.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private mutating func separate(_ position: Int, level: Int) {
        if position > 0 { output.append(UInt8(ascii: ",")) }
        if pretty { breakLine(level) }
    }

    private mutating func close(_ bracket: UInt8, isEmpty: Bool, level: Int) {
        if pretty && !isEmpty { breakLine(level) }
        output.append(bracket)
    }

    private mutating func breakLine(_ level: Int) {
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: level * 2))
    }
}
