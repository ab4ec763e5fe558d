// SPDX-License-Identifier: Apache-2.0

/// Turns a status other than 200 into an error that holds no secret.
package struct ResponseFailure {
    package var status: Int
    package var retryAfter: Duration?
    /// What the provider says, untrusted.
    package var detail: String?
    /// The credential that was sent, to be kept out of the detail.
    package var secret: String?

    /// The error.
    package var error: ModelError {
        let (code, text) = meaning
        // Providers repeat parts of a wrong key in their answer, so that such answers aren't quoted at all.
        let quoted = code == .unauthorized ? nil : Self.line(detail, without: secret)
        return ModelError(
            code, stage: .response, status: status, retryAfter: retryAfter,
            reason: quoted.map { "\(text): `\($0)`" } ?? text)
    }

    private var meaning: (ModelError.Code, String) {
        switch status {
        case 401, 403:
            (.unauthorized, "the provider refuses the api key (status \(status)); check the key and its rights")
        case 429: (.rateLimited, "the provider limits requests (status 429); wait and try again")
        case 503, 529: (.overloaded, "the provider is overloaded (status \(status)); wait and try again")
        case 413: (.requestRefused, "the conversation is too large for the provider (status 413); shorten it")
        case 408, 409, 500...599: (.serverFailure, "the provider failed (status \(status)); try again")
        case 300..<400:
            (.requestRefused, "the provider redirects (status \(status)), which isn't followed; check the address")
        case 400..<500: (.requestRefused, "the provider refuses the request (status \(status))")
        default: (.malformedResponse, "the provider answers with an unexpected status \(status)")
        }
    }

    /// The wait that the headers ask for; a date or a negative number counts as none.
    package static func wait(in headers: [String: String]) -> Duration? {
        if let text = headers["retry-after-ms"], let value = Double(text), value >= 0, value < 1e9 {
            return .milliseconds(value)
        }
        guard let text = headers["retry-after"], let value = Double(text), value >= 0, value < 1e6 else { return nil }
        return .milliseconds(value * 1_000)
    }

    /// At most 200 characters of untrusted text on one line, the secret taken out.
    package static func line(_ text: String?, without secret: String?) -> String? {
        guard var text, !text.isEmpty else { return nil }
        let words = (secret ?? "").split(separator: " ").filter { $0.utf8.count >= 8 }
        for word in words {
            text = text.split(separator: word, omittingEmptySubsequences: false).joined(separator: "…")
        }
        let printable = text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar == "`" ? " " : Character(scalar)
        }
        return String(printable.prefix(200))
    }
}
