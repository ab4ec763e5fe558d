// SPDX-License-Identifier: Apache-2.0

/// A key to a provider's API, read anew each time it is needed and never shown.
///
/// Descriptions, dumps and reflection give no part of it. The closure is asked for every request, so a rotated key takes effect.
public struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let read: @Sendable () -> String?

    /// Names where the key comes from.
    ///
    /// - Parameter read: Gives the key, or nil when there is none.
    public init(_ read: @escaping @Sendable () -> String?) { self.read = read }

    /// A fixed word that is not the key.
    public var description: String { "APIKey(hidden)" }
    /// A fixed word that is not the key.
    public var debugDescription: String { description }
    /// An empty mirror.
    public var customMirror: Mirror { Mirror(self, children: [:] as KeyValuePairs<String, Any>) }

    /// The key, checked to fit into a header.
    package func reveal() throws(ModelError) -> String {
        guard let key = read(), !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ModelError(
                .missingKey, stage: .prepare,
                reason: "there is no usable api key; check where the model's key is read from")
        }
        return key
    }
}
