// SPDX-License-Identifier: Apache-2.0

/// A token's format: literals and runs of byte classes, matched greedily and without going back, so in linear time.
///
/// Spelt like a small part of the usual notation: `ghp_[A-Za-z0-9]{36}`, `{2,5}`, `{20,}`, `\.` for a literal dot.
/// There are no groups and no choices.
struct Shape: Hashable, Sendable {
    private struct Piece: Hashable, Sendable {
        var set: ByteSet
        var least: Int
        var most: Int
    }

    private var pieces: [Piece] = []
    /// Longest run that `{n,}` takes, in bytes.
    static let longestRun = 4096

    init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        var index = 0
        while index < bytes.count {
            var set = ByteSet()
            if bytes[index] == 0x5b {
                index = Self.parseClass(bytes, index + 1, into: &set)
            } else {
                if bytes[index] == 0x5c { index += 1 }
                if index < bytes.count { set.insert(bytes[index]) }
                index += 1
            }
            let (least, most, next) = Self.parseCount(bytes, index)
            pieces.append(Piece(set: set, least: least, most: most))
            index = next
        }
    }

    /// The end of a match that begins at `start`, or `nil`.
    ///
    /// The byte after a bounded last run must not belong to its class: a longer token is another token.
    func end(in bytes: borrowing Span<UInt8>, from start: Int) -> Int? {
        var position = start
        for piece in pieces {
            var count = 0
            while count < piece.most, position < bytes.count, piece.set.contains(bytes[position]) {
                count += 1
                position += 1
            }
            if count < piece.least { return nil }
        }
        if let last = pieces.last, last.most != Self.longestRun, position < bytes.count,
            last.set.contains(bytes[position])
        {
            return nil
        }
        return position
    }

    /// The start of a match that ends before `end`, read backwards, or `nil`.
    func start(in bytes: borrowing Span<UInt8>, before end: Int) -> Int? {
        var position = end
        for piece in pieces.reversed() {
            var count = 0
            while count < piece.most, position > 0, piece.set.contains(bytes[position - 1]) {
                count += 1
                position -= 1
            }
            if count < piece.least { return nil }
        }
        // The letter of an escape (`\\n`) before it belongs to no token.
        let follows = position >= 2 && bytes[position - 2] == 0x5c
        if let first = pieces.first, position > 0, first.set.contains(bytes[position - 1]), !follows { return nil }
        return position
    }

    /// A text of this shape, its runs as short as allowed but no shorter than `fill` where they may be longer.
    func sample(fill: Int, _ next: () -> UInt64) -> [UInt8] {
        var out: [UInt8] = []
        for piece in pieces {
            let members = (UInt8(0x21)...0x7e).filter { piece.set.contains($0) }
            guard !members.isEmpty else { continue }
            for _ in 0..<max(piece.least, min(fill, piece.most)) {
                out.append(members[Int(next() % UInt64(members.count))])
            }
        }
        return out
    }

    private static func parseClass(_ bytes: [UInt8], _ start: Int, into set: inout ByteSet) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != 0x5d {
            if bytes[index] == 0x5c { index += 1 }
            guard index < bytes.count else { break }
            if index + 2 < bytes.count, bytes[index + 1] == 0x2d, bytes[index + 2] != 0x5d {
                for byte in bytes[index]...max(bytes[index], bytes[index + 2]) { set.insert(byte) }
                index += 3
            } else {
                set.insert(bytes[index])
                index += 1
            }
        }
        return index + 1
    }

    private static func parseCount(_ bytes: [UInt8], _ start: Int) -> (Int, Int, Int) {
        guard start < bytes.count, bytes[start] == 0x7b else { return (1, 1, start) }
        var numbers = [0]
        var index = start + 1
        var open = false
        while index < bytes.count, bytes[index] != 0x7d {
            if bytes[index] == 0x2c {
                numbers.append(0)
                open = true
            } else if ASCII.isDigit(bytes[index]) {
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(bytes[index] - 0x30)
                open = false
            }
            index += 1
        }
        return (numbers[0], open ? longestRun : numbers[numbers.count - 1], index + 1)
    }
}
