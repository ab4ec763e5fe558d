// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The forms in which a token could come out.
struct TokenTraces {
    private let forms: [String]

    init(_ token: String) {
        let hex = token.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        let base64 = (0..<3).map { offset in
            let padded = Data([UInt8](repeating: 0, count: offset) + token.utf8).base64EncodedString()
            // Only whole groups of the token itself: what stands before and after it would change the rest.
            return String(padded.dropFirst(offset == 0 ? 0 : 4).dropLast(4))
        }
        let plain = [token, token.filter { $0 != "-" }, String(token.reversed()), hex]
        forms = plain + plain.map { $0.uppercased() } + base64 + base64.map { $0.replacing("+", with: "-").replacing("/", with: "_") }
    }

    /// The forms that stand in a text, white space in it or not.
    func found(in text: String) -> [String] {
        let dense = text.filter { !$0.isWhitespace }
        return forms.filter { text.contains($0) || dense.contains($0) }
    }
}
