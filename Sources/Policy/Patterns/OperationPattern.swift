// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// Operations of the catalogue that a rule names: `railway.volumeDelete`, `railway.volume*`, `railway.*`, `*`.
///
/// `provider.read` also stands for every operation of that provider that only reads.
package struct OperationPattern: Hashable, Sendable {
    /// The pattern as the file spells it.
    package let text: String
    private let segments: Glob
    private let readProvider: String?

    /// Compiles a pattern; `nil` where it is none.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
        guard !text.isEmpty, text.utf8.count <= 200, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let allowed = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || ".*-_:".utf8.contains($0)
        }
        guard allowed else { return nil }
        // A star at the end covers everything below, as in `aws.*` for `aws.rds.delete-db-instance`.
        let star = Array("*".utf8)
        let texts = parts.last == star ? parts.dropLast() + [Array("**".utf8)] : parts
        guard !parts.contains(Array("**".utf8)), let segments = Glob(Array(texts)) else { return nil }
        self.text = text
        self.segments = segments
        readProvider =
            parts.count == 2 && parts[1] == Array("read".utf8) && !text.contains("*") ? String(text.dropLast(5)) : nil
    }

    /// Why a text is no pattern, or `nil` where it is one.
    package static func complaint(about text: String) -> String? {
        OperationPattern(text) == nil ? "expected \(TextKind.operationPattern.summary)" : nil
    }

    /// Whether the pattern names an operation.
    package func matches(_ operation: EffectAnalysis.Operation) -> Bool {
        if let readProvider, operation.effectClass == .read, operation.id.hasPrefix(readProvider + ".") { return true }
        return matches(id: operation.id)
    }

    /// Whether the pattern names an id, its class aside.
    package func matches(id: String) -> Bool {
        let parts = id.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
        return segments.matches(parts)
    }
}
