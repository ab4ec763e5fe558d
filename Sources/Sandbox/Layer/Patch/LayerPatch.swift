// SPDX-License-Identifier: Apache-2.0

/// A unified diff of one changed text file, for people to read.
package struct LayerPatch: Hashable, Sendable {
    /// Bounds on the work and on the output.
    package struct Limits: Hashable, Sendable {
        /// Largest side, in bytes.
        package var bytes = 1 << 20
        /// Most lines that are inserted and deleted before the middle part is shown as replaced whole.
        package var edits = 1500
        /// Most lines of output.
        package var lines = 5000

        package init() {}
    }

    /// The lines without line ends: hunk headers, then lines that begin with a blank, `+`, `-` or `\`.
    package let lines: [String]
    /// Whether lines were left out at the end.
    package let isCut: Bool

    /// Compares two texts; `nil` where one is no text or too large.
    ///
    /// Control, invisible and reordering characters are escaped, so the patch is safe to print and not meant for
    /// `patch`.
    package init?(from old: [UInt8], to new: [UInt8], limits: Limits = Limits()) {
        guard old.count <= limits.bytes, new.count <= limits.bytes, Self.isText(old), Self.isText(new) else {
            return nil
        }
        let one = Self.split(old)
        let other = Self.split(new)
        let edits = LineComparison.edits(from: one, to: other, limit: limits.edits)
        var text = Self.hunks(edits, one, other)
        isCut = text.count > limits.lines
        if isCut { text.removeLast(text.count - limits.lines) }
        lines = text
    }

    // MARK: Text

    private static func isText(_ bytes: [UInt8]) -> Bool {
        guard !bytes.contains(0) else { return false }
        var walk = UTF8Walk(bytes)
        while let step = walk.next() {
            if case .invalid = step { return false }
        }
        return true
    }

    /// Lines with their line ends, so that a missing last one differs.
    private static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            lines.append(bytes[start..<end])
            start = end
        }
        return lines
    }

    private static func show(_ sign: String, _ line: ArraySlice<UInt8>) -> [String] {
        let ends = line.last == UInt8(ascii: "\n")
        let text = sign + PrintableText.escape(Array(ends ? line.dropLast() : line), keepingTabs: true)
        return ends ? [text] : [text, "\\ no newline at the end"]
    }

    // MARK: Hunks

    private static let context = 3

    private static func hunks(
        _ edits: [LineComparison.Edit], _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
    ) -> [String] {
        var output: [String] = []
        var index = 0
        while index < edits.count {
            var end = index + 1
            while end < edits.count, edits[end].old.lowerBound - edits[end - 1].old.upperBound <= 2 * context {
                end += 1
            }
            output += hunk(edits[index..<end], old, new)
            index = end
        }
        return output
    }

    private static func hunk(
        _ edits: ArraySlice<LineComparison.Edit>, _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
    ) -> [String] {
        guard let first = edits.first, let last = edits.last else { return [] }
        let lead = min(context, first.old.lowerBound)
        let tail = min(context, old.count - last.old.upperBound)
        let oldRange = (first.old.lowerBound - lead)..<(last.old.upperBound + tail)
        let newRange = (first.new.lowerBound - lead)..<(last.new.upperBound + tail)
        var output = ["@@ -\(span(oldRange)) +\(span(newRange)) @@"]
        var position = oldRange.lowerBound
        for edit in edits {
            for line in old[position..<edit.old.lowerBound] { output += show(" ", line) }
            for line in old[edit.old] { output += show("-", line) }
            for line in new[edit.new] { output += show("+", line) }
            position = edit.old.upperBound
        }
        for line in old[position..<oldRange.upperBound] { output += show(" ", line) }
        return output
    }

    // An empty side names the line before it, as diff(1) does.
    private static func span(_ range: Range<Int>) -> String {
        range.isEmpty ? "\(range.lowerBound),0" : "\(range.lowerBound + 1),\(range.count)"
    }
}

/// Compares sequences of lines by Myers' greedy algorithm (E. W. Myers, "An O(ND) difference algorithm", 1986),
/// bounded.
enum LineComparison {
    /// Lines of the old side that become lines of the new one.
    struct Edit: Hashable {
        var old: Range<Int>
        var new: Range<Int>
    }

    static func edits(from old: [ArraySlice<UInt8>], to new: [ArraySlice<UInt8>], limit: Int) -> [Edit] {
        var start = 0
        while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
        var oldEnd = old.count
        var newEnd = new.count
        while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
            oldEnd -= 1
            newEnd -= 1
        }
        if start == oldEnd && start == newEnd { return [] }
        let whole = Edit(old: start..<oldEnd, new: start..<newEnd)
        guard start < oldEnd, start < newEnd else { return [whole] }
        let numbers = number(old[start..<oldEnd], new[start..<newEnd])
        guard let matches = matches(numbers.old, numbers.new, limit: limit) else { return [whole] }
        return edits(around: matches, offset: start, oldEnd: oldEnd, newEnd: newEnd)
    }

    private static func number(
        _ old: ArraySlice<ArraySlice<UInt8>>, _ new: ArraySlice<ArraySlice<UInt8>>
    ) -> (old: [Int], new: [Int]) {
        var known: [ArraySlice<UInt8>: Int] = [:]
        func number(_ line: ArraySlice<UInt8>) -> Int {
            if let found = known[line] { return found }
            known[line] = known.count
            return known.count - 1
        }
        return (old.map(number), new.map(number))
    }

    /// Pairs of equal lines in order; `nil` where there are more than `limit` edits.
    private static func matches(_ old: [Int], _ new: [Int], limit: Int) -> [(Int, Int)]? {
        let most = min(old.count + new.count, limit)
        var furthest = [Int](repeating: 0, count: 2 * most + 3)
        var trace: [[Int]] = []
        let middle = most + 1
        for edits in 0...most {
            // Only the diagonals that this round can read are kept, else memory grows with the square of the bound.
            trace.append(Array(furthest[(middle - edits)...(middle + edits)]))
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let down =
                    diagonal == -edits
                    || diagonal != edits && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1]
                var x = down ? furthest[middle + diagonal + 1] : furthest[middle + diagonal - 1] + 1
                while x < old.count, x - diagonal < new.count, x - diagonal >= 0, old[x] == new[x - diagonal] { x += 1 }
                furthest[middle + diagonal] = x
                if x >= old.count && x - diagonal >= new.count { return walkBack(trace, old.count, new.count) }
            }
        }
        return nil
    }

    private static func walkBack(_ trace: [[Int]], _ oldCount: Int, _ newCount: Int) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        var (x, y) = (oldCount, newCount)
        for edits in stride(from: trace.count - 1, through: 0, by: -1) {
            let row = trace[edits]
            func reach(_ diagonal: Int) -> Int {
                let index = diagonal + edits
                return row.indices.contains(index) ? row[index] : 0
            }
            let diagonal = x - y
            let down = diagonal == -edits || diagonal != edits && reach(diagonal - 1) < reach(diagonal + 1)
            let previous = down ? diagonal + 1 : diagonal - 1
            let fromX = edits == 0 ? 0 : reach(previous)
            let fromY = edits == 0 ? 0 : fromX - previous
            while x > fromX, y > fromY {
                x -= 1
                y -= 1
                pairs.append((x, y))
            }
            (x, y) = (fromX, fromY)
        }
        return pairs.reversed()
    }

    private static func edits(around pairs: [(Int, Int)], offset: Int, oldEnd: Int, newEnd: Int) -> [Edit] {
        var edits: [Edit] = []
        var (x, y) = (offset, offset)
        for (one, other) in pairs.map({ ($0 + offset, $1 + offset) }) + [(oldEnd, newEnd)] {
            if one > x || other > y { edits.append(Edit(old: x..<one, new: y..<other)) }
            (x, y) = (one + 1, other + 1)
        }
        return edits
    }
}
