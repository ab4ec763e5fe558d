// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address in network order: 4 or 16 bytes.
    public let bytes: [UInt8]

    /// Takes over 4 or 16 bytes in network order; `nil` for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads the common text forms: four decimal parts without leading zeros, or IPv6 without brackets or zone.
    ///
    /// Other numeric spellings of IPv4 are for `CanonicalURL`, which knows it reads a URL.
    public init?(_ text: String) {
        let parsed =
            text.utf8.contains(UInt8(ascii: ":"))
            ? Self.parseIPv6(Array(text.utf8)) : Self.parseDotted(Array(text.utf8)[...])
        guard let parsed else { return nil }
        bytes = parsed
    }

    /// Makes an IPv4 address from its number.
    init(ipv4 number: UInt32) {
        bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    /// Whether the address has 4 bytes.
    public var isIPv4: Bool { bytes.count == 4 }

    /// The IPv4 address that an IPv4-mapped IPv6 address stands for, else the address itself.
    public var unmapped: IPAddress {
        guard bytes.count == 16, bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF else {
            return self
        }
        return IPAddress(ipv4: bytes[12...].reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// The one canonical text: dotted decimal, or IPv6 as in RFC 5952 without brackets.
    public var description: String {
        guard bytes.count == 16 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ part: some Sequence<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        return best.isEmpty ? text(groups) : text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }

    /// Four decimal parts of 0 to 255 without leading zeros.
    static func parseDotted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != 0x30 else { return nil }
            var number = 0
            for digit in part {
                guard (0x30...0x39).contains(digit) else { return nil }
                number = number * 10 + Int(digit - 0x30)
            }
            guard number <= 255 else { return nil }
            bytes.append(UInt8(number))
        }
        return bytes
    }

    /// IPv6 text without brackets and zone, with an optional dotted tail.
    static func parseIPv6(_ text: [UInt8]) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        var head: [UInt8] = []
        var tail: [UInt8]?
        var index = 0
        if text.starts(with: [colon, colon]) {
            tail = []
            index = 2
        }
        while index < text.count {
            let end = text[index...].firstIndex(of: colon) ?? text.count
            let part = text[index..<end]
            var group: [UInt8]
            if part.contains(UInt8(ascii: ".")) {
                guard end == text.count, let dotted = parseDotted(part) else { return nil }
                group = dotted
            } else {
                guard (1...4).contains(part.count), let number = hexNumber(part) else { return nil }
                group = [UInt8(number >> 8), UInt8(number & 255)]
            }
            if tail != nil { tail?.append(contentsOf: group) } else { head.append(contentsOf: group) }
            guard head.count + (tail?.count ?? 0) <= 16 else { return nil }
            index = end
            guard index < text.count else { break }
            index += 1
            if index < text.count, text[index] == colon {
                guard tail == nil else { return nil }
                tail = []
                index += 1
            } else if index == text.count {
                return nil
            }
        }
        guard let tail else { return head.count == 16 ? head : nil }
        guard head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func hexNumber(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard let value = HexEncoding.value(ofDigit: digit) else { return nil }
            number = number << 4 | Int(value)
        }
        return number
    }
}
