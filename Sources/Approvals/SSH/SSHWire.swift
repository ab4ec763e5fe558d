// SPDX-License-Identifier: Apache-2.0
internal import AgentCore

/// Reads the SSH wire format. Every read is bounded by what is there.
///
/// - SeeAlso: RFC 4251, section 5.
struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var remaining: [UInt8] { Array(rest) }

    mutating func bytes(_ count: Int) throws(ApprovalError) -> [UInt8] {
        guard count >= 0, rest.count >= count else { throw Self.tooShort }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func byte() throws(ApprovalError) -> UInt8 {
        guard let first = rest.popFirst() else { throw Self.tooShort }
        return first
    }

    mutating func number() throws(ApprovalError) -> UInt32 {
        try bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() throws(ApprovalError) -> [UInt8] {
        let count = try number()
        guard count <= 1 << 20 else { throw Self.tooShort }
        return try bytes(Int(count))
    }

    /// A string that must be ASCII.
    mutating func text() throws(ApprovalError) -> String {
        let bytes = try string()
        guard bytes.allSatisfy({ $0 < 0x80 }) else { throw Self.tooShort }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A non-negative integer, left-padded with zeros to `count` bytes.
    mutating func integer(count: Int) throws(ApprovalError) -> [UInt8] {
        let bytes = try string()
        if let first = bytes.first, first & 0x80 != 0 { throw Self.tooShort }
        let digits = Array(bytes.drop { $0 == 0 })
        guard digits.count <= count else { throw Self.tooShort }
        return Array(repeating: 0, count: count - digits.count) + digits
    }

    private static let tooShort = ApprovalError(
        "approval.signature-format", "the key or signature is cut off or malformed; make it again")
}

/// Writes the SSH wire format.
struct SSHWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ value: UInt32) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    mutating func raw(_ value: [UInt8]) { bytes += value }

    mutating func string(_ value: [UInt8]) {
        number(UInt32(truncatingIfNeeded: value.count))
        bytes += value
    }

    mutating func string(_ value: String) { string(Array(value.utf8)) }
}

/// Reads text between `-----BEGIN name-----` and `-----END name-----`.
enum Armor {
    static func decode(_ text: String, name: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\r" } }
            .filter { !$0.isEmpty }
        let marks = ("-----BEGIN \(name)-----", "-----END \(name)-----")
        guard lines.count >= 3, lines.first == marks.0.filter({ $0 != " " }),
            lines.last == marks.1.filter({ $0 != " " })
        else {
            return nil
        }
        return Base64.decode(lines.dropFirst().dropLast().joined())
    }

    static func encode(_ bytes: [UInt8], name: String) -> String {
        var text = "-----BEGIN \(name)-----\n"
        var line = 0
        for character in Base64.encode(bytes) {
            if line == 70 {
                text += "\n"
                line = 0
            }
            text.append(character)
            line += 1
        }
        return text + "\n-----END \(name)-----\n"
    }
}
