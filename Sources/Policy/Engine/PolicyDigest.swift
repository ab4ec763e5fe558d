// SPDX-License-Identifier: Apache-2.0

internal import AgentCore
internal import Crypto

/// SHA-256 over the parts that decisions depend on.
enum PolicyDigest {
    /// The digest of several texts; each is preceded by its length, so that no two lists give the same bytes.
    static func of(_ parts: [String]) -> AgentCore.Digest? {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        return AgentCore.Digest(Array(hash.finalize()))
    }

    /// `sha256:` and the hexadecimal digest of bytes.
    static func text(of bytes: [UInt8]) -> String {
        "sha256:" + HexEncoding.encode(SHA256.hash(data: bytes))
    }
}
