// SPDX-License-Identifier: Apache-2.0

#if HTTP
public import AgentCore
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// What a policy says about connections.
public struct EgressSettings: Sendable, Hashable {
    /// Fixed addresses by `host:port`; each permits just that address.
    public var resolve: [String: String]
    /// Whether private, loopback, link-local and metadata addresses may be reached at all.
    public var allowsPrivateAddresses: Bool
    /// PEM files of further authorities to trust.
    public var trustFiles: [String]

    /// Makes settings; by default public addresses and the system's authorities only.
    public init(resolve: [String: String] = [:], allowsPrivateAddresses: Bool = false, trustFiles: [String] = []) {
        self.resolve = resolve
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.trustFiles = trustFiles
    }
}

/// Sends a judged request over a connection to an address that was resolved, checked and pinned beforehand.
///
/// Guarantees: no proxy of the environment, no redirect followed, no cookie kept, HTTP/1.1 only, the certificate verified for the judged
/// host, secrets put in after everything else, nothing retried once bytes may have left.
public struct PinnedTransport: HTTPTransport {
    private let settings: EgressSettings
    private let vault: (any SecretVault)?
    private let resolver: HostResolver

    /// Makes a transport.
    public init(settings: EgressSettings = EgressSettings(), vault: (any SecretVault)?) {
        self.settings = settings
        self.vault = vault
        self.resolver = HostResolver(settings: settings)
    }

    public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let url: CanonicalURL
        do throws(RequestURLError) { url = try CanonicalURL.parse(request.url) } catch {
            throw TransportError(.connection, "the URL can't be read, so nothing was sent")
        }
        let endpoint = try await resolver.endpoint(of: url)
        let headers = try await headers(for: request, host: url)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(for: url, pinnedTo: endpoint.address))
        let result: Result<TransportResponse, TransportError>
        do throws(TransportError) {
            result = .success(try await exchange(request, headers, at: "\(url.scheme.rawValue)://\(url.host):\(endpoint.port)\(url.target)", with: client))
        } catch { result = .failure(error) }
        // A client that won't shut down leaks a connection that is over; the answer stands.
        try? await client.shutdown()
        return try result.get()
    }

    private func exchange(
        _ request: TransportRequest, _ headers: HTTPHeaders, at place: String, with client: HTTPClient
    ) async throws(TransportError) -> TransportResponse {
        var outgoing = HTTPClientRequest(url: place)
        outgoing.method = HTTPMethod(rawValue: request.method.uppercased())
        outgoing.headers = headers
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        do {
            let response = try await client.execute(outgoing, timeout: Self.amount(request.timeout))
            var body = try await response.body.collect(upTo: request.responseLimitBytes)
            return TransportResponse(
                status: Int(response.status.code),
                headers: response.headers.map { OutgoingRequest.Header($0.name, $0.value) },
                body: body.readBytes(length: body.readableBytes) ?? [])
        } catch {
            throw Self.transportError(for: error)
        }
    }

    private func configuration(for url: CanonicalURL, pinnedTo address: String) throws(TransportError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = [url.host.description: address]
        configuration.proxy = nil
        configuration.timeout.connect = .seconds(10)
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.additionalTrustRoots = try settings.trustFiles.map { .certificates(try NIOSSLCertificate.fromPEMFile($0)) }
        } catch {
            throw TransportError(.tls, "a file of `egress.trust` can't be read as PEM certificates; mend the policy")
        }
        configuration.tlsConfiguration = tls
        return configuration
    }

    /// The request's fields, with the credential fields that the decision fills replaced by the secret's value.
    private func headers(for request: TransportRequest, host url: CanonicalURL) async throws(TransportError) -> HTTPHeaders {
        let owned: Set<String> = ["host", "content-length", "transfer-encoding", "connection", "accept-encoding", "proxy-connection", "te", "upgrade"]
        // The judged authority, wherever the connection leads.
        var headers: HTTPHeaders = ["Host": url.authority]
        for header in request.headers where !owned.contains(header.name.lowercased()) {
            headers.add(name: header.name, value: header.value)
        }
        headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
        for injection in request.injections {
            guard url.scheme.isSecure else {
                throw TransportError(.secret, "the secret `\(injection.secret.name)` is never sent over plain HTTP; use https")
            }
            let (name, value) = try await filled(injection)
            headers.replaceOrAdd(name: name, value: value)
        }
        return headers
    }

    private func filled(_ injection: TransportRequest.Injection) async throws(TransportError) -> (name: String, value: String) {
        guard let vault else { throw TransportError(.secret, "no vault is set up, so no secret can be used") }
        let parts = injection.place.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[1].contains("{}") else {
            throw TransportError(
                .notAvailable, "the place of the secret `\(injection.secret.name)` is not a header with `{}` in it; only headers are served")
        }
        let template = parts[1].drop { $0 == " " }.split(separator: "{}", maxSplits: 1, omittingEmptySubsequences: false)
        do throws(StateError) {
            let value = try await vault.withValue(of: injection.secret) { span throws(StateError) in
                var bytes: [UInt8] = []
                for index in span.indices { bytes.append(span[index]) }
                guard bytes.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
                    throw StateError(.invalid, "the secret holds control characters and can't stand in a header")
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            return (String(parts[0]), template.joined(separator: value))
        } catch {
            throw TransportError(.secret, "the secret `\(injection.secret.name)` could not be used: \(error.message)")
        }
    }

    private static func amount(_ duration: Duration) -> TimeAmount {
        let (seconds, attoseconds) = duration.components
        return .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private static func transportError(for error: any Error) -> TransportError {
        switch error {
        case is NIOTooManyBytesError:
            TransportError(.tooLarge, "the answer is larger than the limit; the request was sent", mayHaveActed: true)
        case let error as HTTPClientError where error == .connectTimeout:
            TransportError(.timeout, "no connection within the time limit; nothing was sent")
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            TransportError(.timeout, "no whole answer within the time limit; the request may have been carried out", mayHaveActed: true)
        case is NIOSSLError, is NIOSSLExtraError:
            TransportError(.tls, "the server's certificate does not verify for this host; nothing was sent")
        case is NIOPosix.NIOConnectionError, is ChannelError:
            TransportError(.connection, "the connection failed; nothing was sent")
        default:
            TransportError(.connection, "the exchange broke off; the request may have been carried out", mayHaveActed: true)
        }
    }
}
#endif
