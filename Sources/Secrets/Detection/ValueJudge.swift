// SPDX-License-Identifier: Apache-2.0

/// Tells a secret from what stands in the same place: variables, examples, words, expressions.
enum ValueJudge {
    /// Where the value was found.
    struct Setting {
        var verdict: NameJudge.Verdict
        /// Whether quotes or markup end it, so that it can't be an expression.
        var isQuoted: Bool
        /// Whether the place takes nothing but a credential (`curl -u`, the password of a URL, netrc).
        var isExplicit = false
    }

    /// What a value is made of. One pass, no allocation.
    struct Makeup {
        var length = 0
        var letters = 0
        var upper = 0
        var lower = 0
        var digits = 0
        var symbols = 0
        var blanks = 0
        var high = 0
        var vowels = 0
        var distinct = 0
        var longestRepeat = 0
        /// Changes between upper case, lower case, digits and the rest.
        var changes = 0
        var longestConsonants = 0
        var hexDigits = 0
        /// Shannon's over the printable bytes, in bits for each byte.
        var entropy = 0.0

        init(_ bytes: borrowing Span<UInt8>) {
            var counts = InlineArray<256, UInt16>(repeating: 0)
            var previous: UInt8 = 0
            var previousClass = -1
            var run = 0
            var consonants = 0
            length = bytes.count
            for index in bytes.indices {
                let byte = bytes[index]
                counts[Int(byte)] &+= 1
                if counts[Int(byte)] == 1 { distinct += 1 }
                run = byte == previous ? run + 1 : 1
                longestRepeat = max(longestRepeat, run)
                previous = byte
                let kind = classify(byte)
                if kind != previousClass, index > 0 { changes += 1 }
                previousClass = kind
                let isVowel = Self.isVowel(byte)
                consonants = ASCII.isLetter(byte) && !isVowel ? consonants + 1 : 0
                if isVowel { vowels += 1 }
                longestConsonants = max(longestConsonants, consonants)
                if ASCII.hexValue(byte) != nil { hexDigits += 1 }
            }
            letters = upper + lower
            for byte in 0x20..<0x7f where counts[byte] > 0 {
                let share = Double(counts[byte]) / Double(length)
                entropy -= share * Self.log2(share)
            }
        }

        private mutating func classify(_ byte: UInt8) -> Int {
            if ASCII.isLower(byte) {
                lower += 1
                return 0
            }
            if ASCII.isUpper(byte) {
                upper += 1
                return 1
            }
            if ASCII.isDigit(byte) {
                digits += 1
                return 2
            }
            if byte == 0x20 || byte == 0x09 { blanks += 1 } else if byte >= 0x80 { high += 1 } else { symbols += 1 }
            return 3
        }

        private static func isVowel(_ byte: UInt8) -> Bool {
            switch byte | 0x20 {
            case 0x61, 0x65, 0x69, 0x6f, 0x75, 0x79: true
            default: false
            }
        }

        /// A rational approximation, good to 0.01, which is all a threshold needs.
        private static func log2(_ value: Double) -> Double {
            let fraction = value.significand - 1
            return Double(value.exponent) + fraction
                * (1.4426950408889634 - 0.4426950408889634 * fraction * (1.6 - 0.6 * fraction))
        }
    }

    /// Whether the value is to be treated as a secret.
    static func isSecret(_ whole: borrowing Span<UInt8>, in setting: Setting) -> Bool {
        // What a long value is shows at its start; reading all of it again for each name inside would cost too much.
        let bytes = whole.extracting(first: 256)
        guard bytes.count >= (setting.isExplicit ? 4 : 6), setting.verdict != .none else { return false }
        if isReference(bytes, isQuoted: setting.isQuoted) || isPattern(bytes) || PlaceholderWords.isPlaceholder(bytes)
            || holdsOwnPlaceholder(bytes)
        {
            return false
        }
        let makeup = Makeup(bytes)
        if makeup.distinct < 4 || makeup.longestRepeat * 2 > makeup.length { return false }
        if setting.isExplicit { return makeup.blanks == 0 && makeup.distinct >= 4 }
        if !setting.isQuoted, isExpression(bytes, makeup) { return false }
        switch setting.verdict {
        case .none: return false
        case .password: return isPassword(bytes, makeup, setting)
        case .machine: return isUUID(bytes) || isRandom(bytes, makeup) || isChosen(bytes, makeup)
        case .weak: return makeup.length >= 20 && isMixed(makeup) && isRandom(bytes, makeup)
        }
    }

    /// Whether the bytes look made by a machine at random.
    static func isRandom(_ bytes: borrowing Span<UInt8>, _ makeup: Makeup) -> Bool {
        guard makeup.length >= 8, makeup.blanks == 0, makeup.high == 0 else { return false }
        if makeup.digits == makeup.length { return makeup.length >= 15 && makeup.entropy > 2.3 }
        if makeup.length < 12 {
            return makeup.digits >= 2 && makeup.letters >= 2 && makeup.changes >= 3 && makeup.entropy > 2.7
                && !isWordy(bytes)
        }
        if makeup.digits == 0 {
            if isWordy(bytes) { return false }
            if makeup.upper > 0, makeup.lower > 0, makeup.length >= 20, makeup.changes * 4 > makeup.length {
                return makeup.entropy > 3.4
            }
            return makeup.length >= 16 && makeup.longestConsonants >= 6 && makeup.entropy > 3.2
                && makeup.symbols * 6 < makeup.length
        }
        if isWordy(bytes) { return false }
        let needed = makeup.length >= 32 ? 2.9 : makeup.length >= 24 ? 3.0 : makeup.length >= 16 ? 2.8 : 2.7
        return makeup.entropy > needed && makeup.changes >= 3
    }

    /// What a person made up to be hard to guess: words, digits, and marks that names don't have.
    private static func isChosen(_ bytes: borrowing Span<UInt8>, _ makeup: Makeup) -> Bool {
        guard makeup.length >= 10, makeup.blanks == 0, makeup.digits >= 2, makeup.letters >= 4, makeup.symbols <= 4
        else { return false }
        for index in bytes.indices where "!@#$%^*?".utf8.contains(bytes[index]) { return true }
        return false
    }

    /// Upper and lower case and digits: what hashes in hexadecimal and UUIDs are not.
    private static func isMixed(_ makeup: Makeup) -> Bool {
        makeup.digits > 0 && makeup.upper > 0 && makeup.lower > 0 && makeup.changes * 4 >= makeup.length
    }

    private static func isPassword(_ bytes: borrowing Span<UInt8>, _ makeup: Makeup, _ setting: Setting) -> Bool {
        if makeup.blanks > 0 || makeup.high > 0 && makeup.digits == 0 { return false }
        if makeup.digits == makeup.length { return makeup.length >= 8 && makeup.distinct >= 5 }
        if makeup.digits == 0 {
            // Words alone are labels and type names far more often than passwords.
            let apart = makeup.symbols - count(of: 0x2d, 0x5f, 0x2e, in: bytes)
            return (apart >= 1 && makeup.letters >= 4 && makeup.length >= 8 && makeup.symbols * 2 < makeup.length)
                || isRandom(bytes, makeup)
        }
        return makeup.letters + makeup.symbols > 0
    }

    private static func count(of first: UInt8, _ second: UInt8, _ third: UInt8, in bytes: borrowing Span<UInt8>) -> Int
    {
        var count = 0
        for index in bytes.indices where bytes[index] == first || bytes[index] == second || bytes[index] == third {
            count += 1
        }
        return count
    }

    /// `8-4-4-4-12` hexadecimal digits.
    static func isUUID(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard bytes.count == 36 else { return false }
        for index in 0..<36 {
            let dash = index == 8 || index == 13 || index == 18 || index == 23
            if dash ? bytes[index] != 0x2d : !ASCII.isAlphanumeric(bytes[index]) { return false }
        }
        return true
    }

    /// Words and short numbers with `-`, `_`, `.`, `/` or `:` between them.
    static func isWordy(_ bytes: borrowing Span<UInt8>) -> Bool {
        var start = 0
        var wordBytes = 0
        var index = 0
        while index <= bytes.count {
            let ends = index == bytes.count || !ASCII.isAlphanumeric(bytes[index])
            if ends {
                if index > start {
                    let kind = partKind(bytes, start, index)
                    if kind == .odd { return false }
                    if kind == .word { wordBytes += index - start }
                }
                start = index + 1
            }
            index += 1
        }
        return wordBytes * 2 >= bytes.count
    }

    private enum PartKind { case word, number, odd }

    /// One part of a dashed name: a word (perhaps with a number at its end), a short number, or neither.
    private static func partKind(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> PartKind {
        var letters = 0
        var vowels = 0
        var consonants = 0
        var position = start
        var humps = 0
        while position < end, ASCII.isLetter(bytes[position]) {
            let byte = bytes[position] | 0x20
            let vowel = byte == 0x61 || byte == 0x65 || byte == 0x69 || byte == 0x6f || byte == 0x75 || byte == 0x79
            if vowel { vowels += 1 }
            consonants = vowel ? 0 : consonants + 1
            if consonants > 5 { return .odd }
            if position > start, ASCII.isUpper(bytes[position]), ASCII.isLower(bytes[position - 1]) { humps += 1 }
            letters += 1
            position += 1
        }
        let tail = end - position
        while position < end, ASCII.isDigit(bytes[position]) { position += 1 }
        if position < end { return .odd }
        if letters == 0 { return tail <= 4 ? .number : .odd }
        if tail > 5 { return .odd }
        if letters >= 5, vowels * 6 < letters { return .odd }
        if humps * 4 > letters { return .odd }
        return letters >= 3 ? .word : .number
    }

    /// Code that names or computes a value instead of spelling it.
    private static func isExpression(_ bytes: borrowing Span<UInt8>, _ makeup: Makeup) -> Bool {
        if makeup.digits == 0,
            makeup.symbols == count(of: 0x2e, 0x5f, 0x3a, in: bytes) + count(of: 0x28, 0x29, 0x2d, in: bytes)
        {
            return !(makeup.longestConsonants >= 6 && makeup.symbols == 0)
        }
        // A call, a subscript or a member: a name, then a bracket.
        var index = 0
        while index < bytes.count, ASCII.isWord(bytes[index]) || bytes[index] == 0x2e { index += 1 }
        guard index > 0, index < bytes.count else { return false }
        switch bytes[index] {
        case 0x28, 0x5b:
            return bytes[bytes.count - 1] == 0x29 || bytes[bytes.count - 1] == bytes[index]
                || !hasManyDigits(bytes, index) || holdsDot(bytes, index)
        case 0x7b: return true
        default: return false
        }
    }

    private static func holdsDot(_ bytes: borrowing Span<UInt8>, _ end: Int) -> Bool {
        for index in 0..<end where bytes[index] == 0x2e { return true }
        return false
    }

    private static func hasManyDigits(_ bytes: borrowing Span<UInt8>, _ end: Int) -> Bool {
        var digits = 0
        for index in 0..<end where ASCII.isDigit(bytes[index]) { digits += 1 }
        return digits >= 3
    }

    /// A variable, a template or markup that stands for a value given elsewhere.
    static func isReference(_ bytes: borrowing Span<UInt8>, isQuoted: Bool) -> Bool {
        let first = bytes[0]
        let second = bytes.count > 1 ? bytes[1] : 0
        let last = bytes[bytes.count - 1]
        switch first {
        case 0x24:  // $
            if second == 0x7b || second == 0x28 || second == 0x24 { return true }
            return isName(bytes, from: 1)
        case 0x3c: return last == 0x3e || second == 0x25  // <…>, <%
        case 0x7b: return second == 0x7b || last == 0x7d || second == 0x25  // {{, {…}
        case 0x5b: return last == 0x5d  // […]
        case 0x25: return last == 0x25 || (bytes.count <= 4)  // %VAR%, %s
        case 0x23: return second == 0x7b  // #{
        case 0x26: return second == 0x23 || startsWith(bytes, "&lt;") || (!isQuoted && isName(bytes, from: 1))
        case 0x2a: return second == 0x2a || (!isQuoted && isName(bytes, from: 1))
        case 0x40: return second == 0x7b
        case 0x2d: return startsWith(bytes, "-----")
        case 0x2f, 0x7e, 0x2e: return isPath(bytes)
        default: return PlaceholderWords.isLookup(bytes)
        }
    }

    /// A regular expression.
    private static func isPattern(_ bytes: borrowing Span<UInt8>) -> Bool {
        for index in bytes.indices {
            switch bytes[index] {
            case 0x5b, 0x28, 0x5c, 0x2e, 0x5e:
                for mark in patternMarks where mark[0] == bytes[index] && contains(bytes, mark, at: index) {
                    return true
                }
            default: continue
            }
        }
        return false
    }

    private static let patternMarks = ["[a-z", "[0-9", "[^", "(?:", "(?p<", "\\d", "\\w", "\\s", "(.*", ".+)", "^("].map
    { Array($0.utf8) }

    private static func isPath(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard
            bytes[0] == 0x2f || (bytes.count > 1 && bytes[1] == 0x2f)
                || (bytes.count > 2 && bytes[1] == 0x2e && bytes[2] == 0x2f)
        else { return false }
        return isWordy(bytes)
    }

    private static func isName(_ bytes: borrowing Span<UInt8>, from start: Int) -> Bool {
        guard bytes.count > start, ASCII.isLetter(bytes[start]) || bytes[start] == 0x5f else {
            return bytes.count == start + 1
        }
        for index in start..<bytes.count
        where !ASCII.isWord(bytes[index]) && bytes[index] != 0x2e && bytes[index] != 0x3a { return false }
        return true
    }

    static func startsWith(_ bytes: borrowing Span<UInt8>, _ prefix: StaticString) -> Bool {
        contains(bytes, Array(prefix.description.utf8), at: 0)
    }

    static func contains(_ bytes: borrowing Span<UInt8>, _ text: [UInt8], at start: Int) -> Bool {
        guard start + text.count <= bytes.count else { return false }
        for index in text.indices where ASCII.lowered(bytes[start + index]) != text[index] { return false }
        return true
    }

    /// Our own placeholders are no secrets.
    private static func holdsOwnPlaceholder(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard bytes.count >= 36 else { return false }
        for index in 0...(bytes.count - 9) where bytes[index] == 0x61 {
            if contains(bytes, stem, at: index) || contains(bytes, uuidStem, at: index) { return true }
        }
        return false
    }

    private static let stem = Array("agentkit".utf8)
    private static let uuidStem = Array("a9e47c17-".utf8)
}
