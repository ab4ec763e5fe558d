// SPDX-License-Identifier: Apache-2.0

/// Dumps as `xxd` and `hexdump -C` write them: an offset, bytes in hexadecimal, the text beside them.
enum HexDump {
    /// The dump whose first line's offset ends at `offsetEnd`.
    ///
    /// - Returns: The dumped bytes, each with the index of its line, and each line's range from its first digit to its
    ///   end.
    static func read(offsetEnd: Int, in bytes: borrowing Span<UInt8>) -> (
        bytes: [UInt8], lineOf: [Int], lines: [Range<Int>]
    )? {
        var start = offsetEnd
        while start > 0, ASCII.hexValue(bytes[start - 1]) != nil, offsetEnd - start < 9 { start -= 1 }
        guard (6...8).contains(offsetEnd - start),
            start == 0 || ASCII.isNewline(bytes[start - 1]) || ASCII.isSpace(bytes[start - 1])
        else { return nil }
        var out: [UInt8] = []
        var lineOf: [Int] = []
        var lines: [Range<Int>] = []
        var position = start
        while lines.count < 4096, let body = offset(at: position, in: bytes) {
            let end = Cursor.lineEnd(bytes, body, limit: 256)
            let dumped = row(body..<end, in: bytes)
            guard !dumped.isEmpty else { break }
            out += dumped
            lineOf += [Int](repeating: lines.count, count: dumped.count)
            lines.append(Cursor.skipBlanks(bytes, body)..<end)
            position = Cursor.skipWhitespace(bytes, end, limit: 16)
        }
        return lines.isEmpty ? nil : (out, lineOf, lines)
    }

    /// The end of an offset, `:` included.
    private static func offset(at position: Int, in bytes: borrowing Span<UInt8>) -> Int? {
        var end = position
        while end < bytes.count, ASCII.hexValue(bytes[end]) != nil, end - position < 9 { end += 1 }
        guard (6...8).contains(end - position) else { return nil }
        if Cursor.at(bytes, end) == 0x3a { end += 1 }
        return ASCII.isSpace(Cursor.at(bytes, end)) ? end : nil
    }

    /// The bytes of one line: pairs of digits, with at most two blanks between groups; the text beside them is left
    /// out.
    private static func row(_ line: Range<Int>, in bytes: borrowing Span<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var position = Cursor.skipBlanks(bytes, line.lowerBound)
        while position + 1 < line.upperBound, out.count < 16, let high = ASCII.hexValue(bytes[position]),
            let low = ASCII.hexValue(bytes[position + 1])
        {
            out.append(high << 4 | low)
            position += 2
            var blanks = 0
            while position < line.upperBound, bytes[position] == 0x20 {
                blanks += 1
                position += 1
            }
            // Two blanks end the digits, but for the middle of `hexdump -C`.
            if blanks >= 2, out.count != 8 { break }
        }
        return out
    }
}
