// SPDX-License-Identifier: Apache-2.0

/// Undoes DEFLATE (RFC 1951) inside gzip (RFC 1952) or zlib (RFC 1950), up to a bound. For looking inside, so checksums
/// aren't verified.
struct Inflate {
    private let bytes: [UInt8]
    private var position: Int
    private var buffer: UInt32 = 0
    private var bits: UInt32 = 0
    private var out: [UInt8] = []
    private let limit: Int

    /// The content, or as much of it as is sound and fits `limit`; `nil` where it is neither format or holds nothing.
    static func content(_ bytes: [UInt8], limit: Int = 1 << 20) -> [UInt8]? {
        guard let start = headerEnd(bytes) else { return nil }
        var inflate = Inflate(bytes: bytes, position: start, limit: limit)
        inflate.run()
        return inflate.out.isEmpty ? nil : inflate.out
    }

    static func looksCompressed(_ first: UInt8, _ second: UInt8) -> Bool {
        (first == 0x1f && second == 0x8b) || (first == 0x78 && (UInt32(first) << 8 | UInt32(second)) % 31 == 0)
    }

    private init(bytes: [UInt8], position: Int, limit: Int) {
        self.bytes = bytes
        self.position = position
        self.limit = limit
    }

    private static func headerEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count > 6, looksCompressed(bytes[0], bytes[1]) else { return nil }
        if bytes[0] == 0x78 { return 2 }
        guard bytes.count > 18, bytes[2] == 8 else { return nil }
        let flags = bytes[3]
        var position = 10
        if flags & 4 != 0 { position += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
        for flag in [UInt8(8), 16] where flags & flag != 0 {
            while position < bytes.count, bytes[position] != 0 { position += 1 }
            position += 1
        }
        if flags & 2 != 0 { position += 2 }
        return position < bytes.count ? position : nil
    }

    private mutating func take(_ count: UInt32) -> Int? {
        while bits < count {
            guard position < bytes.count else { return nil }
            buffer |= UInt32(bytes[position]) << bits
            position += 1
            bits += 8
        }
        let value = buffer & ((1 << count) - 1)
        buffer >>= count
        bits -= count
        return Int(value)
    }

    private mutating func run() {
        var last = false
        while !last {
            guard let final = take(1), let kind = take(2) else { return }
            last = final == 1
            let sound: Bool
            switch kind {
            case 0: sound = stored()
            case 1: sound = block(Code(Self.fixedLengths), Code([UInt8](repeating: 5, count: 30)))
            case 2: sound = dynamic()
            default: sound = false
            }
            if !sound { return }
        }
    }

    private mutating func stored() -> Bool {
        buffer = 0
        bits = 0
        guard position + 4 <= bytes.count else { return false }
        let count = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        position += 4
        guard position + count <= bytes.count, out.count + count <= limit else { return false }
        out += bytes[position..<(position + count)]
        position += count
        return true
    }

    private mutating func dynamic() -> Bool {
        guard let literals = take(5), let distances = take(5), let lengths = take(4) else { return false }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var first = [UInt8](repeating: 0, count: 19)
        for index in 0..<(lengths + 4) {
            guard let length = take(3) else { return false }
            first[order[index]] = UInt8(length)
        }
        let code = Code(first)
        var all: [UInt8] = []
        let wanted = literals + 257 + distances + 1
        while all.count < wanted {
            guard let symbol = symbol(code) else { return false }
            switch symbol {
            case 0...15: all.append(UInt8(symbol))
            case 16:
                guard let last = all.last, let more = take(2) else { return false }
                all += [UInt8](repeating: last, count: 3 + more)
            case 17:
                guard let more = take(3) else { return false }
                all += [UInt8](repeating: 0, count: 3 + more)
            default:
                guard let more = take(7) else { return false }
                all += [UInt8](repeating: 0, count: 11 + more)
            }
        }
        return block(Code(Array(all[0..<(literals + 257)])), Code(Array(all[(literals + 257)..<wanted])))
    }

    private mutating func block(_ literals: Code, _ distances: Code) -> Bool {
        while true {
            guard let symbol = symbol(literals) else { return false }
            if symbol < 256 {
                guard out.count < limit else { return false }
                out.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return true }
            guard symbol - 257 < 29, let extra = take(UInt32(Self.lengthExtra[symbol - 257])),
                let slot = self.symbol(distances), slot < 30,
                let more = take(UInt32(Self.distanceExtra[slot]))
            else { return false }
            let length = Self.lengthBase[symbol - 257] + extra
            let distance = Self.distanceBase[slot] + more
            guard distance <= out.count, out.count + length <= limit else { return false }
            for _ in 0..<length { out.append(out[out.count - distance]) }
        }
    }

    private mutating func symbol(_ code: Code) -> Int? {
        var value = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            guard let bit = take(1) else { return nil }
            value |= bit
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        return nil
    }

    /// A canonical Huffman code.
    private struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(_ lengths: [UInt8]) {
            for length in lengths where length > 0 { counts[Int(length)] += 1 }
            for wanted in 1...15 {
                for (symbol, length) in lengths.enumerated() where Int(length) == wanted { symbols.append(symbol) }
            }
        }
    }

    private static let fixedLengths: [UInt8] =
        [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
        + [UInt8](repeating: 8, count: 8)
    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    private static let distanceExtra = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
}
