// SPDX-License-Identifier: Apache-2.0

#if HTTP
internal import AgentCore
internal import NIOPosix

/// Turns a judged host into one address that may be connected to.
struct HostResolver: Sendable {
    let settings: EgressSettings

    /// The address to pin, as text without brackets.
    ///
    /// - Throws: `TransportError.addressRefused` where any address of the name is refused: a name with one good and one bad address is a trap.
    func address(of url: CanonicalURL) async throws(TransportError) -> String {
        let host = url.host.description
        if let fixed = settings.resolve["\(host):\(url.port)"] { return Self.addressPart(of: fixed) }
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

    private static func addressPart(of fixed: String) -> String {
        if fixed.first == "[", let end = fixed.firstIndex(of: "]") { return String(fixed[fixed.index(after: fixed.startIndex)..<end]) }
        return String(fixed.split(separator: ":").first ?? "")
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
