// SPDX-License-Identifier: Apache-2.0

/// The values under `data:` of a Kubernetes Secret: base64 by the format's rule, whatever their names.
enum KubernetesReader {
    /// Adds what stands in the document around `position`; returns how far it read.
    static func collect(around position: Int, in bytes: borrowing Span<UInt8>, into found: inout [Finding]) -> Int {
        let next = Cursor.at(bytes, position + 1)
        let ends = Cursor.isQuote(Cursor.at(bytes, position)) ? next : Cursor.at(bytes, position)
        guard ends == 0 || ASCII.isNewline(ends) || ASCII.isSpace(ends) else { return position }
        var start = min(position, bytes.count - 1)
        while start > max(0, position - 16_384) {
            if bytes[start] == 0x2d, Cursor.stands("---", at: start, in: bytes),
                start == 0 || ASCII.isNewline(bytes[start - 1])
            {
                break
            }
            start -= 1
        }
        let most = min(bytes.count, position + 65_536)
        var line = start
        var indent: Int?
        while line < most {
            let end = Cursor.lineEnd(bytes, line)
            let body = Cursor.skipBlanks(bytes, line)
            if line > position, Cursor.stands("---", at: line, in: bytes) { return line }
            if let block = indent, body < end {
                if body - line > block, let finding = value(body..<end, in: bytes) { found.append(finding) }
                if body - line <= block { indent = nil }
            }
            if Cursor.stands("data:", at: body, in: bytes), Cursor.skipBlanks(bytes, body + 5) >= end {
                indent = body - line
            }
            line = end + 1
        }
        return line
    }

    private static func value(_ line: Range<Int>, in bytes: borrowing Span<UInt8>) -> Finding? {
        var start = line.lowerBound
        while start < line.upperBound, bytes[start] != 0x3a { start += 1 }
        start = start < line.upperBound ? Cursor.skipBlanks(bytes, start + 1) : line.lowerBound
        var end = line.upperBound
        while end > start, ASCII.isSpace(bytes[end - 1]) { end -= 1 }
        if end - start > 2, Cursor.isQuote(bytes[start]), bytes[end - 1] == bytes[start] {
            start += 1
            end -= 1
        }
        guard end - start >= 12, (end - start) % 4 == 0 else { return nil }
        for index in start..<end where !ASCII.isBase64(bytes[index]) && bytes[index] != 0x3d { return nil }
        return Finding(rule: "kubernetes-secret", start: start, end: end, kind: .context)
    }
}
