// SPDX-License-Identifier: Apache-2.0

/// Replaces every known value in a stream, in every spelling, wherever the chunks' borders lie.
///
/// No whole value passes. What is held back is bounded: the longest spelling in progress and the gaps inside it.
struct KnownValueStream: Sendable {
    /// What stands for a match: the granted placeholder, unless the caller wants the spelling told apart.
    typealias Substitution = @Sendable (_ placeholder: [UInt8], _ original: ArraySlice<UInt8>, _ isPlain: Bool) -> [UInt8]

    private var matcher: KnownMatcher
    private var scanners: [ViewScanner?]
    /// Bytes that haven't been passed on, the first at stream offset `base`.
    private var pending: [UInt8] = []
    private var base = 0
    private var matches: [ViewScanner.Match] = []
    /// Bytes before this offset are part of a value whose placeholder was already written.
    private var swallowUntil = 0
    private let substitution: Substitution?

    init(_ matcher: KnownMatcher, substitution: Substitution? = nil) {
        self.matcher = matcher
        self.substitution = substitution
        self.scanners = Self.freshScanners(matcher)
    }

    private static func freshScanners(_ matcher: KnownMatcher) -> [ViewScanner?] {
        StreamView.allCases.map { $0 == .raw ? ViewScanner(.raw, matcher: matcher) : nil }
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
        scanners = Self.freshScanners(matcher)
        return rest
    }

    private mutating func change(to current: KnownMatcher) {
        matcher = current
        scanners = Self.freshScanners(current)
        matches = []
        if !matcher.isEmpty { scan(from: 0) }
    }

    private mutating func scan(from first: Int) {
        for view in StreamView.allCases {
            guard view != .raw else { continue }
            if scanners[view.rawValue] == nil, pending[first...].contains(where: view.differs),
                let raw = scanners[StreamView.raw.rawValue] {
                scanners[view.rawValue] = ViewScanner(view, continuing: raw)
            }
        }
        for index in scanners.indices {
            guard var scanner = scanners[index].take() else { continue }
            for position in first..<pending.count {
                scanner.feed(pending[position], at: base + position, matcher, into: &matches)
            }
            scanners[index] = scanner
        }
        guard let raw = scanners[StreamView.raw.rawValue] else { return }
        for view in StreamView.allCases where view != .raw {
            if let scanner = scanners[view.rawValue], scanner.agrees(with: raw) { scanners[view.rawValue] = nil }
        }
    }

    private func safeCut() -> Int {
        let end = base + pending.count
        var cut = end
        for scanner in scanners {
            // One more byte: a base64 character before a match can hold some of its bits.
            if let start = scanner?.holdStart(matcher) { cut = min(cut, start - 1) }
        }
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

    private func text(for interval: ViewScanner.Match) -> [UInt8] {
        let placeholder = matcher.placeholders[interval.output.value]
        guard let substitution else { return placeholder }
        let original = pending[max(0, interval.start - base)..<min(pending.count, interval.end - base)]
        return substitution(placeholder, original, interval.output.isPlain && interval.view == .raw && original.count == interval.output.length)
    }

    /// The matches widened by characters that hold some of a value's bits, and united where they overlap.
    private func mergedIntervals() -> [ViewScanner.Match] {
        guard !matches.isEmpty else { return [] }
        var widened = matches.map { match -> ViewScanner.Match in
            var match = match
            let before = match.start - 1 - base
            if match.output.leaksBefore, before >= 0, before < pending.count, ASCII.isBase64(pending[before]) { match.start -= 1 }
            let after = match.end - base
            if match.output.leaksAfter, after >= 0, after < pending.count, ASCII.isBase64(pending[after]) { match.end += 1 }
            return match
        }
        widened.sort { ($0.start, $1.end) < ($1.start, $0.end) }
        var merged: [ViewScanner.Match] = []
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
