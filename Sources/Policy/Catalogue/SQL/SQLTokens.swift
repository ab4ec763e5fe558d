// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// A token of SQL text.
struct SQLToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case word, quotedName, string, number, symbol }
    let kind: Kind
    /// Words in upper case; names and strings as they are, without their quotes.
    let text: String

    func `is`(_ word: String) -> Bool { kind == .word && text == word }
}

/// Splits SQL text into tokens, tolerantly: PostgreSQL first, with what MySQL and SQLite add.
struct SQLTokenizer {
    private let bytes: [UInt8]
    private var position = 0
    /// Why the text may mean something else to a server than here.
    private(set) var doubts: [String] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The statements of the text, each as its tokens.
    mutating func statements() -> [[SQLToken]] {
        var all: [[SQLToken]] = []
        var current: [SQLToken] = []
        while let token = next() {
            if token.kind == .symbol, token.text == ";" {
                if !current.isEmpty { all.append(current); current = [] }
                continue
            }
            current.append(token)
        }
        if !current.isEmpty { all.append(current) }
        return all
    }

    private func at(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }

    private mutating func doubt(_ text: String) { if !doubts.contains(text) { doubts.append(text) } }

    private mutating func next() -> SQLToken? {
        skipBlank()
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        switch byte {
        case 0x27: return string(escapes: false)
        case 0x22, 0x60: return quotedName(byte)
        case 0x24 where dollarTag() != nil: return dollarString()
        case 0x30...0x39: return number()
        case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: return word()
        default:
            position += 1
            return SQLToken(kind: .symbol, text: String(decoding: [byte], as: UTF8.self))
        }
    }

    private mutating func skipBlank() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D, 0x0C, 0x0B: position += 1
            case 0x2D where at(1) == 0x2D:
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            case 0x23 where position == 0 || bytes[position - 1] == 0x0A || bytes[position - 1] == 0x20:
                // A comment to MySQL, an operator to PostgreSQL.
                doubt("a `#` starts a comment for one server and not for another")
                position += 1
            case 0x2F where at(1) == 0x2A:
                if at(2) == 0x21 || (at(2) == 0x4D && at(3) == 0x21) {
                    doubt("a comment is run by MySQL")
                    position += 3
                    continue
                }
                skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() {
        var level = 0
        while position < bytes.count {
            if bytes[position] == 0x2F, at(1) == 0x2A {
                level += 1
                if level == 2 { doubt("a comment stands in a comment, which not every server nests") }
                position += 2
            } else if bytes[position] == 0x2A, at(1) == 0x2F {
                level -= 1
                position += 2
                if level == 0 { return }
            } else {
                position += 1
            }
        }
        doubt("a comment has no end")
    }

    private mutating func string(escapes: Bool) -> SQLToken {
        position += 1
        let start = position
        while position < bytes.count {
            if bytes[position] == 0x5C {
                if escapes { position += 2; continue }
                if at(1) == 0x27 { doubt("a backslash stands before a quote, which servers read in two ways") }
            }
            if bytes[position] == 0x27 {
                if at(1) == 0x27 { position += 2; continue }
                let text = String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                return SQLToken(kind: .string, text: text)
            }
            position += 1
        }
        doubt("a string has no end")
        position = bytes.count
        return SQLToken(kind: .string, text: String(decoding: bytes[start...], as: UTF8.self))
    }

    private mutating func quotedName(_ quote: UInt8) -> SQLToken {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != quote { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position < bytes.count { position += 1 } else { doubt("a name has no end") }
        return SQLToken(kind: .quotedName, text: text)
    }

    private func dollarTag() -> ArraySlice<UInt8>? {
        var ahead = position + 1
        while ahead < bytes.count, ShellParser.isNameByte(bytes[ahead]) { ahead += 1 }
        guard ahead < bytes.count, bytes[ahead] == 0x24 else { return nil }
        if ahead > position + 1, (0x30...0x39).contains(bytes[position + 1]) { return nil }
        return bytes[position...ahead]
    }

    private mutating func dollarString() -> SQLToken {
        let tag = dollarTag() ?? []
        position += tag.count
        let start = position
        while position < bytes.count {
            if bytes[position] == 0x24, bytes[position...].starts(with: tag) {
                let text = String(decoding: bytes[start..<position], as: UTF8.self)
                position += tag.count
                return SQLToken(kind: .string, text: text)
            }
            position += 1
        }
        doubt("a string has no end")
        return SQLToken(kind: .string, text: String(decoding: bytes[start...], as: UTF8.self))
    }

    private mutating func number() -> SQLToken {
        let start = position
        while position < bytes.count, ShellParser.isNameByte(bytes[position]) || bytes[position] == 0x2E { position += 1 }
        return SQLToken(kind: .number, text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func word() -> SQLToken {
        let start = position
        while position < bytes.count, ShellParser.isNameByte(bytes[position]) || bytes[position] >= 0x80 || bytes[position] == 0x24 { position += 1 }
        let length = position - start
        if at(0) == 0x27, length == 1, [0x45, 0x65].contains(bytes[start]) { return string(escapes: true) }
        if at(0) == 0x27, length == 1, [0x42, 0x62, 0x58, 0x78, 0x4E, 0x6E].contains(bytes[start]) { return string(escapes: false) }
        return SQLToken(kind: .word, text: String(decoding: bytes[start..<position], as: UTF8.self).uppercased())
    }
}
