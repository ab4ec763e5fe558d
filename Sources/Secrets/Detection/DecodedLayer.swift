// SPDX-License-Identifier: Apache-2.0

/// Text that was spelt in an encoding, and where each byte of it came from.
struct DecodedLayer {
    var bytes: [UInt8] = []
    /// For each byte, the range of the source that spells it.
    var sources: [Range<Int>] = []
    /// What to mask instead of the bytes found, where a part of the encoding makes no sense alone.
    var whole: Range<Int>?

    mutating func append(_ byte: UInt8, from source: Range<Int>) {
        bytes.append(byte)
        sources.append(source)
    }
}

/// Finds text in base64, hexadecimal, dumps, UTF-16, escapes, spaced out and backwards.
///
/// Each look costs a bounded number of steps for each byte of a run that is long enough to hold a secret, so the whole
/// stays linear.
enum DecodeLayers {
    static let shortestRun = 20

    /// Calls `body` with every layer found in `bytes`.
    ///
    /// - Parameter opensBackwards: Whether what ends there, read backwards, begins like a token.
    static func each(
        in bytes: borrowing Span<UInt8>, opensBackwards: (Int) -> Bool,
        _ body: (DecodedLayer, _ isReversed: Bool) -> Void
    ) {
        var done = 0
        var position = 8
        while position < bytes.count {
            if position >= done {
                if ASCII.isBase64(bytes[position]) {
                    let run = runAround(position, from: done, in: bytes)
                    if run.count >= shortestRun {
                        done = run.upperBound
                        look(at: run, in: bytes, opensBackwards, body)
                    }
                }
                if position >= done,
                    let region = alternating(position, from: done, in: bytes)
                        ?? alternating(position + 1, from: done, in: bytes)
                {
                    done = region.upperBound
                    body(alternatingLayer(region, in: bytes), false)
                }
                if position >= done, let region = escapes(position, from: done, in: bytes) {
                    done = region.upperBound
                    if let layer = escapeLayer(region, in: bytes) { body(layer, false) }
                }
            }
            position = max(position + 8, done)
        }
    }

    private static func runAround(_ position: Int, from least: Int, in bytes: borrowing Span<UInt8>) -> Range<Int> {
        var start = position
        while start > least, ASCII.isBase64(bytes[start - 1]) { start -= 1 }
        var end = position
        while end < bytes.count, ASCII.isBase64(bytes[end]) { end += 1 }
        return start..<end
    }

    private static func look(
        at run: Range<Int>, in bytes: borrowing Span<UInt8>, _ opensBackwards: (Int) -> Bool,
        _ body: (DecodedLayer, Bool) -> Void
    ) {
        if let layer = hexLayer(run, in: bytes) { return body(layer, false) }
        if let layer = base64Layer(run, in: bytes) { return body(layer, false) }
        guard run.count <= 400 else { return }
        var end = run.upperBound
        while end < bytes.count, end - run.upperBound < 200, isTokenByte(bytes[end]) { end += 1 }
        if opensBackwards(end) { body(reversedLayer(run, in: bytes), true) }
    }

    // MARK: base64

    private static func base64Layer(_ run: Range<Int>, in bytes: borrowing Span<UInt8>) -> DecodedLayer? {
        for phase in 0..<(run.count >= 28 ? 4 : 1) {
            let start = run.lowerBound + phase
            guard let kind = head(start, run.upperBound, in: bytes) else { continue }
            return decoded(start, run, kind == .compressed, in: bytes)
        }
        return nil
    }

    private enum Head { case text, compressed }

    /// Whether the first bytes are text, or begin a compressed stream.
    private static func head(_ start: Int, _ end: Int, in bytes: borrowing Span<UInt8>) -> Head? {
        guard end - start >= 16 else { return nil }
        var out: (UInt8, UInt8) = (0, 0)
        var count = 0
        var index = start
        while index + 4 <= min(end, start + 20) {
            var group: UInt32 = 0
            for offset in 0..<4 { group = group << 6 | (Base64Text.value(bytes[index + offset]) ?? 0) }
            for shift in [UInt32(16), 8, 0] {
                let byte = UInt8(truncatingIfNeeded: group >> shift)
                if count == 0 { out.0 = byte }
                if count == 1 {
                    out.1 = byte
                    if Inflate.looksCompressed(out.0, out.1) { return .compressed }
                }
                if count < 2 ? !(isText(out.0) || out.0 == 0x1f) : !isText(byte) { return nil }
                count += 1
            }
            index += 4
        }
        return isText(out.0) && isText(out.1) ? .text : nil
    }

    private static func isText(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte < 0x7f) || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private static func decoded(_ start: Int, _ run: Range<Int>, _ isCompressed: Bool, in bytes: borrowing Span<UInt8>)
        -> DecodedLayer?
    {
        var layer = DecodedLayer()
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        var index = start
        var odd = 0
        var end = run.upperBound
        let most = min(bytes.count, start + 262_144)
        while index < most {
            guard let digit = Base64Text.value(bytes[index]) else {
                // Wrapped lines go on; padding or anything else ends it.
                let next = wrapEnd(index, lineStart: end == run.upperBound ? run.lowerBound : end, in: bytes)
                guard let next, !isCompressed || next < most else { break }
                index = next
                end = next
                continue
            }
            buffer = (buffer << 6 | digit) & 0xffffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                let byte = UInt8(truncatingIfNeeded: buffer >> bits)
                if !isText(byte), byte < 0x80 { odd += 1 }
                layer.append(byte, from: max(start, index - 1)..<(index + 1))
            }
            index += 1
        }
        while index < bytes.count, bytes[index] == 0x3d { index += 1 }
        layer.whole = start..<index
        if isCompressed {
            guard let content = Inflate.content(layer.bytes) else { return nil }
            layer.bytes = content
            layer.sources = []
            return layer
        }
        return odd * 20 <= layer.bytes.count ? layer : nil
    }

    /// Where base64 goes on after a line end, if the line before was long enough to be a wrapped one.
    private static func wrapEnd(_ index: Int, lineStart: Int, in bytes: borrowing Span<UInt8>) -> Int? {
        guard ASCII.isNewline(bytes[index]) || (bytes[index] == 0x5c && Cursor.at(bytes, index + 1) == 0x6e),
            index - lineStart >= 48
        else { return nil }
        var next = index
        if bytes[next] == 0x5c { next += 2 }
        next = Cursor.skipWhitespace(bytes, next, limit: 24)
        var end = next
        while end < min(bytes.count, next + 8), ASCII.isBase64(bytes[end]) { end += 1 }
        return end - next >= 4 ? next : nil
    }

    // MARK: hexadecimal

    private static func hexLayer(_ run: Range<Int>, in bytes: borrowing Span<UInt8>) -> DecodedLayer? {
        guard run.count >= 24, run.count % 2 == 0 else { return nil }
        for index in run.lowerBound..<(run.lowerBound + 24) where ASCII.hexValue(bytes[index]) == nil { return nil }
        var layer = DecodedLayer()
        layer.whole = run
        var index = run.lowerBound
        while index + 1 < run.upperBound {
            guard let high = ASCII.hexValue(bytes[index]), let low = ASCII.hexValue(bytes[index + 1]) else {
                return nil
            }
            let byte = high << 4 | low
            if layer.bytes.count < 12, !isText(byte) { return nil }
            layer.append(byte, from: index..<(index + 2))
            index += 2
        }
        return layer
    }

    // MARK: every other byte

    /// A region where every other byte is zero (UTF-16) or a blank (spaced out), at least twelve letters long.
    private static func alternating(_ position: Int, from least: Int, in bytes: borrowing Span<UInt8>) -> Range<Int>? {
        guard position + 4 < bytes.count else { return nil }
        let gap = bytes[position]
        guard gap == 0 || gap == 0x20, bytes[position + 2] == gap, bytes[position + 1] != gap else { return nil }
        var start = position
        while start >= least + 2, bytes[start - 2] == gap, bytes[start - 1] != gap { start -= 2 }
        if start > least, bytes[start - 1] != gap { start -= 1 } else { start += 1 }
        var end = position + 1
        while end < bytes.count, bytes[end] != gap, end + 1 == bytes.count || bytes[end + 1] == gap { end += 2 }
        // A last letter before a line end has no gap after it.
        if end < bytes.count, bytes[end] != gap, !ASCII.isNewline(bytes[end]), Cursor.at(bytes, end + 1) == 0x0a {
            end += 1
        }
        end = min(end, bytes.count)
        return end - start >= 24 ? start..<end : nil
    }

    private static func alternatingLayer(_ region: Range<Int>, in bytes: borrowing Span<UInt8>) -> DecodedLayer {
        var layer = DecodedLayer()
        let lead = Cursor.lineStart(bytes, region.lowerBound, limit: 80)
        for index in lead..<region.lowerBound { layer.append(bytes[index], from: index..<(index + 1)) }
        if lead < region.lowerBound, bytes[region.lowerBound - 1] != 0x20 {
            layer.append(0x20, from: region.lowerBound..<region.lowerBound)
        }
        for index in stride(from: region.lowerBound, to: region.upperBound, by: 2) {
            layer.append(bytes[index], from: index..<min(index + 2, region.upperBound))
        }
        return layer
    }

    // MARK: escapes

    /// A region of percent or backslash escapes next to each other, at least eight.
    private static func escapes(_ position: Int, from least: Int, in bytes: borrowing Span<UInt8>) -> Range<Int>? {
        var mark = position
        let most = min(bytes.count, position + 6)
        while mark < most, bytes[mark] != 0x25, bytes[mark] != 0x5c { mark += 1 }
        guard mark < most, let width = escapeWidth(mark, in: bytes) else { return nil }
        var start = mark
        while start - width >= least, bytes[start - width] == bytes[mark],
            escapeWidth(start - width, in: bytes) == width
        { start -= width }
        var end = mark + width
        while end < bytes.count, bytes[end] == bytes[mark], escapeWidth(end, in: bytes) == width { end += width }
        return end - start >= 8 * width ? start..<end : nil
    }

    private static func escapeWidth(_ position: Int, in bytes: borrowing Span<UInt8>) -> Int? {
        let width: Int
        let digits: Int
        if bytes[position] == 0x25 {
            (width, digits) = (3, 2)
        } else if Cursor.at(bytes, position + 1) == 0x78 {
            (width, digits) = (4, 2)
        } else if Cursor.at(bytes, position + 1) == 0x75 {
            (width, digits) = (6, 4)
        } else {
            return nil
        }
        for offset in (width - digits)..<width where ASCII.hexValue(Cursor.at(bytes, position + offset)) == nil {
            return nil
        }
        return width
    }

    private static func escapeLayer(_ region: Range<Int>, in bytes: borrowing Span<UInt8>) -> DecodedLayer? {
        guard let width = escapeWidth(region.lowerBound, in: bytes) else { return nil }
        var layer = DecodedLayer()
        let lead = Cursor.lineStart(bytes, region.lowerBound, limit: 80)
        for index in lead..<region.lowerBound { layer.append(bytes[index], from: index..<(index + 1)) }
        for index in stride(from: region.lowerBound, to: region.upperBound, by: width) {
            let high = ASCII.hexValue(bytes[index + width - 2]) ?? 0
            let low = ASCII.hexValue(bytes[index + width - 1]) ?? 0
            layer.append(high << 4 | low, from: index..<(index + width))
        }
        return layer
    }

    // MARK: backwards

    /// The word around `position`, read backwards.
    static func reversedWord(at position: Int, in bytes: borrowing Span<UInt8>) -> DecodedLayer {
        reversedLayer(position..<position, in: bytes)
    }

    private static func reversedLayer(_ run: Range<Int>, in bytes: borrowing Span<UInt8>) -> DecodedLayer {
        var start = run.lowerBound
        while start > 0, run.lowerBound - start < 200, isTokenByte(bytes[start - 1]) { start -= 1 }
        var end = run.upperBound
        while end < bytes.count, end - run.upperBound < 200, isTokenByte(bytes[end]) { end += 1 }
        var layer = DecodedLayer()
        for index in (start..<end).reversed() { layer.append(bytes[index], from: index..<(index + 1)) }
        return layer
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && !Cursor.isQuote(byte) && byte != 0x2c && byte != 0x3b
    }
}
