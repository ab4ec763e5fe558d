// SPDX-License-Identifier: Apache-2.0

/// Secrets with a structure of their own: key blocks, web tokens, URLs with a password, command lines, password files.
enum StructureReaders {
    /// `-----BEGIN … PRIVATE KEY-----` up to its end, also on one line with escaped line ends, also cut off.
    static func keyBlock(at start: Int, in bytes: borrowing Span<UInt8>) -> Finding? {
        let head = start + 11
        var position = head
        var isPrivate = false
        while position < min(bytes.count, head + 48), bytes[position] != 0x2d {
            if Cursor.stands("private key", at: position, in: bytes) { isPrivate = true }
            position += 1
        }
        guard isPrivate, Cursor.at(bytes, position) == 0x2d else { return nil }
        while position < bytes.count, bytes[position] == 0x2d { position += 1 }
        let bodyStart = position
        var body = 0
        var last = position
        let most = min(bytes.count, position + 65_536)
        while position < most {
            let byte = bytes[position]
            if byte == 0x2d, Cursor.stands("-----end ", at: position, in: bytes) {
                guard body >= 40 else { return nil }
                return Finding(
                    rule: "private-key", start: start, end: blockEnd(position + 9, bytes), kind: .selfIdentifying)
            }
            if byte == 0x2d, Cursor.stands("-----begin", at: position, in: bytes) { break }
            if ASCII.isBase64(byte) {
                body += 1
                last = position + 1
            } else if !isBlockByte(byte) {
                break
            }
            position += 1
        }
        // Cut off before its end: what looks like its body is still the key.
        guard body >= 64, last > bodyStart else { return nil }
        return Finding(rule: "private-key", start: start, end: last, kind: .selfIdentifying)
    }

    private static func isBlockByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x0a, 0x0d, 0x20, 0x09, 0x5c, 0x3d, 0x3a, 0x2c, 0x22, 0x27, 0x2e, 0x28, 0x29, 0x23, 0x3e, 0x7c, 0x25, 0x26,
            0x3b, 0x2a:
            true
        default: false
        }
    }

    private static func blockEnd(_ start: Int, _ bytes: borrowing Span<UInt8>) -> Int {
        var position = start
        while position < min(bytes.count, start + 48), bytes[position] != 0x2d, !ASCII.isNewline(bytes[position]) {
            position += 1
        }
        while position < bytes.count, bytes[position] == 0x2d, position < start + 64 { position += 1 }
        // The line end is part of the block, as tools write it; redaction keeps it.
        return Cursor.at(bytes, position) == 0x0a ? position + 1 : position
    }

    /// PuTTY keeps the private part in counted lines.
    static func puttyKey(at start: Int, in bytes: borrowing Span<UInt8>) -> Finding? {
        var position = start + 14
        var lines = 0
        position = Cursor.skipBlanks(bytes, position)
        while ASCII.isDigit(Cursor.at(bytes, position)), lines < 1000 {
            lines = lines * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        guard lines > 0, lines < 1000 else { return nil }
        let begin = Cursor.skipWhitespace(bytes, position)
        var end = begin
        for _ in 0..<lines {
            end = Cursor.lineEnd(bytes, end)
            if end < bytes.count { end = Cursor.skipWhitespace(bytes, end, limit: 2) }
        }
        while end > begin, ASCII.isNewline(bytes[end - 1]) { end -= 1 }
        guard end - begin >= 40 else { return nil }
        return Finding(rule: "private-key", start: begin, end: end, kind: .selfIdentifying)
    }

    /// `header.payload.signature`, where the header is JSON that names an algorithm or a type.
    static func webToken(at start: Int, in bytes: borrowing Span<UInt8>) -> Finding? {
        if start > 0, ASCII.isBase64(bytes[start - 1]), bytes[start - 1] != 0x2f { return nil }
        var ends: [Int] = []
        var position = start
        let most = min(bytes.count, start + 16_384)
        while position <= most, ends.count < 5 {
            let byte = Cursor.at(bytes, position)
            if !(ASCII.isWord(byte) || byte == 0x2d) || position == most {
                ends.append(position)
                guard byte == 0x2e, position < most, ASCII.isBase64(Cursor.at(bytes, position + 1)) else { break }
            }
            position += 1
        }
        guard ends.count >= 2, ends[1] - start >= 30 else { return nil }
        guard let header = Base64Text.decode(bytes, start..<ends[0]), header.first == 0x7b,
            header.last == 0x7d || header.count > 8
        else { return nil }
        guard let name = header.dropFirst().first(where: { !ASCII.isSpace($0) && !ASCII.isNewline($0) }), name == 0x22
        else { return nil }
        guard let payload = Base64Text.decode(bytes, (ends[0] + 1)..<ends[1]), payload.first == 0x7b || ends.count == 5
        else { return nil }
        return Finding(rule: "json-web-token", start: start, end: ends[ends.count - 1], kind: .selfIdentifying)
    }

    /// A URL that carries a password. For a database the whole of it is the credential; elsewhere the password is.
    static func url(schemeEnd: Int, in bytes: borrowing Span<UInt8>) -> Finding? {
        var start = schemeEnd - 3
        let least = max(0, start - 24)
        while start > least,
            ASCII.isAlphanumeric(bytes[start - 1]) || bytes[start - 1] == 0x2b || bytes[start - 1] == 0x2e
                || bytes[start - 1] == 0x2d
        { start -= 1 }
        guard start < schemeEnd - 3 else { return nil }
        guard let parts = userinfo(from: schemeEnd, in: bytes) else { return nil }
        let password = bytes.extracting(parts.password)
        let setting = ValueJudge.Setting(verdict: .password, isQuoted: true, isExplicit: true)
        guard ValueJudge.isSecret(password, in: setting), !isDocumented(parts, bytes) else { return nil }
        guard isDatabase(start..<(schemeEnd - 3), bytes) else {
            return Finding(
                rule: "url-password", start: parts.password.lowerBound, end: parts.password.upperBound,
                kind: .selfIdentifying)
        }
        return Finding(
            rule: "database-url", start: start, end: urlEnd(parts.password.upperBound, bytes), kind: .selfIdentifying)
    }

    private struct Userinfo {
        var user: Range<Int>
        var password: Range<Int>
    }

    private static func userinfo(from start: Int, in bytes: borrowing Span<UInt8>) -> Userinfo? {
        var colon: Int?
        var at: Int?
        var position = start
        let most = min(bytes.count, start + 2048)
        scan: while position < most {
            switch bytes[position] {
            case 0x2f, 0x3f, 0x23:
                // In a password these should be escaped; people don't, so a later `@` on the same word still counts if
                // a colon came first.
                if at != nil || colon == nil { break scan }
                if !laterAt(position, bytes) { break scan }
            case 0x20, 0x09, 0x0a, 0x0d, 0x22, 0x27, 0x60, 0x3c, 0x3e, 0: break scan
            case 0x3a: colon = colon ?? position
            case 0x40: at = position
            default: break
            }
            position += 1
        }
        guard let colon, let at, at > colon + 1, position > at + 1 else { return nil }
        return Userinfo(user: start..<colon, password: (colon + 1)..<at)
    }

    private static func laterAt(_ start: Int, _ bytes: borrowing Span<UInt8>) -> Bool {
        // A port before the slash means that the authority ended.
        var back = start
        while back > 0, ASCII.isDigit(bytes[back - 1]) { back -= 1 }
        if back < start, Cursor.at(bytes, back - 1) == 0x3a { return false }
        for index in start..<min(bytes.count, start + 80) {
            switch bytes[index] {
            case 0x40: return true
            case 0x20, 0x0a, 0x0d, 0x22, 0x27, 0x60, 0x3c, 0x3e, 0x2c: return false
            default: continue
            }
        }
        return false
    }

    /// `user:pass@host` and other examples.
    private static func isDocumented(_ parts: Userinfo, _ bytes: borrowing Span<UInt8>) -> Bool {
        let count = parts.password.count
        guard count == parts.user.count else { return false }
        for index in 0..<count where bytes[parts.user.lowerBound + index] != bytes[parts.password.lowerBound + index] {
            return false
        }
        return true
    }

    private static func isDatabase(_ scheme: Range<Int>, _ bytes: borrowing Span<UInt8>) -> Bool {
        for known in [
            "postgres", "postgresql", "mysql", "mariadb", "mongodb", "mongodb+srv", "redis", "rediss", "amqp", "amqps",
            "mssql", "sqlserver",
            "clickhouse", "cassandra", "couchbase", "oracle", "nats", "kafka", "ldap", "ldaps", "smtp", "smtps",
            "cockroachdb", "neo4j", "bolt",
        ] {
            let text = Array(known.utf8)
            if scheme.count >= text.count, ValueJudge.contains(bytes.extracting(scheme), text, at: 0) { return true }
        }
        return false
    }

    private static func urlEnd(_ start: Int, _ bytes: borrowing Span<UInt8>) -> Int {
        var end = start
        let most = min(bytes.count, start + 2048)
        scan: while end < most {
            switch bytes[end] {
            case 0x20, 0x09, 0x0a, 0x0d, 0x22, 0x27, 0x60, 0x3c, 0x3e, 0, 0x5c: break scan
            default: end += 1
            }
        }
        while end > start, [0x2c, 0x3b, 0x29, 0x2e].contains(bytes[end - 1]) { end -= 1 }
        return end
    }
}
