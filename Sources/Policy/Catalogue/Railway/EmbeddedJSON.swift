// SPDX-License-Identifier: Apache-2.0

internal import AgentCore

extension JSONValue {
    /// The object, array or string that a string holds as JSON text, or `nil`. Members of the same name stand side by side.
    static func embedded(in text: String) -> JSONValue? {
        let first = text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"") else { return nil }
        return try? parse(text, limits: JSONLimits(maximumDepth: 64, duplicateKeys: .keepAll))
    }
}
