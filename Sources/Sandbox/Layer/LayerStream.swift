// SPDX-License-Identifier: Apache-2.0

/// Moves file content in bounded pieces.
enum LayerStream {
    static let pieceBytes = 256 << 10

    /// Copies to the end and returns the digest of what was written.
    ///
    /// - Throws: `LayerError` with code `limit` where there are more than `limit` bytes.
    static func copy(
        from source: LayerDescriptor, to target: LayerDescriptor, limit: UInt64
    ) throws(LayerError) -> (digest: LayerDigest, size: UInt64) {
        var hasher = LayerHasher()
        var size: UInt64 = 0
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = try LayerSystem.read(source, into: &piece)
            if count == 0 { return (hasher.finish(), size) }
            size += UInt64(count)
            guard size <= limit else { throw LayerError(.limit, .read) }
            hasher.update(piece[..<count])
            try LayerSystem.write(target, piece[..<count])
        }
    }

    /// Reads one file to its end and says whether another holds the same bytes.
    static func digest(
        _ file: LayerDescriptor, comparedWith other: LayerDescriptor?, limit: UInt64
    ) throws(LayerError) -> (digest: LayerDigest, size: UInt64, equal: Bool) {
        var hasher = LayerHasher()
        var size: UInt64 = 0
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        var twin = FilledReader(other)
        while true {
            let count = try LayerSystem.read(file, into: &piece)
            if count == 0 { return (hasher.finish(), size, try twin.isAtEnd()) }
            size += UInt64(count)
            guard size <= limit else { throw LayerError(.limit, .read) }
            hasher.update(piece[..<count])
            try twin.match(piece[..<count])
        }
    }
}

/// Compares a file with pieces of another as long as they agree.
private struct FilledReader {
    private let file: LayerDescriptor?
    private var agrees: Bool

    init(_ file: LayerDescriptor?) {
        self.file = file
        agrees = file != nil
    }

    mutating func match(_ expected: ArraySlice<UInt8>) throws(LayerError) {
        guard agrees, let file else { return }
        var rest = expected
        var piece = [UInt8](repeating: 0, count: expected.count)
        while !rest.isEmpty, agrees {
            if piece.count > rest.count { piece.removeLast(piece.count - rest.count) }
            let count = try LayerSystem.read(file, into: &piece)
            agrees = count > 0 && piece[..<count] == rest.prefix(count)
            rest = rest.dropFirst(count)
        }
    }

    func isAtEnd() throws(LayerError) -> Bool {
        guard agrees, let file else { return false }
        var one: [UInt8] = [0]
        return try LayerSystem.read(file, into: &one) == 0
    }
}
