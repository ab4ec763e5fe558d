// SPDX-License-Identifier: Apache-2.0

/// Which field names mean that a credential stands in the field.
public enum CredentialNames {
    private static let headers: Set<String> = [
        "authorization", "proxy-authorization", "authentication", "www-authorization", "x-authorization", "x-auth",
        "x-amz-security-token",
        "api-key", "apikey", "x-api-key", "x-apikey", "private-token", "job-token", "deploy-token",
        "project-access-token", "x-auth-token",
        "x-vault-token", "dd-api-key", "dd-application-key", "cf-access-client-id", "cf-access-client-secret",
        "cf-access-token",
        "cf-access-jwt-assertion", "ocp-apim-subscription-key", "x-goog-api-key", "x-shopify-access-token",
        "circle-token",
        "linear-api-key", "x-honeycomb-team", "x-figma-token", "x-github-token", "x-gitlab-token", "x-consul-token",
        "x-nomad-token",
        "x-jwt-assertion", "x-ms-authorization-auxiliary", "x-amz-credential",
        "x-postmark-server-token",
        "x-rundeck-auth-token", "x-sentry-auth", "x-plex-token", "x-token", "token", "secret", "password", "x-password",
        "x-secret",
        "x-registry-auth", "x-registry-config", "session", "jwt", "bearer", "x-jwt", "cookie2",
    ]
    private static let headerSuffixes = [
        "-token", "-key", "-secret", "-password", "-apikey", "-authorization", "-credential", "-credentials", "-jwt",
        "-passwd",
    ]
    private static let harmlessHeaders: Set<String> = [
        "idempotency-key", "x-idempotency-key", "sec-websocket-key", "surrogate-key", "cache-key", "x-cache-key",
        "x-partition-key",
        "x-ms-documentdb-partitionkey", "x-routing-key", "x-next-token", "x-page-token", "x-continuation-token",
    ]

    private static let members: Set<String> = [
        "authorization", "apikey", "token", "secret", "password", "passwd", "pwd", "passphrase", "jwt", "bearer",
        "bearertoken",
        "xamzsignature", "xamzcredential", "xgoogsignature", "xgoogcredential", "awsaccesskeyid",
        "assertion",
        "clientassertion", "samlassertion", "connectionstring", "subscriptionkey", "sharedaccesssignature",
        "accountkey",
        "authkey", "masterkey", "encryptionkey", "servicerolekey", "anonkey", "deploykey", "privatekeypem",
    ]
    private static let parameters: Set<String> = [
        "key", "sig", "signature", "auth", "pass", "accesskey", "appkey", "session", "sid", "sessionid", "credential",
        "hapikey",
    ]
    private static let memberSuffixes = [
        "token", "secret", "password", "passwd", "passphrase", "apikey", "accesskey", "secretkey", "privatekey",
        "signingkey", "authkey",
        "credentials", "masterkey", "secretaccesskey", "subscriptionkey", "clientsecret",
    ]
    private static let harmlessSuffixes = [
        "pagetoken", "nexttoken", "prevtoken", "previoustoken", "continuationtoken", "synctoken", "starttoken",
        "resumetoken", "pagingtoken",
        "clienttoken", "clientrequesttoken", "idempotencytoken", "stoptoken", "eostoken", "bostoken", "padtoken",
        "endtoken", "scrolltoken",
    ]

    /// Whether a header of this name holds a credential. Letter case and `_` for `-` make no difference.
    public static func isHeader(_ name: String) -> Bool {
        let name = String(
            decoding: name.lowercased().utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
        if harmlessHeaders.contains(name) { return false }
        return headers.contains(name) || headerSuffixes.contains { name.hasSuffix($0) }
    }

    /// Whether a parameter of a URL or a form of this name holds a credential. Letter case and punctuation make no
    /// difference.
    public static func isParameter(_ name: String) -> Bool { parameters.contains(plain(name)) || isMember(name) }

    /// Whether a member of a JSON object or a GraphQL argument of this name holds a credential. Letter case and
    /// punctuation make no difference.
    public static func isMember(_ name: String) -> Bool {
        let name = plain(name)
        if harmlessSuffixes.contains(where: { name.hasSuffix($0) }) { return false }
        return members.contains(name) || memberSuffixes.contains { name.hasSuffix($0) }
    }

    private static func plain(_ name: String) -> String {
        var letters: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case 0x41...0x5A: letters.append(byte + 0x20)
            case 0x30...0x39, 0x61...0x7A: letters.append(byte)
            default: break
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
