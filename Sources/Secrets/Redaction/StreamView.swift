// SPDX-License-Identifier: Apache-2.0

/// A way of reading a stream: as it is, or with one kind of escape undone.
enum StreamView: Int, CaseIterable, Sendable {
    case raw
    /// `%41`.
    case percent
    /// `%41` with `+` for a space.
    case form
    /// `\n`, `\x41`, `\101`, `\u0041`, `\"`: JSON, most languages, `"…"` and `$'…'` of a shell.
    case backslash
    /// `&amp;`, `&#65;`, `&#x41;`.
    case entity

    /// Whether the byte makes this view differ from the raw one.
    @inline(__always)
    func differs(at byte: UInt8) -> Bool {
        switch self {
        case .raw: false
        case .percent: byte == 0x25
        case .form: byte == 0x25 || byte == 0x2b
        case .backslash: byte == 0x5c
        case .entity: byte == 0x26
        }
    }
}

/// Undoes a view's escapes, byte by byte. A state machine: feed it a byte, read what came out.
struct EscapeDecoder: Sendable {
    /// What a byte gave.
    enum Step {
        /// It belongs to an escape that goes on.
        case pending
        /// These bytes stand for the escape, or for the bytes that turned out to be none.
        case bytes
        /// As `bytes`, and this byte must be fed once more.
        case bytesThenAgain
    }

    let view: StreamView
    /// The escape so far, its first byte included. Empty outside one.
    private(set) var held: [UInt8] = []
    /// What came out.
    private(set) var out: [UInt8] = []
    private var highSurrogate: UInt32 = 0

    init(_ view: StreamView) { self.view = view }

    var isIdle: Bool { held.isEmpty }

    @inline(__always)
    func isPlain(_ byte: UInt8) -> Bool {
        held.isEmpty && !view.differs(at: byte)
    }

    mutating func feed(_ byte: UInt8) -> Step {
        out.removeAll(keepingCapacity: true)
        if held.isEmpty {
            if view == .form, byte == 0x2b {
                out.append(0x20)
                return .bytes
            }
            if isPlain(byte) {
                out.append(byte)
                return .bytes
            }
            held.append(byte)
            return .pending
        }
        switch view {
        case .raw: return .bytes
        case .percent, .form: return feedPercent(byte)
        case .backslash: return feedBackslash(byte)
        case .entity: return feedEntity(byte)
        }
    }

    private mutating func giveUp() -> Step {
        out = held
        held.removeAll(keepingCapacity: true)
        return .bytesThenAgain
    }

    private mutating func give(_ bytes: [UInt8]) -> Step {
        out = bytes
        held.removeAll(keepingCapacity: true)
        return .bytes
    }

    private mutating func feedPercent(_ byte: UInt8) -> Step {
        guard let digit = ASCII.hexValue(byte) else { return giveUp() }
        guard held.count == 2 else {
            held.append(byte)
            return .pending
        }
        return give([(ASCII.hexValue(held[1]) ?? 0) << 4 | digit])
    }

    private mutating func feedBackslash(_ byte: UInt8) -> Step {
        if held.count == 1 {
            switch byte {
            case 0x75, 0x55, 0x78, 0x30...0x37:
                held.append(byte)
                return .pending
            case 0x6e, 0x72, 0x74, 0x76, 0x66: return give([0x20])
            case 0x61, 0x62: return give([byte == 0x61 ? 7 : 8])
            case 0x65: return give([0x1b])
            default: return give([byte])
            }
        }
        let kind = held[1]
        if kind >= 0x30, kind <= 0x37 { return feedOctal(byte) }
        if kind == 0x75, held.count == 2, byte == 0x7b {
            held.append(byte)
            return .pending
        }
        let braced = held.count > 2 && held[2] == 0x7b
        if braced, byte == 0x7d { return giveScalar(ASCII.hex(held[3...])) }
        let most = kind == 0x78 ? 2 : kind == 0x55 ? 8 : braced ? 9 : 4
        guard ASCII.hexValue(byte) != nil else {
            // `\x4` alone is one digit's worth.
            if kind == 0x78, held.count == 3 {
                out = [ASCII.hexValue(held[2]) ?? 0]
                held.removeAll(keepingCapacity: true)
                return .bytesThenAgain
            }
            return giveUp()
        }
        held.append(byte)
        guard held.count - 2 >= most else { return .pending }
        if kind == 0x78 { return give([UInt8(truncatingIfNeeded: ASCII.hex(held[2...]))]) }
        return braced ? giveUp() : giveScalar(ASCII.hex(held[2...]))
    }

    private mutating func feedOctal(_ byte: UInt8) -> Step {
        guard (0x30...0x37).contains(byte) else {
            let value = octal(held[1...])
            out = [value]
            held.removeAll(keepingCapacity: true)
            return .bytesThenAgain
        }
        held.append(byte)
        return held.count == 4 ? give([octal(held[1...])]) : .pending
    }

    private func octal(_ digits: ArraySlice<UInt8>) -> UInt8 {
        var value: UInt32 = 0
        for digit in digits { value = value << 3 | UInt32(digit - 0x30) }
        return UInt8(truncatingIfNeeded: value)
    }

    private mutating func giveScalar(_ value: UInt32) -> Step {
        if (0xd800...0xdbff).contains(value) {
            highSurrogate = value
            return give([])
        }
        var scalar = value
        if (0xdc00...0xdfff).contains(value), highSurrogate != 0 {
            scalar = 0x10000 + (highSurrogate - 0xd800) << 10 + (value - 0xdc00)
        }
        highSurrogate = 0
        guard let unicode = Unicode.Scalar(scalar) else { return give([]) }
        return give(Array(String(unicode).utf8))
    }

    private mutating func feedEntity(_ byte: UInt8) -> Step {
        guard byte == 0x3b else {
            guard held.count < 10, ASCII.isAlphanumeric(byte) || (held.count == 1 && byte == 0x23) else {
                return giveUp()
            }
            held.append(byte)
            return .pending
        }
        let body = held[1...]
        if body.first == 0x23 {
            let digits = body.dropFirst()
            if digits.first == 0x78 || digits.first == 0x58 { return giveScalar(ASCII.hex(digits.dropFirst())) }
            var value: UInt32 = 0
            for digit in digits where (0x30...0x39).contains(digit) { value = value &* 10 &+ UInt32(digit - 0x30) }
            return giveScalar(value)
        }
        switch String(decoding: body, as: UTF8.self) {
        case "amp": return give([0x26])
        case "lt": return give([0x3c])
        case "gt": return give([0x3e])
        case "quot": return give([0x22])
        case "apos": return give([0x27])
        case "nbsp": return give([0x20])
        default: return giveUp()
        }
    }
}
