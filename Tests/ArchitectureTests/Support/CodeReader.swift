// SPDX-License-Identifier: Apache-2.0

/// Blanks what isn't code: comments, and what stands in string literals. Lines stay lines.
struct CodeReader {
    private enum Place: Equatable {
        case code
        case lineComment
        case blockComment(depth: Int)
        case string(hashes: Int, isMultiline: Bool)
    }

    private var place = Place.code

    /// The lines of a file, blanked.
    mutating func blanked(_ text: some Sequence<UInt8>) -> [ArraySlice<UInt8>] {
        let bytes = Array(text)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let length = step(bytes, index)
            for offset in index..<min(index + length.count, bytes.count) {
                output.append(bytes[offset] == UInt8(ascii: "\n") || length.isKept ? bytes[offset] : UInt8(ascii: " "))
            }
            index += length.count
        }
        return output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    /// How many bytes belong together here, and whether they are code.
    private mutating func step(_ bytes: [UInt8], _ index: Int) -> (count: Int, isKept: Bool) {
        func stands(_ text: String, at start: Int = 0) -> Bool {
            bytes[min(index + start, bytes.count)...].starts(with: text.utf8)
        }
        switch place {
        case .lineComment:
            if stands("\n") { place = .code }
            return (1, false)
        case .blockComment(let depth):
            if stands("/*") { place = .blockComment(depth: depth + 1) }
            guard stands("*/") else { return (stands("/*") ? 2 : 1, false) }
            place = depth > 1 ? .blockComment(depth: depth - 1) : .code
            return (2, false)
        case .string(let hashes, let isMultiline):
            let marks = String(repeating: "#", count: hashes)
            if stands("\\" + marks) { return (2 + hashes, false) }
            let end = (isMultiline ? "\"\"\"" : "\"") + marks
            if stands(end) {
                place = .code
                return (end.utf8.count, true)
            }
            // A literal that isn't closed on its line was none that we understand: go on with code.
            if !isMultiline && stands("\n") { place = .code }
            return (1, false)
        case .code:
            if stands("//") {
                place = .lineComment
            } else if stands("/*") {
                place = .blockComment(depth: 1)
            } else {
                let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
                guard stands("\"", at: hashes) else { return (1, true) }
                let isMultiline = stands("\"\"\"", at: hashes)
                place = .string(hashes: hashes, isMultiline: isMultiline)
                return (hashes + (isMultiline ? 3 : 1), true)
            }
            return (2, false)
        }
    }
}
