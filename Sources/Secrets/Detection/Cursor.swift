// SPDX-License-Identifier: Apache-2.0

/// Small steps over text, none further than a line or a fixed bound.
enum Cursor {
    /// The first byte at or after `position` that is no blank.
    static func skipBlanks(_ bytes: borrowing Span<UInt8>, _ position: Int) -> Int {
        var position = position
        while position < bytes.count, ASCII.isSpace(bytes[position]) { position += 1 }
        return position
    }

    /// As `skipBlanks`, over line ends too, at most `limit` bytes.
    static func skipWhitespace(_ bytes: borrowing Span<UInt8>, _ position: Int, limit: Int = 80) -> Int {
        var position = position
        let end = min(bytes.count, position + limit)
        while position < end, ASCII.isSpace(bytes[position]) || ASCII.isNewline(bytes[position]) { position += 1 }
        return position
    }

    static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }

    /// The start of the line that holds `position`, looking back at most `limit` bytes.
    static func lineStart(_ bytes: borrowing Span<UInt8>, _ position: Int, limit: Int = 512) -> Int {
        var start = position
        let least = max(0, position - limit)
        while start > least, !ASCII.isNewline(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// The end of the line that holds `position`, its line end left out.
    static func lineEnd(_ bytes: borrowing Span<UInt8>, _ position: Int, limit: Int = 8192) -> Int {
        var end = position
        let most = min(bytes.count, position + limit)
        while end < most, !ASCII.isNewline(bytes[end]) { end += 1 }
        return end
    }

    static func at(_ bytes: borrowing Span<UInt8>, _ position: Int) -> UInt8 {
        position >= 0 && position < bytes.count ? bytes[position] : 0
    }

    /// Whether `text`, in lower case, stands at `position`, without regard to case.
    static func stands(_ text: String, at position: Int, in bytes: borrowing Span<UInt8>) -> Bool {
        guard position >= 0, position + text.utf8.count <= bytes.count else { return false }
        var index = position
        for byte in text.utf8 {
            if ASCII.lowered(bytes[index]) != byte { return false }
            index += 1
        }
        return true
    }
}
