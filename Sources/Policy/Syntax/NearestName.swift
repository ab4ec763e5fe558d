// SPDX-License-Identifier: Apache-2.0

/// Finds the name that somebody probably meant.
enum NearestName {
    /// The candidate with the smallest edit distance, where it is near enough to be a slip of the finger.
    ///
    /// Ties go to the first in byte order, so that the answer doesn't depend on the order of candidates.
    static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
        let typed = Array(name.lowercased().utf8.prefix(64))
        var best: (name: String, distance: Int)?
        for candidate in candidates.sorted() {
            let other = Array(candidate.lowercased().utf8.prefix(64))
            let limit = max(1, max(typed.count, other.count) / 3)
            let distance = distance(typed, other)
            guard distance <= limit else { continue }
            if distance < (best?.distance ?? Int.max) { best = (candidate, distance) }
        }
        return best?.name
    }

    /// `; did you mean …`, or nothing.
    static func hint(_ name: String, in candidates: some Sequence<String>) -> String {
        of(name, in: candidates).map { "; did you mean `\($0)`" } ?? ""
    }

    /// Damerau-Levenshtein in its restricted form: insert, delete, replace, swap neighbours.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1] + [Int](repeating: 0, count: right.count)
            for column in 0..<right.count {
                let cost = left[row] == right[column] ? 0 : 1
                var value = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    value = min(value, beforeLast[column - 1] + 1)
                }
                current[column + 1] = value
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
