// SPDX-License-Identifier: Apache-2.0

/// A host in the one form that all its spellings share.
public enum CanonicalHost: Sendable, Hashable, CustomStringConvertible {
    /// A lower-case ASCII name without a trailing dot; other letters stand as `xn--` labels.
    case name(String)
    /// An address. IPv4-mapped IPv6 addresses stand as IPv4, because the kernel connects them there.
    case address(IPAddress)

    /// The text without brackets.
    public var text: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.description
        }
    }

    /// The text as it stands in a URL, IPv6 in brackets.
    public var description: String {
        if case .address(let address) = self, !address.isIPv4 { return "[\(address)]" }
        return text
    }

    /// The address, or `nil` for a name.
    public var address: IPAddress? { if case .address(let address) = self { address } else { nil } }

    /// Reads a host as it stands in a URL or in a `Host` header, without its port.
    ///
    /// - Throws: `RequestURLError` for anything that two readers could understand differently.
    public static func parse(_ text: String) throws(RequestURLError) -> CanonicalHost {
        try parse(Array(text.utf8)[...])
    }

    static func parse(_ raw: ArraySlice<UInt8>) throws(RequestURLError) -> CanonicalHost {
        if raw.first == UInt8(ascii: "[") {
            guard raw.last == UInt8(ascii: "]"), raw.count > 2 else {
                throw RequestURLError(.urlHost, "unclosed bracket in the host")
            }
            guard let bytes = IPAddress.parseIPv6(Array(raw.dropFirst().dropLast())),
                let address = IPAddress(bytes: bytes)
            else {
                throw RequestURLError(.urlHost, "malformed IPv6 address in the host")
            }
            return .address(address.unmapped)
        }
        guard let decoded = PercentEncoding.decodeText(raw) else {
            throw RequestURLError(.urlEncoding, "malformed percent sequence in the host")
        }
        // A decoded percent sign would be decoded once more by somebody.
        var labels: [String] = []
        for label in decoded.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
            labels.append(try asciiLabel(Array(label)))
        }
        if labels.count > 1 && labels.last == "" { labels.removeLast() }
        guard !labels.contains("") else { throw RequestURLError(.urlHost, "empty label in the host") }
        if let address = try ipv4(labels) { return .address(address) }
        let name = labels.joined(separator: ".")
        guard name.utf8.count <= 253 else { throw RequestURLError(.urlHost, "host is longer than 253 bytes") }
        return .name(name)
    }

    private static func asciiLabel(_ scalars: [Unicode.Scalar]) throws(RequestURLError) -> String {
        var label: String
        if scalars.allSatisfy(\.isASCII) {
            label = String(decoding: scalars.map { lowercase(UInt8(truncatingIfNeeded: $0.value)) }, as: UTF8.self)
        } else {
            label = try encodedLabel(scalars)
        }
        let bytes = label.utf8
        guard bytes.count <= 63 else { throw RequestURLError(.urlHost, "label of the host is longer than 63 bytes") }
        let plain = bytes.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
        }
        guard plain else { throw RequestURLError(.urlHost, "character in the host that names don't have") }
        guard bytes.first != 0x2D, bytes.last != 0x2D else {
            throw RequestURLError(.urlHost, "label of the host starts or ends with a hyphen")
        }
        return label
    }

    private static func encodedLabel(_ scalars: [Unicode.Scalar]) throws(RequestURLError) -> String {
        var scripts: Set<HostScript> = []
        var letters: [Unicode.Scalar] = []
        var lowered: [Unicode.Scalar] = []
        for scalar in scalars {
            if scalar.isASCII {
                guard let low = Unicode.Scalar(UInt32(lowercase(UInt8(truncatingIfNeeded: scalar.value)))) else {
                    continue
                }
                lowered.append(low)
                if scalar.properties.isAlphabetic { scripts.insert(.latin) }
                continue
            }
            let category = scalar.properties.generalCategory
            // Without mapping tables only letters that map to themselves are taken: no capitals, no wide or composed
            // forms, no marks.
            guard category == .lowercaseLetter || category == .otherLetter || category == .modifierLetter,
                !scalar.properties.changesWhenNFKCCaseFolded, let script = HostScript(scalar)
            else {
                throw RequestURLError(
                    .urlHost, "letter in the host that has no plain ASCII form; write the host in its xn-- form")
            }
            scripts.insert(script)
            letters.append(scalar)
            lowered.append(scalar)
        }
        guard HostScript.mayMix(scripts) else {
            throw RequestURLError(.urlLookalike, "host mixes letters of several scripts")
        }
        if !scripts.contains(.latin), HostScript.imitatesLatin(letters) {
            throw RequestURLError(.urlLookalike, "host is made of letters that look like Latin ones")
        }
        guard let encoded = Punycode.encode(lowered) else {
            throw RequestURLError(.urlHost, "host has no Punycode form")
        }
        return "xn--" + encoded
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

    /// The address that labels spell when the last one is a number, as in the URL standard: 1 to 4 parts, decimal,
    /// octal or hex.
    private static func ipv4(_ labels: [String]) throws(RequestURLError) -> IPAddress? {
        guard let last = labels.last else { return nil }
        let isHex = last.hasPrefix("0x") && last.utf8.dropFirst(2).allSatisfy { HexEncoding.value(ofDigit: $0) != nil }
        let isNumeric = isHex || last.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumeric else { return nil }
        guard labels.count <= 4 else { throw RequestURLError(.urlHost, "host ends in a number but is no IPv4 address") }
        var value: UInt64 = 0
        for (position, label) in labels.enumerated() {
            let isLast = position == labels.count - 1
            let room = isLast ? 8 * (5 - labels.count) : 8
            guard let part = number(label), part < 1 << UInt64(room) else {
                throw RequestURLError(.urlHost, "host ends in a number but is no IPv4 address")
            }
            value = value << UInt64(room) | part
        }
        return IPAddress(ipv4: UInt32(truncatingIfNeeded: value))
    }

    private static func number(_ label: String) -> UInt64? {
        let digits = label.utf8
        if label.hasPrefix("0x") { return digits.count == 2 ? 0 : parse(digits.dropFirst(2), radix: 16) }
        if digits.count > 1 && digits.first == 0x30 { return parse(digits.dropFirst(), radix: 8) }
        return parse(digits[...], radix: 10)
    }

    private static func parse(_ digits: Substring.UTF8View, radix: UInt64) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = HexEncoding.value(ofDigit: byte), digit < radix else { return nil }
            value = value * radix + UInt64(digit)
            if value > 0xFFFF_FFFF { return nil }
        }
        return value
    }
}
