// SPDX-License-Identifier: Apache-2.0

/// What kind of place an address leads to.
public enum AddressClass: String, Sendable, Hashable, CaseIterable {
    /// The public Internet.
    case `public`
    /// This machine.
    case loopback
    /// A private network of RFC 1918, or a site-local one.
    case `private`
    /// The local link.
    case linkLocal
    /// A cloud's service that hands out credentials and configuration to whoever asks.
    case metadata
    /// A carrier's shared network, 100.64.0.0/10.
    case carrierNAT
    /// A unique local network, fc00::/7.
    case uniqueLocal
    /// A group of receivers.
    case multicast
    /// No address, 0.0.0.0/8 or `::`. Linux connects it to this machine.
    case unspecified
    /// Documentation ranges.
    case documentation
    /// Benchmarking ranges.
    case benchmarking
    /// Anything that is not assigned for use.
    case reserved

    /// Whether an address of this class is anything but the public Internet.
    public var isPrivate: Bool { self != .public }
}

extension IPAddress {
    /// What kind of place the address leads to. An address that carries an IPv4 address (IPv4-mapped and -compatible,
    /// 6to4, Teredo, NAT64, ISATAP) is of that address's class.
    ///
    /// - SeeAlso: RFC 6890 and the IANA special-purpose address registries.
    public var addressClass: AddressClass {
        if Self.metadataAddresses.contains(self) { return .metadata }
        if isIPv4 { return ipv4Class }
        if let inner = embeddedIPv4 { return inner.addressClass }
        // ISATAP (RFC 5214) names its IPv4 address behind any prefix, so that the prefix counts too.
        let isISATAP = bytes[8] & 0xFD == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE
        if isISATAP, !ipv6Class.isPrivate, let inner = IPAddress(bytes: bytes[12...]) { return inner.addressClass }
        return ipv6Class
    }

    private static let metadataAddresses: Set<IPAddress> = Set(
        [
            "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.169.253", "169.254.169.123",
            "169.254.169.249", "169.254.169.250",
            "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::123",
            "fd00:ec2::23",
            "fd20:ce::254",
        ].compactMap { IPAddress($0) })

    /// The IPv4 address that an IPv6 address carries, or `nil`.
    public var embeddedIPv4: IPAddress? {
        guard bytes.count == 16 else { return nil }
        func starts(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
        let zeros = [UInt8](repeating: 0, count: 10)
        if starts(zeros + [0xFF, 0xFF]) { return IPAddress(bytes: bytes[12...]) }
        // ::/96, without `::` and `::1`, which have classes of their own.
        if starts(zeros + [0, 0]), bytes[12] != 0 || bytes[13] != 0 || bytes[14] != 0 || bytes[15] > 1 {
            return IPAddress(bytes: bytes[12...])
        }
        if starts([0x20, 0x02]) { return IPAddress(bytes: bytes[2..<6]) }
        if starts([0x20, 0x01, 0, 0]) { return IPAddress(bytes: bytes[12...].map { ~$0 }) }
        if starts([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return IPAddress(bytes: bytes[12...]) }
        return nil
    }

    private var ipv4Class: AddressClass {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _): .unspecified
        case (10, _, _), (172, 16...31, _), (192, 168, _): .private
        case (100, 64...127, _): .carrierNAT
        case (127, _, _): .loopback
        case (169, 254, _): .linkLocal
        case (192, 0, 2), (198, 51, 100), (203, 0, 113): .documentation
        case (192, 0, 0), (192, 88, 99): .reserved
        case (198, 18...19, _): .benchmarking
        case (224...239, _, _): .multicast
        case (240...255, _, _): .reserved
        default: .public
        }
    }

    private var ipv6Class: AddressClass {
        let (first, second) = (bytes[0], bytes[1])
        switch first {
        case 0 where bytes[..<15].allSatisfy({ $0 == 0 }): return bytes[15] == 0 ? .unspecified : .loopback
        case 0xFF: return .multicast
        case 0xFE where second & 0xC0 == 0x80: return .linkLocal
        case 0xFE where second & 0xC0 == 0xC0: return .private
        case 0xFC, 0xFD: return .uniqueLocal
        case 0x20 where second == 0x01 && bytes[2] == 0x0D && bytes[3] == 0xB8: return .documentation
        case 0x20 where second == 0x01 && bytes[2] == 0 && bytes[3] == 2 && bytes[4] == 0 && bytes[5] == 0:
            return .benchmarking
        case 0x20 where second == 0x01 && bytes[2] < 2: return .reserved
        case 0x3F where second == 0xFF && bytes[2] < 0x10: return .documentation
        case 0x20...0x3F: return .public
        default: return .reserved
        }
    }
}
