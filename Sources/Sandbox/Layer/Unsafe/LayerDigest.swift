// SPDX-License-Identifier: Apache-2.0

import CLayer

/// A SHA-256 digest of a file's bytes.
package struct LayerDigest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// The digest of bytes in memory.
    package init(of content: [UInt8]) {
        var hasher = LayerHasher()
        hasher.update(content[...])
        self = hasher.finish()
    }

    init?(hex: String) {
        let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64, hex.utf8.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    fileprivate init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Lower-case hexadecimal.
    package var description: String { bytes.map { PrintableText.hex(UInt32($0), width: 2) }.joined() }
}

/// Computes a ``LayerDigest`` piece by piece. See FIPS 180-4.
struct LayerHasher {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    mutating func update(_ content: ArraySlice<UInt8>) {
        var rest = content
        length &+= UInt64(rest.count)
        if !pending.isEmpty {
            let taken = rest.prefix(64 - pending.count)
            pending += taken
            rest = rest.dropFirst(taken.count)
            guard pending.count == 64 else { return }
            compress(pending[...])
            pending.removeAll(keepingCapacity: true)
        }
        let whole = rest.count & ~63
        compress(rest.prefix(whole))
        pending += rest.dropFirst(whole)
    }

    mutating func finish() -> LayerDigest {
        let bits = length &* 8
        var tail: [UInt8] = [0x80]
        tail += [UInt8](repeating: 0, count: (119 - Int(length % 64)) % 64)
        tail += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
        update(tail[...])
        return LayerDigest(
            bytes: state.flatMap { word in
                stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
            })
    }

    private mutating func compress(_ blocks: ArraySlice<UInt8>) {
        guard !blocks.isEmpty else { return }
        // SAFETY: the slice holds whole blocks of 64 bytes, the state eight words; both outlive the call.
        unsafe blocks.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe ak_layer_sha256_blocks(&state, start, buffer.count / 64)
        }
    }
}
