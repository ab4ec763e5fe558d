// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// Hashes by which the stand-in knows tokens and names them in its log.
package enum TokenHash {
    /// SHA-256 in hexadecimal.
    package static func sha256(_ token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Enough of the hash to tell tokens apart in a log.
    package static func short(_ token: String) -> String { String(sha256(token).prefix(10)) }
}
