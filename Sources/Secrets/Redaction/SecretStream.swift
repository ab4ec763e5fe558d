// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

/// Redacts a stream: known values exactly, then detection over whole lines with some of what went before as context.
///
/// It passes on whole lines. An unfinished line waits for its end; so does a key block. What waits is bounded by
/// `mostHeld`.
struct SecretStream: StreamRedactor {
    /// Most bytes that wait for the end of a line or a key block.
    static let mostHeld = 131_072
    /// What is kept of a line that has no end, so that a secret across the cut is seen whole.
    static let overlap = 8192
    /// How much of what was passed on is read again as context, in bytes.
    static let contextBytes = 1024

    private let redactor: SecretRedactor
    private let channel: RedactionChannel
    private var known: KnownValueStream
    /// The end of what was passed on, before detection masked it.
    private var context: [UInt8] = []
    private var pending: [UInt8] = []

    init(_ redactor: SecretRedactor, _ channel: RedactionChannel) {
        self.redactor = redactor
        self.channel = channel
        self.known = KnownValueStream(redactor.known.wideMatcher)
    }

    mutating func feed(_ chunk: [UInt8]) -> [UInt8] {
        let first = pending.count
        pending += known.feed(chunk, matcher: redactor.known.wideMatcher)
        guard pending.count > Self.mostHeld || pending[first...].contains(0x0a) else { return [] }
        return pass(upTo: cut())
    }

    mutating func finish() -> [UInt8] {
        pending += known.finish()
        let rest = pass(upTo: pending.count)
        context = []
        return rest
    }

    /// How far the pending bytes may be judged: to the end of the last line that no key block spans.
    private func cut() -> Int {
        guard let newline = pending.lastIndex(of: 0x0a) else { return forcedCut() }
        var cut = newline + 1
        if let open = openBlock(), open < cut { cut = open }
        return cut == 0 && pending.count > Self.mostHeld ? forcedCut() : cut
    }

    /// A line without an end: cut it where a blank or a quote stands, if one does.
    private func forcedCut() -> Int {
        let most = max(0, pending.count - Self.overlap)
        var cut = most
        while cut > max(0, most - 4096), !ASCII.isSpace(pending[cut]), !ASCII.isNewline(pending[cut]),
            !Cursor.isQuote(pending[cut])
        { cut -= 1 }
        return cut > max(0, most - 4096) ? cut : most
    }

    /// Where a key block begins that hasn't ended yet.
    private func openBlock() -> Int? {
        let begin = Array("-----BEGIN".utf8)
        let end = Array("-----END".utf8)
        var position = pending.count - begin.count
        let least = max(0, pending.count - Self.mostHeld)
        while position >= least {
            if pending[position] == 0x2d {
                if pending[position...].starts(with: end) { return nil }
                if pending[position...].starts(with: begin) { return position }
            }
            position -= 1
        }
        return nil
    }

    private mutating func pass(upTo requested: Int) -> [UInt8] {
        guard requested > 0 else { return [] }
        let window = context + pending
        let offset = context.count
        let findings = redactor.findings(in: window, from: channel)
        var cut = requested
        for finding in findings where finding.start < offset + cut && finding.end > offset + cut {
            // It goes on behind the cut: wait for the whole of it, unless too much waits already.
            if finding.start > offset, pending.count <= Self.mostHeld {
                cut = finding.start - offset
            } else {
                cut = finding.end - offset
            }
        }
        var out: [UInt8] = []
        var position = offset
        for finding in findings where finding.end > offset && finding.start < offset + cut {
            let start = max(finding.start, position)
            out += window[position..<start]
            out += redactor.substitute(window[finding.range], finding.rule, channel.path, 0)
            position = finding.end
        }
        if position < offset + cut { out += window[position..<(offset + cut)] }
        context = Array(window[max(0, offset + cut - Self.contextBytes)..<(offset + cut)])
        pending.removeFirst(cut)
        return out
    }
}
