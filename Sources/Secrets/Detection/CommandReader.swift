// SPDX-License-Identifier: Apache-2.0

/// Credentials among a command's arguments: `curl -u user:password`.
enum CommandReader {
    /// Adds the passwords after `-u` and `--user`, looking no further than the command goes on; returns how far it
    /// read.
    static func collect(after start: Int, in bytes: borrowing Span<UInt8>, into found: inout [Finding]) -> Int {
        var position = start
        let most = min(bytes.count, start + 2048)
        while position < most {
            if ASCII.isNewline(bytes[position]), Cursor.at(bytes, position - 1) != 0x5c { return position }
            if bytes[position] == 0x2d, ASCII.isSpace(Cursor.at(bytes, position - 1)),
                let length = option(at: position, in: bytes)
            {
                if let finding = password(at: position + length, in: bytes) { found.append(finding) }
            }
            position += 1
        }
        return position
    }

    /// The length of an option that takes `user:password`, and of what separates them.
    private static func option(at position: Int, in bytes: borrowing Span<UInt8>) -> Int? {
        for name in ["--user", "--proxy-user", "-u"] where Cursor.stands(name, at: position, in: bytes) {
            var end = position + name.utf8.count
            let next = Cursor.at(bytes, end)
            if next == 0x3d { return end + 1 - position }
            if ASCII.isSpace(next) {
                end = Cursor.skipBlanks(bytes, end)
                return end - position
            }
            if name == "-u", Cursor.isQuote(next) { return end - position }
        }
        return nil
    }

    private static func password(at start: Int, in bytes: borrowing Span<UInt8>) -> Finding? {
        guard
            let value = ValueReader.quotedOnly(at: start, in: bytes)
                ?? ValueReader.plainValue(at: start, inQuery: false, in: bytes)
        else { return nil }
        var range = value.range
        var colon = range.lowerBound
        while colon < range.upperBound, bytes[colon] != 0x3a { colon += 1 }
        let setting = ValueJudge.Setting(verdict: .password, isQuoted: true, isExplicit: true)
        if bytes[range.lowerBound] == 0x3c { return nil }
        if colon == range.upperBound - 1, Cursor.isQuote(Cursor.at(bytes, value.after)), !value.isQuoted {
            guard let rest = ValueReader.quotedOnly(at: value.after, in: bytes) else { return nil }
            range = rest.range
        } else if colon >= range.upperBound - 1 {
            // `user:` alone, or a user quoted apart from the password: `"user":"password"`.
            if colon == range.upperBound, Cursor.at(bytes, value.after) == 0x3a {
                guard let rest = ValueReader.quotedOnly(at: value.after + 1, in: bytes) else { return nil }
                range = rest.range
            } else if colon == range.upperBound - 1, colon - range.lowerBound >= 12 {
                // Some services take the key as the user and leave the password empty.
                range = range.lowerBound..<colon
            } else {
                return nil
            }
        } else {
            range = (colon + 1)..<range.upperBound
        }
        guard range.count >= 4, !isSame(value.range.lowerBound..<colon, range, bytes),
            ValueJudge.isSecret(bytes.extracting(range), in: setting)
        else { return nil }
        return Finding(rule: "command-password", start: range.lowerBound, end: range.upperBound, kind: .context)
    }

    private static func isSame(_ left: Range<Int>, _ right: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where bytes[left.lowerBound + index] != bytes[right.lowerBound + index] {
            return false
        }
        return true
    }
}
