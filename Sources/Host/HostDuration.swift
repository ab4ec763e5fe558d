// SPDX-License-Identifier: Apache-2.0

/// Durations as people write them on a command line: `500ms`, `30s`, `5m`, `2h`.
package enum HostDuration {
    /// Reads one.
    package static func parse(_ text: String) throws(HostError) -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int64(digits), value > 0, value < 1_000_000_000 else { throw malformed(text) }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(value)
        case "", "s": return .seconds(value)
        case "m": return .seconds(value * 60)
        case "h": return .seconds(value * 3600)
        default: throw malformed(text)
        }
    }

    private static func malformed(_ text: String) -> HostError {
        HostError(.usage, "`\(text)` is no duration; write one such as 500ms, 30s, 5m or 2h")
    }
}
