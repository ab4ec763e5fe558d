// SPDX-License-Identifier: Apache-2.0

/// A credential whose own text says what it is.
struct VendorRule: Sendable {
    /// The rule's stable id.
    let id: String
    /// Who issues it.
    let provider: String
    /// What whoever holds it can do, for people.
    let grants: String
    /// The fixed text by which it is found, compared with regard to case. Long enough to be rare.
    let anchor: String
    /// How the whole must begin, in lower case, where `before` is only a class of bytes.
    let opening: String
    /// What stands before the anchor, read backwards; `nil` where the anchor begins the token.
    let before: Shape?
    /// What follows the anchor.
    let after: Shape
    /// The spelling of `before` and `after`, from which tests make samples.
    let pattern: (before: String, after: String)

    init(
        _ id: String, _ provider: String, _ grants: String, before: String = "", opening: String = "", _ anchor: String,
        _ after: String
    ) {
        self.id = id
        self.provider = provider
        self.grants = grants
        self.anchor = anchor
        self.opening = opening
        self.before = before.isEmpty ? nil : Shape(before)
        self.after = Shape(after)
        self.pattern = (before, after)
    }

    /// The token's range, given where its anchor ended.
    func range(in bytes: borrowing Span<UInt8>, anchorEnd: Int) -> Range<Int>? {
        let anchorStart = anchorEnd - anchor.utf8.count
        guard anchorStart >= 0 else { return nil }
        var position = anchorStart
        for byte in anchor.utf8 {
            if bytes[position] != byte { return nil }
            position += 1
        }
        var start = anchorStart
        if let before {
            guard let found = before.start(in: bytes, before: anchorStart) else { return nil }
            start = found
        } else if start > 0, ASCII.isAlphanumeric(bytes[start - 1]), !Self.endsEscape(bytes, start) {
            return nil
        } else if start > 0, isWordPrefix, "./-_".utf8.contains(bytes[start - 1]) {
            return nil
        }
        guard let end = after.end(in: bytes, from: anchorEnd) else { return nil }
        return start..<end
    }

    /// A short word and a dash also stand inside names of files and hosts.
    private var isWordPrefix: Bool {
        anchor.utf8.count <= 5 && anchor.utf8.last == 0x2d && anchor.utf8.dropLast().allSatisfy(ASCII.isLetter)
    }

    /// Whether the letter before `start` belongs to an escape (`\n`, `%3D`) and not to a word.
    private static func endsEscape(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Bool {
        if start >= 2, bytes[start - 2] == 0x5c { return true }
        return start >= 3 && bytes[start - 3] == 0x25 && ASCII.hexValue(bytes[start - 1]) != nil
            && ASCII.hexValue(bytes[start - 2]) != nil
    }

    /// All rules.
    static let all: [VendorRule] = forges + clouds + platforms + payments + messaging + models + tooling
}
