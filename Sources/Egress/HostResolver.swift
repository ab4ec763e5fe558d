// SPDX-License-Identifier: Apache-2.0

#if HTTP
internal import AgentCore
internal import NIOPosix

/// Turns a judged host into one address that may be connected to.
struct HostResolver: Sendable {
    let settings: EgressSettings

    /// Where a connection goes.
    struct Endpoint {
        /// The address as text, without brackets.
        let address: String
        let port: UInt16
    }

    /// The address to pin.
    ///
    /// - Throws: `TransportError.addressRefused` where any address of the name is refused: a name with one good and one bad address is a trap.
    func address(of url: CanonicalURL) async throws(TransportError) -> Endpoint {
        let host = url.host.description
        if let fixed = settings.resolve["\(host):\(url.port)"] { return try Self.endpoint(of: fixed, for: url) }
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
        return Endpoint(address: first.description, port: url.port)
    }

    /// Reads `1.2.3.4:443`, `[::1]:443` or an address without a port.
    private static func endpoint(of text: String, for url: CanonicalURL) throws(TransportError) -> Endpoint {
        var address = text[...]
        var port = url.port
        if let colon = text.lastIndex(of: ":"), let stated = UInt16(text[text.index(after: colon)...]), IPAddress(text) == nil {
            address = text[..<colon]
            port = stated
        }
        if address.first == "[", address.last == "]" { address = address.dropFirst().dropLast() }
        guard IPAddress(String(address)) != nil else {
            throw TransportError(.resolution, "`egress.resolve` gives `\(url.host)` something that is no address; mend the policy")
        }
        return Endpoint(address: String(address), port: port)
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
