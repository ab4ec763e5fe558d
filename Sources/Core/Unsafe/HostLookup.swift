// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Asks the system's resolver for a name's addresses.
package enum HostLookup {
    /// All addresses of a name, in the order of the system; empty where it has none. Blocks: call it on a thread of your own.
    ///
    /// - SeeAlso: getaddrinfo(3).
    package static func addresses(of name: String) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var head: UnsafeMutablePointer<addrinfo>?
        // SAFETY: getaddrinfo fills `head` with a list that freeaddrinfo ends; it is only read in between.
        guard unsafe getaddrinfo(name, nil, &hints, &head) == 0 else { return [] }
        defer { unsafe freeaddrinfo(head) }
        var found: [IPAddress] = []
        var next = unsafe head
        while let entry = unsafe next {
            if let address = unsafe address(in: entry.pointee), !found.contains(address) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(in entry: addrinfo) -> IPAddress? {
        // SAFETY: the family tells which structure the pointer leads to; its length was set by getaddrinfo.
        switch unsafe entry.ai_family {
        case AF_INET:
            return unsafe entry.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { socket in
                unsafe withUnsafeBytes(of: socket.pointee.sin_addr) { unsafe IPAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            return unsafe entry.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { socket in
                unsafe withUnsafeBytes(of: socket.pointee.sin6_addr) { unsafe IPAddress(bytes: Array($0)) }
            }
        default: return nil
        }
    }
}
