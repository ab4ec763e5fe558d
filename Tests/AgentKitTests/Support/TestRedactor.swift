// SPDX-License-Identifier: Apache-2.0

import AgentKit

/// Knows one secret, and finds it wherever it stands in one piece.
struct TestRedactor: Redactor {
    static let secret = "s3cr3t-t0ken-4711"
    static let placeholder = "{{hidden}}"

    func redact(_ bytes: [UInt8], from channel: RedactionChannel) -> [UInt8] {
        var stream = Stream()
        return stream.feed(bytes) + stream.finish()
    }

    func stream(from channel: RedactionChannel) -> any StreamRedactor { Stream() }

    func maskedCopy(of path: String, _ bytes: [UInt8]) -> [UInt8]? {
        let masked = redact(bytes, from: .file(path: path))
        return masked == bytes ? nil : masked
    }

    /// Holds back what may be the start of the secret.
    struct Stream: StreamRedactor {
        private var held: [UInt8] = []

        mutating func feed(_ chunk: [UInt8]) -> [UInt8] {
            let secret = Array(TestRedactor.secret.utf8)
            var safe: [UInt8] = []
            for byte in chunk {
                held.append(byte)
                if held == secret {
                    safe += Array(TestRedactor.placeholder.utf8)
                    held = []
                }
                while !held.isEmpty, !secret.starts(with: held) { safe.append(held.removeFirst()) }
            }
            return safe
        }

        mutating func finish() -> [UInt8] {
            defer { held = [] }
            return held
        }
    }
}
