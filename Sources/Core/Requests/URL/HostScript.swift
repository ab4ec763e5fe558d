// SPDX-License-Identifier: Apache-2.0

/// Which script a letter of a host name belongs to, as far as telling look-alikes apart needs.
enum HostScript: Sendable, Hashable {
    case latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, thai, han, kana, hangul

    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x61...0x7A, 0xDF...0x24F: self = .latin
        case 0x370...0x3FF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x561...0x587: self = .armenian
        case 0x5D0...0x5EA: self = .hebrew
        case 0x620...0x64A: self = .arabic
        case 0x904...0x939: self = .devanagari
        case 0xE01...0xE30: self = .thai
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC: self = .kana
        case 0x4E00...0x9FFF, 0x3005: self = .han
        case 0xAC00...0xD7A3: self = .hangul
        default: return nil
        }
    }

    /// Cyrillic, Greek and Armenian letters that look like Latin ones.
    private static let latinLookalikes = Set("авекмнорстухіјѕԁԛԝьгпџѡѵһӏαβγεηικνορτυχωѐёїօոսցզհյ".unicodeScalars)

    /// Whether every letter of a label without Latin letters looks like a Latin one.
    static func imitatesLatin(_ letters: [Unicode.Scalar]) -> Bool {
        !letters.isEmpty && letters.allSatisfy { latinLookalikes.contains($0) }
    }

    /// Whether letters of these scripts may stand in one label.
    static func mayMix(_ scripts: Set<HostScript>) -> Bool {
        scripts.count <= 1 || scripts.isSubset(of: [.latin, .han, .kana])
            || scripts.isSubset(of: [.latin, .han, .hangul])
    }
}
