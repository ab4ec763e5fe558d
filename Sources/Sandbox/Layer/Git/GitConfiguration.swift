// SPDX-License-Identifier: Apache-2.0

/// One `key = value` of a git configuration file.
struct GitConfigurationEntry: Hashable, Sendable {
    /// Lower case.
    let section: String
    /// As written, case counts; `nil` where there is none.
    let subsection: [UInt8]?
    /// Lower case.
    let key: String
    /// `nil` for a key without `=`, which means true.
    let value: [UInt8]?

    /// The name for a person.
    var name: String {
        guard let subsection else { return "\(section).\(key)" }
        return "\(section).\(PrintableText.escape(subsection)).\(key)"
    }
}

/// Reads git's configuration syntax as git itself does, and refuses what two readers could read differently.
///
/// Syntax: git-config(1). Beyond it NUL bytes, byte order marks and lone carriage returns are refused.
struct GitConfigurationParser {
    /// The text is not configuration that git would read in exactly one way.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var index = 0
    private var section: String?
    private var subsection: [UInt8]?
    private var entries: [GitConfigurationEntry] = []

    static func parse(_ bytes: [UInt8]) throws(Malformed) -> [GitConfigurationEntry] {
        var parser = GitConfigurationParser(bytes: try normalised(bytes))
        try parser.run()
        return parser.entries
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func normalised(_ bytes: [UInt8]) throws(Malformed) -> [UInt8] {
        guard !bytes.contains(0), !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw Malformed() }
        guard bytes.contains(Self.carriageReturn) else { return bytes }
        var result: [UInt8] = []
        for (position, byte) in bytes.enumerated() {
            guard byte == Self.carriageReturn else {
                result.append(byte)
                continue
            }
            guard position + 1 < bytes.count, bytes[position + 1] == Self.newline else { throw Malformed() }
        }
        return result
    }

    private mutating func run() throws(Malformed) {
        while let byte = next() {
            switch byte {
            case Self.newline, Self.space, Self.tab: continue
            case UInt8(ascii: "#"), UInt8(ascii: ";"): skipComment()
            case UInt8(ascii: "["): try readHeader()
            case let byte where Self.isLetter(byte): try readEntry(startingWith: byte)
            default: throw Malformed()
            }
        }
    }

    // MARK: Headers

    private mutating func readHeader() throws(Malformed) {
        var name: [UInt8] = []
        subsection = nil
        while true {
            guard let byte = next() else { throw Malformed() }
            if byte == UInt8(ascii: "]") { break }
            if byte == Self.space || byte == Self.tab {
                subsection = try readSubsection()
                break
            }
            guard Self.isKeyByte(byte) || byte == UInt8(ascii: ".") else { throw Malformed() }
            name.append(Self.lower(byte))
        }
        guard !name.isEmpty else { throw Malformed() }
        if let dot = name.firstIndex(of: UInt8(ascii: ".")) {
            // The old `[section.sub]`; together with a quoted part git joins both, which nobody writes.
            guard subsection == nil, dot > 0 else { throw Malformed() }
            subsection = Array(name[(dot + 1)...])
            name = Array(name[..<dot])
        }
        section = String(decoding: name, as: UTF8.self)
    }

    private mutating func readSubsection() throws(Malformed) -> [UInt8] {
        var byte = next()
        while byte == Self.space || byte == Self.tab { byte = next() }
        guard byte == Self.quote else { throw Malformed() }
        var name: [UInt8] = []
        while true {
            guard var byte = next(), byte != Self.newline else { throw Malformed() }
            if byte == Self.quote { break }
            if byte == Self.backslash {
                guard let escaped = next(), escaped != Self.newline else { throw Malformed() }
                byte = escaped
            }
            name.append(byte)
        }
        guard next() == UInt8(ascii: "]") else { throw Malformed() }
        return name
    }

    // MARK: Entries

    private mutating func readEntry(startingWith first: UInt8) throws(Malformed) {
        guard let section else { throw Malformed() }
        var key = [Self.lower(first)]
        var byte = next()
        while let letter = byte, Self.isKeyByte(letter) {
            key.append(Self.lower(letter))
            byte = next()
        }
        while byte == Self.space || byte == Self.tab { byte = next() }
        var value: [UInt8]?
        if let byte, byte != Self.newline {
            guard byte == UInt8(ascii: "=") else { throw Malformed() }
            value = try readValue()
        }
        entries.append(
            GitConfigurationEntry(
                section: section, subsection: subsection, key: String(decoding: key, as: UTF8.self), value: value))
    }

    private mutating func readValue() throws(Malformed) -> [UInt8] {
        var value: [UInt8] = []
        var kept = 0
        var quoted = false
        while let byte = next() {
            if byte == Self.newline {
                guard !quoted else { throw Malformed() }
                return Array(value[..<kept])
            }
            if !quoted, byte == Self.space || byte == Self.tab {
                if !value.isEmpty { value.append(byte) }
                continue
            }
            if !quoted, byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") {
                skipComment()
                return Array(value[..<kept])
            }
            if byte == Self.quote {
                quoted.toggle()
                // Blanks before an opening quote belong to the value, as git has it.
                kept = value.count
                continue
            }
            if byte == Self.backslash {
                guard let escaped = try readEscape() else { continue }
                value.append(escaped)
            } else {
                value.append(byte)
            }
            kept = value.count
        }
        guard !quoted else { throw Malformed() }
        return Array(value[..<kept])
    }

    // `nil` for a line that continues.
    private mutating func readEscape() throws(Malformed) -> UInt8? {
        switch next() {
        case Self.newline: return nil
        case UInt8(ascii: "t"): return Self.tab
        case UInt8(ascii: "n"): return Self.newline
        case UInt8(ascii: "b"): return 8
        case Self.quote: return Self.quote
        case Self.backslash: return Self.backslash
        default: throw Malformed()
        }
    }

    private mutating func skipComment() {
        while let byte = next(), byte != Self.newline {}
    }

    private mutating func next() -> UInt8? {
        guard index < bytes.count else { return nil }
        defer { index += 1 }
        return bytes[index]
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
    private static func isLetter(_ byte: UInt8) -> Bool { lower(byte) >= 0x61 && lower(byte) <= 0x7A }
    private static func isKeyByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "-")
    }
}
