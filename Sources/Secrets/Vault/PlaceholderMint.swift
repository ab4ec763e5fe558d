// SPDX-License-Identifier: Apache-2.0

package import AgentCore
internal import Crypto
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Makes placeholders with a key of its own, so that the same secret always gets the same one and nobody else can tell
/// which secret it is.
package struct PlaceholderMint: Sendable {
    private let key: SymmetricKey

    /// A mint with a new random key.
    package init() { self.key = SymmetricKey(size: .bits256) }

    /// A mint with a given key, for a vault that is opened again.
    ///
    /// - Parameter key: 32 random bytes.
    package init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// The placeholder of a granted secret, from its name.
    package func granted(_ name: String, length: Int, shape: Placeholder.Shape = .plain) -> Placeholder {
        make(Array("granted\u{0}\(name)".utf8), length: length, shape: shape)
    }

    /// The placeholder of a secret that was found, from its bytes.
    package func found(_ value: some Collection<UInt8>, shape: Placeholder.Shape = .plain) -> Placeholder {
        make(Array("found\u{0}".utf8) + value, length: value.count, shape: shape)
    }

    private func make(_ message: [UInt8], length: Int, shape: Placeholder.Shape) -> Placeholder {
        let code = HMAC<SHA256>.authenticationCode(for: message, using: key)
        let lengthClass = Placeholder.LengthClass(bytes: length)
        // A prefix that the grammar doesn't take gives way to the plain shape.
        if shape != .plain, let shaped = Placeholder(keyed: Array(code), shape: shape, lengthClass: lengthClass) {
            return shaped
        }
        return Placeholder(keyed: Self.bytes(of: code), lengthClass: lengthClass)
    }

    /// SHA-256 gives 32 bytes, so padding never happens.
    private static func bytes(of code: HMAC<SHA256>.MAC) -> InlineArray<32, UInt8> {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        for (index, byte) in code.enumerated() where index < 32 { bytes[index] = byte }
        return bytes
    }
}
