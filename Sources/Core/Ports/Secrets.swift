// SPDX-License-Identifier: Apache-2.0

/// Makes known and detected secrets disappear from bytes on their way to the model, a log or a report.
public protocol Redactor: Sendable {
    /// Returns `bytes` with every known value (in any encoding) and every detected secret replaced by its placeholder.
    func redact(_ bytes: [UInt8], from channel: RedactionChannel) -> [UInt8]

    /// A redactor for a stream of chunks; values split over chunks are found.
    func stream(from channel: RedactionChannel) -> any StreamRedactor

    /// A redacted copy of a file's content, or `nil` where nothing in it needs hiding.
    func maskedCopy(of path: String, _ bytes: [UInt8]) -> [UInt8]?
}

extension Redactor {
    /// Redacts text.
    public func redact(_ text: String, from channel: RedactionChannel) -> String {
        String(decoding: redact(Array(text.utf8), from: channel), as: UTF8.self)
    }
}

/// One stream's redaction state.
public protocol StreamRedactor: Sendable {
    /// Takes a chunk, returns what is safe to pass on; may hold back a bounded tail.
    mutating func feed(_ chunk: [UInt8]) -> [UInt8]
    /// Ends the stream and returns the rest.
    mutating func finish() -> [UInt8]
}

/// Where bytes come from; tells a redactor how much context they bring.
public enum RedactionChannel: Hashable, Sendable {
    case file(path: String)
    case output
    case response(contentType: String?)
    case message
}

/// Names a secret of the policy without holding it.
public struct SecretReference: Hashable, Sendable {
    /// The name that the policy gives it.
    public let name: String

    /// Makes a reference.
    public init(_ name: String) { self.name = name }
}

/// Holds secrets, and hands out placeholders for them.
public protocol SecretVault: Sendable {
    /// The placeholder of a granted secret: stable for the vault's life, unique per secret, tells nothing of the value.
    func placeholder(for reference: SecretReference) -> String?

    /// The secret that a placeholder stands for.
    func reference(for placeholder: String) -> SecretReference?

    /// Lends the secret's bytes to `body`, which must not keep them.
    ///
    /// - Throws: `StateError` where the source gives no value.
    func withValue<Result: Sendable>(
        of reference: SecretReference, _ body: (borrowing Span<UInt8>) throws(StateError) -> Result
    ) async throws(StateError) -> Result
}

extension Redactor {
    /// Redacts every string of a JSON value; names and structure stay.
    public func redact(_ value: JSONValue, from channel: RedactionChannel) -> JSONValue {
        switch value {
        case .string(let text): return .string(redact(text, from: channel))
        case .array(let elements): return .array(elements.map { redact($0, from: channel) })
        case .object(let members):
            var object = JSONObject()
            for member in members { object[redact(member.name, from: channel)] = redact(member.value, from: channel) }
            return .object(object)
        case .null, .bool, .integer, .number: return value
        }
    }
}
