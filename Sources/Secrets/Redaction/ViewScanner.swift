// SPDX-License-Identifier: Apache-2.0

/// One view's progress through a stream: the automaton's state, and where the units of a match in progress began.
struct ViewScanner: Sendable {
    /// A whole value that was seen, by offsets from the stream's start.
    struct Match: Hashable, Sendable {
        var start: Int
        var end: Int
        let output: KnownMatcher.Output
        let view: StreamView
    }

    /// More bytes than this that no view looks at end a match in progress; it keeps what is held back bounded.
    static let longestGap = 512

    var decoder: EscapeDecoder
    private(set) var state: Int32 = 0
    /// Raw offsets of the last units, in a ring.
    private var starts: [Int]
    private var units = 0
    private var gap = 0
    private var escapeStart = 0

    init(_ view: StreamView, matcher: KnownMatcher) {
        self.decoder = EscapeDecoder(view)
        self.starts = [Int](repeating: 0, count: matcher.longest + 1)
    }

    /// A copy of the raw view's progress, read on through another view.
    init(_ view: StreamView, continuing raw: ViewScanner) {
        self = raw
        self.decoder = EscapeDecoder(view)
    }

    /// The offset from which nothing may be passed on yet; `nil` where nothing is in progress.
    func holdStart(_ matcher: KnownMatcher) -> Int? {
        let depth = matcher.depth(of: state)
        if depth > 0 { return starts[(units - depth) % starts.count] }
        return decoder.isIdle ? nil : escapeStart
    }

    /// Whether this view and the raw one would see the same from here on.
    func agrees(with raw: ViewScanner) -> Bool {
        decoder.isIdle && state == raw.state && state == 0
    }

    /// Reads one byte; adds what it completes to `matches`.
    @inline(__always)
    mutating func feed(_ byte: UInt8, at offset: Int, _ matcher: KnownMatcher, into matches: inout [Match]) {
        if decoder.isPlain(byte) {
            if state == 0, !matcher.leavesRoot(byte) { return }
            advance(byte, from: offset, to: offset + 1, matcher, into: &matches)
        } else {
            feedEscape(byte, at: offset, matcher, into: &matches)
        }
    }

    private mutating func feedEscape(_ byte: UInt8, at offset: Int, _ matcher: KnownMatcher, into matches: inout [Match]) {
        if decoder.isIdle { escapeStart = offset }
        let held = decoder.held.count
        switch decoder.feed(byte) {
        case .pending: return
        case .bytes:
            for unit in decoder.out { advance(unit, from: escapeStart, to: offset + 1, matcher, into: &matches) }
        case .bytesThenAgain:
            // What looked like an escape was none: each of its bytes stands for itself, or the whole for one.
            let units = decoder.out
            for (index, unit) in units.enumerated() {
                let literal = units.count == held
                advance(
                    unit, from: literal ? escapeStart + index : escapeStart, to: literal ? escapeStart + index + 1 : offset, matcher,
                    into: &matches)
            }
            feed(byte, at: offset, matcher, into: &matches)
        }
    }

    private mutating func advance(_ unit: UInt8, from start: Int, to end: Int, _ matcher: KnownMatcher, into matches: inout [Match]) {
        if ValuePatterns.isSkipped(unit) {
            gap += 1
            if gap > Self.longestGap { state = 0 }
            return
        }
        gap = 0
        state = matcher.step(state, unit)
        starts[units % starts.count] = start
        units += 1
        guard let output = matcher.longestOutput(of: state) else { return }
        matches.append(Match(start: starts[(units - output.length) % starts.count], end: end, output: output, view: decoder.view))
    }
}
