// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The values that must never pass, each with the placeholder that stands for it.
///
/// Adding rebuilds the automaton; streams that run take the new one with their next chunk. All calls are safe from any
/// thread.
package final class KnownValues: Sendable {
    private struct State {
        var entries: [(value: [UInt8], placeholder: String)] = []
        var matcher = KnownMatcher([])
        /// Found values, oldest first.
        var learned: [(value: [UInt8], placeholder: String)] = []
        /// Over all of both; `nil` until somebody asks after a change.
        var wideMatcher: KnownMatcher?
    }

    /// A shorter find could be a word of ordinary text, which would then be replaced everywhere.
    static let shortestLearned = 16
    /// Longer finds are keys and the like, which tell themselves; their spellings would make the automaton large.
    static let longestLearned = 256
    /// More finds than this are masked only where they are recognised anew.
    static let mostLearned = 256

    private let state = Mutex(State())

    package init() {}

    /// Adds a value.
    ///
    /// - Throws: `SecretsError`; `.tooShort` below 6 bytes that count (blanks don't), since a shorter one would turn up
    ///   in ordinary text, `.tooLong` above 16 KiB.
    package func add(_ value: [UInt8], placeholder: String) throws(SecretsError) {
        try add([(value, placeholder)])
    }

    /// Adds several values with one rebuild; none is added where one can't be.
    package func add(_ values: [(value: [UInt8], placeholder: String)]) throws(SecretsError) {
        for entry in values { try Self.check(entry.value) }
        state.withLock { state in
            var changed = false
            for entry in values where !state.entries.contains(where: { $0.value == entry.value }) {
                state.entries.append(entry)
                changed = true
            }
            if changed {
                state.matcher = KnownMatcher(state.entries)
                state.wideMatcher = nil
            }
        }
    }

    /// Remembers a value that was found in a file, so that it is kept out of output also where nothing but the value itself tells it.
    func learn(_ value: [UInt8], placeholder: String) {
        guard (Self.shortestLearned...Self.longestLearned).contains(value.count), (try? Self.check(value)) != nil else { return }
        state.withLock { state in
            guard state.learned.count < Self.mostLearned, !(state.entries + state.learned).contains(where: { $0.value == value }) else { return }
            state.learned.append((value, placeholder))
            state.wideMatcher = nil
        }
    }

    /// How many values are known.
    package var count: Int { state.withLock { $0.entries.count } }

    /// Recognises the values that were added.
    var matcher: KnownMatcher { state.withLock { $0.matcher } }

    /// Recognises those and the found ones. Built when it is asked for: a scan finds many before anything is put out.
    var wideMatcher: KnownMatcher {
        state.withLock { state in
            if state.learned.isEmpty { return state.matcher }
            if let matcher = state.wideMatcher { return matcher }
            let matcher = KnownMatcher(state.entries + state.learned)
            state.wideMatcher = matcher
            return matcher
        }
    }

    static func check(_ value: [UInt8]) throws(SecretsError) {
        let counted = value.count { !ValuePatterns.isSkipped($0) }
        guard counted >= ValuePatterns.shortest else {
            throw SecretsError(
                .tooShort, .knownValue,
                "the secret has fewer than \(ValuePatterns.shortest) bytes, which can't be told from ordinary text, so it could not be kept out of output; use a longer one"
            )
        }
        guard value.count <= ValuePatterns.longestValue else {
            throw SecretsError(
                .tooLong, .knownValue,
                "the secret has more than \(ValuePatterns.longestValue) bytes; keep large material in a file that the session can't read"
            )
        }
    }
}
