// SPDX-License-Identifier: Apache-2.0

/// Percent sequences of RFC 3986.
enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The bytes with all percent sequences resolved, or `nil` when one is malformed.
    static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        let source = Array(bytes)
        var output: [UInt8] = []
        output.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let byte = source[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < source.count, let high = HexEncoding.value(ofDigit: source[index]),
                    let low = HexEncoding.value(ofDigit: source[index + 1])
                else { return nil }
                output.append(high << 4 | low)
                index += 2
            } else {
                output.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return output
    }

    /// The text with all percent sequences resolved, or `nil` when one is malformed or the result is not UTF-8.
    static func decodeText(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
        decode(bytes, plusIsSpace: plusIsSpace).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes with needless sequences resolved, needed ones added and all of them in upper case, or `nil` when one
    /// is malformed.
    static func normalise(_ source: some Collection<UInt8>, keeping isPlain: (UInt8) -> Bool) -> [UInt8]? {
        let source = Array(source)
        var output: [UInt8] = []
        output.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let byte = source[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < source.count, let high = HexEncoding.value(ofDigit: source[index]),
                    let low = HexEncoding.value(ofDigit: source[index + 1])
                else { return nil }
                index += 2
                let value = high << 4 | low
                if isUnreserved(value) { output.append(value) } else { append(value, to: &output) }
            } else if isPlain(byte) {
                output.append(byte)
            } else {
                append(byte, to: &output)
            }
        }
        return output
    }

    static func append(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "%"))
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// What stands in a path as it is: unreserved, sub-delims, `:`, `@`, `/`.
    static func isPathByte(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "!$&'()*+,;=:@/".utf8.contains(byte)
    }

    /// What stands in a query as it is.
    static func isQueryByte(_ byte: UInt8) -> Bool { isPathByte(byte) || byte == UInt8(ascii: "?") }
}
