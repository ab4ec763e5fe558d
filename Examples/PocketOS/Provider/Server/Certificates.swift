// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// A certificate authority made for one run, and the certificate that the stand-in shows.
package struct Certificates: Sendable {
    /// The authority's certificate, as PEM: what a client has to trust.
    package let authority: String
    /// The server's certificate, as PEM.
    package let leaf: String
    /// The server's private key, as PEM.
    package let key: String

    /// The names that the server's certificate holds, beside 127.0.0.1.
    package static let names = ["backboard.railway.app", "backboard.railway.com", "localhost"]

    /// Makes a new authority and a server certificate, good for seven days.
    package static func make() throws -> Certificates {
        let authorityKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let authorityName = try DistinguishedName { CommonName("PocketOS stand-in authority") }
        let now = Date.now
        let authority = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: authorityKey.publicKey,
            notValidBefore: now.addingTimeInterval(-3_600), notValidAfter: now.addingTimeInterval(7 * 86_400),
            issuer: authorityName, subject: authorityName, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: authorityKey.publicKey)
            }, issuerPrivateKey: authorityKey)
        let leafKey = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(leafKey.publicKey)
        let alternatives: [GeneralName] =
            names.map { .dnsName($0) } + [.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))]
        let leaf = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-3_600), notValidAfter: now.addingTimeInterval(7 * 86_400),
            issuer: authorityName, subject: try DistinguishedName { CommonName("backboard.railway.app") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(alternatives)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: authorityKey.publicKey).keyIdentifier)
            }, issuerPrivateKey: authorityKey)
        return Certificates(
            authority: try authority.serializeAsPEM().pemString, leaf: try leaf.serializeAsPEM().pemString,
            key: leafKey.pemRepresentation)
    }
}
