// SPDX-License-Identifier: Apache-2.0

#if HTTP
internal import AgentCore
internal import NIOPosix

/// Turns a judged host into one address that may be connected to.
struct HostResolver: Sendable {
    let settings: EgressSettings

    /// Where to connect: an address as text without brackets, and a port.
    struct Endpoint: Sendable, Hashable {
        let address: String
        let port: UInt16
    }

    /// The endpoint to connect to: the fixed one, else a checked address of the name and the URL's own port.
    ///
    /// - Throws: `TransportError.addressRefused` where any address of the name is refused: a name with one good and one bad address is a trap.
    func endpoint(of url: CanonicalURL) async throws(TransportError) -> Endpoint {
        let host = url.host.description
        if let fixed = settings.resolve["\(host):\(url.port)"] { return try Self.endpoint(fixed) }
        return Endpoint(address: try await address(of: host), port: url.port)
    }

    private func address(of host: String) async throws(TransportError) -> String {
        let bare = host.first == "[" ? String(host.dropFirst().dropLast()) : host
        let addresses = try await resolved(bare)
        guard settings.allowsPrivateAddresses || addresses.allSatisfy({ !$0.addressClass.isPrivate }) else {
            throw TransportError(
                .addressRefused,
                "`\(host)` leads to an address that is not public; pin it under `egress.resolve` if that is meant")
        }
        guard let first = addresses.first else {
            throw TransportError(.resolution, "`\(host)` has no address; check the name")
        }
        return first.description
    }

    /// Reads `address:port`. What can't be read is refused: the URL's own port could be somebody else's.
    private static func endpoint(_ fixed: String) throws(TransportError) -> Endpoint {
        guard let colon = fixed.lastIndex(of: ":"), let port = UInt16(fixed[fixed.index(after: colon)...]), port > 0 else {
            throw TransportError(.addressRefused, "an entry of `egress.resolve` is no address with a port; mend the policy")
        }
        let address = fixed[..<colon]
        let bare = address.first == "[" && address.last == "]" ? address.dropFirst().dropLast() : address
        return Endpoint(address: String(bare), port: port)
    }

    private func resolved(_ host: String) async throws(TransportError) -> [IPAddress] {
        if let literal = IPAddress(host) { return [literal] }
        do {
            // getaddrinfo blocks, so it gets a thread of NIO's pool instead of one of Swift's.
            return try await NIOThreadPool.singleton.runIfActive { HostLookup.addresses(of: host) }
        } catch {
            throw TransportError(.resolution, "`\(host)` does not resolve; check the name and the network")
        }
    }
}
#endif
