// SPDX-License-Identifier: Apache-2.0

package import AgentCore
internal import Synchronization

/// A secret that was found and that nobody has granted: where it stands and what stands for it. Never what it is.
package struct FoundSecret: Hashable, Sendable {
    package let placeholder: Placeholder
    /// How it was recognised.
    package let rule: String
    /// The file it was first seen in, if it was a file.
    package let path: String?
    /// From 1; 0 where it wasn't a file.
    package let line: Int
}

/// What a file's text becomes when its placeholders are undone.
package struct Restoration: Hashable, Sendable {
    /// The bytes to write.
    package let bytes: [UInt8]
    /// Placeholders that stay, since what they stand for was read elsewhere. To be reported.
    package let kept: [Placeholder]
    /// How many were undone.
    package let restored: Int
}

/// Remembers which placeholder stands for which found secret, and where each was read.
///
/// Values leave it only into the file they came from (`restoring`) or into a vault (`withValue`).
package final class FindRegistry: Sendable {
    private struct State {
        var found: [String: FoundSecret] = [:]
        var order: [String] = []
        var originals: [String: [UInt8]] = [:]
        /// By file: what each placeholder in its masked copy stands for, as spelt there.
        var files: [String: [String: [UInt8]]] = [:]
    }

    /// More than this are still masked, but no longer listed or restorable.
    static let most = 65_536

    private let state = Mutex(State())

    package init() {}

    func note(_ placeholder: Placeholder, value: [UInt8], rule: String, path: String?, line: Int) {
        state.withLock { state in
            guard state.found[placeholder.text] == nil else { return }
            guard state.order.count < Self.most else { return }
            state.found[placeholder.text] = FoundSecret(placeholder: placeholder, rule: rule, path: path, line: line)
            state.order.append(placeholder.text)
            state.originals[placeholder.text] = value
        }
    }

    func noteSpelling(_ placeholder: String, as original: [UInt8], in path: String) {
        state.withLock { state in
            guard state.files[path, default: [:]].count < Self.most else { return }
            state.files[path, default: [:]][placeholder] = original
        }
    }

    /// Everything found so far, in the order of finding.
    package var all: [FoundSecret] {
        state.withLock { state in state.order.compactMap { state.found[$0] } }
    }

    /// Calls `body` with the bytes of a find, to put them into a vault.
    ///
    /// - Throws: `SecretsError.notFound` where no such find is known in this session.
    package func withValue<Result>(of placeholder: Placeholder, _ body: ([UInt8]) -> Result) throws(SecretsError)
        -> Result
    {
        let value = state.withLock { $0.originals[placeholder.text] }
        guard let value else {
            throw SecretsError(
                .notFound, .knownValue,
                "no secret with this id was found in this session; list the finds again and use an id from there")
        }
        return body(value)
    }

    /// Puts the original bytes back into a file that is written, where they were read from that same file. Anywhere
    /// else a placeholder stays.
    package func restoring(_ bytes: [UInt8], in path: String) -> Restoration {
        if let narrow = Self.narrowed(bytes) { return restoringWide(bytes, narrow, in: path) }
        let matches = PlaceholderGrammar.all(in: bytes)
        guard !matches.isEmpty else { return Restoration(bytes: bytes, kept: [], restored: 0) }
        let spellings = state.withLock { $0.files[path] } ?? [:]
        var out: [UInt8] = []
        var kept: [Placeholder] = []
        var position = 0
        for match in matches {
            out += bytes[position..<match.range.lowerBound]
            if let original = spellings[match.placeholder.text] {
                out += original
            } else {
                out += bytes[match.range]
                kept.append(match.placeholder)
            }
            position = match.range.upperBound
        }
        out += bytes[position...]
        return Restoration(bytes: out, kept: kept, restored: matches.count - kept.count)
    }

    /// The letters of UTF-16 text, with anything that is no ASCII as a zero; `nil` for other text.
    private static func narrowed(_ bytes: [UInt8]) -> (letters: [UInt8], isBigEndian: Bool)? {
        guard bytes.count >= 4, bytes.count.isMultiple(of: 2), bytes.prefix(256).contains(0) else { return nil }
        let high = stride(from: 0, to: min(bytes.count, 4096), by: 2).count { bytes[$0] == 0 }
        let low = stride(from: 1, to: min(bytes.count, 4096), by: 2).count { bytes[$0] == 0 }
        let units = min(bytes.count, 4096) / 2
        guard max(high, low) * 2 > units, min(high, low) * 10 < units else { return nil }
        let isBigEndian = high > low
        let letters = stride(from: 0, to: bytes.count, by: 2).map { index in
            let (upper, lower) = isBigEndian ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            return upper == 0 ? lower : 0
        }
        return (letters, isBigEndian)
    }

    private func restoringWide(
        _ bytes: [UInt8], _ narrow: (letters: [UInt8], isBigEndian: Bool), in path: String
    ) -> Restoration {
        let spellings = state.withLock { $0.files[path] } ?? [:]
        var out: [UInt8] = []
        var kept: [Placeholder] = []
        var position = 0
        let matches = PlaceholderGrammar.all(in: narrow.letters)
        for match in matches {
            out += bytes[position..<(match.range.lowerBound * 2)]
            if let original = spellings[match.placeholder.text] {
                // In big-endian text a find begins at a letter's second byte and ends at the next one's first.
                let isShifted = narrow.isBigEndian && original.first != 0 && original.last == 0
                out += isShifted ? [0] + original.dropLast() : original
            } else {
                out += bytes[(match.range.lowerBound * 2)..<(match.range.upperBound * 2)]
                kept.append(match.placeholder)
            }
            position = match.range.upperBound * 2
        }
        out += bytes[position...]
        return Restoration(bytes: out, kept: kept, restored: matches.count - kept.count)
    }
}
