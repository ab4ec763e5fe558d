// SPDX-License-Identifier: Apache-2.0

/// A whole value that was seen, by offsets from the stream's start.
struct KnownMatch: Hashable, Sendable {
    var start: Int
    var end: Int
    let output: KnownMatcher.Output
    let view: StreamView
}

/// A view that undoes escapes, while it differs from the raw one.
///
/// It begins at an escape with what the raw view had in progress, and ends once all that it has in progress came after
/// the last escape: from there on the raw view sees the same.
struct ViewScanner: Sendable {
    let view: StreamView
    private var decoder: EscapeDecoder
    private var state: Int32
    /// Raw offsets of the units in progress, and of some before them.
    private var starts: [Int]
    private var escapeStart: Int
    private var unitsSinceEscape = 0
    private var gap = 0

    /// Begins at `offset`, where an escape does.
    ///
    /// - Parameters:
    ///   - state: What the raw view has in progress.
    ///   - starts: Where the units of that began.
    init(_ view: StreamView, at offset: Int, state: Int32, starts: [Int]) {
        self.view = view
        self.decoder = EscapeDecoder(view)
        self.state = state
        self.starts = starts
        self.escapeStart = offset
    }

    /// The offset from which nothing may be passed on yet.
    func holdStart(_ matcher: KnownMatcher) -> Int {
        let depth = matcher.depth(of: state)
        return depth > 0 ? starts[starts.count - depth] : escapeStart
    }

    /// Whether the raw view sees all that this one could still see.
    func isSubsumed(_ matcher: KnownMatcher) -> Bool {
        decoder.isIdle && matcher.depth(of: state) <= unitsSinceEscape
    }

    /// Reads one byte; adds what it completes to `matches`.
    mutating func feed(_ byte: UInt8, at offset: Int, _ matcher: KnownMatcher, into matches: inout [KnownMatch]) {
        if decoder.isPlain(byte) {
            unitsSinceEscape += ValuePatterns.isSkipped(byte) ? 0 : 1
            return advance(byte, from: offset, to: offset + 1, matcher, into: &matches)
        }
        unitsSinceEscape = 0
        if decoder.isIdle { escapeStart = offset }
        let held = decoder.held.count
        switch decoder.feed(byte) {
        case .pending: return
        case .bytes:
            for unit in decoder.out { advance(unit, from: escapeStart, to: offset + 1, matcher, into: &matches) }
        case .bytesThenAgain:
            // What looked like an escape was none: each of its bytes stands for itself, or the whole for one.
            let units = decoder.out
            let isLiteral = units.count == held
            for (index, unit) in units.enumerated() {
                let start = isLiteral ? escapeStart + index : escapeStart
                advance(unit, from: start, to: isLiteral ? start + 1 : offset, matcher, into: &matches)
            }
            feed(byte, at: offset, matcher, into: &matches)
        }
    }

    private mutating func advance(
        _ unit: UInt8, from start: Int, to end: Int, _ matcher: KnownMatcher, into matches: inout [KnownMatch]
    ) {
        if ValuePatterns.isSkipped(unit) {
            gap += 1
            if gap > KnownValueStream.longestGap { state = 0 }
            return
        }
        gap = 0
        state = matcher.step(state, unit)
        starts.append(start)
        if starts.count > 4 * matcher.longest + 64 { starts.removeFirst(starts.count - matcher.longest - 1) }
        guard let output = matcher.longestOutput(of: state) else { return }
        matches.append(KnownMatch(start: starts[starts.count - output.length], end: end, output: output, view: view))
    }
}
