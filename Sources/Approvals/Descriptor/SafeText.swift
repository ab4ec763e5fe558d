// SPDX-License-Identifier: Apache-2.0

/// Makes text that can't lie to a reader: printable ASCII stays, everything else becomes an escape.
///
/// Control, bidirectional, zero-width and look-alike characters all lie outside of ASCII or below its space, so that no
/// table of them can be incomplete. The escapes are unambiguous, because a backslash is escaped too.
enum SafeText {
    static func escaped(_ text: some StringProtocol) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x5C: safe += "\\\\"
            case 0x22: safe += "\\\""
            case 0x0A: safe += "\\n"
            case 0x20...0x7E: safe.unicodeScalars.append(scalar)
            default: safe += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            }
        }
        return safe
    }

    /// Most characters of a text that nobody verified.
    static let unverifiedLimit = 280

    /// Text that nobody verified, cut and in quotes.
    static func unverified(_ text: String) -> String {
        let kept = text.unicodeScalars.prefix(unverifiedLimit)
        let isCut = text.unicodeScalars.dropFirst(unverifiedLimit).first != nil
        return "\"" + escaped(String(String.UnicodeScalarView(kept))) + "\"" + (isCut ? " (cut)" : "")
    }
}
