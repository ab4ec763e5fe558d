// SPDX-License-Identifier: Apache-2.0

/// PostgreSQL's password file, recognised by its lines: `host:port:database:user:password`.
enum PasswordFile {
    /// Looks at the start of the bytes only; a file of this kind has no other lines but comments.
    static func collect(_ bytes: borrowing Span<UInt8>, into found: inout [Finding]) {
        var position = 0
        while position < bytes.count, position < 65_536 {
            let end = Cursor.lineEnd(bytes, position)
            if bytes[position] != 0x23, end > position {
                guard let password = password(position..<end, in: bytes) else { return }
                if let finding = finding(password, in: bytes) { found.append(finding) }
            }
            position = end + 1
        }
    }

    private static func password(_ line: Range<Int>, in bytes: borrowing Span<UInt8>) -> Range<Int>? {
        var fields = 0
        var port = line.lowerBound
        var position = line.lowerBound
        while position < line.upperBound, fields < 4 {
            switch bytes[position] {
            case 0x5c: position += 1
            case 0x20, 0x09, 0x22, 0x27: return nil
            case 0x3d where fields > 0: return nil
            case 0x2f where fields > 0: return nil
            case 0x3a:
                if fields == 1, !isPort(port..<position, in: bytes) { return nil }
                if fields > 0, position == port { return nil }
                fields += 1
                port = position + 1
            default: break
            }
            position += 1
        }
        guard fields == 4, position < line.upperBound else { return nil }
        return position..<line.upperBound
    }

    private static func isPort(_ range: Range<Int>, in bytes: borrowing Span<UInt8>) -> Bool {
        guard (1...5).contains(range.count) else { return false }
        if range.count == 1, bytes[range.lowerBound] == 0x2a { return true }
        for index in range where !ASCII.isDigit(bytes[index]) { return false }
        return range.count >= 3
    }

    private static func finding(_ range: Range<Int>, in bytes: borrowing Span<UInt8>) -> Finding? {
        let setting = ValueJudge.Setting(verdict: .password, isQuoted: true, isExplicit: true)
        guard ValueJudge.isSecret(bytes.extracting(range), in: setting) else { return nil }
        return Finding(rule: "password-file", start: range.lowerBound, end: range.upperBound, kind: .context)
    }
}
