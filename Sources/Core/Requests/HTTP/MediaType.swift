// SPDX-License-Identifier: Apache-2.0

/// The value of a `Content-Type` header.
///
/// - SeeAlso: RFC 9110, section 8.3.
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// Type and subtype in lower case, such as `application/json`.
    public let essence: String
    /// The parameters with their names in lower case, in order.
    public let parameters: [HTTPHeaderField]

    /// Reads a header value; `nil` when it is malformed or names a parameter twice.
    public init?(_ text: String) {
        var reader = HeaderValueReader(text)
        guard let type = reader.token(), reader.accept("/"), let subtype = reader.token() else { return nil }
        essence = (type + "/" + subtype).lowercased()
        guard let parameters = reader.parameters() else { return nil }
        self.parameters = parameters
    }

    /// The value of a parameter, or `nil`.
    public subscript(parameter: String) -> String? { parameters.first { $0.name == parameter }?.value }

    /// Type and subtype.
    public var description: String { essence }
}

/// Reads tokens, quoted strings and parameters of header values.
struct HeaderValueReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        skipSpace()
    }

    mutating func token() -> String? {
        let start = index
        while index < bytes.count, Self.isTokenByte(bytes[index]) { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    /// `; name=value` up to the end, or `nil` when malformed or repeated.
    mutating func parameters() -> [HTTPHeaderField]? {
        var parameters: [HTTPHeaderField] = []
        while true {
            skipSpace()
            if index == bytes.count { return parameters }
            guard accept(";") else { return nil }
            skipSpace()
            if index == bytes.count { return parameters }
            guard let name = token()?.lowercased(), accept("="), let value = token() ?? quoted() else { return nil }
            guard !parameters.contains(where: { $0.name == name }) else { return nil }
            parameters.append(HTTPHeaderField(name, value))
        }
    }

    private mutating func quoted() -> String? {
        guard accept("\"") else { return nil }
        var value: [UInt8] = []
        while index < bytes.count {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(validating: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                guard index < bytes.count else { return nil }
                byte = bytes[index]
                index += 1
            }
            value.append(byte)
        }
        return nil
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    static func isToken(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isTokenByte) }
}

extension String {
    /// The text without spaces and tabs at both ends.
    func trimmingSpace() -> String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
