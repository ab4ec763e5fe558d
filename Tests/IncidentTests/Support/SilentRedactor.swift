// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// The redacted view, off: everything shows as it is.
struct SilentRedactor: Redactor {
    struct Stream: StreamRedactor {
        mutating func feed(_ chunk: [UInt8]) -> [UInt8] { chunk }
        mutating func finish() -> [UInt8] { [] }
    }

    func redact(_ bytes: [UInt8], from channel: RedactionChannel) -> [UInt8] { bytes }
    func stream(from channel: RedactionChannel) -> any StreamRedactor { Stream() }
    func maskedCopy(of path: String, _ bytes: [UInt8]) -> [UInt8]? { nil }
}
