// SPDX-License-Identifier: Apache-2.0

/// From a word that was found inside a name to the secret that the name is given.
enum NameReader {
    static let longestName = 100

    /// The name around `position`: letters, digits, `_`, and `-` or `.` between them.
    static func name(around hit: Range<Int>, in bytes: borrowing Span<UInt8>) -> Range<Int> {
        var start = hit.lowerBound
        let least = max(0, start - longestName)
        while start > least, isNameByte(bytes[start - 1]) { start -= 1 }
        var end = hit.upperBound
        let most = min(bytes.count, end + longestName)
        while end < most, isNameByte(bytes[end]) { end += 1 }
        while start < hit.lowerBound, bytes[start] == 0x2d || bytes[start] == 0x2e { start += 1 }
        while end > hit.upperBound, bytes[end - 1] == 0x2d || bytes[end - 1] == 0x2e { end -= 1 }
        // The letter of an escape before the name (`\nTOKEN=`) is none of it.
        if start > 0, bytes[start - 1] == 0x5c, start < hit.lowerBound,
            bytes[start] == 0x6e || bytes[start] == 0x74 || bytes[start] == 0x72
        {
            start += 1
        }
        return start..<end
    }

    @inline(__always)
    private static func isNameByte(_ byte: UInt8) -> Bool { ASCII.isWord(byte) || byte == 0x2d || byte == 0x2e }

    /// The secret that `name` is given, if one stands there.
    static func finding(for name: Range<Int>, in bytes: borrowing Span<UInt8>) -> Finding? {
        // The name's words are looked up last: most names are given nothing that could be a secret.
        let value = ValueReader.value(after: name.upperBound, nameStart: name.lowerBound, in: bytes)
        guard value.map({ $0.range.count >= 4 }) ?? false || followsWord(name, in: bytes) else { return nil }
        let verdict = NameJudge.verdict(on: bytes.extracting(name))
        guard verdict != .none else { return nil }
        if let value { return finding(value, verdict, name, bytes) }
        return verdict >= .machine ? valueBefore(name, verdict, in: bytes) : nil
    }

    private static func finding(
        _ value: ValueReader.Value, _ verdict: NameJudge.Verdict, _ name: Range<Int>, _ bytes: borrowing Span<UInt8>
    ) -> Finding? {
        var setting = ValueJudge.Setting(verdict: verdict, isQuoted: value.isQuoted)
        if value.isLoose {
            // Prose: only what can be nothing but a credential.
            if verdict == .password, isCredentialField(name, in: bytes) {
                setting.isExplicit = true
            } else {
                let makeup = ValueJudge.Makeup(bytes.extracting(value.range))
                guard verdict >= .machine, makeup.length >= 12, isUnattached(value.range, bytes),
                    isToken(value.range, bytes)
                else { return nil }
                setting.verdict = .machine
            }
        }
        let range = trimmed(value.range, bytes)
        guard !range.isEmpty else { return nil }
        if range.count > 10, isConnection(range, bytes) { return nil }
        guard ValueJudge.isSecret(bytes.extracting(range), in: setting) else {
            return valueBefore(name, verdict, in: bytes)
        }
        let rule = setting.verdict == .password ? "assigned-password" : "assigned-secret"
        return Finding(rule: rule, start: range.lowerBound, end: range.upperBound, kind: .context)
    }

    /// URLs are judged by their own rule.
    private static func isConnection(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Bool {
        for index in range.lowerBound..<min(range.upperBound - 2, range.lowerBound + 24)
        where bytes[index] == 0x3a && bytes[index + 1] == 0x2f && bytes[index + 2] == 0x2f { return true }
        return false
    }

    /// One word without a path's or a file name's marks.
    private static func isToken(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Bool {
        for index in range where bytes[index] == 0x28 || bytes[index] == 0x2c { return false }
        var dots = 0
        var slashes = 0
        for index in range {
            if bytes[index] == 0x2e { dots += 1 }
            if bytes[index] == 0x2f { slashes += 1 }
        }
        return dots == 0 || slashes == 0
    }

    private static func isUnattached(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Bool {
        let next = Cursor.at(bytes, range.upperBound)
        return next != 0x3d && next != 0x28
    }

    private static func trimmed(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, ASCII.isSpace(bytes[start]) || ASCII.isNewline(bytes[start]) { start += 1 }
        while end > start, ASCII.isSpace(bytes[end - 1]) || ASCII.isNewline(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// netrc and its like: `login NAME password VALUE`, or a line that begins with `password` in such a file.
    private static func isCredentialField(_ name: Range<Int>, in bytes: borrowing Span<UInt8>) -> Bool {
        var position = name.lowerBound
        for step in 0..<2 {
            while position > 0, ASCII.isSpace(bytes[position - 1]) || ASCII.isNewline(bytes[position - 1]),
                name.lowerBound - position < 400
            { position -= 1 }
            let end = position
            while position > 0, !ASCII.isSpace(bytes[position - 1]), !ASCII.isNewline(bytes[position - 1]),
                end - position < 200
            { position -= 1 }
            guard step == 1 else { continue }
            for word in ["login", "account", "user", "port", "machine"]
            where end - position == word.utf8.count && Cursor.stands(word, at: position, in: bytes) { return true }
        }
        return false
    }

    /// Whether `for`, `as` or `in` stands before the name.
    private static func followsWord(_ name: Range<Int>, in bytes: borrowing Span<UInt8>) -> Bool {
        let end = name.lowerBound - 1
        guard end >= 3, bytes[end] == 0x20 else { return false }
        return Cursor.stands(" for", at: end - 4, in: bytes) || Cursor.stands(" as", at: end - 3, in: bytes)
            || Cursor.stands(" in", at: end - 3, in: bytes)
    }

    /// `… VALUE for NAME`: errors and logs put the value first.
    private static func valueBefore(_ name: Range<Int>, _ verdict: NameJudge.Verdict, in bytes: borrowing Span<UInt8>)
        -> Finding?
    {
        guard name.lowerBound >= 12, ASCII.isSpace(bytes[name.lowerBound - 1]) else { return nil }
        var end = name.lowerBound - 1
        var words = 0
        while end > 0, words < 2 {
            while end > 0, ASCII.isSpace(bytes[end - 1]) { end -= 1 }
            var start = end
            while start > max(0, end - 512), !ASCII.isSpace(bytes[start - 1]), !ASCII.isNewline(bytes[start - 1]) {
                start -= 1
            }
            guard start < end else { return nil }
            if words == 1 {
                let range = unwrapped(start..<end, bytes)
                guard range.count >= 12 else { return nil }
                let text = bytes.extracting(range)
                let setting = ValueJudge.Setting(verdict: verdict, isQuoted: true)
                guard ValueJudge.isSecret(text, in: setting) else { return nil }
                return Finding(rule: "value-for-name", start: range.lowerBound, end: range.upperBound, kind: .context)
            }
            guard end - start == 3 || end - start == 2,
                Cursor.stands("for", at: start, in: bytes) || Cursor.stands("as", at: start, in: bytes)
                    || Cursor.stands("in", at: start, in: bytes)
            else { return nil }
            words += 1
            end = start
        }
        return nil
    }

    private static func unwrapped(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, "\"'`([<,;:".utf8.contains(bytes[start]) { start += 1 }
        while end > start, "\"'`)]>,;:".utf8.contains(bytes[end - 1]) { end -= 1 }
        return start..<end
    }
}
