// SPDX-License-Identifier: Apache-2.0

/// Makes bytes that an attacker chose safe to show on a terminal.
enum PrintableText {
    /// Escapes control, format and separator characters, backslashes and what is not UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: What to show.
    ///   - keepingTabs: Whether a tab stays as it is.
    static func escape(_ bytes: [UInt8], keepingTabs: Bool = false) -> String {
        var text = ""
        text.reserveCapacity(bytes.count)
        var decoder = UTF8Walk(bytes)
        while let step = decoder.next() {
            switch step {
            case .scalar(let scalar): append(scalar, to: &text, keepingTabs: keepingTabs)
            case .invalid(let byte): text += "\\x" + hex(UInt32(byte), width: 2)
            }
        }
        return text
    }

    /// Lower-case hexadecimal with at least `width` digits.
    static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String, keepingTabs: Bool) {
        if scalar == "\\" {
            text += "\\\\"
        } else if scalar == "\n" {
            text += "\\n"
        } else if scalar == "\t" && keepingTabs {
            text.unicodeScalars.append(scalar)
        } else if isHidden(scalar) {
            text += "\\u{" + hex(scalar.value, width: 1) + "}"
        } else {
            text.unicodeScalars.append(scalar)
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 || scalar.value == 0x7F { return true }
        if scalar.value < 0x7F { return false }
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

/// Walks bytes as UTF-8 and says which are not.
struct UTF8Walk {
    enum Step {
        case scalar(Unicode.Scalar)
        case invalid(UInt8)
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Step? {
        guard index < bytes.count else { return nil }
        let first = bytes[index]
        let length =
            first < 0x80
            ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first & 0xF0 == 0xE0 ? 3 : first & 0xF8 == 0xF0 ? 4 : 0
        if length > 0, index + length <= bytes.count {
            var value = length == 1 ? UInt32(first) : UInt32(first) & (0xFF >> UInt32(length + 1))
            var valid = true
            for offset in 1..<max(length, 1) {
                let byte = bytes[index + offset]
                valid = valid && byte & 0xC0 == 0x80
                value = value << 6 | UInt32(byte & 0x3F)
            }
            let minimum: UInt32 = length == 3 ? 0x800 : length == 4 ? 0x10000 : 0
            if valid, value >= minimum, let scalar = Unicode.Scalar(value) {
                index += length
                return .scalar(scalar)
            }
        }
        index += 1
        return .invalid(first)
    }
}
