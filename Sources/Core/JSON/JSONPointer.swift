// SPDX-License-Identifier: Apache-2.0

/// Reads and writes JSON pointers.
///
/// - SeeAlso: RFC 6901.
public enum JSONPointer {
    /// The reference tokens of a pointer with `~0` and `~1` resolved, or `nil` when it is malformed.
    public static func tokens(of pointer: String) -> [String]? {
        guard !pointer.isEmpty else { return [] }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in pointer.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            var token = String.UnicodeScalarView()
            var escaped = false
            for scalar in part {
                switch (escaped, scalar) {
                case (true, "0"): token.append("~")
                case (true, "1"): token.append("/")
                case (true, _): return nil
                case (false, "~"): break
                case (false, _): token.append(scalar)
                }
                escaped = !escaped && scalar == "~"
            }
            if escaped { return nil }
            tokens.append(String(token))
        }
        return tokens
    }

    /// A pointer with one more token at its end.
    public static func appending(_ token: String, to pointer: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": scalars.append(contentsOf: "~0".unicodeScalars)
            case "/": scalars.append(contentsOf: "~1".unicodeScalars)
            default: scalars.append(scalar)
            }
        }
        return pointer + "/" + String(scalars)
    }

    /// The array position that a token names: decimal digits without a leading zero.
    static func position(from token: String) -> Int? {
        let digits = token.utf8
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if first == 0x30 && digits.count > 1 { return nil }
        return Int(token)
    }
}
