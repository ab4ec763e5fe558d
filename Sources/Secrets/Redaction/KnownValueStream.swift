// SPDX-License-Identifier: Apache-2.0

/// Replaces every known value in a stream, in every spelling, wherever the chunks' borders lie.
///
/// No whole value passes. What is held back is bounded: the longest spelling in progress and the gaps inside it.
struct KnownValueStream: Sendable {
    /// What stands for a match: the granted placeholder, unless the caller wants the spelling told apart.
    typealias Substitution =
        @Sendable (_ placeholder: [UInt8], _ original: ArraySlice<UInt8>, _ isPlain: Bool) -> [UInt8]

    /// More bytes than this that no view looks at end a match in progress; it keeps what is held back bounded.
    static let longestGap = 512

    private var matcher: KnownMatcher
    /// What the raw view has in progress.
    private var state: Int32 = 0
    /// The offset of the last byte that the raw view didn't skip.
    private var lastUnit = 0
    /// Views that see something else than the raw one just now; mostly none.
    private var views: [ViewScanner] = []
    /// Bytes that haven't been passed on, the first at stream offset `base`.
    private var pending: [UInt8] = []
    private var base = 0
    private var matches: [KnownMatch] = []
    /// Bytes before this offset are part of a value whose placeholder was already written.
    private var swallowUntil = 0
    private let substitution: Substitution?

    init(_ matcher: KnownMatcher, substitution: Substitution? = nil) {
        self.matcher = matcher
        self.substitution = substitution
    }

    /// Takes a chunk, returns what may pass.
    mutating func feed(_ chunk: [UInt8], matcher current: KnownMatcher? = nil) -> [UInt8] {
        if let current, current !== matcher { change(to: current) }
        guard !chunk.isEmpty else { return [] }
        pending += chunk
        if matcher.isEmpty { return emit(upTo: base + pending.count) }
        scan(from: pending.count - chunk.count)
        return emit(upTo: safeCut())
    }

    /// Ends the stream and returns the rest.
    mutating func finish() -> [UInt8] {
        let rest = emit(upTo: base + pending.count)
        state = 0
        views = []
        return rest
    }

    private mutating func change(to current: KnownMatcher) {
        matcher = current
        state = 0
        views = []
        matches = []
        if !matcher.isEmpty { scan(from: 0) }
    }

    private mutating func scan(from first: Int) {
        var index = first
        while index < pending.count {
            if views.isEmpty {
                let next = matcher.runQuietly(pending, from: index, state: &state)
                if next > index { lastUnit = base + next - 1 }
                index = next
                guard index < pending.count else { return }
            }
            readOne(at: index)
            index += 1
        }
    }

    /// Reads one byte through every view that is open, and opens those that it begins an escape in.
    private mutating func readOne(at index: Int) {
        let byte = pending[index]
        for view in StreamView.allCases where view.differs(at: byte) && !views.contains(where: { $0.view == view }) {
            views.append(
                ViewScanner(
                    view, at: base + index, state: state,
                    starts: unitStarts(before: index, count: matcher.depth(of: state))))
        }
        for position in views.indices { views[position].feed(byte, at: base + index, matcher, into: &matches) }
        if !views.isEmpty { views.removeAll { $0.isSubsumed(matcher) } }
        if ValuePatterns.isSkipped(byte) {
            if base + index - lastUnit > Self.longestGap { state = 0 }
            return
        }
        lastUnit = base + index
        state = matcher.step(state, byte)
        guard let output = matcher.longestOutput(of: state),
            let start = unitStarts(before: index + 1, count: output.length).first
        else { return }
        matches.append(KnownMatch(start: start, end: base + index + 1, output: output, view: .raw))
    }

    /// The offsets of the last `count` bytes before `index` that the raw view doesn't skip.
    private func unitStarts(before index: Int, count: Int) -> [Int] {
        var starts: [Int] = []
        var position = index
        while starts.count < count, position > 0 {
            position -= 1
            if !ValuePatterns.isSkipped(pending[position]) { starts.append(base + position) }
        }
        return starts.reversed()
    }

    private func safeCut() -> Int {
        let end = base + pending.count
        var cut = end
        // One more byte than what is in progress: a base64 character before a match can hold some of its bits.
        let depth = matcher.depth(of: state)
        if depth > 0, let start = unitStarts(before: pending.count, count: depth).first { cut = min(cut, start - 1) }
        for view in views { cut = min(cut, view.holdStart(matcher) - 1) }
        for match in matches where match.output.leaksAfter && match.end == end { cut = min(cut, match.start - 1) }
        return max(cut, base)
    }

    private mutating func emit(upTo cut: Int) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(cut - base + 64)
        var position = base
        if swallowUntil > position { position = min(swallowUntil, cut) }
        for interval in mergedIntervals() {
            if interval.start >= cut { break }
            if interval.end <= position { continue }
            if interval.start > position { out += pending[(position - base)..<(interval.start - base)] }
            let continues = interval.start < swallowUntil
            if !continues { out += text(for: interval) }
            swallowUntil = max(swallowUntil, interval.end)
            position = max(position, min(interval.end, cut))
        }
        if position < cut { out += pending[(position - base)..<(cut - base)] }
        pending.removeFirst(cut - base)
        base = cut
        matches.removeAll { $0.end <= cut }
        return out
    }

    private func text(for interval: KnownMatch) -> [UInt8] {
        let placeholder = matcher.placeholders[interval.output.value]
        guard let substitution else { return placeholder }
        let original = pending[max(0, interval.start - base)..<min(pending.count, interval.end - base)]
        return substitution(
            placeholder, original,
            interval.output.isPlain && interval.view == .raw && original.count == interval.output.length)
    }

    /// The matches widened by characters that hold some of a value's bits, and united where they overlap.
    private func mergedIntervals() -> [KnownMatch] {
        guard !matches.isEmpty else { return [] }
        var widened = matches.map { match -> KnownMatch in
            var match = match
            let before = match.start - 1 - base
            if match.output.leaksBefore, before >= 0, before < pending.count, ASCII.isBase64(pending[before]) {
                match.start -= 1
            }
            let after = match.end - base
            if match.output.leaksAfter, after >= 0, after < pending.count, ASCII.isBase64(pending[after]) {
                match.end += 1
            }
            return match
        }
        widened.sort { ($0.start, $1.end) < ($1.start, $0.end) }
        var merged: [KnownMatch] = []
        for match in widened {
            if let last = merged.last, match.start < last.end {
                merged[merged.count - 1].end = max(last.end, match.end)
            } else {
                merged.append(match)
            }
        }
        return merged
    }
}

/// The exact pass by itself, without waiting for whole lines.
package struct KnownStreamProbe: Sendable {
    private var stream: KnownValueStream

    package init(_ redactor: SecretRedactor) { self.stream = KnownValueStream(redactor.known.matcher) }

    package mutating func feed(_ chunk: [UInt8]) -> [UInt8] { stream.feed(chunk) }
    package mutating func finish() -> [UInt8] { stream.finish() }
}
