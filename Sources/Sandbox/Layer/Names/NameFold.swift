// SPDX-License-Identifier: Apache-2.0

/// Folds a name to what other file systems may take it for: letter case, compatibility forms, characters that HFS+
/// ignores, trailing dots and spaces, stream names.
enum NameFold {
    /// The folded name.
    static func fold(_ name: ArraySlice<UInt8>) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(name.count)
        if name.allSatisfy({ $0 < 0x80 }) {
            for byte in name { folded.append(lower(byte)) }
        } else {
            var walk = UTF8Walk(Array(name))
            while let step = walk.next() {
                // Some mounts drop bytes that are no text, so they don't tell names apart.
                if case .scalar(let scalar) = step { append(scalar, to: &folded) }
            }
        }
        if let colon = folded.firstIndex(of: UInt8(ascii: ":")), colon > 0 { folded.removeSubrange(colon...) }
        while folded.count > 1, let last = folded.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
            folded.removeLast()
        }
        return folded
    }

    /// The components of a path, also as a system that separates by backslashes has them.
    static func components(_ path: LayerPath) -> [[UInt8]] {
        path.bytes.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.map { fold($0) }
    }

    /// Whether a folded name is a short 8.3 name of a longer one, such as `git~1` of `.git`.
    static func isShortName(_ folded: [UInt8], of long: [UInt8]) -> Bool {
        guard let tilde = folded.firstIndex(of: UInt8(ascii: "~")), tilde > 0, tilde + 1 < folded.count else {
            return false
        }
        guard isDigit(folded[tilde + 1]) else { return false }
        let base = long.drop { $0 == UInt8(ascii: ".") }
        let dot = base.lastIndex(of: UInt8(ascii: ".")) ?? base.endIndex
        guard base[..<dot].prefix(6).elementsEqual(folded[..<tilde]) else { return false }
        let rest = folded[(tilde + 2)...].drop(while: isDigit)
        return rest.elementsEqual(base[dot...].prefix(4))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
        if scalar.isASCII {
            folded.append(lower(UInt8(truncatingIfNeeded: scalar.value)))
        } else if scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0xFEFF {
            return
        } else if let ascii = single(scalar.value) {
            folded.append(ascii)
        } else if let text = strings[scalar.value] {
            folded += text
        } else {
            folded += Array(String(Character(scalar)).utf8)
        }
    }

    private static let strings: [UInt32: [UInt8]] = {
        var table: [UInt32: [UInt8]] = [:]
        for entry in FoldTable.strings { table[entry.scalar] = Array(entry.ascii.utf8) }
        return table
    }()

    private static func single(_ value: UInt32) -> UInt8? {
        var low = 0
        var high = FoldTable.runs.count
        while low < high {
            let middle = (low + high) / 2
            let run = FoldTable.runs[middle]
            if value < run.first {
                high = middle
            } else if value >= run.first + run.count {
                low = middle + 1
            } else {
                return run.ascii + UInt8(truncatingIfNeeded: value - run.first)
            }
        }
        return nil
    }
}
